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

variable "purchased" {
  description = "The number of seats in the contract."
  type        = number
  default     = 100
}

locals {
  learners = provider::udemy::roster_json(file("${path.module}/roster.csv"))
  active   = [for learner in values(jsondecode(local.learners)) : learner.email if try(learner.active, true)]
}

resource "udemy_roster" "all" {
  learners = local.learners

  # Refuses the plan.
  lifecycle {
    precondition {
      condition     = length(local.active) <= var.purchased
      error_message = "The list has more active learners (${length(local.active)}) than the contract has seats (${var.purchased})."
    }
  }
}

# Warns at each plan and after each apply. Learners who are not on the list count as well.
check "seats" {
  data "udemy_seats" "now" {
    purchased = var.purchased
  }

  assert {
    condition     = data.udemy_seats.now.available >= 10
    error_message = "Too few seats are left: ${data.udemy_seats.now.available}."
  }
}
