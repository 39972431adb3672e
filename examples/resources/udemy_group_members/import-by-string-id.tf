# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

import {
  to = udemy_group_members.mathematics
  id = "name:Mathematics" # or "3a1f6c1e-7f43-4f0a-9d5e-0d8f6f1c2b3a"
}
