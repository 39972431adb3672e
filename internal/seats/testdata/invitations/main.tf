# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Some learners have not accepted the invitation, and actions send it again. The plan changes the date and adds a learner.

terraform {
  required_providers {
    udemy = {
      source = "udemy-iac/udemy"
    }
  }
}

variable "date" {
  type = string
}

variable "new" {
  type    = set(string)
  default = []
}

provider "udemy" {
  api = "user_management"
}

resource "udemy_user" "all" {
  for_each = toset(["ada", "emmy", "grace"])

  email      = "${each.key}@example.com"
  first_name = each.key
  last_name  = "Example"
}

resource "udemy_user" "new" {
  for_each = var.new

  email      = "${each.key}@example.com"
  first_name = each.key
  last_name  = "Example"
}

action "udemy_resend_invitation" "reminder" {
  config {
    learners = { for u in udemy_user.all : u.email => u.id if u.status == "invited" }
  }
}

action "udemy_resend_invitation" "nickname" {
  config {
    learners = { "Countess of Lovelace" = udemy_user.all["ada"].id }
  }
}

action "udemy_resend_invitation" "welcome" {
  config {
    learners = { for u in udemy_user.new : u.email => u.id }
  }
}

resource "terraform_data" "reminder" {
  input = var.date

  lifecycle {
    action_trigger {
      events = [after_update]
      actions = [
        action.udemy_resend_invitation.reminder,
        action.udemy_resend_invitation.nickname,
        action.udemy_resend_invitation.welcome,
      ]
    }
  }
}
