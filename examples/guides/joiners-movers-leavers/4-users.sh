# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

cd users
terraform init -input=false
terraform plan -input=false
