// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// block returns the attribute reporting.
func block(values map[string]attr.Value) types.Object {
	attributes := map[string]attr.Type{
		"account_id": types.Int64Type, "client_id": types.StringType, "client_secret": types.StringType, "endpoint": types.StringType,
	}
	all := map[string]attr.Value{
		"account_id": types.Int64Null(), "client_id": types.StringNull(), "client_secret": types.StringNull(), "endpoint": types.StringNull(),
	}
	maps.Copy(all, values)
	return types.ObjectValueMust(attributes, all)
}

func TestReports(t *testing.T) {
	t.Parallel()
	complete := map[string]string{envAccountID: " 123456\n", envClientID: "client", envClientSecret: someToken + "\n", envSubdomain: "acme"}
	account := block(map[string]attr.Value{"account_id": types.Int64Value(7)})
	const (
		fromSubdomain = "https://acme.udemy.com/api-2.0/organizations/123456"
		loopback      = "http://127.0.0.1:8080/api-2.0"
	)
	for name, test := range map[string]struct {
		block model
		env   map[string]string // in addition to complete; empty values unset
		url   string
		err   []string
	}{
		"environment":            {model{}, nil, fromSubdomain, nil},
		"subdomain in the block": {model{Subdomain: types.StringValue("other")}, map[string]string{envSubdomain: ""}, "https://other.udemy.com/api-2.0/organizations/123456", nil},
		"account in the block":   {model{Reporting: account}, map[string]string{envAccountID: ""}, "https://acme.udemy.com/api-2.0/organizations/7", nil},
		"endpoint":               {model{}, map[string]string{envReportingEndpoint: loopback, envSubdomain: ""}, loopback + "/organizations/123456", nil},
		"endpoint in the block":  {model{Reporting: block(map[string]attr.Value{"endpoint": types.StringValue(loopback)})}, nil, loopback + "/organizations/123456", nil},
		"endpoint of another one": {
			model{Reporting: account}, map[string]string{envReportingEndpoint: loopback, envAccountID: ""}, "https://acme.udemy.com/api-2.0/organizations/7", nil,
		},
		"same account": {
			model{Reporting: account}, map[string]string{envReportingEndpoint: loopback, envAccountID: "7\n"}, loopback + "/organizations/7", nil,
		},
		"same account, of another organization": {
			model{Reporting: account, Subdomain: types.StringValue("other")},
			map[string]string{envReportingEndpoint: loopback, envAccountID: "7"},
			"https://other.udemy.com/api-2.0/organizations/7",
			[]string{envClientID + " is set but not used", envClientSecret + " is set but not used"},
		},
		"another account": {
			model{Reporting: account},
			map[string]string{envReportingEndpoint: loopback},
			"https://acme.udemy.com/api-2.0/organizations/7",
			[]string{envClientID + " is set but not used: it belongs to " + envAccountID, envClientSecret + " is set but not used: it belongs to " + envAccountID},
		},
		"another account with its credential": {
			model{Reporting: block(map[string]attr.Value{
				"account_id": types.Int64Value(7), "client_id": types.StringValue("other"), "client_secret": types.StringValue("secret"),
			})},
			nil,
			"https://acme.udemy.com/api-2.0/organizations/7", nil,
		},
		"another client": {
			model{Reporting: block(map[string]attr.Value{"client_id": types.StringValue("other")})},
			nil,
			fromSubdomain,
			[]string{envClientSecret + " is set but not used: it belongs to " + envClientID},
		},
		"with the user-management API": {
			model{OrganizationUUID: types.StringValue(someUUID), Subdomain: types.StringValue("acme")}, map[string]string{envSubdomain: ""}, fromSubdomain, nil,
		},
		"subdomain of the same organization": {
			model{OrganizationUUID: types.StringValue(someUUID)}, map[string]string{envOrganizationUUID: someUUID}, fromSubdomain, nil,
		},
		"perhaps of another organization": {
			model{OrganizationUUID: types.StringValue(someUUID)},
			nil,
			"",
			[]string{`api = "user_management"`, envSubdomain + " is set but not used"},
		},
		"endpoint that is perhaps of another organization": {
			model{OrganizationUUID: types.StringValue(someUUID)},
			map[string]string{envReportingEndpoint: loopback},
			"",
			[]string{envReportingEndpoint + " may have the endpoint of another one"},
		},
		"endpoint of an unknown organization": {
			model{Subdomain: types.StringValue("acme")},
			map[string]string{envReportingEndpoint: loopback, envSubdomain: ""},
			"",
			[]string{envReportingEndpoint + " may have the endpoint of another one"},
		},
		"Udemy's own endpoint": {
			model{Subdomain: types.StringValue("acme")},
			map[string]string{envReportingEndpoint: "https://acme.udemy.com/api-2.0", envSubdomain: ""},
			fromSubdomain, nil,
		},
		"endpoint of the same organization": {
			model{Subdomain: types.StringValue("ACME")},
			map[string]string{envReportingEndpoint: loopback},
			loopback + "/organizations/123456", nil,
		},
		"of another organization": {
			model{Subdomain: types.StringValue("other")},
			map[string]string{envReportingEndpoint: loopback},
			"",
			[]string{envAccountID + " is set but not used", envClientID + " is set but not used", envClientSecret + " is set but not used"},
		},
		"credential of another organization": {
			model{OrganizationUUID: types.StringValue(someUUID), Reporting: account},
			map[string]string{envOrganizationUUID: "9b4e28ba-2fa1-4d3b-8f6e-6d3c0c9a7e19"},
			"",
			[]string{"Set subdomain", envClientSecret + " is set but not used"},
		},
		"no subdomain":             {model{}, map[string]string{envSubdomain: ""}, "", []string{"Set subdomain", "reporting.endpoint"}},
		"malformed subdomain":      {model{}, map[string]string{envSubdomain: "acme.udemy.com"}, "", []string{"Set subdomain"}},
		"no account":               {model{}, map[string]string{envAccountID: ""}, "", []string{"reporting.account_id", envAccountID}},
		"the UUID as account":      {model{}, map[string]string{envAccountID: someUUID}, "", []string{someUUID, envAccountID, "number"}},
		"negative account":         {model{}, map[string]string{envAccountID: "-1"}, "", []string{`"-1"`}},
		"no client":                {model{}, map[string]string{envClientID: ""}, "", []string{"reporting.client_id", envClientID}},
		"a colon in the client":    {model{}, map[string]string{envClientID: "a:b"}, "", []string{"colon", envClientID}},
		"no secret":                {model{}, map[string]string{envClientSecret: ""}, "", []string{"reporting.client_secret", envClientSecret}},
		"malformed secret":         {model{}, map[string]string{envClientSecret: someToken + " " + someToken}, "", []string{"blank", envClientSecret}},
		"plain http":               {model{}, map[string]string{envReportingEndpoint: "http://udemy.example.com"}, "", []string{"https", envReportingEndpoint}},
		"password in the endpoint": {model{}, map[string]string{envReportingEndpoint: "https://me:" + someToken + "@udemy.example.com"}, "", []string{envReportingEndpoint}},
		"unknown":                  {model{Reporting: types.ObjectUnknown(account.AttributeTypes(t.Context()))}, nil, "", []string{"known only after apply"}},
		"an unknown secret":        {model{Reporting: block(map[string]attr.Value{"client_secret": types.StringUnknown()})}, nil, "", []string{"known only after apply"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := maps.Clone(complete)
			maps.Copy(env, test.env)
			getenv := func(name string) string { return env[name] }
			if test.block.Reporting.IsNull() {
				test.block.Reporting = types.ObjectNull(account.AttributeTypes(t.Context()))
			}
			reports := test.block.reports(t.Context(), getenv, settings{}, "test")
			client, err := reports()
			if test.err == nil {
				again, _ := reports()
				if err != nil || client == nil || client != again {
					t.Fatalf("client %v, then %v, error %v", client, again, err)
				}
			}
			if test.err != nil && err == nil {
				t.Fatal("no error")
			}
			for _, word := range test.err {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("the error does not contain %q: %v", word, err)
				}
			}
			if err != nil && strings.Contains(err.Error(), someToken) {
				t.Errorf("the error contains the secret: %v", err)
			}
			if test.url != "" {
				var attribute reportingModel
				if diags := test.block.Reporting.As(t.Context(), &attribute, asEmpty); diags.HasError() {
					t.Fatal(diags)
				}
				if got := test.block.reporting(attribute, getenv).baseURL().String(); got != test.url {
					t.Errorf("the base URL is %s, want %s", got, test.url)
				}
			}
		})
	}
}
