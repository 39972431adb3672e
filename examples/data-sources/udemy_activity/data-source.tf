# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# The credential of the report comes from UDEMY_ACCOUNT_ID, UDEMY_CLIENT_ID and UDEMY_CLIENT_SECRET.
data "udemy_activity" "quarter" {
  idle_days = 90
}

output "idle" {
  value = data.udemy_activity.quarter.idle
}

# The last visit of one person.
output "last_visit" {
  value = try(jsondecode(data.udemy_activity.quarter.people)["ada@example.com"].last_visit, null)
}

# Each plan and apply warns if many seats are unused.
check "seats" {
  assert {
    condition     = data.udemy_activity.quarter.counts.idle < 25
    error_message = "${data.udemy_activity.quarter.counts.idle} learners have not visited for 90 days."
  }
}
