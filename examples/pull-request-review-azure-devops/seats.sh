# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# The functions of azure-pipelines.yml.

# report FLAGS reports the changes of plan.json.
report() {
  .terraform/providers/*/udemy-iac/udemy/*/*/terraform-provider-udemy_* seats "$@" < plan.json
}

api() {
  curl --silent --show-error --fail --header "Authorization: Bearer $SYSTEM_ACCESSTOKEN" --header "Content-Type: application/json" "$@"
}

repository=$SYSTEM_COLLECTIONURI$SYSTEM_TEAMPROJECTID/_apis/git/repositories/$BUILD_REPOSITORY_ID
job_url="$SYSTEM_COLLECTIONURI$SYSTEM_TEAMPROJECTID/_build/results?buildId=$BUILD_BUILDID"
version=api-version=7.1

# find_thread ID writes the thread with the report to thread.json, or null. Only a thread of the pipeline's own user counts.
find_thread() {
  api "${SYSTEM_COLLECTIONURI}_apis/connectionData" > connection.json || return
  api "$repository/pullRequests/$1/threads?$version" > threads.json || return
  jq --slurpfile connection connection.json '
    [.value[] | select(.isDeleted | not) | {id, comment: .comments[0]}
      | select(.comment.author.id == $connection[0].authenticatedUser.id)
      | select(.comment.content // "" | startswith("<!-- udemy-seats "))][0]' threads.json > thread.json
}

# write_thread ID CHECKSUM writes seats.md into the thread, or into a new one. The first line is not visible.
write_thread() {
  find_thread "$1" || return
  { echo "<!-- udemy-seats $2 -->"; cat seats.md; } | jq --raw-input --slurp '{content: .}' > comment.json
  if [ "$(cat thread.json)" = null ]; then
    jq '{comments: [. + {parentCommentId: 0, commentType: "text"}], status: "closed"}' comment.json > body.json
    api --request POST --data @body.json --output written.json "$repository/pullRequests/$1/threads?$version"
  else
    api --request PATCH --data @comment.json --output written.json \
      "$repository/pullRequests/$1/threads/$(jq .id thread.json)/comments/$(jq .comment.id thread.json)?$version"
  fi
}

# reviewed_changes prints the checksum in the thread of the pull request that led to this commit.
reviewed_changes() {
  jq --null-input --arg commit "$BUILD_SOURCEVERSION" '{queries: [{type: "lastMergeCommit", items: [$commit]}]}' > query.json
  api --request POST --data @query.json "$repository/pullrequestquery?$version" > pull_requests.json || return
  id=$(jq --arg branch "$BUILD_SOURCEBRANCH" '
    [.results[][][] | select(.status == "completed" and .targetRefName == $branch) | .pullRequestId][0] // empty' pull_requests.json)
  if [ -n "$id" ]; then
    find_thread "$id" && jq -r '.comment.content // "" | capture("^<!-- udemy-seats (?<checksum>[0-9a-f]{64}) -->").checksum' thread.json
  fi
}
