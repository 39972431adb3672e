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

provider "udemy" {}

resource "udemy_group" "all" {
  for_each = toset(["Engineering", "Mathematics"])
  name     = each.key
}

resource "udemy_roster" "all" {
  learners   = provider::udemy::roster_json(file("${path.module}/roster.csv"))
  depends_on = [udemy_group.all] # New groups are created first.
}

# Removes the single learners from state, and changes nothing at Udemy.
removed {
  from = udemy_user.all

  lifecycle {
    destroy = false
  }
}

import {
  to = udemy_roster.all
  id = "all"
}
