// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"path"
	"strings"
)

// organization returns the UUID or the subdomain of the organization. If another server takes the place of Udemy's, it is that host.
func (s settings) organization() string {
	if s.api == apiUserManagement {
		return path.Base(s.baseURL.Path)
	}
	return strings.TrimSuffix(s.baseURL.Hostname(), ".udemy.com")
}
