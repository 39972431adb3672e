#!/usr/bin/env bash
# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# Installs Terraform from its release, after a check of the checksum, for the following steps of the job.
set -eu

release=https://releases.hashicorp.com/terraform/$TERRAFORM_VERSION
archive=terraform_${TERRAFORM_VERSION}_linux_amd64.zip

mkdir -p "$AGENT_TEMPDIRECTORY/terraform"
cd "$AGENT_TEMPDIRECTORY/terraform"
curl --silent --show-error --fail --remote-name "$release/$archive"
curl --silent --show-error --fail --output SHA256SUMS "$release/terraform_${TERRAFORM_VERSION}_SHA256SUMS"
sha256sum --check --ignore-missing SHA256SUMS
unzip -o "$archive" terraform
echo "##vso[task.prependpath]$PWD"
