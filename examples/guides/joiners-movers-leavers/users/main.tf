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

provider "udemy" {
  max_removals = 20 # A plan that removes more learners fails.
}

locals {
  # The HR system writes this file every night.
  roster = provider::udemy::roster(file("${path.module}/roster.csv"))
  groups = toset(flatten([for learner in local.roster : coalesce(learner.groups, [])]))
}

data "udemy_users" "all" {}

data "udemy_seats" "all" {
  purchased = 50
}

# A group that no line names stays at Udemy with its members, for example if the column is missing.
resource "udemy_group" "all" {
  for_each   = local.groups
  name       = each.key
  on_destroy = "keep"
}

resource "udemy_user" "all" {
  for_each    = local.roster
  email       = each.value.email
  first_name  = each.value.first_name
  last_name   = each.value.last_name
  external_id = each.value.external_id
  active      = each.value.active
  group_ids   = each.value.groups == null ? null : [for name in each.value.groups : udemy_group.all[name].id]
}
