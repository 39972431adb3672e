# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

cd learners
terraform apply plan.tfplan
