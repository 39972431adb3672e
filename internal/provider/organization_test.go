// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A token never reaches the endpoint of another organization, whatever the block and the environment name.
func TestResolve_organizations(t *testing.T) {
	t.Parallel()
	const (
		acme      = "https://acme.udemy.com/scim/v2"
		ours      = "https://usermanagement.udemy.com/api-2.0/organizations/" + someUUID
		otherUUID = "9b4e28ba-2fa1-4d3b-8f6e-6d3c0c9a7e19"
		elsewhere = "https://other.example.com/scim/v2"
	)
	type block struct{ api, subdomain, uuid, token, endpoint string }
	type env map[string]string
	tests := map[string]struct {
		block block
		env   env
		// want is the base URL, the API and the token, or the attribute of the error and a part of its text.
		url, api, token  string
		attribute, words string
	}{
		// The block names no organization.
		"all from the environment": {
			env: env{envSubdomain: "acme", envToken: "outside"}, url: acme, api: apiSCIM, token: "outside",
		},
		"the token in the block": {
			block: block{token: "inside"}, env: env{envSubdomain: "acme", envToken: "outside"}, url: acme, api: apiSCIM, token: "inside",
		},
		"the endpoint in the block": {
			block: block{endpoint: elsewhere}, env: env{envSubdomain: "acme", envToken: "outside"}, url: elsewhere, api: apiSCIM, token: "outside",
		},

		// The environment names no organization.
		"only the token from the environment": {
			block: block{subdomain: "acme"}, env: env{envToken: "outside"}, url: acme, api: apiSCIM, token: "outside",
		},
		"UUID in the block, only the token from the environment": {
			block: block{uuid: someUUID}, env: env{envToken: "outside"}, url: ours, api: apiUserManagement, token: "outside",
		},
		"an endpoint of an unknown organization": {
			block: block{subdomain: "acme", token: "inside"}, env: env{envEndpoint: elsewhere}, attribute: "endpoint", words: envEndpoint,
		},
		"an endpoint of an unknown organization, UUID in the block": {
			block: block{uuid: someUUID, token: "inside"}, env: env{envEndpoint: elsewhere, envToken: "outside"}, attribute: "endpoint", words: envEndpoint,
		},
		"an endpoint and API of an unknown organization": {
			block: block{uuid: someUUID, token: "inside"}, env: env{envEndpoint: elsewhere, envAPI: apiSCIM}, attribute: "endpoint", words: envEndpoint,
		},
		"Udemy's own endpoint": {
			block: block{subdomain: "acme", token: "inside"}, env: env{envEndpoint: acme}, url: acme, api: apiSCIM, token: "inside",
		},
		"another endpoint than in the block": {
			block: block{subdomain: "acme", token: "inside", endpoint: "https://acme.example.com"}, env: env{envEndpoint: elsewhere},
			url: "https://acme.example.com", api: apiSCIM, token: "inside",
		},
		"the API of an unknown organization": {
			block: block{subdomain: "acme", token: "inside"}, env: env{envAPI: apiUserManagement}, url: acme, api: apiSCIM, token: "inside",
		},
		"the API of an unknown organization, UUID and endpoint in the block": {
			block: block{uuid: someUUID, token: "inside", endpoint: "https://usermanagement.udemy.com/api-2.0"}, env: env{envAPI: apiSCIM},
			url: ours, api: apiUserManagement, token: "inside",
		},
		"the API for a block with both": {
			block: block{subdomain: "acme", uuid: someUUID}, env: env{envAPI: apiUserManagement, envToken: "outside"}, url: ours, api: apiUserManagement, token: "outside",
		},

		// Both name the same organization.
		"the same subdomain": {
			block: block{subdomain: "acme"}, env: env{envSubdomain: "ACME", envToken: "outside", envEndpoint: "https://acme.example.com"},
			url: "https://acme.example.com", api: apiSCIM, token: "outside",
		},
		"the same UUID": {
			block: block{uuid: strings.ToUpper(someUUID)}, env: env{envOrganizationUUID: someUUID, envToken: "outside"},
			url: "https://usermanagement.udemy.com/api-2.0/organizations/" + strings.ToUpper(someUUID), api: apiUserManagement, token: "outside",
		},
		"the same subdomain, and a UUID in the environment": {
			block: block{subdomain: "acme"}, env: env{envSubdomain: "acme", envOrganizationUUID: someUUID, envAPI: apiUserManagement, envToken: "outside"},
			url: ours, api: apiUserManagement, token: "outside",
		},
		"the same SCIM endpoint": {
			block: block{api: apiSCIM, endpoint: elsewhere}, env: env{envEndpoint: elsewhere, envToken: "outside"}, url: elsewhere, api: apiSCIM, token: "outside",
		},

		// They name organizations in ways that can't be compared.
		"the token for a subdomain, and a UUID in the environment": {
			block: block{subdomain: "acme"}, env: env{envOrganizationUUID: otherUUID, envAPI: apiUserManagement, envToken: "outside"},
			url: acme, api: apiSCIM, token: "outside",
		},
		"the token and endpoint for a UUID in the environment": {
			block: block{subdomain: "acme"}, env: env{envOrganizationUUID: otherUUID, envEndpoint: elsewhere, envToken: "outside"},
			attribute: "endpoint", words: envEndpoint,
		},

		// They name different organizations.
		"another subdomain": {
			block: block{subdomain: "acme", token: "inside"},
			env:   env{envSubdomain: "other", envEndpoint: elsewhere, envAPI: apiUserManagement, envToken: "outside"},
			url:   acme, api: apiSCIM, token: "inside",
		},
		"the token of another subdomain": {
			block: block{subdomain: "acme"}, env: env{envSubdomain: "other", envToken: "outside"}, attribute: "token", words: "UDEMY_TOKEN is set but not used",
		},
		"another UUID": {
			block: block{uuid: someUUID, token: "inside"}, env: env{envOrganizationUUID: otherUUID, envEndpoint: elsewhere}, url: ours, api: apiUserManagement, token: "inside",
		},
		"the token of another UUID": {
			block: block{uuid: someUUID}, env: env{envOrganizationUUID: otherUUID, envToken: "outside"}, attribute: "token", words: "UDEMY_TOKEN is set but not used",
		},
		"a subdomain, and a UUID in the environment": {
			block: block{subdomain: "acme", token: "inside"}, env: env{envOrganizationUUID: otherUUID, envEndpoint: elsewhere, envAPI: apiUserManagement},
			url: acme, api: apiSCIM, token: "inside",
		},
		"a UUID, and a subdomain in the environment": {
			block: block{uuid: someUUID, token: "inside"}, env: env{envSubdomain: "other", envEndpoint: elsewhere, envAPI: apiSCIM},
			url: ours, api: apiUserManagement, token: "inside",
		},
		"the same subdomain and another UUID": {
			block: block{subdomain: "acme", uuid: someUUID, api: apiSCIM}, env: env{envSubdomain: "acme", envOrganizationUUID: otherUUID, envToken: "outside"},
			attribute: "token", words: "UDEMY_TOKEN is set but not used",
		},
		"the UUID of another organization for the API of the block": {
			block: block{subdomain: "acme", api: apiUserManagement, token: "inside"}, env: env{envOrganizationUUID: otherUUID},
			attribute: "organization_uuid", words: "UDEMY_ORGANIZATION_UUID is set but not used",
		},
		"a SCIM endpoint, and a subdomain in the environment": {
			block: block{api: apiSCIM, endpoint: elsewhere}, env: env{envSubdomain: "acme", envToken: "outside"}, url: elsewhere, api: apiSCIM, token: "outside",
		},
		"another SCIM endpoint": {
			block: block{api: apiSCIM, endpoint: elsewhere}, env: env{envEndpoint: acme, envToken: "outside"}, attribute: "token", words: "not used",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			value := func(s string) types.String {
				if s == "" {
					return types.StringNull()
				}
				return types.StringValue(s)
			}
			b := test.block
			configured := model{
				API: value(b.api), Subdomain: value(b.subdomain), OrganizationUUID: value(b.uuid), Token: value(b.token), Endpoint: value(b.endpoint),
			}
			var diags diag.Diagnostics
			got := configured.resolve(func(name string) string { return test.env[name] }, &diags)
			if test.attribute != "" {
				if len(diags) != 1 || !strings.Contains(diags[0].Detail(), test.words) {
					t.Fatalf("got %v, want one error with %q", diags, test.words)
				}
				if at, ok := diags[0].(diag.DiagnosticWithPath); !ok || at.Path().String() != test.attribute {
					t.Errorf("got %v, want an error at %s", diags, test.attribute)
				}
				return
			}
			if diags.HasError() {
				t.Fatal(diags)
			}
			if got.baseURL.String() != test.url || got.api != test.api || got.token != test.token {
				t.Errorf("got %s over %s with token %q, want %s over %s with %q", got.baseURL, got.api, got.token, test.url, test.api, test.token)
			}
		})
	}
}
