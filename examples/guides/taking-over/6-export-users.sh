# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

.terraform/providers/*/udemy-iac/udemy/*/*/terraform-provider-udemy_* export -dir users
cd users
terraform init
terraform plan -out=plan.tfplan
terraform apply plan.tfplan
