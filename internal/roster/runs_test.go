// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// A learner whom another resource of the same apply has taken over keeps the seat.
func TestRoster_heldByAnother(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 3))
		removing := p.Plan(state, resourceType, config(t, people(2, 3)))
		adopting := p.Plan(nil, "udemy_user", acceptance.Values{"email": "p001@example.com", "first_name": "P001", "last_name": "Tester"})
		_, diags := p.Apply(adopting)
		diags.ExpectNoErrors(t)
		_, diags = p.Apply(removing)
		diags.ExpectError(t, "learners", `"p001": not changed, because another resource of this run holds the learner`)
		if seated(org) != 3 {
			t.Errorf("%d have a seat", seated(org))
		}
	})
}

// A membership that a roster has confirmed is not removed by another resource of the same apply.
func TestRoster_membershipOfAnother(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 1))
		single, diags := p.Create("udemy_group_membership", acceptance.Values{
			"group_id": org.Groups()[0].ID, "user_id": ids(t, state)["p001@example.com"],
		})
		diags.ExpectNone(t)
		leaving := p.Plan(single, single.Type, nil)
		_, diags = p.Update(state, config(t, people(1, 1, "groups", []string{"Art"}, "first_name", "Ada")))
		diags.ExpectNone(t)
		_, diags = p.Apply(leaving)
		diags.ExpectNone(t)
		expectGroups(t, org, "p001@example.com", "Art")
	})
}

// The limit holds for what an apply does, which may be more than the plan has shown.
func TestRoster_limitAtApply(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 14))
		setAll := func(status string) {
			for i := 1; i <= 10; i++ {
				org.Edit(fmt.Sprintf("p%03d@example.com", i), func(l *simulator.Learner) { l.Status = status })
			}
		}
		setAll(simulator.StatusDeactivated)
		plan := p.Plan(state, resourceType, config(t, people(12, 14), "max_removals", "5"))
		plan.Diagnostics.ExpectWarningAt(t, "learners", "(1): p011@example.com.")
		setAll(simulator.StatusActive)
		p.Plan(nil, "udemy_group", acceptance.Values{"name": "X"}) // Apply is a new process.
		org.ResetRequests()
		_, diags := p.Apply(plan)
		diags.ExpectError(t, "learners", "Unable to change the roster", "11 learners would lose their seat", "Nothing was changed")
		org.ExpectWrites(t)
	})
}

// A value that Udemy does not store is a failure of its line.
func TestRoster_notStored(t *testing.T) {
	t.Parallel()
	var answer string
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		if answer == "" || r.Method != http.MethodPatch {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answer)
		return true
	}})
	p := org.Protocol(t, nil)
	state, diags := p.Create(resourceType, config(t, people(1, 2)))
	diags.ExpectNone(t)
	answer = fmt.Sprintf(`{"id": %q, "email": "p001@example.com", "firstname": "P001", "lastname": "Tester", "role": "learner", "status": "invited", "groups": []}`,
		ids(t, state)["p001@example.com"])
	all := people(1, 2)
	all["p001"]["first_name"] = "Ada"
	state, diags = p.Update(state, config(t, all))
	diags.ExpectError(t, "learners", `"p001": the API accepted the request but did not store first_name`)
	if got := learners(t, state)["p001"]["first_name"]; got != "P001" {
		t.Errorf("state has the name %v", got)
	}
}

// A learner who is on no page is not gone as long as the API returns the account.
func TestRoster_onNoPage(t *testing.T) {
	t.Parallel()
	hides := false
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		if !hides || !strings.HasSuffix(r.URL.Path, "/users/") {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"count": 0, "next": null, "previous": null, "results": []}`)
		return true
	}})
	p := org.Protocol(t, nil)
	state, diags := p.Create(resourceType, config(t, people(1, 2)))
	diags.ExpectNone(t)
	hides = true
	org.Remove("p002@example.com")
	state, diags = p.NextRun().Read(state)
	diags.ExpectNone(t)
	if seen := learners(t, state); len(seen) != 1 || seen["p001"] == nil {
		t.Errorf("state has %v", seen)
	}
}

// If the ID of a learner is gone, the address alone does not make another account the same person.
func TestRoster_otherPerson(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 3, "role", nil))
		for i, name := range []string{"P001", "Other"} { // The first one has accepted an invitation, which changed the ID.
			email := fmt.Sprintf("p00%d@example.com", i+1)
			org.Remove(email)
			org.Add(simulator.Learner{ID: fmt.Sprint("new", i+1), Email: email, FirstName: name, LastName: "Tester", SCIM: true})
		}
		next := p.NextRun()
		state, diags := next.Read(state)
		diags.ExpectNone(t)
		if got := ids(t, state); got["p001@example.com"] != "new1" || len(got) != 2 || learners(t, state)["p002"] != nil {
			t.Errorf("ids is %v", got)
		}
		next.Plan(state, resourceType, config(t, people(1, 3))).Diagnostics.ExpectWarningAt(t, "learners", "Adopts learners who exist already (1): p002@example.com (ID new2")
	})
}

// The account of a line is gone, and its address belongs to another person. The plan of that refresh does not adopt the other person.
func TestRoster_addressOfAnother(t *testing.T) {
	t.Parallel()
	for name, other := range map[string]simulator.Learner{
		"another name":        {FirstName: "Other", LastName: "Tester"},
		"another external ID": {FirstName: "P002", LastName: "Tester", ExternalID: "X-2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				all := people(1, 3, "external_id", nil)
				all["p002"]["external_id"] = "E-2"
				org, p, state := created(t, api, all)
				org.Remove("p002@example.com")
				other := other
				other.ID, other.Email, other.SCIM = "other", "p002@example.com", true
				org.Add(other)
				org.ResetRequests()

				next := p.NextRun()
				refreshed, diags := next.Read(state)
				diags.ExpectNone(t)
				next.PlanToo(refreshed, resourceType, config(t, all)).Diagnostics.ExpectError(t, "learners", "1 mistake",
					`"p002"`, "ID other", "another external ID or name", "terraform apply -refresh-only")
				org.ExpectWrites(t)
				// The way out, if it is the same person.
				p.NextRun().PlanToo(refreshed, resourceType, config(t, all)).Diagnostics.ExpectWarningAt(t, "learners",
					"Adopts learners who exist already (1): p002@example.com (ID other")
			})
		})
	}
}
