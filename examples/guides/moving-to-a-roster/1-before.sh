# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

cd learners
terraform init
terraform apply -auto-approve
