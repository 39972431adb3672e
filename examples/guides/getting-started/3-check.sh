# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Exit code 0: what is configured is what Udemy has.
terraform plan -detailed-exitcode
