# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

cp after/main.tf learners/main.tf
