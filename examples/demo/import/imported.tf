# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Imports an existing learner by e-mail address. run.sh adds this file to main.tf.

import {
  to = udemy_user.imported
  id = "grace@example.com"
}

resource "udemy_user" "imported" {
  email      = "grace@example.com"
  first_name = "Grace"
  last_name  = "Hopper"
}
