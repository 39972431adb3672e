# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

data "udemy_groups" "all" {}

# Uses a group by name that is not managed in this configuration.
resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
  group_ids  = [data.udemy_groups.all.ids["Mathematics"]]
}
