# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

import {
  to = udemy_roster.all
  id = "all"
}
