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

provider "udemy" {}

resource "udemy_group" "all" {
  for_each = toset(["Engineering", "Mathematics"])
  name     = each.key
}

locals {
  roster = provider::udemy::roster(file("${path.module}/roster.csv"))
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
