# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Reports what destroying everything would do to seats.
terraform plan -destroy -out=destroy.tfplan
terraform show -json destroy.tfplan > destroy.json
.terraform/providers/*/udemy-iac/udemy/*/*/terraform-provider-udemy_* seats < destroy.json
