// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"fmt"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// The number of requests is that of the pages, plus one for each new or changed learner, plus one for each batch of memberships.
func TestRoster_requests(t *testing.T) {
	t.Parallel()
	const size, groups = 1000, 20
	for name, test := range map[string]struct {
		api                  acceptance.API
		variations           simulator.Variations
		create, noop, change int
	}{
		"REST":                         {acceptance.UserManagement, simulator.Variations{}, size + 5, 12, 12 + 1},
		"SCIM":                         {acceptance.SCIM, simulator.Variations{}, size + groups + 5, 13, 13 + 1},
		"SCIM with members in groups":  {acceptance.SCIM, simulator.Variations{NoUserGroups: true}, size + 3*groups + 5, 13 + 2*groups, 13 + 2*groups + 1},
		"SCIM without members of them": {acceptance.SCIM, simulator.Variations{NoMembers: true}, size + groups + 5, 13, 13 + 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, test.api, simulator.Config{Variations: test.variations})
			for i := range groups {
				org.AddGroup(fmt.Sprint("Group ", i))
			}
			all := people(1, size)
			i := 0
			for _, record := range all {
				record["groups"] = []string{fmt.Sprint("Group ", i%groups)}
				i++
			}
			p := org.Protocol(t, nil)
			state, diags := p.Create(resourceType, config(t, all))
			diags.ExpectNone(t)
			expectAtMost(t, org, "creating", test.create)

			next := p.NextRun()
			state, diags = next.Read(state)
			diags.ExpectNone(t)
			next.PlanToo(state, resourceType, config(t, all)).Diagnostics.ExpectNone(t)
			expectAtMost(t, org, "a plan without changes", test.noop)

			all["p001"]["first_name"] = "Augusta"
			_, diags = p.Apply(p.Plan(state, resourceType, config(t, all)))
			diags.ExpectNone(t)
			expectAtMost(t, org, "a change", test.change)
		})
	}
}

// expectAtMost fails the test if there were more requests since the last call.
func expectAtMost(t *testing.T, org *acceptance.Organization, what string, limit int) {
	t.Helper()
	if n := org.RequestCount(); n > limit {
		t.Errorf("%s takes %d requests, want at most %d", what, n, limit)
	} else {
		t.Logf("%s takes %d requests", what, n)
	}
	org.ResetRequests()
}

// A roster works with every variation of the APIs that lets it read learners.
func TestRoster_variations(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		api        acceptance.API
		variations simulator.Variations
	}{
		"lower-case addresses":     {acceptance.UserManagement, simulator.Variations{FoldEmails: true}},
		"no search":                {acceptance.UserManagement, simulator.Variations{IgnoreFilters: true}},
		"sparse answers":           {acceptance.UserManagement, simulator.Variations{SparseAnswers: true}},
		"numbers as IDs":           {acceptance.UserManagement, simulator.Variations{NumericIDs: true}},
		"groups as objects":        {acceptance.UserManagement, simulator.Variations{GroupObjects: true}},
		"no invitation":            {acceptance.UserManagement, simulator.Variations{AutoProvision: true}},
		"small pages":              {acceptance.UserManagement, simulator.Variations{PageSize: 3}},
		"SCIM, lower-case":         {acceptance.SCIM, simulator.Variations{FoldEmails: true, LowerCaseNames: true}},
		"SCIM, empty answers":      {acceptance.SCIM, simulator.Variations{PatchNoContent: true, TextBooleans: true}},
		"SCIM, no members in list": {acceptance.SCIM, simulator.Variations{NoListedMembers: true}},
		"SCIM, no user groups":     {acceptance.SCIM, simulator.Variations{NoUserGroups: true, RemoveNoTarget: true}},
		"SCIM, neither":            {acceptance.SCIM, simulator.Variations{NoUserGroups: true, NoMembers: true}},
		"SCIM, few filters":        {acceptance.SCIM, simulator.Variations{FewFilters: true, LicenseType: true, PageSize: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, test.api, simulator.Config{Variations: test.variations})
			p := org.Protocol(t, nil)
			for _, group := range []string{"Art", "Sales"} {
				_, diags := p.Create("udemy_group", acceptance.Values{"name": group})
				diags.ExpectNone(t)
			}
			all := people(1, 10, "groups", []string{"Art", "Sales"})
			all["p001"]["email"] = "P001@Example.com"
			state, diags := p.Create(resourceType, config(t, all))
			diags.ExpectNone(t)
			p.ExpectCleanPlan(state, config(t, all))
			all["p002"]["groups"], all["p003"]["email"], all["p004"]["active"] = []string{"Art"}, "new@example.com", false
			delete(all, "p005")
			plan := p.Plan(state, resourceType, config(t, all))
			plan.Diagnostics.ExpectNoErrors(t)
			state, diags = p.Apply(plan)
			diags.ExpectNone(t)
			expectGroups(t, org, "p002@example.com", "Art")
			expectGroups(t, org, "new@example.com", "Art", "Sales")
			if got := seated(org); got != 8 {
				t.Errorf("%d have a seat", got)
			}
			p.ExpectCleanPlan(state, config(t, all))
		})
	}
}
