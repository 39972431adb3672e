# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# The planned configuration. The test also replaces udemy_user.replaced.

terraform {
  required_providers {
    udemy = {
      source = "udemy-iac/udemy"
    }
  }
}

variable "scim_endpoint" {
  type = string
}

provider "udemy" {
  api = "user_management"
}

provider "udemy" {
  alias     = "scim"
  api       = "scim"
  subdomain = "example"
  endpoint  = var.scim_endpoint
}

resource "udemy_group" "engineering" {
  name = "Engineering"
}

resource "udemy_group" "sales" {
  name = "Sales"
}

resource "udemy_group" "reading_circle" {
  name = "Reading Circle"
}

resource "udemy_user" "reactivated" {
  email      = "reactivated@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
  active     = true
}

resource "udemy_user" "deactivated" {
  email      = "deactivated@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
  active     = false
}

resource "udemy_user" "replaced" {
  email      = "replaced@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
}

resource "udemy_user" "promoted" {
  email      = "promoted@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
  role       = "admin"
}

resource "udemy_user" "renamed" {
  email      = "after@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
}

resource "udemy_user" "relicensed" {
  provider      = udemy.scim
  email         = "relicensed@example.com"
  first_name    = "Ada"
  last_name     = "Lovelace"
  license_types = ["Enterprise", "Pro"]
}

resource "udemy_user" "regrouped" {
  email      = "regrouped@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
  group_ids  = [udemy_group.sales.id]
}

resource "udemy_user" "secret" {
  email      = sensitive("secret@example.com")
  first_name = "Ada"
  last_name  = sensitive("Changed")
}

resource "udemy_user" "member" {
  email      = "member@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
}

resource "udemy_group_members" "reading_circle" {
  group_id = udemy_group.reading_circle.id
  members = {
    (udemy_user.member.email) = udemy_user.member.id
    (udemy_user.new.email)    = udemy_user.new.id
  }
}

data "udemy_users" "all" {}

data "udemy_seats" "now" {
  purchased = 20
}

data "udemy_group" "new_joiners" {
  name = "New Joiners"
}

resource "udemy_user" "new" {
  email      = "new@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
  role       = "learner"
  group_ids  = [udemy_group.engineering.id, data.udemy_group.new_joiners.id]
}

resource "udemy_user" "adopted" {
  email      = "Adopted@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
  role       = "admin"
}

resource "udemy_user" "adopted_reactivated" {
  email      = "adopted.reactivated@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
}

import {
  to = udemy_user.imported
  id = "imported@example.com"
}

resource "udemy_user" "imported" {
  email      = "imported@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
}

removed {
  from = udemy_user.forgotten

  lifecycle {
    destroy = false
  }
}

resource "udemy_group" "new" {
  name = "New Group"
}

resource "udemy_group_membership" "begins" {
  group_id = udemy_group.sales.id
  user_id  = udemy_user.member.id
}

resource "udemy_group_membership" "of_new" {
  group_id = udemy_group.new.id
  user_id  = udemy_user.new.id
}

module "team" {
  source = "./team"
}
