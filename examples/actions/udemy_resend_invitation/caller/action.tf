# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Sends the invitation again to a learner whose e-mail address was corrected before the first sign-up.
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
