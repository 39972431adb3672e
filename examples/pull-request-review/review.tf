# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# For the report of seat changes: the existing learners, and the seats in use.

data "udemy_users" "all" {}

data "udemy_seats" "all" {
  # The number of seats in your contract. With it, the report has the seats left, and plan.yml can use -forbid-over-purchased.
  # purchased = 100
}
