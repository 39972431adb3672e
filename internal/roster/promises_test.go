// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// invited returns the verb of last_change for new learners.
func invited(api acceptance.API) string {
	if api == acceptance.SCIM {
		return "Added"
	}
	return "Invited"
}

// A learner at whom Udemy fails for ever costs no other line, at creation and later, and does not taint the roster.
func TestRoster_serverError(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		broken := "eve@example.com"
		org := acceptance.Start(t, api, simulator.Config{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodGet || !refuses(r, broken) {
				return false
			}
			w.WriteHeader(http.StatusInternalServerError)
			return true
		}})
		p := org.Protocol(t, acceptance.Values{"max_retries": 1})
		first := config(t, records{"ada": person("ada"), "eve": person("eve"), "tim": person("tim")})
		state, diags := p.Create(resourceType, first)
		diags.ExpectWarningAt(t, "learners", "1 of 3 lines of the roster could not be completed", `"eve": `, "500")
		if len(ids(t, state)) != 2 {
			t.Errorf("ids is %v", state.Values["ids"])
		}

		broken = "tom@example.com"
		second := config(t, records{"ada": person("ada", "first_name", "Augusta"), "eve": person("eve"), "tim": person("tim", "email", "tom@example.com")})
		next := p.NextRun()
		state, diags = next.Read(state)
		diags.ExpectNone(t)
		state, diags = next.Apply(next.PlanToo(state, resourceType, second))
		diags.ExpectError(t, "learners", "1 of 3 changes of the roster failed", `"tim": `, "500")
		seen := learners(t, state)
		if seen["ada"]["first_name"] != "Augusta" || seen["eve"] == nil || seen["tim"]["email"] != "tim@example.com" {
			t.Errorf("state has %v", seen)
		}

		broken = "none"
		expectRepair(t, p, state, second)
		expectPeople(t, org, records{"ada": person("ada"), "eve": person("eve"), "tom": person("tom")})
	})
}

// An API that only creates learners can't have a roster. The plan is refused, and nobody is invited.
func TestRoster_onlyCreates(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPost {
				return false
			}
			w.WriteHeader(http.StatusMethodNotAllowed)
			return true
		}})
		p := org.Protocol(t, nil)
		p.Plan(nil, resourceType, config(t, people(1, 2))).Diagnostics.ExpectError(t, "learners", "Unable to plan the roster",
			"needs an API that lists the learners", "Nothing was changed", "udemy_user")
		_, diags := p.Import(resourceType, "all")
		diags.ExpectError(t, "", "Unable to import the roster")
		org.ExpectWrites(t)
	})
}

// The limits of the provider block and of the roster both hold, whichever is lower. That of the provider block counts all rosters.
func TestRoster_bothLimits(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 40))
		other, diags := p.Create(resourceType, config(t, people(101, 105)))
		diags.ExpectNone(t)
		org.ResetRequests()
		limited := org.Protocol(t, acceptance.Values{"max_removals": 12})
		limited.Plan(state, resourceType, config(t, people(12, 40))).Diagnostics.ExpectError(t, "max_removals", "11 learners would lose")
		allowing := config(t, people(12, 40), "max_removals", "100%")
		limited.Plan(state, resourceType, allowing).Diagnostics.ExpectNoErrors(t)
		limited.PlanToo(other, resourceType, config(t, people(103, 105))).Diagnostics.ExpectError(t, "", "At most 12 learners", "max_removals of the provider block")
		limited.Plan(state, resourceType, config(t, people(14, 40), "max_removals", "100%")).Diagnostics.ExpectError(t, "", "At most 12 learners")

		// Both limits apply to destroying as well.
		destroyed := config(t, people(1, 40), "max_removals", "100%")
		state, diags = p.Update(state, destroyed)
		diags.ExpectNone(t)
		limited.Plan(state, resourceType, nil).Diagnostics.ExpectError(t, "", "At most 12 learners")
		org.ExpectWrites(t)
	})
}

// After an apply that was killed, adopt_existing = false refuses the accounts that it has created. The error names the way on.
func TestRoster_killWithoutAdoption(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, writes := startSlow(t, api)
		p := org.Protocol(t, nil)
		all := people(1, 300)
		strict := config(t, all, "adopt_existing", false)
		plan := p.Plan(nil, resourceType, strict)
		go func() {
			for range 20 {
				<-writes
			}
			p.Stop()
		}()
		_, _ = p.Apply(plan) // Nothing is saved.
		if n := len(org.Learners()); n == 0 || n == 300 {
			t.Fatalf("the apply created %d learners before it was killed", n)
		}
		org.ResetRequests()
		p.NextRun().Plan(nil, resourceType, strict).Diagnostics.ExpectError(t, "learners", "exists already", "set it to true for one apply", "an apply that was killed")
		org.ExpectWrites(t)

		next := p.NextRun()
		state, diags := next.Apply(next.Plan(nil, resourceType, config(t, all)))
		diags.ExpectNone(t)
		expectPeople(t, org, all)
		state, diags = p.NextRun().Update(state, strict)
		diags.ExpectNone(t)
		p.ExpectCleanPlan(state, strict)
	})
}

// External IDs that were exchanged at Udemy look like exchanged addresses. The error names both causes, and correcting one of them
// settles it.
func TestRoster_externalIDsExchanged(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][2]string{"by address": {"ada", "eve"}, "by external ID": {"E1", "E2"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				values := records{keys[0]: person("ada", "external_id", "E1"), keys[1]: person("eve", "external_id", "E2")}
				org, p, state := created(t, api, values)
				exchange := func(ada, eve string) {
					org.Edit("ada@example.com", func(l *simulator.Learner) { l.ExternalID = ada })
					org.Edit("eve@example.com", func(l *simulator.Learner) { l.ExternalID = eve })
				}
				exchange("E2", "E1")
				next := p.NextRun()
				drifted, diags := next.Read(state)
				diags.ExpectNone(t)
				plan := next.PlanToo(drifted, resourceType, config(t, values))
				plan.Diagnostics.ExpectError(t, "learners", "1 mistake", "have each other's addresses", "if the external IDs were exchanged at Udemy, correct them there")
				if strings.Contains(plan.Diagnostics.String(), "change in a circle") {
					t.Errorf("the error names an exchange of addresses only:\n%s", plan.Diagnostics)
				}
				org.ExpectWrites(t)
				exchange("E1", "E2")
				next = p.NextRun()
				corrected, diags := next.Read(drifted)
				diags.ExpectNone(t)
				p.ExpectCleanPlan(corrected, config(t, values))
			})
		})
	}
}

// A learner whose new invitation has another ID is found by the name in another Unicode form as well.
func TestRoster_normalizedPerson(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		values := config(t, records{"ada": person("ada", "first_name", "Rene\u0301e")})
		org := acceptance.Start(t, api, simulator.Config{})
		p := org.Protocol(t, nil)
		state, diags := p.Create(resourceType, values)
		diags.ExpectNone(t)
		org.Remove("ada@example.com")
		org.Add(simulator.Learner{ID: "new1", Email: "ada@example.com", FirstName: "Ren\u00e9e", LastName: "Tester", SCIM: true})
		state, diags = p.NextRun().Read(state)
		diags.ExpectNone(t)
		if got := ids(t, state)["ada@example.com"]; got != "new1" {
			t.Errorf("the ID is %q", got)
		}
		p.ExpectCleanPlan(state, values)
	})
}

// The memberships of a group change in batches of 100. The user-management API removes one learner with each request.
func TestRoster_batches(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 250, "groups", []string{}))
		removals := map[acceptance.API]int{acceptance.UserManagement: 250, acceptance.SCIM: 3}[api]
		for _, test := range []struct {
			groups []string
			want   int
		}{{[]string{"Art"}, 3}, {[]string{}, removals}} {
			org.ResetRequests()
			var diags acceptance.Diagnostics
			state, diags = p.Update(state, config(t, people(1, 250, "groups", test.groups)))
			diags.ExpectNone(t)
			if n := len(org.Writes()); n != test.want {
				t.Errorf("the groups %q take %d requests, want %d", test.groups, n, test.want)
			}
		}
	})
}

// Two lines that are the same account are refused, whether by key, by external ID or by address.
func TestRoster_samePerson(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, records{"a": person("ada", "external_id", "E1")})
		p.Plan(state, resourceType, config(t, records{"a": person("ada"), "e": person("eve", "external_id", "E1")})).Diagnostics.
			ExpectError(t, "learners", "1 mistake", `"a" and "e" are the same person`)
		p.Plan(state, resourceType, config(t, records{"a": person("ada"), "e": person("ada", "email", "ADA@example.com")})).Diagnostics.
			ExpectError(t, "learners", `"e": email "ada@example.com" is already in "a"`)
		org.ExpectWrites(t)
	})
}

// A learner in a line and in another resource is refused over both APIs, whether the line is new, stays or is removed.
func TestRoster_heldOnce(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 2, "groups", []string{}))
		user := acceptance.Values{"email": "p001@example.com", "first_name": "P001", "last_name": "Tester"}
		for _, test := range []struct {
			prior *acceptance.Object
			next  records
			want  string
		}{
			{state, people(1, 2, "last_name", "King"), `"p001@example.com": another resource in state or configuration is for the same learner`},
			{nil, people(1, 2), `"p001@example.com": another resource in state or configuration is for the same learner`},
			{state, people(2, 2), `"p001@example.com": one resource removes the learner with ID`},
		} {
			p.Plan(nil, "udemy_user", user).Diagnostics.ExpectNoErrors(t)
			p.PlanToo(test.prior, resourceType, config(t, test.next)).Diagnostics.ExpectError(t, "learners", "contradicts another resource: 1 learner", test.want)
		}
		members := acceptance.Values{"group_id": org.Groups()[0].ID, "members": map[string]string{"p002": ids(t, state)["p002@example.com"]}}
		p.Plan(nil, "udemy_group_members", members).Diagnostics.ExpectNoErrors(t)
		p.PlanToo(state, resourceType, config(t, people(1, 2, "groups", []string{}))).Diagnostics.
			ExpectError(t, "learners", `"p002": `, "this line contradict each other about the group")
		org.ExpectWrites(t)
	})
}

// New learners wait for all seats that become free, however long Udemy takes.
func TestRoster_waitsForSeats(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		var freeing atomic.Int64
		var early atomic.Bool
		p := acceptance.Start(t, api, simulator.Config{Intercept: func(_ http.ResponseWriter, r *http.Request) bool {
			switch isFreed := r.Method == http.MethodPatch || r.Method == http.MethodDelete; {
			case isFreed || r.Method == http.MethodPost && strings.Contains(r.URL.Path, "deactivate"):
				time.Sleep(20 * time.Millisecond)
				freeing.Add(-1)
			case r.Method == http.MethodPost && freeing.Load() > 0:
				early.Store(true)
			}
			return false
		}}).Protocol(t, nil)
		state, diags := p.Create(resourceType, config(t, people(1, 3)))
		diags.ExpectNone(t)
		freeing.Store(3)
		_, diags = p.Update(state, config(t, people(4, 6)))
		diags.ExpectNone(t)
		if early.Load() {
			t.Error("a learner is added before all seats are free")
		}
	})
}
