#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Shows the provider at work, with the real CLI and a simulated Udemy Business on this machine. Each step
# says what it shows, and the script fails when it doesn't. Nothing is left behind. `make demo` starts it;
# VERBOSE=1 shows all that the CLI says.
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
  *) fail "API=$API is not known; use API=user_management or API=scim." ;;
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

# Leaves out of the CLI's output what repeats itself: the attributes of what is new or leaves (they are in
# learners.csv), and progress line by line. VERBOSE=1 leaves nothing out.
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

# tf CODE ARGUMENTS... runs the CLI, shows the command and what it says, and fails if it doesn't end with
# CODE. All that it said is in $work/output.
tf() {
  local expected=$1 code=0
  shift
  printf '\n%s$ %s %s%s\n' "$bold" "$(basename "$cli")" "$*" "$plain"
  "$cli" "$@" 2>&1 | tee "$work/output" | shorten || code=${PIPESTATUS[0]}
  if [ "$code" -ne "$expected" ]; then
    fail "'$(basename "$cli") $*' ended with exit code $code instead of $expected."
  fi
}

# said WORDS fails unless the last command said them.
said() {
  grep -Fqi -e "$1" "$work/output" || fail "the last command did not say \"$1\"."
}

# api METHOD PATH [BODY] talks to Udemy Business behind Terraform's back, and prints the answer.
api() {
  curl --silent --show-error --fail --noproxy '*' --user "$UDEMY_TOKEN:" --request "$1" \
    ${3:+--header 'Content-Type: application/json' --data "$3"} \
    "$admin/organizations/$organization$2" ||
    fail "$1 $2 was refused."
}

# id_in ANSWER prints the id of the learner in an answer.
id_in() {
  local id
  id=$(printf '%s' "$1" | tr -d '\n' | sed -n 's/^[^}]*"id": *"\{0,1\}\([^",}]*\).*/\1/p')
  [ -n "$id" ] || fail "an answer held no id: $1"
  printf '%s' "$id"
}

heading "Getting ready: provider, simulator, CLI"
cli=$("$root/tools/terraform-cli.sh")
# PLUGINS is a mirror that holds a provider already: a release that is to be tried.
plugins=${PLUGINS:-$work/plugins}
make -s -C "$root" simulator >/dev/null
if [ -z "${PLUGINS:-}" ]; then
  make -s -C "$root" install PLUGIN_DIR="$plugins" >/dev/null
fi

# Nothing that is set where the demo is started reaches the provider: it never meets a real organization.
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
[ -n "$admin" ] || fail "the simulator did not say its endpoint."

# The provider speaks the chosen API. What people do on Udemy's pages is done over the other routes of $admin.
if [ "$API" = scim ]; then
  export UDEMY_SUBDOMAIN=example UDEMY_ENDPOINT="${admin%/api-2.0}/scim/v2"
else
  export UDEMY_ORGANIZATION_UUID=$organization UDEMY_ENDPOINT=$admin
fi

# There is no other provider than that one, so nothing is downloaded.
cat >"$work/terraformrc" <<EOF
provider_installation {
  filesystem_mirror {
    path = "$plugins"
  }
}
EOF
unset "${!TF_@}"
export TF_CLI_CONFIG_FILE="$work/terraformrc" TF_INPUT=0 TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1
# The output passes through a pipe, hence no colours.
export TF_CLI_ARGS=-no-color

mkdir "$work/config"
cp "$here/main.tf" "$here/learners.csv" "$work/config/"
cd "$work/config"
echo "Udemy Business, simulated: $UDEMY_ENDPOINT"
echo "CLI: $("$cli" version | sed -n 1p)"

ada=$(id_in "$(api POST /users/ '{"email":"ada@example.com","firstname":"Augusta Ada","lastname":"King"}')")
api PATCH "/users/$ada/" '{"status":"deactivated"}' >/dev/null
grace=$(id_in "$(api POST /users/ '{"email":"grace@example.com","firstname":"Grace","lastname":"Hopper"}')")
echo "In the organization before Terraform comes: ada@example.com ($ada), who has left, and"
echo "grace@example.com ($grace), who is invited."

heading "1. Eight learners from a CSV file, in three groups; Ada, who was there before, is brought back"
tf 0 init
tf 0 apply -auto-approve
said "Apply complete! Resources: 19 added, 0 changed, 0 destroyed."
said "Warning: Adopted existing learner \"ada@example.com\""
learner=$(api GET "/users/$ada/")
case "$learner" in
  *deactivated*) fail "Ada was not brought back: $learner" ;;
  *Lovelace*) printf '\nAda has kept her id, is active again, and is called Lovelace now.\n' ;;
  *) fail "Ada was not taken over: $learner" ;;
esac

heading "2. A second plan has nothing to do"
tf 0 plan -detailed-exitcode

heading "3. Grace, who is there already, is imported by e-mail address"
cp "$here/import/imported.tf" .
tf 0 apply -auto-approve
said "Resources: 1 imported, 0 added, 0 changed, 0 destroyed."
tf 0 plan -detailed-exitcode

heading "4. Somebody renames Ada on the web page: the plan finds it, and apply mends it"
api PATCH "/users/$ada/" '{"lastname":"Byron"}' >/dev/null
tf 2 plan -detailed-exitcode
said "Byron"
said "0 to add, 1 to change, 0 to destroy"
tf 0 apply -auto-approve
said "0 added, 1 changed, 0 destroyed."
tf 0 plan -detailed-exitcode

heading "5. Destroy: seats are freed; no learning history is deleted"
tf 0 destroy -auto-approve
said "Destroy complete! Resources: 20 destroyed."
learner=$(api GET "/users/$ada/")
case "$learner" in
  *deactivated*) printf '\nAda is deactivated, not deleted.\n' ;;
  *) fail "Ada is not deactivated: $learner" ;;
esac

heading "Done: all as expected"
echo "Requests to Udemy Business in all: $(grep -c msg=request "$work/requests")"
echo "Where to look further: README.md; examples/demo/main.tf is what was applied; \`make test\` runs the tests."
