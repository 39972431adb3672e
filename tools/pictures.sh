#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Makes the pictures of the README from the real thing, with Chromium: the simulator's page during an apply, and the report that
# `terraform-provider-udemy seats` writes for a plan. Needs a CLI for the plan. They are in .github/images/.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
images=$root/.github/images
work=$(mktemp -d)
pid=''
clean_up() {
  if [ -n "$pid" ]; then
    kill "$pid" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap clean_up EXIT
mkdir -p "$images"

(cd "$root/tools/browser" && go build -o "$work/picture" ./cmd/picture)

: >"$work/endpoint"
"$root/bin/udemy-simulator" -listen 127.0.0.1:0 -learners 6 -idle 2 -seats 10 >"$work/endpoint" 2>"$work/log" &
pid=$!
endpoint=''
for ((i = 0; i < 100; i++)); do
  if IFS= read -r endpoint <"$work/endpoint"; then
    break
  fi
  sleep 0.1
done
[ -n "$endpoint" ] || { cat "$work/log" >&2; exit 1; }

# The requests of a small apply.
organization=5d1a2c3e-9b47-4f60-8a1d-7c2e4b9f0a11
api() {
  curl --silent --show-error --output /dev/null --noproxy '*' --user simulator-token: --request "$1" \
    ${3:+--header 'Content-Type: application/json' --data "$3"} "$endpoint/organizations/$organization$2"
}
api GET '/users/?page=1&page_size=100'
api GET '/groups/?page=1&page_size=100'
api POST /users/ '{"email":"ada@example.com","firstname":"Ada","lastname":"Lovelace","externalid":"E-1843"}'
api POST /users/ '{"email":"grace@example.com","firstname":"Grace","lastname":"Hopper","externalid":"E-1906"}'

"$work/picture" -url "${endpoint%/api-2.0}/" -out "$images/simulator.png" -width 1280 -height 780

# A plan in the same organization.
cat >"$work/terraformrc" <<EOF
provider_installation {
  dev_overrides {
    "udemy-iac/udemy" = "$root/bin"
  }
}
EOF
cp "$root/tools/pictures/main.tf" "$work"
unset "${!TF_@}" "${!UDEMY_@}"
export TF_CLI_CONFIG_FILE=$work/terraformrc CHECKPOINT_DISABLE=1
export UDEMY_TOKEN=simulator-token UDEMY_ORGANIZATION_UUID=$organization UDEMY_ENDPOINT=$endpoint
cli=$("$root/tools/terraform-cli.sh")
cd "$work"
"$cli" apply -auto-approve -input=false >output
"$cli" plan -var next=true -out plan -input=false >output
"$cli" show -json plan >plan.json
"$root/bin/terraform-provider-udemy" seats <plan.json >report.md
"$work/picture" -markdown "$work/report.md" -out "$images/report.png" -width 820
ls -l "$images"
