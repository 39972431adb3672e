#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Prints the path of a Terraform CLI: TF_ACC_TERRAFORM_PATH, or else terraform or tofu on PATH, or else the OpenTofu that
# tools/opentofu.sh builds.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)

if [ -n "${TF_ACC_TERRAFORM_PATH:-}" ]; then
  if [ ! -x "$TF_ACC_TERRAFORM_PATH" ]; then
    echo "TF_ACC_TERRAFORM_PATH is not an executable file: $TF_ACC_TERRAFORM_PATH" >&2
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

echo "No terraform or tofu on PATH. Using OpenTofu built from source." >&2
exec "$root/tools/opentofu.sh"
