// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// Removed lines, inactive lines and unlisted learners count together for max_removals, and the error names the first ten.
func TestRoster_removalsTogether(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 40), "unlisted", "deactivate")
		add := func(from, to int) {
			for i := from; i <= to; i++ {
				org.Add(simulator.Learner{Email: fmt.Sprintf("x%d@example.com", i), FirstName: "X", LastName: "X", SCIM: true})
			}
		}
		all := people(4, 40) // Three are gone, and three become inactive.
		for _, key := range []string{"p004", "p005", "p006"} {
			all[key]["active"] = false
		}
		values := config(t, all, "unlisted", "deactivate")
		plan := func() acceptance.Diagnostics {
			next := p.NextRun()
			refreshed, diags := next.Read(state)
			diags.ExpectNone(t)
			return next.PlanToo(refreshed, resourceType, values).Diagnostics
		}
		add(1, 3)
		plan().ExpectNoErrors(t)
		add(4, 6)
		diags := plan()
		diags.ExpectError(t, "max_removals", "12 learners would lose their seat or account", "and 2 more")
		if named := strings.Count(diags.String(), "@example.com"); named != 10 {
			t.Errorf("the error names %d learners:\n%s", named, diags)
		}
		org.ExpectWrites(t)
	})
}

// Destroying a roster can't remove the last administrator either.
func TestRoster_destroyLastAdministrator(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	org.Add(simulator.Learner{ID: "b", Email: "boss@example.com", FirstName: "Boss", LastName: "Tester", Role: "admin"})
	p := org.Protocol(t, nil)
	state, diags := p.Create(resourceType, config(t, records{"boss": person("boss", "role", "admin"), "ada": person("ada")}))
	diags.ExpectNone(t)
	p.NextRun().Plan(state, resourceType, nil).Diagnostics.ExpectError(t, "learners", "would lose its last administrator", "boss@example.com")
}

// creations is the text of a plan about new learners.
func creations(api acceptance.API) string {
	if api == acceptance.SCIM {
		return "Adds learners, who get no e-mail: ask them to sign in by single sign-on"
	}
	return "Invites learners, who get an e-mail"
}

// Inactive learners without an account are listed, and never invited.
func TestRoster_passesOver(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, _ := created(t, api, records{})
		plan := p.Plan(nil, resourceType, config(t, records{"ada": person("ada"), "old": person("old", "active", false)}))
		plan.Diagnostics.ExpectWarningAt(t, "learners", creations(api)+" (1): ada@example.com.",
			"Passes over inactive learners without an account, who are not invited (1): old@example.com.")
		_, diags := p.Apply(plan)
		diags.ExpectNone(t)
		if _, found := org.Learner("old@example.com"); found {
			t.Error("an inactive learner was invited")
		}
	})
}

// A change of a setting changes no computed attribute, and sends nothing.
func TestRoster_settings(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 3))
		want := map[acceptance.API]string{acceptance.UserManagement: simulator.DefaultOrganization, acceptance.SCIM: "example"}[api]
		state.Expect(t, acceptance.Values{"id": want, "last_change": invited(api) + " 3 learners."})
		plan := p.Plan(state, resourceType, config(t, people(1, 3), "max_removals", "25"))
		plan.Diagnostics.ExpectNone(t)
		if changes := fmt.Sprint(plan.Changes()); changes != "[max_removals]" {
			t.Errorf("%s change", changes)
		}
		state, diags := p.Apply(plan)
		diags.ExpectNone(t)
		state.Expect(t, acceptance.Values{"last_change": invited(api) + " 3 learners.", "max_removals": "25"})
		org.ExpectWrites(t)
	})
}

// People are changed concurrently, within max_concurrent_requests.
func TestRoster_concurrency(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		var now atomic.Int64
		seen := make(chan int64, 1000)
		org := acceptance.Start(t, api, simulator.Config{Intercept: func(http.ResponseWriter, *http.Request) bool {
			seen <- now.Add(1)
			time.Sleep(5 * time.Millisecond)
			now.Add(-1)
			return false
		}})
		_, diags := org.Protocol(t, acceptance.Values{"max_concurrent_requests": 3}).Create(resourceType, config(t, people(1, 30)))
		diags.ExpectNone(t)
		close(seen)
		var counts []int64
		for n := range seen {
			counts = append(counts, n)
		}
		if most := slices.Max(counts); most < 2 || most > 3 {
			t.Errorf("%d requests at the same time, want at most 3 and more than one", most)
		}
	})
}
