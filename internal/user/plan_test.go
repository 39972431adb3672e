// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"fmt"
	"maps"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// A plan that creates a learner warns of an adoption and lists the changes.
func TestPlan_existing(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		existing := org.Add(simulator.Learner{Email: "Ada@Example.com", FirstName: "Augusta", LastName: "Lovelace", Status: "deactivated"})
		org.ResetRequests()
		protocol := org.Protocol(t, nil)

		protocol.Plan(nil, udemyUser, ada(nil)).Diagnostics.ExpectWarning(t, `"ada@example.com" exists already and will be adopted`, existing.ID,
			"status deactivated", `first_name from "Augusta" to "Ada"; reactivate, which takes a seat.`)
		protocol.Plan(nil, udemyUser, ada(acceptance.Values{"email": "grace@example.com"})).Diagnostics.ExpectNone(t)
		protocol.Plan(nil, udemyUser, ada(acceptance.Values{"email": acceptance.Unknown})).Diagnostics.ExpectNone(t)
		protocol.Plan(nil, udemyUser, ada(acceptance.Values{"adopt_existing": false})).Diagnostics.ExpectError(t, "email",
			`"Ada@Example.com" exists already`, "adopt_existing is false", "terraform import udemy_user.NAME "+existing.ID)
		org.ExpectWrites(t)
	})
}

func TestPlan_existingInGroups(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	old, group := org.AddGroup("Old"), org.AddGroup("New")
	org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", Groups: []string{old.ID}})
	protocol := org.Protocol(t, nil)
	for words, groups := range map[string]any{
		"To change: nothing.": nil,
		"To change: join group " + group.ID + "; leave group " + old.ID + ".":                                 []string{group.ID},
		"To change: leave group " + old.ID + ".":                                                              []string{},
		"join groups whose ID is known only after apply; leave group " + old.ID + " unless group_ids has it.": acceptance.Unknown,
	} {
		protocol.Plan(nil, udemyUser, ada(acceptance.Values{"group_ids": groups})).Diagnostics.ExpectWarning(t, words)
	}
	protocol.Plan(nil, udemyUser, ada(acceptance.Values{"active": false})).Diagnostics.ExpectWarning(t, "To change: deactivate, which frees the seat.")
}

// The number of requests of a plan does not depend on the number of new learners.
func TestPlan_requests(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Learners: 500})
		protocol := org.Protocol(t, nil)
		org.ResetRequests()
		for i := range 200 {
			address := fmt.Sprintf("new%d@example.com", i)
			protocol.PlanToo(nil, udemyUser, ada(acceptance.Values{"email": address})).Diagnostics.ExpectNone(t)
		}
		if count := org.RequestCount(); count > 12 {
			t.Errorf("planning took %d requests, want at most 12: the 5 pages twice, and 2 more", count)
		}
	})
}

// A first plan that can't look for existing learners reports it, once for all learners.
func TestPlan_lookupFails(t *testing.T) {
	t.Parallel()
	const failed, refused = "could not be looked up", `Unable to plan learner "ada+0@example.com"`
	for name, test := range map[string]struct {
		api        acceptance.API
		variations simulator.Variations
		block      acceptance.Values
		status     int // of every request, if not 0
		path       string
		warning    []string
		failure    []string
		max        int
	}{
		"wrong token":       {api: acceptance.UserManagement, block: acceptance.Values{"token": "wrong"}, failure: []string{refused, "UDEMY_TOKEN"}, max: 2},
		"wrong token, SCIM": {api: acceptance.SCIM, block: acceptance.Values{"token": "wrong"}, failure: []string{refused, "UDEMY_TOKEN"}, max: 2},
		"not allowed":       {api: acceptance.UserManagement, status: 403, failure: []string{refused, "not allow this call"}, max: 2},
		"not allowed, SCIM": {api: acceptance.SCIM, status: 403, failure: []string{refused, "not allow this call"}, max: 2},
		"wrong organization": {
			api: acceptance.UserManagement, block: acceptance.Values{"organization_uuid": "1b4e28ba-2fa1-4d3b-8f6e-6d3c0c9a7e10"},
			failure: []string{refused, "compare subdomain with the URL of Udemy's admin pages, or organization_uuid with the UUID"}, max: 2,
		},
		"no network":            {api: acceptance.UserManagement, block: acceptance.Values{"endpoint": "http://127.0.0.1:1/api-2.0"}, failure: []string{refused, "127.0.0.1:1", "nothing was sent"}},
		"no network, SCIM":      {api: acceptance.SCIM, block: acceptance.Values{"endpoint": "http://127.0.0.1:1/scim/v2"}, failure: []string{refused, "127.0.0.1:1", "nothing was sent"}},
		"server errors":         {api: acceptance.UserManagement, status: 500, warning: []string{failed, "500", "adopts those that exist"}, max: 2},
		"server errors, SCIM":   {api: acceptance.SCIM, status: 500, warning: []string{failed, "500", "adopts those that exist"}, max: 2},
		"write-only API":        {api: acceptance.UserManagement, variations: simulator.Variations{WriteOnly: true}, warning: []string{failed, "the API's address is wrong", "127.0.0.1"}, max: 4},
		"no such method":        {api: acceptance.UserManagement, variations: simulator.Variations{ReadStatus: 405}, warning: []string{failed, "not offered"}, max: 4},
		"wrong address":         {api: acceptance.UserManagement, path: "/wrong", warning: []string{failed, "/api-2.0/wrong/organizations/"}, max: 4},
		"wrong address of SCIM": {api: acceptance.SCIM, path: "/wrong", failure: []string{refused, "/scim/v2/wrong", "Check the address"}, max: 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := func(w http.ResponseWriter, _ *http.Request) bool {
				if test.status != 0 {
					w.WriteHeader(test.status)
				}
				return test.status != 0
			}
			org := acceptance.Start(t, test.api, simulator.Config{Variations: test.variations, Intercept: answer})
			block := acceptance.Values{"max_retries": 0, "endpoint": org.Endpoint + test.path}
			maps.Copy(block, test.block)
			protocol := org.Protocol(t, block)
			for i := range 20 {
				address := fmt.Sprintf("ada+%d@example.com", i)
				diags := protocol.PlanToo(nil, udemyUser, ada(acceptance.Values{"email": address, "external_id": address})).Diagnostics
				switch {
				case i > 0:
					diags.ExpectNone(t)
				case test.warning != nil:
					diags.ExpectWarning(t, test.warning...)
				default:
					diags.ExpectError(t, "", test.failure...)
				}
			}
			if count := org.RequestCount(); count > test.max {
				t.Errorf("planning took %d requests, want at most %d", count, test.max)
			}
		})
	}
}

// If nothing is at the address of the API, a refresh is an error, once for all learners, and keeps state.
func TestRead_wrongAddress(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		object, diags := org.Protocol(t, nil).Create(udemyUser, ada(nil))
		diags.ExpectNone(t)

		wrong := org.Protocol(t, acceptance.Values{"endpoint": org.Endpoint + "/wrong"})
		kept, diags := wrong.Read(object)
		diags.ExpectError(t, "", "Nothing was found at the address of the API", org.Endpoint+"/wrong", "State is unchanged", "Check the address")
		kept.Expect(t, object.Values)
		_, diags = wrong.Read(object)
		diags.ExpectNone(t)
	})
}

// A learner whom a write-only API has created is evidence in later runs that the address of the API is right.
func TestRead_writeOnlyAPI(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Variations: simulator.Variations{WriteOnly: true}})
	object, diags := org.Protocol(t, nil).Create(udemyUser, ada(nil))
	diags.ExpectNone(t)

	kept, diags := org.Protocol(t, nil).Read(object)
	diags.ExpectWarning(t, "does not offer reading", "State is kept")
	kept, diags = org.Protocol(t, nil).Read(kept)
	diags.ExpectWarning(t, "does not offer reading")
	_, diags = org.Protocol(t, acceptance.Values{"endpoint": org.Endpoint + "/wrong"}).Read(kept)
	diags.ExpectError(t, "", "Nothing was found at the address of the API", org.Endpoint+"/wrong")
}

// A wrong group ID is found before a learner is created.
func TestPlan_wrongGroups(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		group := org.AddGroup("Engineering")
		for i := range 150 {
			org.AddGroup(fmt.Sprintf("Other %d", i))
		}
		protocol := org.Protocol(t, nil)
		in := func(ids ...string) acceptance.Values { return ada(acceptance.Values{"group_ids": ids}) }

		protocol.Plan(nil, udemyUser, in(group.ID)).Diagnostics.ExpectNone(t)
		protocol.Plan(nil, udemyUser, in("Engineering")).Diagnostics.ExpectError(t, "group_ids",
			`"Engineering" is the name of a group, not an ID`, "Engineering is a name; its ID is "+group.ID)
		protocol.Plan(nil, udemyUser, in("engineering")).Diagnostics.ExpectError(t, "group_ids", "Engineering is a name; its ID is "+group.ID)
		protocol.Plan(nil, udemyUser, in(group.ID, "nowhere")).Diagnostics.ExpectError(t, "group_ids", `No group has the ID "nowhere"`)
		org.ExpectWrites(t)

		object, diags := protocol.Create(udemyUser, in(group.ID))
		diags.ExpectNone(t)
		protocol.Plan(object, udemyUser, in(group.ID, "Engineering")).Diagnostics.ExpectError(t, "group_ids", "its ID is "+group.ID)

		org.ResetRequests()
		protocol.Plan(object, udemyUser, in(group.ID)).Diagnostics.ExpectNone(t)
		if count := org.RequestCount(); count > 0 {
			t.Errorf("a plan without a new group took %d requests", count)
		}
		next := org.Protocol(t, nil)
		for i := range 50 {
			config := in(org.Groups()[i].ID)
			config["email"] = fmt.Sprintf("new%d@example.com", i)
			next.PlanToo(nil, udemyUser, config).Diagnostics.ExpectNone(t)
		}
		if count := org.RequestCount(); count > 8 {
			t.Errorf("planning 50 learners in 50 groups took %d requests", count)
		}
	})
}

func TestPlan_twice(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	protocol := org.Protocol(t, nil)
	object, _ := protocol.Create(udemyUser, ada(nil))

	protocol.Plan(object, udemyUser, ada(nil)).Diagnostics.ExpectNone(t)
	protocol.PlanToo(nil, udemyUser, ada(acceptance.Values{"email": "ADA@example.com"})).Diagnostics.ExpectError(t, "email",
		`Two resources for learner "ADA@example.com"`, "terraform state rm")
	protocol.PlanToo(nil, udemyUser, ada(acceptance.Values{"email": "grace@example.com"})).Diagnostics.ExpectNone(t)
	protocol.PlanToo(nil, udemyUser, ada(acceptance.Values{"email": acceptance.Unknown})).Diagnostics.ExpectNone(t)
	protocol.PlanToo(nil, udemyUser, ada(acceptance.Values{"email": acceptance.Unknown})).Diagnostics.ExpectNone(t)
}

// Two provider blocks of one organization share a ledger if they share a process. Terraform starts a process for each block,
// so that is only so if it is attached to a running provider.
func TestPlan_aliases(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		protocol := acceptance.Start(t, api, simulator.Config{}).Protocol(t, nil)
		protocol.Plan(nil, udemyUser, ada(nil)).Diagnostics.ExpectNone(t)
		protocol.Alias()
		protocol.PlanToo(nil, udemyUser, ada(nil)).Diagnostics.ExpectError(t, "email", `Two resources for learner "ada@example.com"`)
	})
}

// Terraform plans a replaced resource twice. The second plan is not a duplicate.
func TestAccPlan_replace(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		config := func(revision int) string {
			return org.Config(fmt.Sprintf(`
resource "terraform_data" "revision" {
  input = %d
}

resource "udemy_group" "math" {
  name = "Mathematics"

  lifecycle {
    replace_triggered_by = [terraform_data.revision]
  }
}

resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"

  lifecycle {
    replace_triggered_by = [terraform_data.revision]
  }
}
`, revision))
		}
		replaced := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction("udemy_user.ada", plancheck.ResourceActionReplace),
			plancheck.ExpectResourceAction("udemy_group.math", plancheck.ResourceActionReplace),
		}}
		acceptance.Test(t, resource.TestStep{Config: config(1)}, resource.TestStep{Config: config(2), ConfigPlanChecks: replaced})
	})
}
