# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

data "udemy_group" "mathematics" {
  name = "Mathematics" # or id
}
