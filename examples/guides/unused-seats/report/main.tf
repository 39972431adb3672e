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

# UDEMY_ACCOUNT_ID, UDEMY_CLIENT_ID and UDEMY_CLIENT_SECRET have the credential of the activity report.
provider "udemy" {}

locals {
  # Learners who keep their seat, for example on parental leave.
  keep = ["hedy@example.com"]
  # A deactivated learner is no longer idle. Without the addresses of the last list, the next apply would reactivate these learners.
  list   = "${path.module}/../unused.txt"
  listed = compact(split("\n", fileexists(local.list) ? file(local.list) : ""))
}

data "udemy_activity" "all" {
  idle_days = 90
}

output "unused" {
  value = join("\n", sort(setsubtract(
    setunion(local.listed, data.udemy_activity.all.idle, data.udemy_activity.all.never_visited),
    local.keep,
  )))
}

output "counts" {
  value = data.udemy_activity.all.counts
}
