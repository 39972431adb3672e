#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Runs the provider with the real CLI against a simulated Udemy Business on this machine. Each step prints what it shows,
# and the script fails if the result differs. It removes all its files. `make demo` starts it, and VERBOSE=1 shows the
# complete output of the CLI.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

fail() {
  printf '\nThe demo failed: %s\n' "$*" >&2
  exit 1
}

API=${API:-user_management}
case "$API" in
  user_management | scim) ;;
  *) fail "API=$API is not valid. Use API=user_management or API=scim." ;;
esac

work=$(mktemp -d)
simulator_pid=''
clean_up() {
  if [ -n "$simulator_pid" ]; then
    kill "$simulator_pid" 2>/dev/null || true
    wait "$simulator_pid" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\033[1m' plain=$'\033[0m'
fi

heading() {
  printf '\n%s== %s ==%s\n' "$bold" "$*" "$plain"
}

# Removes from the output of the CLI the attributes of created and destroyed objects, which are in learners.csv, and the
# progress lines. With VERBOSE=1, the output is complete.
shorten() {
  if [ -n "${VERBOSE:-}" ]; then
    cat
    return
  fi
  awk '
    / (Refreshing state|Creating|Creation complete|Destroying|Destruction complete)/ { next }
    /^  [-+] resource / { inside = 1 }
    /^Plan: / { print "" }
    !inside { print }
    inside && /^$/ { inside = 0 }
  ' | cat -s
}

# tf CODE ARGUMENTS... runs the CLI, shows the command and its output, and fails if the exit code is not CODE. The complete
# output is in $work/output.
tf() {
  local expected=$1 code=0
  shift
  printf '\n%s$ %s %s%s\n' "$bold" "$(basename "$cli")" "$*" "$plain"
  "$cli" "$@" 2>&1 | tee "$work/output" | shorten || code=${PIPESTATUS[0]}
  if [ "$code" -ne "$expected" ]; then
    fail "'$(basename "$cli") $*' ended with exit code $code instead of $expected."
  fi
}

# expect TEXT fails unless the output of the last command has the text.
expect() {
  grep -Fqi -e "$1" "$work/output" || fail "the output of the last command does not have \"$1\"."
}

# api METHOD PATH [BODY] calls Udemy Business outside Terraform, and prints the response.
api() {
  curl --silent --show-error --fail --noproxy '*' --user "$UDEMY_TOKEN:" --request "$1" \
    ${3:+--header 'Content-Type: application/json' --data "$3"} \
    "$admin/organizations/$organization$2" ||
    fail "$1 $2 was refused."
}

# id_in RESPONSE prints the ID of the learner in a response.
id_in() {
  local id
  id=$(printf '%s' "$1" | tr -d '\n' | sed -n 's/^[^}]*"id": *"\{0,1\}\([^",}]*\).*/\1/p')
  [ -n "$id" ] || fail "a response has no ID: $1"
  printf '%s' "$id"
}

heading "Getting ready: provider, simulator, CLI"
cli=$("$root/tools/terraform-cli.sh")
# PLUGINS is a mirror with a provider to test, such as a release.
plugins=${PLUGINS:-$work/plugins}
make -s -C "$root" simulator >/dev/null
if [ -z "${PLUGINS:-}" ]; then
  make -s -C "$root" install PLUGIN_DIR="$plugins" >/dev/null
fi

# Environment variables of the caller don't reach the provider, so it never connects to a real organization.
unset "${!UDEMY_@}"
export UDEMY_TOKEN=demo-token
organization=00000000-0000-4000-8000-000000000001
: >"$work/endpoint"
"$root/bin/udemy-simulator" -listen 127.0.0.1:0 -token "$UDEMY_TOKEN" \
  -organization "$organization" -learners 0 >"$work/endpoint" 2>"$work/requests" &
simulator_pid=$!

admin=''
for ((i = 0; i < 100; i++)); do
  if IFS= read -r admin <"$work/endpoint"; then
    break
  fi
  kill -0 "$simulator_pid" 2>/dev/null || fail "the simulator did not start: $(cat "$work/requests")"
  sleep 0.1
done
[ -n "$admin" ] || fail "the simulator printed no endpoint."

# The provider uses the selected API. The script makes changes on Udemy's pages through $admin.
if [ "$API" = scim ]; then
  export UDEMY_SUBDOMAIN=example UDEMY_ENDPOINT="${admin%/api-2.0}/scim/v2"
else
  export UDEMY_ORGANIZATION_UUID=$organization UDEMY_ENDPOINT=$admin
fi

# The mirror is the only source, so the CLI downloads nothing.
cat >"$work/terraformrc" <<EOF
provider_installation {
  filesystem_mirror {
    path = "$plugins"
  }
}
EOF
unset "${!TF_@}"
export TF_CLI_CONFIG_FILE="$work/terraformrc" TF_INPUT=0 TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1
# The output goes through a pipe.
export TF_CLI_ARGS=-no-color

mkdir "$work/config"
cp "$here/main.tf" "$here/learners.csv" "$work/config/"
cd "$work/config"
echo "Udemy Business, simulated: $UDEMY_ENDPOINT"
echo "CLI: $("$cli" version | sed -n 1p)"

ada=$(id_in "$(api POST /users/ '{"email":"ada@example.com","firstname":"Augusta Ada","lastname":"King"}')")
api PATCH "/users/$ada/" '{"status":"deactivated"}' >/dev/null
grace=$(id_in "$(api POST /users/ '{"email":"grace@example.com","firstname":"Grace","lastname":"Hopper"}')")
echo "Existing learners: ada@example.com ($ada), deactivated, and grace@example.com ($grace), invited."

heading "1. Create eight learners from a CSV file, in three groups. Ada exists and is adopted"
tf 0 init
tf 0 apply -auto-approve
expect "Apply complete! Resources: 19 added, 0 changed, 0 destroyed."
expect "Warning: Adopted existing learner \"ada@example.com\""
learner=$(api GET "/users/$ada/")
case "$learner" in
  *deactivated*) fail "Ada was not reactivated: $learner" ;;
  *Lovelace*) printf '\nAda has the same ID, is active again, and has the last name Lovelace.\n' ;;
  *) fail "Ada was not adopted: $learner" ;;
esac

heading "2. Plan again: no changes"
tf 0 plan -detailed-exitcode

heading "3. Import Grace, who exists, by e-mail address"
cp "$here/import/imported.tf" .
tf 0 apply -auto-approve
expect "Resources: 1 imported, 0 added, 0 changed, 0 destroyed."
tf 0 plan -detailed-exitcode

heading "4. Rename Ada outside Terraform. The plan shows the drift, and apply corrects it"
api PATCH "/users/$ada/" '{"lastname":"Byron"}' >/dev/null
tf 2 plan -detailed-exitcode
expect "Byron"
expect "0 to add, 1 to change, 0 to destroy"
tf 0 apply -auto-approve
expect "0 added, 1 changed, 0 destroyed."
tf 0 plan -detailed-exitcode

heading "5. Destroy. Seats are freed, and the learning history is kept"
tf 0 destroy -auto-approve
expect "Destroy complete! Resources: 20 destroyed."
learner=$(api GET "/users/$ada/")
case "$learner" in
  *deactivated*) printf '\nAda is deactivated, not deleted.\n' ;;
  *) fail "Ada is not deactivated: $learner" ;;
esac

heading "Done"
echo "Requests to Udemy Business: $(grep -c msg=request "$work/requests")"
echo "Next: README.md describes the provider, examples/demo/main.tf is the configuration, \`make test\` runs the tests."
