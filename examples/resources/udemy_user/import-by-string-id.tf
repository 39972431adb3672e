# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

import {
  to = udemy_user.ada
  id = "ada@example.com" # or "8f14e45f", or "external_id:E-1001"
}
