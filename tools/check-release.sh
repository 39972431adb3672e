#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Checks what `make release-snapshot` has left in dist/: that it is what the registry expects, and that a CLI installs
# the provider from this platform's zip and works with it. `make check-release` calls it.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "The release is not right: $*" >&2
  exit 1
}

cd "$root/dist"
manifest=$(ls terraform-provider-udemy_*_manifest.json 2>/dev/null) || fail "there is no manifest in dist/."
version=${manifest#terraform-provider-udemy_}
version=${version%_manifest.json}
name="terraform-provider-udemy_$version"
platform="$(go env GOOS)_$(go env GOARCH)"
zip="${name}_$platform.zip"

cmp "$manifest" "$root/terraform-registry-manifest.json" || fail "the manifest is not the repository's."
sha256sum --check --quiet "${name}_SHA256SUMS" || fail "a checksum is wrong."
for file in "$manifest" "$zip" "${name}_$platform.cdx.json"; do
  grep -q " $file\$" "${name}_SHA256SUMS" || fail "${name}_SHA256SUMS doesn't name $file."
done

unzip -q "$zip" -d "$work"
[ "$(ls "$work")" = "LICENSE
terraform-provider-udemy_v$version" ] || fail "$zip holds something else: $(ls "$work")"
about=$("$work/terraform-provider-udemy_v$version" version)
case "$about" in
  "terraform-provider-udemy $version (commit "*" of "*) echo "$about" ;;
  *) fail "the binary calls itself $about" ;;
esac

# A mirror takes zips as they are. To each CLI, the source means another registry.
for host in registry.terraform.io registry.opentofu.org; do
  mkdir -p "$work/plugins/$host/udemy-iac/udemy"
  cp "$zip" "$work/plugins/$host/udemy-iac/udemy/"
done
PLUGINS="$work/plugins" "$root/examples/demo/run.sh" > "$work/demo.log" || { cat "$work/demo.log"; fail "the demo."; }
echo "The demo has worked with $zip."
