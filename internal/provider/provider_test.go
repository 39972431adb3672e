// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

func TestConfigure_refused(t *testing.T) {
	t.Parallel()
	complete := acceptance.Values{"organization_uuid": simulator.DefaultOrganization, "token": "t"}
	for name, test := range map[string]struct{ attribute, value any }{
		"malformed organization UUID":  {"organization_uuid", "acme"},
		"empty token":                  {"token", ""},
		"plain http":                   {"endpoint", "http://udemy.example.com"},
		"endpoint without scheme":      {"endpoint", "udemy.example.com"},
		"negative retries":             {"max_retries", -1},
		"malformed duration":           {"request_timeout", "soon"},
		"zero requests per second":     {"max_requests_per_second", 0},
		"zero concurrent requests":     {"max_concurrent_requests", 0},
		"too many concurrent requests": {"max_concurrent_requests", 1001},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			block := acceptance.Values{}
			for attribute, value := range complete {
				block[attribute] = value
			}
			attribute, _ := test.attribute.(string)
			block[attribute] = test.value
			_, diags := acceptance.Configure(t, block)
			diags.ExpectError(t, attribute)
		})
	}
}

// A token from another resource can be unknown at plan. The plan must not fail.
func TestConfigure_unknown(t *testing.T) {
	t.Parallel()
	for _, attribute := range []string{"organization_uuid", "token", "endpoint", "max_retries", "request_timeout", "max_requests_per_second", "max_concurrent_requests", "adopt_existing"} {
		t.Run(attribute, func(t *testing.T) {
			t.Parallel()
			block := acceptance.Values{"organization_uuid": simulator.DefaultOrganization, "token": "t"}
			block[attribute] = acceptance.Unknown
			protocol, diags := acceptance.Configure(t, block)
			diags.ExpectNone(t)

			config := acceptance.Values{"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"}
			protocol.Plan(nil, "udemy_user", config).Diagnostics.ExpectNone(t)

			state := protocol.State("udemy_group", acceptance.Values{"id": "g1", "name": "Mathematics", "on_destroy": "delete"})
			refreshed, diags := protocol.Read(state)
			diags.ExpectWarning(t, "Nothing was refreshed")
			refreshed.Expect(t, state.Values)
			_, diags = protocol.Read(state)
			diags.ExpectNone(t) // The warning appears once per run.

			_, diags = protocol.ReadData("udemy_group", acceptance.Values{"name": "Mathematics"})
			diags.ExpectError(t, "", "can't be used yet")
			_, diags = protocol.Import("udemy_user", "ada@example.com")
			diags.ExpectError(t, "", "can't be used yet")
		})
	}
}

// If Terraform allows deferral, changes are deferred, and computed values are unknown in the plan.
func TestConfigure_deferred(t *testing.T) {
	t.Parallel()
	for resourceType, test := range map[string]struct {
		config acceptance.Values
		want   acceptance.Values
	}{
		"udemy_user": {
			acceptance.Values{"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"},
			acceptance.Values{"email": "ada@example.com", "id": acceptance.Unknown, "status": acceptance.Unknown, "on_destroy": "deactivate"},
		},
		"udemy_group": {
			acceptance.Values{"name": "Mathematics"},
			acceptance.Values{"name": "Mathematics", "id": acceptance.Unknown},
		},
		"udemy_group_membership": {
			acceptance.Values{"group_id": "g1", "user_id": acceptance.Unknown},
			acceptance.Values{"group_id": "g1", "user_id": acceptance.Unknown, "id": acceptance.Unknown},
		},
		"udemy_group_members": {
			acceptance.Values{"group_id": "g1", "members": map[string]string{"ada@example.com": "u1"}},
			acceptance.Values{"group_id": "g1", "members": map[string]string{"ada@example.com": "u1"}},
		},
		"udemy_roster": {
			acceptance.Values{"learners": `{"ada": {"email": "ada@example.com"}}`},
			acceptance.Values{"id": acceptance.Unknown, "ids": acceptance.Unknown, "last_change": acceptance.Unknown, "failed": acceptance.Unknown},
		},
	} {
		t.Run(resourceType, func(t *testing.T) {
			t.Parallel()
			protocol, diags := acceptance.Configure(t, acceptance.Values{"organization_uuid": simulator.DefaultOrganization, "token": acceptance.Unknown})
			diags.ExpectNone(t)
			plan := protocol.AllowDeferral().Plan(nil, resourceType, test.config)
			plan.Diagnostics.ExpectNone(t)
			if !plan.Deferred {
				t.Error("the change is not deferred")
			}
			plan.Object.Expect(t, test.want)
			if protocol.Plan(nil, resourceType, test.config).Deferred {
				t.Error("the change is deferred although Terraform does not allow it")
			}
		})
	}
}

func TestRequests_userAgent(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var userAgent string
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Intercept: func(_ http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		userAgent = r.UserAgent()
		return false
	}})
	_, diags := org.Protocol(t, nil).Create("udemy_group", acceptance.Values{"name": "Mathematics"})
	diags.ExpectNone(t)
	if want := "terraform-provider-udemy/test Terraform/1.11.4"; userAgent != want {
		t.Errorf("User-Agent is %q, want %q", userAgent, want)
	}
}

func TestSchemas_haveDescriptions(t *testing.T) {
	t.Parallel()
	server := providerserver.NewProtocol6(provider.New("test")())()
	schemas, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	var checkAttributes func(name string, attributes []*tfprotov6.SchemaAttribute)
	checkAttributes = func(name string, attributes []*tfprotov6.SchemaAttribute) {
		for _, attribute := range attributes {
			if !strings.HasSuffix(attribute.Description, ".") || attribute.DescriptionKind != tfprotov6.StringKindMarkdown {
				t.Errorf("%s.%s has no description in Markdown that ends with a period: %q", name, attribute.Name, attribute.Description)
			}
			if attribute.NestedType != nil {
				checkAttributes(name+"."+attribute.Name, attribute.NestedType.Attributes)
			}
		}
	}
	check := func(name string, schema *tfprotov6.Schema) {
		if schema.Block.Description == "" {
			t.Errorf("%s has no description", name)
		}
		checkAttributes(name, schema.Block.Attributes)
	}
	check("provider", schemas.Provider)
	for name, schema := range schemas.ResourceSchemas {
		check(name, schema)
	}
	for name, schema := range schemas.DataSourceSchemas {
		check("data."+name, schema)
	}
	for name, schema := range schemas.ListResourceSchemas {
		check("list."+name, schema)
	}
	for name, action := range schemas.ActionSchemas {
		check("action."+name, action.Schema)
	}
}
