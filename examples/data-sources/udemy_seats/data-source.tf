# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

data "udemy_seats" "all" {
  purchased = 500
}

# Every plan and apply warns before the seats run out.
check "seats" {
  assert {
    condition     = data.udemy_seats.all.available >= 10
    error_message = "Only ${data.udemy_seats.all.available} seats are left."
  }
}
