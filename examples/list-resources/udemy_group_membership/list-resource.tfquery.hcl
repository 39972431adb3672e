# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Everybody in one group.
list "udemy_group_membership" "mathematics" {
  provider         = udemy
  include_resource = true
  limit            = 1000 # Terraform stops at 100 otherwise.

  config {
    group_id = "3a1f6c1e-7f43-4f0a-9d5e-0d8f6f1c2b3a"
  }
}
