# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Sends the invitation again after the e-mail address of an invited learner is corrected.
resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"

  lifecycle {
    action_trigger {
      condition  = self.status == "invited"
      events     = [after_update]
      actions    = [action.udemy_resend_invitation.caller]
      on_failure = continue # A failure is a warning, and the apply continues.
    }
  }
}

# caller is the udemy_user that triggers the action.
action "udemy_resend_invitation" "caller" {
  config {
    learners = { (caller.email) = caller.id }
  }
}
