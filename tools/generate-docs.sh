#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Writes docs/ from the provider's schema, templates/ and examples/. `make generate` calls it, after it has built
# .cache/bin/tfplugindocs. Needs no Terraform CLI, and downloads nothing.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The address is the one under which tfplugindocs looks for a provider in a schema file.
cd "$root"
go run ./internal/provider/cmd/provider-schemas registry.terraform.io/hashicorp/udemy > "$work/schema.json"

"$root/.cache/bin/tfplugindocs" generate \
  --provider-dir "$root" \
  --provider-name udemy \
  --rendered-provider-name "Udemy Business" \
  --providers-schema "$work/schema.json"

# The examples' licence header is the files' business, not the reader's.
find docs -name '*.md' | while IFS= read -r page; do
  awk '/^# Copyright \(c\) / { header = 1 } !header { print } header && /^$/ { header = 0 }' "$page" > "$work/page"
  cat "$work/page" > "$page"
done
