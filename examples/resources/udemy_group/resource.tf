# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

resource "udemy_group" "mathematics" {
  name = "Mathematics"
}
