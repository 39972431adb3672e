#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Prints the path of an OpenTofu that this script builds once from its Go module.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
tofu="$root/.cache/bin/tofu"

if [ ! "$tofu" -nt "$root/tools/opentofu/go.mod" ]; then
  echo "Building OpenTofu into .cache/bin, which takes some minutes the first time." >&2
  mkdir -p "$root/.cache/bin"
  # Without the flag, OpenTofu reports a development version.
  (cd "$root/tools/opentofu" &&
    CGO_ENABLED=0 go build -trimpath -ldflags "-X github.com/opentofu/opentofu/version.dev=no" \
      -o "$tofu" github.com/opentofu/opentofu/cmd/tofu) >&2
  touch "$tofu"
fi
echo "$tofu"
