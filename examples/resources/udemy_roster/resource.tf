# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# roster.csv is the nightly export of the HR system.
resource "udemy_roster" "all" {
  learners     = provider::udemy::roster_json(file("${path.module}/roster.csv"))
  max_removals = "5%"

  lifecycle {
    postcondition {
      condition     = self.failed == "{}"
      error_message = "Some lines could not be completed: ${self.failed}"
    }
  }
}

# The ID of one learner, for other resources
output "ada" {
  value = jsondecode(udemy_roster.all.ids)["ada@example.com"]
}
