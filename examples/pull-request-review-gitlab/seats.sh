# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# The functions of .gitlab-ci.yml, for any POSIX shell.

# report FLAGS reports the changes of plan.json.
report() {
  .terraform/providers/*/udemy-iac/udemy/*/*/terraform-provider-udemy_* seats "$@" < plan.json
}

api() {
  curl --silent --show-error --fail --header "PRIVATE-TOKEN: $SEATS_NOTE_TOKEN" --header "Content-Type: application/json" "$@"
}

project=$CI_API_V4_URL/projects/$CI_PROJECT_ID

# find_note IID writes the note with the report to note.json, or null. Only a note of the token's own user counts.
find_note() {
  api "$CI_API_V4_URL/user" > user.json || return
  page=0
  while
    page=$((page + 1))
    api "$project/merge_requests/$1/notes?sort=asc&per_page=100&page=$page" > notes.json || return
    jq --slurpfile user user.json \
      '[.[] | select(.author.id == $user[0].id and (.body | startswith("<!-- udemy-seats ")))][0]' notes.json > note.json || return
    [ "$(cat note.json)" = null ] && [ "$(jq length notes.json)" -eq 100 ]
  do :; done
}

# write_note IID CHECKSUM writes seats.md into the note, or into a new one. The first line is not visible.
write_note() {
  find_note "$1" || return
  { echo "<!-- udemy-seats $2 -->"; cat seats.md; } | jq --raw-input --slurp '{body: .}' > body.json
  if [ "$(cat note.json)" = null ]; then
    api --request POST --data @body.json --output written.json "$project/merge_requests/$1/notes"
  else
    api --request PUT --data @body.json --output written.json "$project/merge_requests/$1/notes/$(jq .id note.json)"
  fi
}

# reviewed_changes prints the checksum in the note of the merge request that led to this commit.
reviewed_changes() {
  api "$project/repository/commits/$CI_COMMIT_SHA/merge_requests" > merge_requests.json || return
  iid=$(jq --arg sha "$CI_COMMIT_SHA" --arg branch "$CI_COMMIT_BRANCH" '
    [.[] | select(.state == "merged" and .target_branch == $branch)
      | select($sha == (.merge_commit_sha, .squash_commit_sha, .sha)) | .iid][0] // empty' merge_requests.json)
  if [ -n "$iid" ]; then
    find_note "$iid" && jq -r '.body // "" | capture("^<!-- udemy-seats (?<checksum>[0-9a-f]{64}) -->").checksum' note.json
  fi
}
