# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

import {
  to = udemy_user.ada
  identity = {
    id = "8f14e45f"
  }
}
