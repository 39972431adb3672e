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

resource "udemy_roster" "all" {
  # The file for the upload on Udemy's pages. Roles and groups stay as they are; the guide has the steps to manage them.
  learners = provider::udemy::roster_json(file("${path.module}/upload.csv"), { ignore = ["role", "groups"] })
}
