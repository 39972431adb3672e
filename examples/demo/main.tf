# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Manages the learners of a CSV file. run.sh applies this to a simulated Udemy Business.

terraform {
  required_providers {
    udemy = {
      source  = "udemy-iac/udemy"
      version = "~> 0.1"
    }
  }
}

# The organization, the API and the token come from environment variables.
provider "udemy" {}

locals {
  # The key is the e-mail address, so the order of lines does not matter.
  learners = { for row in csvdecode(file("${path.module}/learners.csv")) : row.email => row }
}

resource "udemy_group" "team" {
  for_each = toset([for learner in local.learners : learner.group])

  name = each.key
}

resource "udemy_user" "learner" {
  for_each = local.learners

  email       = each.value.email
  first_name  = each.value.first_name
  last_name   = each.value.last_name
  external_id = each.value.external_id
}

resource "udemy_group_membership" "learner" {
  for_each = local.learners

  group_id = udemy_group.team[each.value.group].id
  user_id  = udemy_user.learner[each.key].id
}
