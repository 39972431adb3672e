# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

terraform {
  required_providers {
    udemy = {
      source  = "udemy-iac/udemy"
      version = "~> 0.1"
    }
  }
}

# The token comes from the environment variable UDEMY_TOKEN.
provider "udemy" {
  subdomain = "acme" # https://acme.udemy.com, over SCIM
}

# The same over the user-management API:
#
#   provider "udemy" {
#     organization_uuid = "1b4e28ba-2fa1-4d3b-8f6e-6d3c0c9a7e10"
#   }
