# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# By the IDs of the group and the learner
terraform import udemy_group_membership.ada_mathematics 3a1f6c1e-7f43-4f0a-9d5e-0d8f6f1c2b3a/8f14e45f
