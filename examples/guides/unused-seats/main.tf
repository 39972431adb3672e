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

provider "udemy" {
  max_removals = 20 # A plan that frees more seats fails.
}

locals {
  roster = provider::udemy::roster(file("${path.module}/roster.csv"))
  # The reviewed list: one address in lower case on each line.
  unused = compact(split("\n", file("${path.module}/unused.txt")))
}

resource "udemy_user" "all" {
  for_each   = local.roster
  email      = each.value.email
  first_name = each.value.first_name
  last_name  = each.value.last_name
  active     = each.value.active && !contains(local.unused, each.key)
}
