# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Sends the invitation again to all learners who have not accepted it:
#   terraform apply -invoke=action.udemy_resend_invitation.reminder
action "udemy_resend_invitation" "reminder" {
  config {
    learners = data.udemy_users.waiting.ids
  }
}

data "udemy_users" "waiting" {
  status = "invited"
}

# Sends it also when the date changes.
resource "terraform_data" "reminder" {
  input = "2026-11-23"

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.udemy_resend_invitation.reminder]
    }
  }
}
