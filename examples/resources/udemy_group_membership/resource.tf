# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

resource "udemy_group" "mathematics" {
  name = "Mathematics"
}

data "udemy_user" "ada" {
  email = "ada@example.com"
}

# Ada joins the group. Its other members stay.
resource "udemy_group_membership" "ada_mathematics" {
  group_id = udemy_group.mathematics.id
  user_id  = data.udemy_user.ada.id
}
