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

# Reads UDEMY_SUBDOMAIN or UDEMY_ORGANIZATION_UUID, and UDEMY_TOKEN.
provider "udemy" {}

resource "udemy_group" "engineering" {
  name = "Engineering"
}

resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
  group_ids  = [udemy_group.engineering.id]
}
