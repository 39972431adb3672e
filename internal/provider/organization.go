// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// origin is the relation between the organization that a provider block names and the one that the environment names. It
// decides which variables complete the block, so that a token never reaches another organization.
type origin int

const (
	// fromEnvironment: the block names no organization. All variables are used.
	fromEnvironment origin = iota
	// sameOrganization: both name the same organization. All variables are used.
	sameOrganization
	// onlyInBlock: the environment names no organization. The block selects the API, and UDEMY_ENDPOINT is an error.
	onlyInBlock
	// unrelated: one has a subdomain and the other a UUID, which can't be compared. Only credentials are used.
	unrelated
	// otherOrganization: the environment names another organization. No variable is used.
	otherOrganization
)

// origin compares the names of the organization. Subdomain and UUID name it. A SCIM endpoint in the block names it as well,
// because a SCIM server serves one organization and needs no subdomain.
func (m model) origin(getenv func(string) string) origin {
	named, namedOutside, equal, different := false, false, false, false
	compare := func(attribute types.String, env string) {
		block, outside := attribute.ValueString(), getenv(env)
		named = named || block != ""
		namedOutside = namedOutside || outside != ""
		if block != "" && outside != "" {
			isSame := strings.EqualFold(block, outside)
			equal, different = equal || isSame, different || !isSame
		}
	}
	compare(m.Subdomain, envSubdomain)
	compare(m.OrganizationUUID, envOrganizationUUID)
	if !named && m.API.ValueString() == apiSCIM && m.Endpoint.ValueString() != "" {
		compare(m.Endpoint, envEndpoint)
	}
	switch {
	case !named:
		return fromEnvironment
	case different:
		return otherOrganization
	case equal:
		return sameOrganization
	case namedOutside:
		return unrelated
	default:
		return onlyInBlock
	}
}
