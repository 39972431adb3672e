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

# hr.csv:
#   email,first_name,last_name,employee id,department,start date,end date,groups
#   ada@example.com,Ada,Lovelace,E-1,R&D,2026-01-01,,Mathematics
#   grace@example.com,Grace,Hopper,E-2,R&D,2027-03-01,,Mathematics
#   kay@example.com,Katherine,Johnson,E-3,R&D,2020-01-01,2026-06-30,Physics
resource "udemy_roster" "all" {
  learners = provider::udemy::roster_json(file("${path.module}/hr.csv"), {
    columns    = { external_id = "employee id" }
    ignore     = ["department"]
    today      = plantimestamp()
    grace_days = 14
    min_rows   = 3
  })
}
