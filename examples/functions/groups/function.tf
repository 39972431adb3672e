# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

terraform {
  required_version = ">= 1.8"

  required_providers {
    udemy = {
      source  = "udemy-iac/udemy"
      version = "~> 0.1"
    }
  }
}

# groups.csv:
#   name,udemy_id
#   Mathematics,3a1f6c1e-7f43-4f0a-9d5e-0d8f6f1c2b3a
#   Engines,
resource "udemy_group" "all" {
  for_each = provider::udemy::groups(file("${path.module}/groups.csv"))

  name = each.key
}
