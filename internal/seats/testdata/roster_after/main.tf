# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# The configuration of the plan.

terraform {
  required_providers {
    udemy = {
      source = "udemy-iac/udemy"
    }
  }
}

data "udemy_users" "all" {}

data "udemy_seats" "now" {
  purchased = 12
}

resource "udemy_group" "engineering" {
  name = "Engineering"
}

resource "udemy_group" "sales" {
  name = "Sales"
}

removed {
  from = udemy_user.moved
  lifecycle {
    destroy = false
  }
}

resource "udemy_roster" "all" {
  learners = jsonencode({
    "HR-1"  = { email = "Unchanged@example.com", first_name = "Ada", last_name = "Lovelace", groups = ["Engineering"] }
    "HR-2"  = { email = "deactivated@example.com", first_name = "Ada", last_name = "Lovelace", active = false }
    "HR-3"  = { email = "reactivated@example.com", first_name = "Ada", last_name = "Lovelace" }
    "HR-5"  = { email = "groups@example.com", first_name = "Ada", last_name = "Lovelace", groups = ["Sales"] }
    "HR-6"  = { email = "new.address@example.com", first_name = "Ada", last_name = "Lovelace" }
    "HR-7"  = { email = "name@example.com", first_name = "Ada", last_name = "Lovelace" }
    "HR-8"  = { email = "moved@example.com", first_name = "Ada", last_name = "Lovelace" }
    "HR-10" = { email = "new@example.com", first_name = "Ada", last_name = "Lovelace", groups = ["Sales"] }
    "HR-11" = { email = "adopted@example.com", first_name = "Ada", last_name = "Lovelace", groups = ["Engineering"] }
    "HR-12" = { email = "unknown.inactive@example.com", first_name = "Ada", last_name = "Lovelace", active = false }
  })
  unlisted   = "deactivate"
  depends_on = [udemy_group.engineering, udemy_group.sales, udemy_roster.leavers]
}

resource "udemy_roster" "leavers" {
  learners   = jsonencode({})
  on_removal = "keep"
}
