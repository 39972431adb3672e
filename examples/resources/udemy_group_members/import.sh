# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# By the ID of the group
terraform import udemy_group_members.mathematics 3a1f6c1e-7f43-4f0a-9d5e-0d8f6f1c2b3a

# By the exact name of the group
terraform import udemy_group_members.mathematics name:Mathematics
