# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Exit code 0: no changes.
terraform plan -detailed-exitcode
