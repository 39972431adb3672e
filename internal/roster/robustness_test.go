// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// expectPeople fails unless exactly the active learners of a document have a seat, each of them once.
func expectPeople(t *testing.T, org *acceptance.Organization, all records) {
	t.Helper()
	accounts := map[string]int{}
	for _, learner := range org.Learners() {
		if learner.Status != simulator.StatusDeactivated {
			accounts[strings.ToLower(learner.Email)]++
		}
	}
	for key, record := range all {
		email := fmt.Sprint(record["email"])
		want := 1
		if record["active"] == false {
			want = 0
		}
		if accounts[email] != want {
			t.Errorf("%s has %d accounts with a seat, want %d", key, accounts[email], want)
		}
		delete(accounts, email)
	}
	if len(accounts) > 0 {
		t.Errorf("these have a seat and are not listed: %v", accounts)
	}
}

// startSlow starts a simulator with a latency. Each creation sends to the channel.
func startSlow(t *testing.T, api acceptance.API) (org *acceptance.Organization, writes chan struct{}) {
	t.Helper()
	writes = make(chan struct{}, 1000)
	return acceptance.Start(t, api, simulator.Config{Latency: 10 * time.Millisecond, Intercept: func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost {
			writes <- struct{}{}
		}
		return false
	}}), writes
}

// Ctrl-C ends an apply within seconds. State is true, and the next apply completes it.
func TestRoster_interrupt(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, writes := startSlow(t, api)
		org.AddGroup("Art")
		all := people(1, 300, "groups", []string{"Art"})
		p := org.Protocol(t, nil)
		plan := p.Plan(nil, resourceType, config(t, all))
		go func() {
			for range 20 {
				<-writes
			}
			p.Stop()
		}()
		start := time.Now()
		state, diags := p.Apply(plan)
		if took := time.Since(start); took > 4*time.Second {
			t.Errorf("the apply ended after %s", took)
		}
		diags.ExpectWarningAt(t, "learners", "of 300 lines of the roster could not be completed", "interrupted")
		for email, id := range ids(t, state) {
			if learner, found := org.Learner(email); !found || learner.ID != id {
				t.Errorf("state has %s with ID %s, Udemy has %s", email, id, learner.ID)
			}
		}
		if n := len(ids(t, state)); n == 0 || n == 300 || n != len(org.Learners()) {
			t.Errorf("state has %d people, Udemy %d", n, len(org.Learners()))
		}

		next := p.NextRun()
		state, diags = next.Read(state)
		diags.ExpectNone(t)
		state, diags = next.Apply(next.Plan(state, resourceType, config(t, all)))
		diags.ExpectNone(t)
		expectPeople(t, org, all)
		p.ExpectCleanPlan(state, config(t, all))
	})
}

// After an apply that was killed, state has nothing of it. The next apply adopts its accounts without a warning.
func TestRoster_kill(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Latency: 5 * time.Millisecond})
		org.AddGroup("Art")
		p := org.Protocol(t, nil)
		var state *acceptance.Object
		for _, size := range []int{50, 100} { // First a creation is killed, then an update.
			all := people(1, size, "groups", []string{"Art"})
			plan := p.Plan(state, resourceType, config(t, all))
			time.AfterFunc(20*time.Millisecond, p.Stop)
			_, _ = p.Apply(plan) // Nothing is saved.
			next := p.NextRun()
			if state != nil {
				state, _ = next.Read(state)
			}
			plan = next.Plan(state, resourceType, config(t, all))
			if strings.Contains(plan.Diagnostics.String(), "Adopts") {
				t.Errorf("the plan warns of its own accounts:\n%s", plan.Diagnostics)
			}
			var diags acceptance.Diagnostics
			state, diags = next.Apply(plan)
			diags.ExpectNone(t)
			expectPeople(t, org, all)
			p.ExpectCleanPlan(state, config(t, all))
		}
	})
}

// With faults in every fifth call and no retries, no learner is lost or gets two accounts, and in the end Udemy matches the configuration.
func TestRoster_faults(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for seed := range uint64(4) {
			t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
				t.Parallel()
				survive(t, api, seed)
			})
		}
	})
}

func survive(t *testing.T, api acceptance.API, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // A test needs reproducible numbers.
	org := acceptance.Start(t, api, simulator.Config{})
	org.AddGroup("Art")
	org.AddGroup("Sales")
	p := org.Protocol(t, acceptance.Values{"max_retries": 0})
	var state *acceptance.Object
	listed := map[string]bool{} // Those who are in all documents so far.
	for round := range 3 {
		all := people(1+20*round, 80+10*round)
		for _, record := range all {
			record["groups"] = []string{"Art", "Sales"}[r.IntN(2):]
			record["active"] = r.IntN(10) > 0
			record["last_name"] = fmt.Sprint("Tester", r.IntN(2))
		}
		values := config(t, all, "max_removals", "100%")
		complete := false
		for try := 0; try < 25 && !complete; try++ {
			faults := simulator.Faults{Seed: seed + uint64(100*round+try), Rate: 0.2, Kinds: []simulator.Fault{
				simulator.FaultError, simulator.FaultUnavailable, simulator.FaultClosedBefore, simulator.FaultClosedAfter, simulator.FaultTruncated,
			}}
			if try > 20 {
				faults.Rate = 0
			}
			org.SetFaults(faults)
			state, complete = attempt(p, state, values)
			org.SetFaults(simulator.Faults{})
			for email := range listed { // Those who are listed before and after keep the seat.
				key, _, _ := strings.Cut(email, "@")
				if learner, found := org.Learner(email); all[key] != nil && all[key]["active"] == true && (!found || learner.Status == simulator.StatusDeactivated) {
					t.Fatalf("round %d, try %d: %s lost the seat", round, try, email)
				}
			}
		}
		if !complete {
			t.Fatalf("round %d is not complete", round)
		}
		expectPeople(t, org, all)
		for key, record := range all {
			if record["active"] == true {
				expectGroups(t, org, key+"@example.com", record["groups"].([]string)...)
			}
		}
		p.ExpectCleanPlan(state, values)
		listed = map[string]bool{}
		for key, record := range all {
			if record["active"] == true {
				listed[key+"@example.com"] = true
			}
		}
	}
}

// attempt refreshes, plans and applies. It reports whether all steps succeeded.
func attempt(p *acceptance.Protocol, state *acceptance.Object, values acceptance.Values) (*acceptance.Object, bool) {
	next := p.NextRun()
	if state != nil {
		refreshed, diags := next.Read(state)
		if strings.Contains(diags.String(), "ERROR") {
			return state, false
		}
		state = refreshed
	}
	plan := next.PlanToo(state, resourceType, values)
	if strings.Contains(plan.Diagnostics.String(), "ERROR") {
		return state, false
	}
	applied, diags := next.Apply(plan)
	if applied == nil {
		return state, false
	}
	return applied, !strings.Contains(diags.String(), "at AttributeName")
}

// Seats are freed before others are taken, because an organization may have no free seat.
func TestRoster_seatsFirst(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 9))
		_, diags := p.Update(state, config(t, people(10, 40)))
		diags.ExpectNone(t)
		invited := false
		for _, write := range org.Writes() {
			isNew := strings.HasPrefix(write, "POST /users") || strings.HasPrefix(write, "POST /Users")
			if invited && !isNew {
				t.Errorf("after an invitation there is %s", write)
			}
			invited = invited || isNew
		}
	})
}

// If an address can't be freed, the line that would get it is not changed either, and state shows both as they are.
func TestRoster_addressNotFreed(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
			isRefused := r.Method == http.MethodPatch && refuses(r, "new@example.com")
			if isRefused {
				w.WriteHeader(http.StatusForbidden)
			}
			return isRefused
		}})
		p := org.Protocol(t, nil)
		first := config(t, records{"1": person("ada", "external_id", "1"), "2": person("eve", "external_id", "2"), "3": person("tim")})
		state, diags := p.Create(resourceType, first)
		diags.ExpectNone(t)
		second := config(t, records{"1": person("new", "external_id", "1"), "2": person("ada", "external_id", "2"), "3": person("tom")})
		before := ids(t, state)
		state, diags = p.Update(state, second)
		diags.ExpectError(t, "learners", "2 of 3 changes of the roster failed", `"2": not changed, because the address "ada@example.com" could not be freed by "1" first`)
		seen := learners(t, state)
		if seen["1"]["email"] != "ada@example.com" || seen["2"]["email"] != "eve@example.com" || seen["3"]["email"] != "tom@example.com" {
			t.Errorf("state has %v", seen)
		}
		for email, id := range ids(t, state) {
			if before[email] != id && email != "tom@example.com" {
				t.Errorf("%s has ID %s", email, id)
			}
		}
		next := p.NextRun()
		refreshed, diags := next.Read(state)
		diags.ExpectNone(t)
		refreshed.Expect(t, state.Values)
	})
}

// A learner who can't be removed stays in state.
func TestRoster_notRemoved(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		kept := ""
		org := acceptance.Start(t, api, simulator.Config{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
			isRefused := kept != "" && r.Method != http.MethodGet && strings.Contains(r.URL.Path, kept)
			if isRefused {
				w.WriteHeader(http.StatusForbidden)
			}
			return isRefused
		}})
		p := org.Protocol(t, nil)
		state, diags := p.Create(resourceType, config(t, people(1, 3)))
		diags.ExpectNone(t)
		kept = ids(t, state)["p002@example.com"]
		state, diags = p.Update(state, config(t, people(3, 3)))
		diags.ExpectError(t, "learners", "1 of 2 changes of the roster failed", `"p002": `)
		if seen := learners(t, state); len(seen) != 2 || seen["p002"] == nil || ids(t, state)["p002@example.com"] != kept {
			t.Errorf("state has %v", seen)
		}
		state, diags = p.Destroy(state)
		diags.ExpectError(t, "", "1 of 2 learners of the roster could not be removed", `"p002": `)
		if seen := learners(t, state); len(seen) != 1 || seen["p002"] == nil {
			t.Errorf("state has %v", seen)
		}
		kept = ""
		state, diags = p.Destroy(state)
		diags.ExpectNone(t)
		state.ExpectGone(t)
		if seated(org) != 0 {
			t.Errorf("%d have a seat", seated(org))
		}
	})
}
