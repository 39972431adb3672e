# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Removes a learner from Terraform, without a change at Udemy.
terraform state rm udemy_user.katherine
