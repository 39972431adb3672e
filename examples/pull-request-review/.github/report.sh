#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Reports plan.tfplan in seats.md. The arguments are flags of the command seats.
#
# If the plan is complete and within the limits, changes.json has all that it changes, and nothing that it only reads. Two plans
# with the same changes.json change the same.
#
# Exit codes: 0 planned, 3 a limit is exceeded, 4 no plan.
set -euo pipefail

seats() {
  # The provider that terraform init has installed.
  .terraform/providers/*/udemy-iac/udemy/*/*/terraform-provider-udemy_* seats "$@" < plan.json
}

rm -f changes.json
code=0
if [ -f plan.tfplan ]; then
  terraform show -json plan.tfplan > plan.json
  seats "$@" > seats.md || code=$?
else
  code=4
  : > seats.md
fi

case $code in
  0)
    seats -format json > seats.json
    # Terraform's own changes, and what they mean at Udemy: a learner can be adopted or invited by the same change.
    jq -nS --slurpfile plan plan.json --slurpfile seats seats.json '{
      resources: [$plan[0].resource_changes // [] | .[]
        | select(.change.actions != ["no-op"] or .change.importing or .previous_address)
        | {address, deposed, previous_address, change}],
      actions: ($plan[0].action_invocations // []),
      deferred: ($plan[0].deferred_changes // []),
      learners: ($seats[0].learners // []),
      groups: ($seats[0].groups // [])
    }' > changes.json
    ;;
  3) ;;
  *)
    code=4
    printf '\n**There is no plan to review.** Terraform or the report failed: [the job](%s) has the errors.\n' \
      "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID" >> seats.md
    ;;
esac

cat seats.md >> "$GITHUB_STEP_SUMMARY"
exit "$code"
