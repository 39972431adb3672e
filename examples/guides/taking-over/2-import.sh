# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

cd learners
terraform init
terraform plan -out=plan.tfplan
terraform apply plan.tfplan
