# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# All groups of the organization.
list "udemy_group" "all" {
  provider         = udemy
  include_resource = true
  limit            = 1000 # Terraform's default is 100.
}
