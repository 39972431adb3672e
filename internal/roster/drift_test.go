// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// expectRepair refreshes a roster and applies the same configuration in the next run.
func expectRepair(t *testing.T, p *acceptance.Protocol, state *acceptance.Object, values acceptance.Values) *acceptance.Object {
	t.Helper()
	next := p.NextRun()
	state, diags := next.Read(state)
	diags.ExpectNone(t)
	plan := next.PlanToo(state, resourceType, values)
	plan.Diagnostics.ExpectNoErrors(t)
	state, diags = next.Apply(plan)
	diags.ExpectNone(t)
	state.Expect(t, acceptance.Values{"learners": values["learners"], "failed": "{}"})
	p.ExpectCleanPlan(state, values)
	return state
}

// Udemy may have values that a configuration can't have: learners type their names, and an administrator may give one external ID to
// two learners. The next apply corrects them. With ignore_changes, the plan has the values in state, and there is nothing to change.
func TestRoster_oddValues(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for name, change := range map[string]func(*simulator.Learner){
			"a blank at the end":            func(l *simulator.Learner) { l.FirstName = "Ada " },
			"another direction":             func(l *simulator.Learner) { l.LastName = "Tester\u202e" },
			"a line break":                  func(l *simulator.Learner) { l.LastName = "Tes\nter" },
			"no name":                       func(l *simulator.Learner) { l.FirstName = "" },
			"no external ID":                func(l *simulator.Learner) { l.ExternalID = "" },
			"an invisible character":        func(l *simulator.Learner) { l.ExternalID = "E9\u200b " },
			"the external ID of another":    func(l *simulator.Learner) { l.ExternalID = "E2" },
			"the external ID of a stranger": func(l *simulator.Learner) { l.ExternalID = "E3" },
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				values := config(t, records{"ada": person("ada", "external_id", "E1"), "eve": person("eve", "external_id", "E2")})
				org := acceptance.Start(t, api, simulator.Config{})
				org.Add(simulator.Learner{Email: "x@example.com", FirstName: "X", LastName: "X", ExternalID: "E3", SCIM: true})
				p := org.Protocol(t, nil)
				state, diags := p.Create(resourceType, values)
				diags.ExpectNone(t)
				before := ids(t, state)
				org.Edit("ada@example.com", change)

				next := p.NextRun()
				drifted, diags := next.Read(state)
				diags.ExpectNone(t)
				plan := next.PlanToo(drifted, resourceType, acceptance.Values{"learners": drifted.Values["learners"]})
				plan.Diagnostics.ExpectNone(t)
				if changes := plan.Changes(); len(changes) > 0 {
					t.Errorf("with ignore_changes, %v change", changes)
				}
				state = expectRepair(t, p, state, values)
				if after := ids(t, state); fmt.Sprint(after) != fmt.Sprint(before) {
					t.Errorf("the IDs are %v, want %v", after, before)
				}
			})
		}
	})
}

// A role that can't be assigned is drift like any other value. The role of an owner is an error that names the way out.
func TestRoster_oddRoles(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"group_admin", "instructor", "owner"} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
			org.Add(simulator.Learner{Email: "boss@example.com", FirstName: "Boss", LastName: "Tester", Role: "admin"})
			p := org.Protocol(t, nil)
			values := config(t, records{"ada": person("ada", "role", "learner")})
			state, diags := p.Create(resourceType, values)
			diags.ExpectNone(t)
			org.Edit("ada@example.com", func(l *simulator.Learner) { l.Role = role })
			if role != "owner" {
				expectRepair(t, p, state, values)
				return
			}
			next := p.NextRun()
			state, diags = next.Read(state)
			diags.ExpectNone(t)
			next.PlanToo(state, resourceType, values).Diagnostics.ExpectError(t, "learners", "the role of the owner", "leave out role")
			next.Plan(state, resourceType, config(t, records{"ada": person("ada")})).Diagnostics.ExpectNone(t)
		})
	}
}

// A server may normalize what it stores. Names in another Unicode form are no drift.
func TestRoster_normalizedNames(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		values := records{"ada": person("ada", "first_name", "Rene\u0301e", "external_id", "E\u0301", "groups", []string{"Art"})}
		org, p, state := created(t, api, values)
		org.Edit("ada@example.com", func(l *simulator.Learner) { l.FirstName, l.ExternalID = "Ren\u00e9e", "\u00c9" })
		p.ExpectCleanPlan(state, config(t, values))
	})
}

// The group of a line that is renamed or deleted at Udemy is an error that says so, whatever its new name is.
func TestRoster_groupAtUdemy(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		values := records{"ada": person("ada", "groups", []string{"Art"})}
		org, p, state := created(t, api, values)
		art := org.Groups()[0].ID
		plan := func(more ...any) acceptance.Diagnostics {
			next := p.NextRun()
			refreshed, diags := next.Read(state)
			diags.ExpectNone(t)
			return next.PlanToo(refreshed, resourceType, config(t, values, more...)).Diagnostics
		}
		org.RenameGroup(art, "Art \u200b")
		plan().ExpectError(t, "learners", `the group "Art" of 1 line does not exist`, "the nearest name is Art")
		org.RenameGroup(art, "Kunst")
		plan().ExpectError(t, "learners", `the group "Art" of 1 line does not exist`)
		org.RemoveGroup(art)
		plan().ExpectError(t, "learners", `the group "Art" of 1 line does not exist`)
		plan("missing_groups", "create").ExpectWarningAt(t, "learners", "Creates groups (1): Art.")
	})
}

// A deactivated learner may lose the address to another learner of the roster. State has one line with it, so it can be read.
func TestRoster_addressOfInactiveLine(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, records{"ada": person("ada"), "eve": person("eve")})
		values := config(t, records{"ada": person("ada", "active", false), "eve": person("eve")})
		state, diags := p.Update(state, values)
		diags.ExpectNone(t)
		org.Edit("ada@example.com", func(l *simulator.Learner) { l.Email = "old@example.com" })
		org.Edit("eve@example.com", func(l *simulator.Learner) { l.Email = "ada@example.com" })
		want := ids(t, state)["eve@example.com"]
		state = expectRepair(t, p, state, values)
		if eve, _ := org.Learner("eve@example.com"); eve.ID != want || ids(t, state)["eve@example.com"] != want {
			t.Errorf("eve has ID %s, state has %v, want %s", eve.ID, ids(t, state), want)
		}
	})
}

// If the API does not return memberships, state is the only record of them. A membership that has failed is repeated by the next apply.
func TestRoster_hiddenMemberships(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{
		"of learners": {NoUserGroups: true}, "of groups": {NoMembers: true}, "of both": {NoUserGroups: true, NoMembers: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused := "none"
			org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Variations: variations, Intercept: func(w http.ResponseWriter, r *http.Request) bool {
				isRefused := r.Method != http.MethodGet && strings.HasSuffix(r.URL.Path, refused)
				if isRefused {
					w.WriteHeader(http.StatusForbidden)
				}
				return isRefused
			}})
			art := org.AddGroup("Art")
			org.AddGroup("Sales")
			p := org.Protocol(t, nil)
			in := func(groups ...string) acceptance.Values {
				return config(t, records{"ada": person("ada", "groups", groups)})
			}

			refused = art.ID
			state, diags := p.Create(resourceType, in("Art", "Sales"))
			diags.ExpectWarningAt(t, "learners", `joining the group "Art"`)
			refused = "none"
			state = expectRepair(t, p, state, in("Art", "Sales"))
			expectGroups(t, org, "ada@example.com", "Art", "Sales")

			refused = art.ID
			state, diags = p.Update(state, in("Sales"))
			diags.ExpectError(t, "learners", `leaving the group "Art"`)
			refused = "none"
			state = expectRepair(t, p, state, in("Sales"))
			expectGroups(t, org, "ada@example.com", "Sales")

			refused = art.ID
			state, diags = p.Update(state, in("Art"))
			diags.ExpectError(t, "learners", `joining the group "Art"`)
			refused = "none"
			expectRepair(t, p, state, in("Art"))
			expectGroups(t, org, "ada@example.com", "Art")
		})
	}
}

// Two spellings of one group are one membership.
func TestRoster_groupTwice(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		values := records{"ada": person("ada", "groups", []string{"ART", "Art", "art"})}
		org, p, state := created(t, api, values)
		state.Expect(t, acceptance.Values{"last_change": "Invited 1 learner, added 1 membership."})
		expectGroups(t, org, "ada@example.com", "Art")
		p.ExpectCleanPlan(state, config(t, values))
	})
}

// The ID of an invited learner may change between plan and apply. Terraform accepts no other IDs than the planned ones, and the next
// refresh stores the new one.
func TestRoster_newIDSincePlan(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 2, "external_id", nil))
		all := people(1, 2)
		all["p001"]["first_name"] = "Ada"
		plan := p.Plan(state, resourceType, config(t, all))
		plan.Diagnostics.ExpectNone(t)
		org.Remove("p001@example.com")
		org.Add(simulator.Learner{ID: "new1", Email: "p001@example.com", FirstName: "P001", LastName: "Tester", SCIM: true})
		state, diags := p.NextRun().Apply(plan)
		diags.ExpectNone(t)
		state.Expect(t, acceptance.Values{"ids": plan.Object.Values["ids"]})
		state, diags = p.NextRun().Read(state)
		diags.ExpectNone(t)
		if got := ids(t, state)["p001@example.com"]; got != "new1" {
			t.Errorf("the ID is %s", got)
		}
		p.ExpectCleanPlan(state, config(t, all))
	})
}

// A replacement adopts the learners of the roster, which adopt_existing = false forbids.
func TestRoster_replaceWithoutAdoption(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		values := config(t, people(1, 3), "adopt_existing", false)
		org, p, state := created(t, api, people(1, 3), "adopt_existing", false)
		p.PlanReplacement(state, values).Diagnostics.ExpectError(t, "adopt_existing", "The roster can't be replaced", "without -replace", "terraform untaint")
		org.ExpectWrites(t)
	})
}

// Two new rosters with the same person contradict each other. The error names the attribute that they share.
func TestRoster_twoNewRosters(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		p := acceptance.Start(t, api, simulator.Config{}).Protocol(t, nil)
		for want, other := range map[string]records{
			`(email "ada@example.com")`: {"x": person("ada")}, `(external_id "E1")`: {"x": person("byron", "external_id", "E1")},
		} {
			p.Plan(nil, resourceType, config(t, records{"ada": person("ada", "external_id", "E1")})).Diagnostics.ExpectNoErrors(t)
			p.PlanToo(nil, resourceType, config(t, other)).Diagnostics.ExpectError(t, "learners", "is for the same learner "+want)
		}
	})
}

// An address that several learners have identifies none of them. The external ID and the ID in state do.
func TestRoster_sameAddresses(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Variations: simulator.Variations{SameEmails: true, UserNames: true}})
	for _, id := range []string{"first", "second"} {
		org.Add(simulator.Learner{ID: id, Email: "ada@example.com", UserName: id + "@upn.example.com", FirstName: "Ada", LastName: "Tester", ExternalID: id, SCIM: true})
	}
	p := org.Protocol(t, nil)
	p.Plan(nil, resourceType, config(t, records{"ada": person("ada")})).Diagnostics.ExpectError(t, "learners",
		`"ada": several learners have the address "ada@example.com": first, second`, "1 mistake", "external ID of the right one")
	values := config(t, records{"ada": person("ada", "external_id", "second")})
	state, diags := p.Create(resourceType, values)
	diags.ExpectNone(t)
	if got := ids(t, state)["ada@example.com"]; got != "second" {
		t.Errorf("the line is the learner with ID %s", got)
	}
	p.ExpectCleanPlan(state, values)
	renamed := config(t, records{"ada": person("ada", "first_name", "Augusta")})
	state, diags = p.Update(state, renamed)
	diags.ExpectNone(t)
	p.ExpectCleanPlan(state, renamed)
	if writes := org.Writes(); len(writes) != 1 || !strings.HasPrefix(writes[0], "PATCH /Users/second ") {
		t.Errorf("the writes are %q", writes)
	}
}

// Two lines whose learners have the same address at Udemy keep their IDs, and get their addresses back one after the other.
func TestRoster_sameAddressOfTwoLines(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Variations: simulator.Variations{SameEmails: true, UserNames: true}})
	p := org.Protocol(t, nil)
	values := config(t, people(1, 2))
	state, diags := p.Create(resourceType, values)
	diags.ExpectNone(t)
	want := fmt.Sprint(ids(t, state))
	for _, email := range []string{"p001@example.com", "p002@example.com"} {
		org.Edit(email, func(l *simulator.Learner) { l.Email = "same@example.com" })
	}
	for range 2 {
		next := p.NextRun()
		state, diags = next.Read(state)
		diags.ExpectNone(t)
		state, diags = next.Apply(next.PlanToo(state, resourceType, values))
		diags.ExpectNone(t)
	}
	if got := fmt.Sprint(ids(t, state)); got != want || len(org.Learners()) != 2 {
		t.Errorf("the IDs are %s, want %s; the learners are %v", got, want, org.Learners())
	}
	p.ExpectCleanPlan(state, values)
}
