# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# The state is in GitLab. The variables TF_HTTP_… of the pipeline have its address.
terraform {
  backend "http" {}
}
