# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

terraform {
  required_version = ">= 1.8"

  required_providers {
    udemy = {
      source = "udemy-iac/udemy"
    }
  }
}

provider "udemy" {}

locals {
  # The file for the upload on Udemy's pages.
  upload = provider::udemy::roster(file("${path.module}/upload.csv"))
  groups = toset(flatten([for learner in local.upload : coalesce(learner.groups, [])]))
}

resource "udemy_group" "all" {
  for_each = local.groups
  name     = each.key
}

resource "udemy_user" "all" {
  for_each   = local.upload
  email      = each.value.email
  first_name = each.value.first_name
  last_name  = each.value.last_name
  role       = each.value.role # Over SCIM, remove this line.

  # Without a column for groups, groups are left alone.
  group_ids = each.value.groups == null ? null : [for name in each.value.groups : udemy_group.all[name].id]
}
