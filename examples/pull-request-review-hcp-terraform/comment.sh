#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Writes seats.md into the comment of this workflow, or into a new one. The first line is not visible.
set -euo pipefail

api() {
  curl --silent --show-error --fail --header "Authorization: Bearer $GH_TOKEN" --header "Content-Type: application/json" "$@"
}

if [ ! -s seats.md ]; then echo "**The plan failed.**" > seats.md; fi
if [ -s run.url ]; then printf '\n[Log of the plan](%s)\n' "$(cat run.url)" >> seats.md; fi
{ echo "<!-- udemy-seats -->"; cat seats.md; } | jq --raw-input --slurp '{body: .}' > body.json

comments=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues
page=0
while
  page=$((page + 1))
  api "$comments/$NUMBER/comments?per_page=100&page=$page" > comments.json || exit
  id=$(jq '[.[] | select(.user.login == "github-actions[bot]" and (.body | startswith("<!-- udemy-seats -->"))) | .id][0] // empty' comments.json) || exit
  [ -z "$id" ] && [ "$(jq length comments.json)" -eq 100 ]
do :; done

if [ -z "$id" ]; then
  api --request POST --data @body.json --output written.json "$comments/$NUMBER/comments"
else
  api --request PATCH --data @body.json --output written.json "$comments/comments/$id"
fi
