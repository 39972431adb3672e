# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

locals {
  mathematicians = {
    "ada@example.com"  = { first_name = "Ada", last_name = "Lovelace" }
    "emmy@example.com" = { first_name = "Emmy", last_name = "Noether" }
  }
}

resource "udemy_user" "mathematician" {
  for_each = local.mathematicians

  email      = each.key
  first_name = each.value.first_name
  last_name  = each.value.last_name
}

resource "udemy_group" "mathematics" {
  name = "Mathematics"
}

# The exact members: Ada and Emmy. The plan shows who joins and who leaves by e-mail address.
resource "udemy_group_members" "mathematics" {
  group_id = udemy_group.mathematics.id
  members  = { for user in udemy_user.mathematician : user.email => user.id }
}
