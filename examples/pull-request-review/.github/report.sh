#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Reports plan.tfplan in seats.md. The arguments are flags of the command seats.
#
# If the plan is complete and within the limits, checksum.txt has the checksum of all that it changes, or "none".
#
# Exit codes: 0 planned, 3 a limit is exceeded, 4 the plan or the report failed.
set -euo pipefail

seats() {
  # The provider that terraform init has installed.
  .terraform/providers/*/udemy-iac/udemy/*/*/terraform-provider-udemy_* seats "$@" < plan.json
}

rm -f checksum.txt seats.md
code=4
if [ -f plan.tfplan ] && terraform show -json plan.tfplan > plan.json; then
  code=0
  seats "$@" > seats.md || code=$?
fi

case $code in
  0) seats -format checksum > checksum.txt ;;
  3) ;;
  *)
    code=4
    printf '\n**Terraform or the report failed.** [The job](%s) has the errors.\n' \
      "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID" >> seats.md
    ;;
esac

cat seats.md >> "$GITHUB_STEP_SUMMARY"
exit "$code"
