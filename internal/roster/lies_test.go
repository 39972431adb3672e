// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// An answer about another learner fails the line. State keeps the IDs, and the other learner does not change.
func TestRoster_answersAboutAnother(t *testing.T) {
	t.Parallel()
	changed := people(1, 3)
	changed["p001"]["last_name"] = "King"
	inactive := people(1, 3)
	inactive["p001"]["active"] = false
	for name, next := range map[string]records{"a changed line": changed, "an inactive line": inactive, "a removed line": people(2, 3), "a new line": people(1, 4)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := acceptance.Start(t, api, simulator.Config{Variations: simulator.Variations{AutoProvision: true}})
				org.Add(simulator.Learner{ID: "eve", Email: "eve@example.com", FirstName: "Eve", LastName: "Other", SCIM: true})
				p := org.Protocol(t, nil)
				state, diags := p.Create(resourceType, config(t, people(1, 3)))
				diags.ExpectNone(t)
				before := ids(t, state)
				stranger, _ := org.Learner("eve@example.com")

				plan := p.Plan(state, resourceType, config(t, next))
				org.SetFaults(simulator.Faults{Rate: 1, Kinds: []simulator.Fault{simulator.FaultOtherObject}})
				state, diags = p.NextRun().Apply(plan)
				if !strings.Contains(diags.String(), "mismatched response") {
					t.Errorf("the diagnostics are:\n%s", diags)
				}
				for email, id := range ids(t, state) {
					if id == "eve" || before[email] != "" && before[email] != id {
						t.Errorf("state has %s with ID %s, before %s", email, id, before[email])
					}
				}
				if now, _ := org.Learner("eve@example.com"); !reflect.DeepEqual(now, stranger) {
					t.Errorf("the other learner is %+v, was %+v", now, stranger)
				}

				// The next run completes what is missing.
				org.SetFaults(simulator.Faults{})
				refreshed, diags := p.NextRun().Read(state)
				diags.ExpectNone(t)
				state, diags = p.Apply(p.Plan(refreshed, resourceType, config(t, next)))
				diags.ExpectNoErrors(t)
				p.ExpectCleanPlan(state, config(t, next))
				if now, _ := org.Learner("eve@example.com"); !reflect.DeepEqual(now, stranger) {
					t.Errorf("the other learner is %+v, was %+v", now, stranger)
				}
			})
		})
	}
}

// If the API accepts the removals and carries out none, the learners stay in state.
func TestRoster_destroyWithoutEffect(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Variations: simulator.Variations{AutoProvision: true}})
		p := org.Protocol(t, nil)
		state, diags := p.Create(resourceType, config(t, people(1, 2)))
		diags.ExpectNone(t)
		before := ids(t, state)
		org.SetFaults(simulator.Faults{Rate: 1, Kinds: []simulator.Fault{simulator.FaultNoEffect}})
		state, diags = p.Destroy(state)
		if !strings.Contains(diags.String(), "accepted without effect") || !reflect.DeepEqual(ids(t, state), before) {
			t.Errorf("state has %v, before %v; the diagnostics are:\n%s", ids(t, state), before, diags)
		}
		org.SetFaults(simulator.Faults{})
		state, diags = p.Destroy(state)
		diags.ExpectNone(t)
		state.ExpectGone(t)
	})
}
