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

# roster.csv:
#   E-mail,First name,Last name,Role,Groups
#   ada@example.com,Ada,Lovelace,admin,Mathematics;Engines
#   grace@example.com,Grace,Hopper,,Compilers
locals {
  learners = provider::udemy::roster(file("${path.module}/roster.csv"))
}

# A group that no line names stays at Udemy with its members, for example if the column is missing.
resource "udemy_group" "all" {
  for_each   = toset(flatten([for learner in local.learners : coalesce(learner.groups, [])]))
  name       = each.key
  on_destroy = "keep"
}

resource "udemy_user" "all" {
  for_each = local.learners

  email      = each.value.email
  first_name = each.value.first_name
  last_name  = each.value.last_name
  role       = each.value.role
  active     = each.value.active
  group_ids  = each.value.groups == null ? null : [for name in each.value.groups : udemy_group.all[name].id]
}
