# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

data "udemy_users" "all" {}

# Imports all learners of the organization.
import {
  for_each = data.udemy_users.all.ids
  to       = udemy_user.all[each.key]
  id       = each.value
}

resource "udemy_user" "all" {
  for_each    = { for user in data.udemy_users.all.users : lower(user.email) => user }
  email       = each.value.email
  first_name  = each.value.first_name
  last_name   = each.value.last_name
  external_id = each.value.external_id
  active      = each.value.active
}

# Returns learners who match all filters. Over SCIM, the status invited is not possible.
data "udemy_users" "pending" {
  status       = "invited"
  email_domain = "example.com"
}

output "pending" {
  value = keys(data.udemy_users.pending.ids)
}
