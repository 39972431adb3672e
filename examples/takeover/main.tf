# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Each line of roster.csv is a learner, and each line of groups.csv a group. A new line invites or creates, and a changed
# line changes in place. A removed line frees the seat of the learner, or deletes the group if no member has a seat. The
# plan shows all changes.

terraform {
  required_version = ">= 1.8" # for the functions roster and groups

  required_providers {
    udemy = {
      source = "udemy-iac/udemy"
    }
  }
}

# The token comes from the environment variable UDEMY_TOKEN.
provider "udemy" {
  api               = "user_management"
  organization_uuid = "5d1a2c3e-9b47-4f60-8a1d-7c2e4b9f0a11"
}

locals {
  learners = provider::udemy::roster(file("${path.module}/roster.csv"))
  groups   = provider::udemy::groups(file("${path.module}/groups.csv"))
}

resource "udemy_group" "all" {
  for_each = local.groups

  name = each.key
}

resource "udemy_user" "all" {
  for_each = local.learners

  email       = each.value.email
  first_name  = each.value.first_name
  last_name   = each.value.last_name
  external_id = each.value.external_id
  role        = each.value.role
  active      = each.value.active

  # The exact groups. null, which is * in the roster, leaves groups alone.
  group_ids = each.value.groups == null ? null : [for name in each.value.groups : udemy_group.all[name].id]

  # An empty name is left alone. If learners type their own names when they accept an invitation, the next plan would change
  # them back. To keep the names that they type, activate these lines, or remove the names from roster.csv.
  # lifecycle {
  #   ignore_changes = [first_name, last_name]
  # }
}

# Imports the existing groups and learners. You can remove these blocks and the columns udemy_id after the first apply.

import {
  for_each = { for name, group in local.groups : name => group.udemy_id if group.udemy_id != null }

  to = udemy_group.all[each.key]
  id = each.value
}

import {
  for_each = { for email, learner in local.learners : email => learner.udemy_id if learner.udemy_id != null }

  to = udemy_user.all[each.key]
  id = each.value
}
