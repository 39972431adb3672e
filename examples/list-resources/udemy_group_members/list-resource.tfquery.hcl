# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# All groups with their members.
list "udemy_group_members" "all" {
  provider         = udemy
  include_resource = true
  limit            = 1000 # Terraform's default is 100.
}

# The groups themselves.
list "udemy_group" "all" {
  provider         = udemy
  include_resource = true
  limit            = 1000
}

# The learners, without group_ids: udemy_group_members has the memberships.
list "udemy_user" "all" {
  provider         = udemy
  include_resource = true
  limit            = 5000

  config {
    include_groups = false
  }
}
