// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// foreignNames are organizations in which the user name is not the address, and a second account could get the same address.
func foreignNames() map[string]simulator.Variations {
	return map[string]simulator.Variations{
		"plain":                  {},
		"few filters":            {FewFilters: true},
		"searches find nothing":  {EmptySearches: true},
		"filters are ignored":    {IgnoreFilters: true},
		"several untyped emails": {UntypedEmails: true},
	}
}

// A learner whose user name is not the address is adopted, and not created a second time.
func TestForeignUserName(t *testing.T) {
	t.Parallel()
	for name, variations := range foreignNames() {
		for _, learners := range []int{0, 250} {
			variations.SameEmails, variations.UserNames = true, true
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Learners: learners, Variations: variations})
				address := "ada@example.com"
				if variations.UntypedEmails {
					address = "ada@upn.example.com" // The untyped address that equals the user name is the main one.
				}
				existing := org.Add(simulator.Learner{Email: address, UserName: "ada@upn.example.com", FirstName: "Ada", LastName: "Lovelace"})
				config := ada(acceptance.Values{"email": address})

				protocol := org.Protocol(t, nil)
				plan := protocol.Plan(nil, udemyUser, config)
				plan.Diagnostics.ExpectWarning(t, "will be adopted", existing.ID)
				object, diags := protocol.Apply(plan)
				diags.ExpectWarning(t, "Adopted existing learner", existing.ID)
				object.Expect(t, acceptance.Values{"id": existing.ID, "email": address})
				if n := len(org.Learners()); n != learners+1 {
					t.Errorf("there are %d learners", n)
				}
				org.Protocol(t, nil).ExpectCleanPlan(object, config)

				imported, diags := org.Protocol(t, nil).Import(udemyUser, address)
				diags.ExpectNone(t)
				imported.Expect(t, acceptance.Values{"id": existing.ID, "email": address})
			})
		}
	}
}

// A new learner gets a foreign user name, and the next plan is clean.
func TestForeignUserName_created(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Learners: 3, Variations: simulator.Variations{SameEmails: true, UserNames: true}})
	object, diags := org.Protocol(t, nil).Create(udemyUser, ada(nil))
	diags.ExpectNone(t)
	object, diags = org.Protocol(t, nil).Read(object)
	diags.ExpectNone(t)
	org.Protocol(t, nil).ExpectCleanPlan(object, ada(nil))
	org.Protocol(t, nil).Plan(nil, udemyUser, ada(nil)).Diagnostics.ExpectWarning(t, "will be adopted", org.Learners()[3].ID)
}

// An address that a learner has only as user name creates no account and adopts no learner.
func TestForeignUserName_alias(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{"plain": {}, "searches find nothing": {EmptySearches: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Learners: 3, Variations: variations})
			existing := org.Add(simulator.Learner{Email: "ada@example.com", UserName: "ada@upn.example.com", FirstName: "Ada", LastName: "Lovelace"})
			config := ada(acceptance.Values{"email": "ADA@upn.example.com"})
			org.Protocol(t, nil).Plan(nil, udemyUser, config).Diagnostics.ExpectError(t, "email", "another main address", existing.ID, `set email to "ada@example.com"`)
			imported, diags := org.Protocol(t, nil).Import(udemyUser, "ada@upn.example.com")
			diags.ExpectNone(t)
			imported.Expect(t, acceptance.Values{"id": existing.ID, "email": "ada@example.com"})
			values, diags := org.Protocol(t, nil).ReadData(udemyUser, acceptance.Values{"email": "ada@upn.example.com"})
			diags.ExpectNone(t)
			if values["id"] != existing.ID {
				t.Errorf("the data source has %v", values)
			}
		})
	}
}

// An empty result of a search by external ID proves nothing if searches find nothing.
func TestEmptySearches(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for _, learners := range []int{0, 250} {
			org := acceptance.Start(t, api, simulator.Config{Learners: learners, Variations: simulator.Variations{EmptySearches: true}})
			existing := org.Add(simulator.Learner{Email: "ada@example.com", ExternalID: "HR-1", FirstName: "Ada", LastName: "Lovelace"})
			imported, diags := org.Protocol(t, nil).Import(udemyUser, "external_id:HR-1")
			diags.ExpectNone(t)
			imported.Expect(t, acceptance.Values{"id": existing.ID})
			config := ada(acceptance.Values{"email": "countess@example.com", "external_id": "HR-1"})
			org.Protocol(t, nil).Plan(nil, udemyUser, config).Diagnostics.ExpectError(t, "external_id", "ada@example.com", "HR-1")
			org.Protocol(t, nil).Plan(nil, udemyUser, ada(nil)).Diagnostics.ExpectWarning(t, "will be adopted", existing.ID)

			twin := org.Add(simulator.Learner{Email: "twin@example.com", ExternalID: "HR-1"})
			_, diags = org.Protocol(t, nil).Import(udemyUser, "external_id:HR-1")
			diags.ExpectError(t, "", existing.ID, twin.ID)
		}
	})
}

// In a large organization, one search for a known learner shows that searches work. Reading all pages would take hundreds of requests.
func TestPlan_requestsOfOne(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Learners: 2000})
		org.Protocol(t, nil).Plan(nil, udemyUser, ada(acceptance.Values{"external_id": "HR-1"})).Diagnostics.ExpectNone(t)
		if count := org.RequestCount(); count > 6 {
			t.Errorf("planning one new learner took %d requests, want at most 6", count)
		}
	})
}
