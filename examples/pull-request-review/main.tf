# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Each line of roster.csv is one learner.
terraform {
  required_version = ">= 1.8"

  required_providers {
    udemy = {
      source  = "udemy-iac/udemy"
      version = "~> 0.1"
    }
  }

  # Add a backend here. Pull requests and main share one state.
}

# The token comes from the environment variable UDEMY_TOKEN.
provider "udemy" {}

resource "udemy_roster" "all" {
  learners = provider::udemy::roster_json(file("${path.module}/roster.csv"))

  # A plan that frees more seats fails.
  max_removals = "10%"

  # A new name in the column groups is a new group.
  missing_groups = "create"
}
