// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const (
	someUUID  = "1b4e28ba-2fa1-4d3b-8f6e-6d3c0c9a7e10"
	someToken = "s3cret-token"
)

func TestResolve(t *testing.T) {
	t.Parallel()
	complete := model{OrganizationUUID: types.StringValue(someUUID), Token: types.StringValue(someToken)}
	tests := map[string]struct {
		block model
		env   map[string]string
		want  settings
		url   string
	}{
		"defaults": {
			block: complete,
			want:  settings{maxRetries: 4, requestTimeout: 30 * time.Second},
			url:   "https://usermanagement.udemy.com/api-2.0/organizations/" + someUUID,
		},
		"environment": {
			env:  map[string]string{envOrganizationUUID: someUUID, envToken: someToken + "\n", envEndpoint: "http://127.0.0.1:8080/api-2.0/"},
			want: settings{maxRetries: 4, requestTimeout: 30 * time.Second},
			url:  "http://127.0.0.1:8080/api-2.0/organizations/" + someUUID,
		},
		"the block overrides the environment": {
			block: model{
				OrganizationUUID: types.StringValue(someUUID), Token: types.StringValue(someToken), Endpoint: types.StringValue("https://udemy.example.com"),
				MaxRetries: types.Int64Value(0), RequestTimeout: types.StringValue("1m30s"), MaxRequestsPerSecond: types.Float64Value(2.5),
				MaxConcurrentRequests: types.Int64Value(3),
			},
			env:  map[string]string{envOrganizationUUID: "other", envToken: "other", envEndpoint: "https://other.example.com"},
			want: settings{maxRetries: 0, requestTimeout: 90 * time.Second, requestsPerSecond: 2.5, concurrentRequests: 3},
			url:  "https://udemy.example.com/organizations/" + someUUID,
		},
		"a number of seconds": {
			block: model{OrganizationUUID: types.StringValue(someUUID), Token: types.StringValue(someToken), RequestTimeout: types.StringValue("45")},
			want:  settings{maxRetries: 4, requestTimeout: 45 * time.Second},
			url:   "https://usermanagement.udemy.com/api-2.0/organizations/" + someUUID,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			got := test.block.resolve(func(name string) string { return test.env[name] }, &diags)
			if diags.HasError() {
				t.Fatal(diags)
			}
			if got.token != someToken || got.baseURL.String() != test.url {
				t.Errorf("token %q and base URL %s, want %s", got.token, got.baseURL, test.url)
			}
			if got.maxRetries != test.want.maxRetries || got.requestTimeout != test.want.requestTimeout ||
				got.requestsPerSecond != test.want.requestsPerSecond || got.concurrentRequests != test.want.concurrentRequests {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestResolve_refused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		block     model
		attribute string
		words     []string
	}{
		"no organization":        {model{Token: types.StringValue(someToken)}, "organization_uuid", []string{"Missing", envOrganizationUUID}},
		"malformed organization": {model{OrganizationUUID: types.StringValue("acme"), Token: types.StringValue(someToken)}, "organization_uuid", []string{`"acme"`, envOrganizationUUID}},
		"no token":               {model{OrganizationUUID: types.StringValue(someUUID)}, "token", []string{"Missing", envToken}},
		"malformed token":        {model{OrganizationUUID: types.StringValue(someUUID), Token: types.StringValue(someToken + " " + someToken)}, "token", []string{"Malformed", envToken}},
		"plain http": {
			model{OrganizationUUID: types.StringValue(someUUID), Token: types.StringValue(someToken), Endpoint: types.StringValue("http://udemy.example.com")},
			"endpoint",
			[]string{"https", envEndpoint},
		},
		"password in the endpoint": {
			model{OrganizationUUID: types.StringValue(someUUID), Token: types.StringValue(someToken), Endpoint: types.StringValue("https://me:" + someToken + "@udemy.example.com")},
			"endpoint",
			[]string{envEndpoint},
		},
		"malformed URL": {
			model{OrganizationUUID: types.StringValue(someUUID), Token: types.StringValue(someToken), Endpoint: types.StringValue("udemy.example.com")},
			"endpoint",
			[]string{envEndpoint},
		},
		"malformed duration": {
			model{OrganizationUUID: types.StringValue(someUUID), Token: types.StringValue(someToken), RequestTimeout: types.StringValue("soon")},
			"request_timeout",
			[]string{`"soon"`},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			test.block.resolve(func(string) string { return "" }, &diags)
			if len(diags) != 1 {
				t.Fatalf("got %v, want one diagnostic", diags)
			}
			at, ok := diags[0].(diag.DiagnosticWithPath)
			if !ok || at.Path().String() != test.attribute {
				t.Errorf("got %v, want a diagnostic at %s", diags, test.attribute)
			}
			text := diags[0].Summary() + "\n" + diags[0].Detail()
			for _, word := range test.words {
				if !strings.Contains(text, word) {
					t.Errorf("the diagnostic does not contain %q:\n%s", word, text)
				}
			}
			if strings.Contains(text, someToken) {
				t.Errorf("the diagnostic contains the token:\n%s", text)
			}
		})
	}
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]time.Duration{
		"30s": 30 * time.Second, "2m": 2 * time.Minute, "45": 45 * time.Second, "0.5": 500 * time.Millisecond,
		"": 0, "0": 0, "-1s": 0, "2h": 0, "NaN": 0, "Inf": 0, "1e300": 0, "30 s": 0,
	} {
		got, err := parseDuration(raw)
		if got != want || (err == nil) != (want != 0) {
			t.Errorf("parseDuration(%q) = %s, %v", raw, got, err)
		}
	}
}
