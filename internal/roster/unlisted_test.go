// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"slices"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// addUnlisted adds a learner with this ID and role, who is in no resource.
func addUnlisted(org *acceptance.Organization, id, role string) {
	org.Add(simulator.Learner{ID: id, Email: id + "@example.com", FirstName: "X", LastName: "X", Role: role, SCIM: true})
}

// expectDeactivated fails unless exactly the learners with these IDs have no seat.
func expectDeactivated(t *testing.T, org *acceptance.Organization, want ...string) {
	t.Helper()
	var got []string
	for _, learner := range org.Learners() {
		if learner.Status == simulator.StatusDeactivated {
			got = append(got, learner.ID)
		}
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("%v have no seat, want %v", got, want)
	}
}

// applyLater plans and applies like Terraform does: the apply is a new process, which plans again and has no data about the
// resources that don't change.
func applyLater(t *testing.T, p *acceptance.Protocol, state *acceptance.Object, values acceptance.Values) *acceptance.Object {
	t.Helper()
	run := p.NextRun()
	state, diags := run.Apply(run.PlanToo(state, resourceType, values))
	diags.ExpectNone(t)
	return state
}

// An authoritative roster deactivates only learners whom the plan lists: not those of other resources, not those who come after the
// plan, and none when it is created.
func TestRoster_unlisted(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		for _, id := range []string{"x", "y", "z"} {
			addUnlisted(org, id, "")
		}
		if api == acceptance.UserManagement { // SCIM returns no roles.
			for id, role := range map[string]string{"a": "admin", "g": "group_admin", "o": "owner"} {
				addUnlisted(org, id, role)
			}
		}
		p := org.Protocol(t, nil)
		ofUser := acceptance.Values{"email": "y@example.com", "first_name": "X", "last_name": "X"}
		user, diags := p.Create("udemy_user", ofUser)
		diags.ExpectNoErrors(t)
		ofOther := config(t, records{"z": person("z")})
		other, diags := p.Create(resourceType, ofOther)
		diags.ExpectNone(t)
		// run refreshes and plans the other resources, and then the roster.
		run := func(state *acceptance.Object, values acceptance.Values) (*acceptance.Object, *acceptance.Plan) {
			next := p.NextRun()
			for _, o := range []struct {
				state  *acceptance.Object
				values acceptance.Values
			}{{user, ofUser}, {other, ofOther}} {
				refreshed, readDiags := next.Read(o.state)
				readDiags.ExpectNone(t)
				next.PlanToo(refreshed, refreshed.Type, o.values).Diagnostics.ExpectNone(t)
			}
			if state != nil {
				state, diags = next.Read(state)
				diags.ExpectNone(t)
			}
			return state, next.PlanToo(state, resourceType, values)
		}

		values := config(t, people(1, 2), "unlisted", "deactivate")
		_, plan := run(nil, values)
		plan.Diagnostics.ExpectWarningAt(t, "learners", "Leaves unlisted learners for the next plan, which deactivates those whom no roster lists then (1): x@example.com.")
		state := applyLater(t, p, nil, values)
		expectDeactivated(t, org)

		state, plan = run(state, values)
		plan.Diagnostics.ExpectWarningAt(t, "learners", "Deactivates learners whom no roster lists (1): x@example.com.")
		addUnlisted(org, "later", "")
		state = applyLater(t, p, state, values)
		expectDeactivated(t, org, "x")

		// A change in a run without a refresh deactivates no learner of the list of an earlier run.
		org.Edit("x@example.com", func(l *simulator.Learner) { l.Status = simulator.StatusActive })
		applyLater(t, p, state, config(t, people(1, 3), "unlisted", "deactivate"))
		expectDeactivated(t, org)
	})
}

// If another resource is planned after the roster that deactivates its learner, the plan is refused.
func TestRoster_unlistedFirst(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 2), "unlisted", "deactivate")
		addUnlisted(org, "y", "")
		ofUser := acceptance.Values{"email": "y@example.com", "first_name": "Y", "last_name": "X"}
		user, diags := p.Create("udemy_user", ofUser)
		diags.ExpectNoErrors(t)
		next := p.NextRun()
		state, diags = next.Read(state)
		diags.ExpectNone(t)
		next.PlanToo(state, resourceType, config(t, people(1, 2), "unlisted", "deactivate")).Diagnostics.ExpectWarningAt(t, "learners", "y@example.com")
		if diags := next.PlanToo(user, "udemy_user", ofUser).Diagnostics; len(diags) != 1 {
			t.Errorf("want one error:\n%s", diags)
		}
	})
}

// Without depends_on, Terraform may refresh the roster first and plan it last. The apply does not plan the other resource, so it would
// deactivate its learner. If nothing is applied, the plan is valid.
func TestRoster_unlistedBetween(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 2), "unlisted", "deactivate")
		addUnlisted(org, "y", "")
		ofUser := acceptance.Values{"email": "y@example.com", "first_name": "X", "last_name": "X"}
		user, diags := p.Create("udemy_user", ofUser)
		diags.ExpectNoErrors(t)
		plan := func(learners records) acceptance.Diagnostics {
			next := p.NextRun()
			refreshed, readDiags := next.Read(state)
			readDiags.ExpectNone(t)
			user, diags = next.Read(user)
			diags.ExpectNone(t)
			next.PlanToo(user, "udemy_user", ofUser).Diagnostics.ExpectNone(t)
			return next.PlanToo(refreshed, resourceType, config(t, learners, "unlisted", "deactivate")).Diagnostics
		}
		plan(people(1, 2)).ExpectNone(t)
		plan(people(1, 3)).ExpectError(t, "unlisted", "would deactivate 1 learner", "y@example.com", "depends_on")
		ofUser["on_destroy"] = "keep"
		user, diags = p.Update(user, ofUser)
		diags.ExpectNone(t)
		ofUser = nil // The learner is forgotten.
		plan(people(1, 3)).ExpectError(t, "unlisted", "would deactivate 1 learner", "y@example.com", "depends_on")
	})
}

// With -refresh=false, the list of an earlier refresh counts. A learner who belongs to another resource since then is not deactivated.
func TestRoster_unlistedWithoutRefresh(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 2), "unlisted", "deactivate")
		addUnlisted(org, "y", "")
		refreshed, diags := p.NextRun().Read(state) // As apply -refresh-only stores it.
		diags.ExpectNone(t)
		ofUser := acceptance.Values{"email": "y@example.com", "first_name": "X", "last_name": "X"}
		user, diags := p.Create("udemy_user", ofUser)
		diags.ExpectNoErrors(t)
		next := p.NextRun()
		next.PlanToo(user, "udemy_user", ofUser).Diagnostics.ExpectNone(t)
		next.PlanToo(refreshed, resourceType, config(t, people(1, 3), "unlisted", "deactivate")).Diagnostics.ExpectError(t, "unlisted", "y@example.com")

		// A change of the settings alone drops the list.
		ignoring, diags := p.Update(refreshed, config(t, people(1, 2), "unlisted", "ignore"))
		diags.ExpectNone(t)
		applyLater(t, p, ignoring, config(t, people(1, 3), "unlisted", "deactivate"))
		expectDeactivated(t, org)
	})
}

// A learner whom a resource adopts in the same apply keeps the seat, even if the address is unknown at plan.
func TestRoster_unlistedAndAdopted(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 2), "unlisted", "deactivate")
		addUnlisted(org, "y", "")
		values := config(t, people(1, 3), "unlisted", "deactivate")
		next := p.NextRun()
		next.PlanToo(nil, "udemy_user", acceptance.Values{"email": acceptance.Unknown, "first_name": "X", "last_name": "X"}).Diagnostics.ExpectNoErrors(t)
		state, diags := next.Read(state)
		diags.ExpectNone(t)
		next.PlanToo(state, resourceType, values).Diagnostics.ExpectWarningAt(t, "learners", "Deactivates learners whom no roster lists (1): y@example.com.")

		apply := p.NextRun()
		_, diags = apply.Apply(apply.PlanToo(nil, "udemy_user", acceptance.Values{"email": "y@example.com", "first_name": "X", "last_name": "X"}))
		diags.ExpectNoErrors(t)
		plan := apply.PlanToo(state, resourceType, values)
		plan.Diagnostics.ExpectNoErrors(t)
		_, diags = apply.Apply(plan)
		diags.ExpectNoErrors(t)
		expectDeactivated(t, org)
	})
}

// A refresh without a credential, which is known only after apply, drops the list of an earlier one.
func TestRoster_unlistedNotReady(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 2), "unlisted", "deactivate")
		addUnlisted(org, "y", "")
		state, diags := p.NextRun().Read(state)
		diags.ExpectNone(t)
		state, diags = org.Protocol(t, acceptance.Values{"token": acceptance.Unknown}).Read(state)
		diags.ExpectNoErrors(t)
		applyLater(t, p, state, config(t, people(1, 3), "unlisted", "deactivate"))
		expectDeactivated(t, org)
	})
}

// A learner whom a roster keeps is not deactivated by the same plan, neither by this roster nor by another one. The next plan does.
func TestRoster_unlistedAndKept(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		const spared = "Leaves unlisted learners for the next plan, which deactivates those whom no roster lists then (1): kept@example.com."
		t.Run("by another roster", func(t *testing.T) {
			t.Parallel()
			org, p, keeping := created(t, api, records{"kept": person("kept"), "ada": person("ada")}, "on_removal", "keep")
			authoritative := config(t, people(1, 2), "unlisted", "deactivate")
			state, diags := p.Create(resourceType, authoritative)
			diags.ExpectNoErrors(t)
			id := ids(t, keeping)["kept@example.com"]
			org.Edit("kept@example.com", func(l *simulator.Learner) { l.Status = simulator.StatusActive }) // An invitation would be canceled.

			next := p.NextRun()
			keeping, _ = next.Read(keeping)
			shorter := config(t, records{"ada": person("ada")}, "on_removal", "keep")
			next.PlanToo(keeping, resourceType, shorter).Diagnostics.ExpectNone(t)
			state, _ = next.Read(state)
			plan := next.PlanToo(state, resourceType, authoritative)
			plan.Diagnostics.ExpectWarningAt(t, "learners", spared)
			if changes := plan.Changes(); len(changes) > 0 {
				t.Errorf("%v change", changes)
			}
			keeping = applyLater(t, p, keeping, shorter)
			state = applyLater(t, p, state, config(t, people(1, 3), "unlisted", "deactivate")) // Another change, in the apply.
			expectDeactivated(t, org)

			next = p.NextRun()
			keeping, _ = next.Read(keeping)
			next.PlanToo(keeping, resourceType, shorter).Diagnostics.ExpectNone(t)
			state, _ = next.Read(state)
			next.PlanToo(state, resourceType, config(t, people(1, 3), "unlisted", "deactivate")).Diagnostics.
				ExpectWarningAt(t, "learners", "Deactivates learners whom no roster lists (1): kept@example.com.")
			applyLater(t, p, state, config(t, people(1, 3), "unlisted", "deactivate"))
			expectDeactivated(t, org, id)
		})
		t.Run("by the same roster", func(t *testing.T) {
			t.Parallel()
			org, p, state := created(t, api, records{"kept": person("kept"), "ada": person("ada")}, "on_removal", "keep", "unlisted", "deactivate")
			shorter := config(t, records{"ada": person("ada")}, "on_removal", "keep", "unlisted", "deactivate")
			next := p.NextRun()
			state, _ = next.Read(state)
			plan := next.PlanToo(state, resourceType, shorter)
			plan.Diagnostics.ExpectWarningAt(t, "learners", spared)
			applyLater(t, p, state, shorter)
			expectDeactivated(t, org)
		})
	})
}
