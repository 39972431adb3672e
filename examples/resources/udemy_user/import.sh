# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# By the Udemy ID of the learner
terraform import udemy_user.ada 8f14e45f

# By e-mail address. Letter case is ignored
terraform import udemy_user.ada ada@example.com

# By external ID, the key in the HR system
terraform import udemy_user.ada external_id:E-1001
