# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# A learning organization from a list of people. run.sh applies this to a simulated Udemy Business.

terraform {
  required_providers {
    udemy = {
      source = "udemy-iac/udemy"
    }
  }
}

# Which organization, over which API, and the token come from the environment.
provider "udemy" {}

locals {
  # By e-mail address, so that a line may move in the file without moving anybody in Udemy.
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
