# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# The state is in an Azure storage account. ARM_ACCESS_KEY in the variable groups is its key.
terraform {
  backend "azurerm" {
    storage_account_name = "acmeterraform"
    container_name       = "state"
    key                  = "udemy.tfstate"
  }
}
