# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# terraform init downloads the provider. Its binary has the export command.
terraform init
.terraform/providers/*/udemy-iac/udemy/*/*/terraform-provider-udemy_* export -roster -dir learners
