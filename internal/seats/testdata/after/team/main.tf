# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

terraform {
  required_providers {
    udemy = {
      source = "udemy-iac/udemy"
    }
  }
}

resource "udemy_user" "team" {
  for_each = toset(["team.a@example.com", "team.b@example.com"])

  email      = each.key
  first_name = "Ada"
  last_name  = "Lovelace"
}
