// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// unclear is the next step after a change that may have been carried out.
const unclear = "may or may not"

// A change that is refused with any 4xx status was not carried out, and its error says so.
func TestRefusedChanges(t *testing.T) {
	t.Parallel()
	for _, status := range []int{402, 403, 406, 412, 413, 415, 418, 423, 424, 425, 428, 431, 451} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				users := map[acceptance.API]string{acceptance.UserManagement: "/users/", acceptance.SCIM: "/Users"}[api]
				org := acceptance.Start(t, api, simulator.Config{
					Intercept: acceptance.Answer("POST", users, fmt.Sprintf(`%d {"detail": "There is no license left."}`, status)),
				})
				learner, diags := org.Protocol(t, acceptance.Values{"max_retries": 0}).Create("udemy_user",
					acceptance.Values{"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"})
				diags.ExpectError(t, "", "There is no license left.", "not", "deactivate a learner or get more licenses")
				if learner != nil || strings.Contains(diags.String(), unclear) {
					t.Errorf("state %v and diagnostics:\n%s", learner, diags)
				}
			})
		})
	}
}

// If the server can't be reached, nothing was sent, and the error says so with the host and the base URL.
func TestUnreachableServer(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		server := httptest.NewUnstartedServer(simulator.New(simulator.Config{}))
		server.Config.SetKeepAlivesEnabled(false)
		server.Start()
		t.Cleanup(server.Close)
		block := acceptance.Values{"token": simulator.DefaultToken, "max_retries": 0}
		if api == acceptance.SCIM {
			block["subdomain"], block["endpoint"] = "example", server.URL+"/scim/v2"
		} else {
			block["organization_uuid"], block["endpoint"] = simulator.DefaultOrganization, server.URL+"/api-2.0"
		}
		provider, diags := acceptance.Configure(t, block)
		diags.ExpectNoErrors(t)
		plan := provider.Plan(nil, "udemy_group", acceptance.Values{"name": "Analysts"})
		plan.Diagnostics.ExpectNoErrors(t)
		server.Close()

		host := strings.TrimPrefix(server.URL, "http://")
		words := []string{"Could not reach " + host + " (", "): nothing was sent; the base URL is " + server.URL, "HTTPS_PROXY"}
		group, diags := provider.Apply(plan)
		diags.ExpectError(t, "", words...)
		if group != nil || strings.Contains(diags.String(), unclear) {
			t.Errorf("state %v and diagnostics:\n%s", group, diags)
		}
		_, diags = provider.ReadData("udemy_users", acceptance.Values{})
		diags.ExpectError(t, "", words...)
		if strings.Contains(diags.String(), unclear) {
			t.Errorf("diagnostics of a read:\n%s", diags)
		}
	})
}

// A read changes nothing, so its error leaves nothing open.
func TestFailedRead(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		provider := org.Protocol(t, acceptance.Values{"max_retries": 0})
		org.SetFaults(simulator.Faults{Rate: 1, Kinds: []simulator.Fault{simulator.FaultClosedBefore}})
		_, diags := provider.ReadData("udemy_users", acceptance.Values{})
		diags.ExpectError(t, "", "no usable response", "only reads")
		if strings.Contains(diags.String(), unclear) {
			t.Errorf("diagnostics:\n%s", diags)
		}
	})
}
