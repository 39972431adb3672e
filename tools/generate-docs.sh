#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Writes docs/ from the schema of the provider, templates/ and examples/, and validates it. `make generate` builds
# .cache/bin/tfplugindocs and calls this script. It needs no Terraform CLI and no network.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# tfplugindocs expects the provider under this address in a schema file.
cd "$root"
go run ./internal/provider/cmd/provider-schemas registry.terraform.io/hashicorp/udemy > "$work/schema.json"

"$root/.cache/bin/tfplugindocs" generate \
  --provider-dir "$root" \
  --provider-name udemy \
  --rendered-provider-name "Udemy Business" \
  --providers-schema "$work/schema.json"

# Removes the license header of the examples from the pages.
find docs -name '*.md' | while IFS= read -r page; do
  awk '/^# Copyright \(c\) / { header = 1 } !header { print } header && /^$/ { header = 0 }' "$page" > "$work/page"
  cat "$work/page" > "$page"
done

# The checks of the registry: front matter, folders, and a page for every part of the provider. The output is long.
"$root/.cache/bin/tfplugindocs" validate \
  --provider-dir "$root" \
  --provider-name udemy \
  --providers-schema "$work/schema.json" > "$work/validation" 2>&1 || {
  cat "$work/validation" >&2
  exit 1
}
