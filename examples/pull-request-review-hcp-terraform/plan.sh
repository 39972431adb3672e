#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Plans this folder in the workspace, without a way to apply it, and writes the JSON of the plan to plan.json.
set -euo pipefail

api() {
  curl --silent --show-error --fail --header "Authorization: Bearer $TFE_TOKEN" --header "Content-Type: application/vnd.api+json" "$@"
}

# wait_for STATUSES URL waits until the object has one of the statuses, and prints it.
wait_for() {
  local status
  while
    status=$(api "$2" | jq -r .data.attributes.status) || return
    [[ " $1 " != *" $status "* ]]
  do sleep 5; done
  echo "$status"
}

v2=$TFE_ADDRESS/api/v2
workspace=$(api "$v2/organizations/$TFE_ORGANIZATION/workspaces/$TFE_WORKSPACE" | jq -r .data.id)

# The configuration, for a plan only.
jq --null-input '{data: {type: "configuration-versions", attributes: {speculative: true, "auto-queue-runs": false}}}' |
  api --request POST --data @- --output "$RUNNER_TEMP/configuration.json" "$v2/workspaces/$workspace/configuration-versions"
tar --create --gzip --file "$RUNNER_TEMP/configuration.tar.gz" --exclude=.git --exclude=.terraform .
curl --silent --show-error --fail --request PUT --header "Content-Type: application/octet-stream" \
  --data-binary "@$RUNNER_TEMP/configuration.tar.gz" "$(jq -r '.data.attributes."upload-url"' "$RUNNER_TEMP/configuration.json")"
configuration=$(jq -r .data.id "$RUNNER_TEMP/configuration.json")
wait_for "uploaded errored" "$v2/configuration-versions/$configuration"

# The run, and its plan.
jq --null-input --arg workspace "$workspace" --arg configuration "$configuration" --arg message "Pull request ${NUMBER:-}" '{data: {
    type: "runs",
    attributes: {message: $message, "plan-only": true},
    relationships: {
      workspace: {data: {type: "workspaces", id: $workspace}},
      "configuration-version": {data: {type: "configuration-versions", id: $configuration}}}}}' |
  api --request POST --data @- "$v2/runs" > run.json
echo "$TFE_ADDRESS/app/$TFE_ORGANIZATION/workspaces/$TFE_WORKSPACE/runs/$(jq -r .data.id run.json)" | tee run.url
plan=$(jq -r .data.relationships.plan.data.id run.json)
status=$(wait_for "finished errored canceled unreachable" "$v2/plans/$plan")

# The response is a redirect, to another host without the token. It is empty if the plan has no JSON.
api --location --output plan.json "$v2/plans/$plan/json-output"
[ "$status" = finished ]
