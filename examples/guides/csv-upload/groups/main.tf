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

resource "udemy_roster" "all" {
  # The export has the groups of each learner. Roles stay as they are.
  learners = provider::udemy::roster_json(file("${path.module}/roster.csv"), { ignore = ["role"] })
}
