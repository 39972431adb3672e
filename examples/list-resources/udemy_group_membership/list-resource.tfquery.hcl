# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# All members of one group.
list "udemy_group_membership" "mathematics" {
  provider         = udemy
  include_resource = true
  limit            = 1000 # Terraform's default is 100.

  config {
    group_id = "3a1f6c1e-7f43-4f0a-9d5e-0d8f6f1c2b3a"
  }
}

# All members of every group. The limit applies to each group.
list "udemy_group_membership" "all" {
  for_each = { for group in list.udemy_group.all.data : group.identity.id => group.display_name }

  provider         = udemy
  include_resource = true
  limit            = 1000

  config {
    group_id = each.key
  }
}

list "udemy_group" "all" {
  provider = udemy
  limit    = 1000
}
