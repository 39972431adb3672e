#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Prints the path of axe-core (MPL-2.0), which checks the accessibility of a page. npm fetches it into .cache/ once. Prints nothing
# if npm is missing or can't fetch it.
set -euo pipefail

version=4.14.1
checksum=29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c

root=$(cd "$(dirname "$0")/.." && pwd)
cache=$root/.cache/axe-core-$version
axe=$cache/package/axe.min.js

if [ ! -f "$axe" ]; then
  if ! command -v npm >/dev/null; then
    echo "No npm on PATH to fetch axe-core." >&2
    exit 0
  fi
  mkdir -p "$cache"
  if ! (cd "$cache" && npm pack --silent --fetch-retries=0 --fetch-timeout=30000 "axe-core@$version" >&2); then
    echo "npm can't fetch axe-core." >&2
    exit 0
  fi
  tar -xzf "$cache/axe-core-$version.tgz" -C "$cache" package/axe.min.js
fi

# macOS has no sha256sum.
sum=$(sha256sum "$axe" 2>/dev/null || shasum -a 256 "$axe")
if [ "${sum%% *}" != "$checksum" ]; then
  echo "$axe has the wrong checksum." >&2
  exit 1
fi
echo "$axe"
