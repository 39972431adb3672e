# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Takes a learner out of Terraform, without a word to Udemy.
terraform state rm udemy_user.katherine
