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

# On leave: the seat is free, and the learning history stays.
resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
  active     = false
}

# Removing this block leaves the learner at Udemy with the seat.
resource "udemy_user" "grace" {
  email      = "grace@example.com"
  first_name = "Grace"
  last_name  = "Hopper"
  on_destroy = "keep"
}

resource "udemy_user" "katherine" {
  email      = "katherine@example.com"
  first_name = "Katherine"
  last_name  = "Johnson"
}
