# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

terraform {
  required_version = ">= 1.8"

  required_providers {
    udemy = {
      source = "udemy-iac/udemy"
    }
  }
}

provider "udemy" {}

locals {
  roster = provider::udemy::roster(file("${path.module}/roster.csv"))
}

# All existing learners, by e-mail address.
data "udemy_users" "all" {}

import {
  for_each = { for email, id in data.udemy_users.all.ids : email => id if contains(keys(local.roster), email) }
  to       = udemy_user.all[each.key]
  id       = each.value
}

resource "udemy_user" "all" {
  for_each   = local.roster
  email      = each.value.email
  first_name = each.value.first_name
  last_name  = each.value.last_name
}
