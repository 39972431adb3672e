# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# The state before the plan. Each learner is named after the change in the plan.

terraform {
  required_providers {
    udemy = {
      source = "udemy-iac/udemy"
    }
  }
}

resource "udemy_group" "engineering" {
  name = "Engineering"
}

resource "udemy_group" "sales" {
  name = "Sales"
}

resource "udemy_user" "moved" {
  email      = "moved@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
}

resource "udemy_roster" "all" {
  learners = jsonencode({
    "HR-1" = { email = "unchanged@example.com", first_name = "Ada", last_name = "Lovelace", groups = ["Engineering"] }
    "HR-2" = { email = "deactivated@example.com", first_name = "Ada", last_name = "Lovelace" }
    "HR-3" = { email = "reactivated@example.com", first_name = "Ada", last_name = "Lovelace", active = true }
    "HR-4" = { email = "removed@example.com", first_name = "Ada", last_name = "Lovelace" }
    "HR-5" = { email = "groups@example.com", first_name = "Ada", last_name = "Lovelace", groups = ["Engineering"] }
    "HR-6" = { email = "address@example.com", first_name = "Ada", last_name = "Lovelace" }
    "HR-7" = { email = "name@example.com", first_name = "Ada", last_name = "Byron" }
  })
  unlisted   = "deactivate"
  depends_on = [udemy_group.engineering, udemy_group.sales, udemy_roster.leavers, udemy_user.moved]
}

resource "udemy_roster" "leavers" {
  learners   = jsonencode({ "HR-9" = { email = "kept@example.com", first_name = "Ada", last_name = "Lovelace" } })
  on_removal = "keep"
}
