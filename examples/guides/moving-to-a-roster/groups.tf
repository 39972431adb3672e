# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

resource "udemy_group" "all" {
  for_each = toset(["Engineering", "Mathematics"])
  name     = each.key
}
