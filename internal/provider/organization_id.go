// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"path"
	"strings"
)

// organization returns the UUID or the subdomain of the organization. Without a subdomain in the block, the host of the endpoint names
// the organization.
func (s settings) organization(subdomain string) string {
	switch {
	case s.api == apiUserManagement:
		return path.Base(s.baseURL.Path)
	case subdomain != "":
		return subdomain
	}
	return strings.TrimSuffix(s.baseURL.Hostname(), ".udemy.com")
}
