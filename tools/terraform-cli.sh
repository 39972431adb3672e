#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Prints the path of a Terraform CLI: the one that TF_ACC_TERRAFORM_PATH names, else the terraform or tofu
# on PATH, else an OpenTofu that is built here, once, from its Go module.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)

if [ -n "${TF_ACC_TERRAFORM_PATH:-}" ]; then
  if [ ! -x "$TF_ACC_TERRAFORM_PATH" ]; then
    echo "TF_ACC_TERRAFORM_PATH names no program: $TF_ACC_TERRAFORM_PATH" >&2
    exit 1
  fi
  echo "$TF_ACC_TERRAFORM_PATH"
  exit 0
fi

for name in terraform tofu; do
  if path=$(command -v "$name"); then
    echo "$path"
    exit 0
  fi
done

tofu="$root/.cache/bin/tofu"
if [ ! "$tofu" -nt "$root/tools/opentofu/go.mod" ]; then
  echo "No terraform or tofu on PATH: building OpenTofu into .cache/bin, which takes some minutes the first time." >&2
  mkdir -p "$root/.cache/bin"
  # Without the flag, OpenTofu calls itself a development build.
  (cd "$root/tools/opentofu" &&
    CGO_ENABLED=0 go build -trimpath -ldflags "-X github.com/opentofu/opentofu/version.dev=no" \
      -o "$tofu" github.com/opentofu/opentofu/cmd/tofu) >&2
  touch "$tofu"
fi
echo "$tofu"
