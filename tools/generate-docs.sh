#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Writes docs/ from the provider's schema, templates/ and examples/. `make generate` calls it, after it has
# built bin/terraform-provider-udemy and .cache/bin/tfplugindocs. Nothing is downloaded.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
cli=$("$root/tools/terraform-cli.sh")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The address is the one under which tfplugindocs looks for a provider in a schema file. With its host
# written out, it is the same for Terraform and OpenTofu.
address=registry.terraform.io/hashicorp/udemy

cat > "$work/terraformrc" <<EOF
provider_installation {
  dev_overrides {
    "$address" = "$root/bin"
  }
}
EOF
cat > "$work/main.tf" <<EOF
terraform {
  required_providers {
    udemy = {
      source = "$address"
    }
  }
}
EOF

TF_CLI_CONFIG_FILE="$work/terraformrc" "$cli" -chdir="$work" providers schema -json > "$work/schema.json"

"$root/.cache/bin/tfplugindocs" generate \
  --provider-dir "$root" \
  --provider-name udemy \
  --rendered-provider-name "Udemy Business" \
  --providers-schema "$work/schema.json"
