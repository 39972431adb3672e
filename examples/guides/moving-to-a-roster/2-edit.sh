# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

rm users.tf
cp after/roster.tf .
