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

data "udemy_users" "all" {}

data "udemy_seats" "all" {
  purchased = 50
}

resource "udemy_roster" "all" {
  # The HR system writes this file every night.
  learners = provider::udemy::roster_json(file("${path.module}/roster.csv"), { min_rows = 3 })

  missing_groups = "create"
  max_removals   = "5%" # A plan that takes the seat of more learners fails.
}
