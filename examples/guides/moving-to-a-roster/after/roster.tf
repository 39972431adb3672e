# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

resource "udemy_roster" "all" {
  learners   = provider::udemy::roster_json(file("${path.module}/roster.csv"))
  depends_on = [udemy_group.all] # New groups are created first.
}

# Removes the single learners from state, and changes nothing at Udemy.
removed {
  from = udemy_user.all

  lifecycle {
    destroy = false
  }
}

import {
  to = udemy_roster.all
  id = "all"
}
