# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# All learners of the organization. This command writes the resource and the import block of each learner:
#   terraform query -generate-config-out=learners.tf
list "udemy_user" "all" {
  provider         = udemy
  include_resource = true
  limit            = 5000 # Terraform's default is 100.
}

# Learners of one domain who have not accepted the invitation. Not possible over SCIM.
list "udemy_user" "waiting" {
  provider = udemy

  config {
    status       = "invited"
    email_domain = "example.com"
  }
}
