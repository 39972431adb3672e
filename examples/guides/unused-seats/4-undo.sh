# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Gives one learner the seat back. Udemy sends an e-mail.
sed '/^ada@example\.com$/d' unused.txt > kept.txt
mv kept.txt unused.txt
terraform apply -input=false -auto-approve
