# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# What removing everything would do, before anybody does it.
terraform plan -destroy -out=destroy.tfplan
terraform show -json destroy.tfplan > destroy.json
.terraform/providers/*/udemy-iac/udemy/*/*/terraform-provider-udemy_* seats < destroy.json
