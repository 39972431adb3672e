# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

data "udemy_user" "ada" {
  email = "ada@example.com" # or id, or external_id
}

output "ada_status" {
  value = data.udemy_user.ada.status
}
