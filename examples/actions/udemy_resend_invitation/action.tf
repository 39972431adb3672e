# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Reminds all learners who have not accepted the invitation yet, when it is invoked:
#   terraform apply -invoke=action.udemy_resend_invitation.reminder
action "udemy_resend_invitation" "reminder" {
  config {
    learners = data.udemy_users.waiting.ids
  }
}

data "udemy_users" "waiting" {
  status = "invited"
}

# Does the same with the next apply after the date was changed.
resource "terraform_data" "reminder" {
  input = "2026-11-23"

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.udemy_resend_invitation.reminder]
    }
  }
}
