# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# The names of the registries differ; written out, it is the same provider to Terraform and OpenTofu.
terraform {
  required_providers {
    udemy = {
      source = "registry.terraform.io/udemy-iac/udemy"
    }
  }
}

resource "udemy_group" "mathematics" {
  name = "Mathematics"
}

resource "udemy_group" "physics" {
  name       = "Physics"
  depends_on = [udemy_group.mathematics]
}

resource "udemy_group" "chess" {
  name       = "Chess"
  depends_on = [udemy_group.physics]
}

resource "udemy_user" "ada" {
  email       = "Ada@Example.com"
  first_name  = "Ada"
  last_name   = "Lovelace"
  external_id = "E-1001"
  role        = "admin"
  group_ids   = [udemy_group.physics.id]
}

# Only what is required.
resource "udemy_user" "grace" {
  email      = "grace@example.com"
  first_name = "Grace"
  last_name  = "Hopper"
}

resource "udemy_user" "katherine" {
  email      = "katherine@example.com"
  first_name = "Katherine"
  last_name  = "Johnson"
  active     = false
  on_destroy = "keep"
}

resource "udemy_group_membership" "grace" {
  group_id = udemy_group.mathematics.id
  user_id  = udemy_user.grace.id
}

resource "udemy_group_members" "chess" {
  group_id = udemy_group.chess.id
  members  = { (udemy_user.grace.email) = udemy_user.grace.id }
}
