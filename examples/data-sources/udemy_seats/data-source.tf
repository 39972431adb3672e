# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

data "udemy_seats" "all" {
  purchased = 500
}

# Each plan and apply warns if fewer than 10 seats are left.
check "seats" {
  assert {
    condition     = data.udemy_seats.all.available >= 10
    error_message = "Too few seats are left: ${data.udemy_seats.all.available}."
  }
}
