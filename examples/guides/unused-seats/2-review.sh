# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Shows which seats the plan frees.
terraform init -input=false
terraform plan -input=false -out=plan.tfplan
terraform show -json plan.tfplan > plan.json
.terraform/providers/*/udemy-iac/udemy/*/*/terraform-provider-udemy_* seats < plan.json
