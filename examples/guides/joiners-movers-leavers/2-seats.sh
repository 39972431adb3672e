# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Exit code 3, and so no apply, if the plan increases the seats in use by more than 20.
.terraform/providers/*/udemy-iac/udemy/*/*/terraform-provider-udemy_* seats -limit 20 < plan.json
