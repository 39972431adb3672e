# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# The plan in the picture of a report.

terraform {
  required_providers {
    udemy = {
      source = "udemy-iac/udemy"
    }
  }
}

variable "next" {
  type    = bool
  default = false
}

data "udemy_users" "all" {}

data "udemy_seats" "now" {
  purchased = 10
}

resource "udemy_group" "research" {
  count = var.next ? 1 : 0
  name  = "Research"
}

locals {
  now = {
    "E-1002" = { email = "bilal.bennett@example.com", first_name = "Bilal", last_name = "Bennett", groups = ["Engineering"] }
    "E-1843" = { email = "ada@example.com", first_name = "Ada", last_name = "Lovelace", groups = ["Engineering"] }
    "E-1906" = { email = "grace@example.com", first_name = "Grace", last_name = "Hopper", groups = ["Engineering"], role = "learner" }
  }
  next = {
    "E-1843" = { email = "ada@example.com", first_name = "Ada", last_name = "Lovelace", groups = ["Engineering", "Research"] }
    "E-1906" = { email = "grace@example.com", first_name = "Grace", last_name = "Hopper", groups = ["Engineering"], role = "admin" }
    "E-1912" = { email = "alan@example.com", first_name = "Alan", last_name = "Turing", groups = ["Research"] }
    "E-1918" = { email = "katherine@example.com", first_name = "Katherine", last_name = "Johnson", groups = ["Research"] }
  }
}

resource "udemy_roster" "company" {
  learners   = var.next ? jsonencode(local.next) : jsonencode(local.now)
  depends_on = [udemy_group.research]
}
