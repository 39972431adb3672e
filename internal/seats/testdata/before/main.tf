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
  active     = false
}

resource "udemy_user" "deactivated" {
  email      = "deactivated@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
}

resource "udemy_user" "destroyed" {
  email      = "destroyed@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
}

resource "udemy_user" "invitation_canceled" {
  email      = "invitation.canceled@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
}

resource "udemy_user" "deleted" {
  email      = "deleted@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
  on_destroy = "delete"
}

resource "udemy_user" "kept" {
  email      = "kept@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
  on_destroy = "keep"
}

resource "udemy_user" "forgotten" {
  email      = "forgotten@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
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
}

resource "udemy_user" "renamed" {
  email      = "before@example.com"
  first_name = "Ada"
  last_name  = "King"
}

resource "udemy_user" "relicensed" {
  provider      = udemy.scim
  email         = "relicensed@example.com"
  first_name    = "Ada"
  last_name     = "Lovelace"
  license_types = ["Enterprise"]
}

resource "udemy_user" "regrouped" {
  email      = "regrouped@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
  group_ids  = [udemy_group.engineering.id]
}

resource "udemy_user" "secret" {
  email      = "secret@example.com"
  first_name = "Ada"
  last_name  = "Secret"
}

resource "udemy_user" "member" {
  email      = "member@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
}

resource "udemy_group_membership" "ends" {
  group_id = udemy_group.engineering.id
  user_id  = udemy_user.member.id
}

resource "udemy_group_members" "reading_circle" {
  group_id = udemy_group.reading_circle.id
  members = {
    (udemy_user.member.email)   = udemy_user.member.id
    (udemy_user.promoted.email) = udemy_user.promoted.id
  }
}
