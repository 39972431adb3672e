#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Checks the files that `make release-snapshot` wrote to dist/: the registry accepts them, and a CLI installs the provider
# from the zip of this platform and passes the demo. `make check-release` calls this script.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "The release is wrong: $*" >&2
  exit 1
}

cd "$root/dist"
manifest=$(ls terraform-provider-udemy_*_manifest.json 2>/dev/null) || fail "dist/ has no manifest."
version=${manifest#terraform-provider-udemy_}
version=${version%_manifest.json}
name="terraform-provider-udemy_$version"
platform="$(go env GOOS)_$(go env GOARCH)"
zip="${name}_$platform.zip"

cmp "$manifest" "$root/terraform-registry-manifest.json" || fail "the manifest differs from terraform-registry-manifest.json."
sha256sum --check --quiet "${name}_SHA256SUMS" || fail "a checksum is wrong."
for file in "$manifest" "$zip" "${name}_$platform.cdx.json"; do
  grep -q " $file\$" "${name}_SHA256SUMS" || fail "${name}_SHA256SUMS does not list $file."
done

unzip -q "$zip" -d "$work"
[ "$(ls "$work")" = "LICENSE
terraform-provider-udemy_v$version" ] || fail "$zip has unexpected files: $(ls "$work")"
about=$("$work/terraform-provider-udemy_v$version" version)
case "$about" in
  "terraform-provider-udemy $version (commit "*" of "*) echo "$about" ;;
  *) fail "the binary reports $about" ;;
esac

# A filesystem mirror can contain zips. The source means a different registry in each CLI.
for host in registry.terraform.io registry.opentofu.org; do
  mkdir -p "$work/plugins/$host/udemy-iac/udemy"
  cp "$zip" "$work/plugins/$host/udemy-iac/udemy/"
done
PLUGINS="$work/plugins" "$root/examples/demo/run.sh" > "$work/demo.log" || { cat "$work/demo.log"; fail "the demo failed."; }
echo "The demo passed with $zip."
