# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Exit code 3, and no apply, if the night needs more than 20 seats more than it frees.
.terraform/providers/*/udemy-iac/udemy/*/*/terraform-provider-udemy_* seats -limit 20 < plan.json
