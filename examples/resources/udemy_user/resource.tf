# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# One learner. Creating sends the invitation, with the groups to join.
resource "udemy_user" "ada" {
  email       = "ada@example.com"
  first_name  = "Ada"
  last_name   = "Lovelace"
  external_id = "E-1001"
  group_ids   = [udemy_group.mathematics.id]
}

resource "udemy_group" "mathematics" {
  name = "Mathematics"
}

# All learners of a CSV file with the columns email, first_name and last_name. A new line sends an invitation, a removed
# line frees a seat, and a changed line changes the learner in place.
resource "udemy_user" "all" {
  for_each = { for row in csvdecode(file("${path.module}/learners.csv")) : lower(row.email) => row }

  email      = each.value.email
  first_name = each.value.first_name
  last_name  = each.value.last_name
}
