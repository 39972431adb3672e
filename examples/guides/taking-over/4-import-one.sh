# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

cd one
terraform init
terraform import udemy_user.ada ada@example.com
terraform plan
