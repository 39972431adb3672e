# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Reads the report, and writes the list. Nothing changes at Udemy.
terraform -chdir=report init -input=false
terraform -chdir=report apply -input=false -auto-approve
terraform -chdir=report output -raw unused > unused.txt
