# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# All learners of the organization
terraform import udemy_roster.all all

# The learners who have a seat
terraform import udemy_roster.all active

# The members of a group
terraform import udemy_roster.all group:Engineering
