# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

data "udemy_groups" "all" {}

# Groups that are kept elsewhere, by name.
resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
  group_ids  = [data.udemy_groups.all.ids["Mathematics"]]
}
