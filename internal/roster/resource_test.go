// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const resourceType = "udemy_roster"

// records are the learners of a configuration, by key.
type records map[string]map[string]any

// person returns a record with an address, both names, and further attributes in pairs.
func person(name string, more ...any) map[string]any {
	record := map[string]any{"email": name + "@example.com", "first_name": strings.ToUpper(name[:1]) + name[1:], "last_name": "Tester"}
	for i := 0; i < len(more); i += 2 {
		record[fmt.Sprint(more[i])] = more[i+1]
	}
	return record
}

// config returns the configuration of a roster with further attributes in pairs.
func config(t *testing.T, learners records, more ...any) acceptance.Values {
	t.Helper()
	encoded, err := json.Marshal(learners)
	if err != nil {
		t.Fatal(err)
	}
	values := acceptance.Values{"learners": string(encoded)}
	for i := 0; i < len(more); i += 2 {
		values[fmt.Sprint(more[i])] = more[i+1]
	}
	return values
}

// ids returns the attribute ids.
func ids(t *testing.T, object *acceptance.Object) map[string]string {
	t.Helper()
	decoded := map[string]string{}
	if err := json.Unmarshal([]byte(fmt.Sprint(object.Values["ids"])), &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}

// learners returns the records in state.
func learners(t *testing.T, object *acceptance.Object) records {
	t.Helper()
	decoded := records{}
	if err := json.Unmarshal([]byte(fmt.Sprint(object.Values["learners"])), &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}

// groupsOf returns the names of a learner's groups at Udemy.
func groupsOf(org *acceptance.Organization, email string) []string {
	learner, _ := org.Learner(email)
	names := []string{}
	for _, group := range org.Groups() {
		if slices.Contains(group.Members, learner.ID) {
			names = append(names, group.Name)
		}
	}
	slices.Sort(names)
	return names
}

func expectGroups(t *testing.T, org *acceptance.Organization, email string, want ...string) {
	t.Helper()
	if got := groupsOf(org, email); !slices.Equal(got, want) {
		t.Errorf("%s is in %q, want %q", email, got, want)
	}
}

func TestRoster(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		org.AddGroup("Art")
		org.AddGroup("Sales")
		p := org.Protocol(t, nil)

		first := config(t, records{
			"ada": person("ada", "external_id", "E1", "groups", []string{"Art", "Sales"}),
			"eve": person("eve", "groups", []string{}),
			"old": person("old", "active", false), // Never invited.
		})
		state, diags := p.Create(resourceType, first)
		diags.ExpectNone(t)
		state.Expect(t, acceptance.Values{"learners": first["learners"], "failed": "{}", "last_change": invited(api) + " 2 learners, added 2 memberships."})
		if got := ids(t, state); len(got) != 2 || got["ada@example.com"] == "" {
			t.Errorf("ids is %v", got)
		}
		expectGroups(t, org, "ada@example.com", "Art", "Sales")
		if len(org.Learners()) != 2 {
			t.Errorf("there are %d learners", len(org.Learners()))
		}
		p.ExpectCleanPlan(state, first)

		// Equal JSON causes no change, and the state keeps its text.
		equal := config(t, records{
			"old": person("old", "active", false), "eve": person("eve", "groups", []string{}, "role", nil),
			"ada": person("ada", "external_id", "E1", "groups", []string{"Sales", "Art"}, "active", true, "udemy_id", "x"),
		})
		equal["learners"] = strings.ReplaceAll(fmt.Sprint(equal["learners"]), "ada@", "ADA@")
		plan := p.Plan(state, resourceType, equal)
		plan.Diagnostics.ExpectNone(t)
		if changes := plan.Changes(); len(changes) > 0 {
			t.Errorf("%v change", changes)
		}

		second := config(t, records{
			"ada": person("ada", "email", "lovelace@example.com", "external_id", "E1", "groups", []string{"Sales"}),
			"tim": person("tim"),
		})
		id := ids(t, state)["ada@example.com"]
		plan = p.Plan(state, resourceType, second)
		plan.Diagnostics.ExpectWarningAt(t, "learners", creations(api)+" (1): tim@example.com",
			"cancels their invitation (1): eve@example.com")
		state, diags = p.Apply(plan)
		diags.ExpectNone(t)
		state.Expect(t, acceptance.Values{
			"learners": second["learners"], "last_change": invited(api) + " 1 learner, changed 1 learner, deactivated 1 learner, removed 1 membership.",
		})
		if got := ids(t, state); got["lovelace@example.com"] != id || len(got) != 2 {
			t.Errorf("ids is %v", got)
		}
		expectGroups(t, org, "lovelace@example.com", "Sales")
		if eve, found := org.Learner("eve@example.com"); found && eve.Status != simulator.StatusDeactivated {
			t.Errorf("eve is %s", eve.Status)
		}
		p.ExpectCleanPlan(state, second)

		left, diags := p.Destroy(state)
		diags.ExpectNone(t)
		left.ExpectGone(t)
		for _, learner := range org.Learners() {
			if learner.Status != simulator.StatusDeactivated {
				t.Errorf("%s is %s", learner.Email, learner.Status)
			}
		}
	})
}

// Only what differs becomes drift, for each learner and attribute.
func TestRoster_drift(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		org.AddGroup("Art")
		org.AddGroup("Sales")
		p := org.Protocol(t, nil)
		first := config(t, records{
			"ada": person("ada", "groups", []string{"Art"}), "eve": person("eve"), "gone": person("gone"), "idle": person("idle"), "tim": person("tim"),
		})
		state, diags := p.Create(resourceType, first)
		diags.ExpectNone(t)
		org.Edit("ada@example.com", func(l *simulator.Learner) { l.FirstName = "Augusta" })
		org.SetMembers(org.Groups()[1].ID, ids(t, state)["ada@example.com"])
		org.Edit("tim@example.com", func(l *simulator.Learner) { l.ExternalID = "X" }) // Not managed.
		org.Edit("idle@example.com", func(l *simulator.Learner) { l.Status = simulator.StatusDeactivated })
		org.Edit("eve@example.com", func(l *simulator.Learner) { l.Email = "eva@example.com" })
		org.Remove("gone@example.com")

		next := p.NextRun()
		state, diags = next.Read(state)
		diags.ExpectNone(t)
		seen := learners(t, state)
		want := records{
			"ada": person("ada", "first_name", "Augusta", "groups", []any{"Art", "Sales"}), "eve": person("eve", "email", "eva@example.com"),
			"idle": person("idle", "active", false), "tim": person("tim"),
		}
		if fmt.Sprint(seen) != fmt.Sprint(want) {
			t.Errorf("got  %v\nwant %v", seen, want)
		}
		plan := next.Plan(state, resourceType, first)
		plan.Diagnostics.ExpectWarningAt(t, "learners", creations(api)+" (1): gone@example.com",
			"Reactivates learners, who get an e-mail (1): idle@example.com")
		state, diags = next.Apply(plan)
		diags.ExpectNone(t)
		state.Expect(t, acceptance.Values{"learners": first["learners"]})
		expectGroups(t, org, "ada@example.com", "Art")
		if eve, found := org.Learner("eve@example.com"); !found || eve.ID != ids(t, state)["eve@example.com"] {
			t.Errorf("eve is %+v", eve)
		}
		p.ExpectCleanPlan(state, first)
	})
}

// Failures of some lines cost no other line. At creation they are warnings, and later errors.
func TestRoster_failures(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		refused := ""
		org := acceptance.Start(t, api, simulator.Config{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
			if refused == "" || r.Method == http.MethodGet || !refuses(r, refused) {
				return false
			}
			w.WriteHeader(http.StatusForbidden)
			return true
		}})
		p := org.Protocol(t, nil)
		refused = "eve"
		first := config(t, records{"ada": person("ada"), "eve": person("eve"), "tim": person("tim")})
		state, diags := p.Create(resourceType, first)
		diags.ExpectWarningAt(t, "learners", "1 of 3 lines of the roster could not be completed", `"eve": `, "Apply again")
		state.Expect(t, acceptance.Values{"learners": first["learners"], "last_change": invited(api) + " 2 learners, 1 line failed."})
		if failed := fmt.Sprint(state.Values["failed"]); !strings.HasPrefix(failed, `{"eve":"`) {
			t.Errorf("failed is %s", failed)
		}

		// The next apply repeats the line, and the failure is an error.
		next := p.NextRun()
		state, diags = next.Read(state)
		diags.ExpectNone(t)
		if seen := learners(t, state); len(seen) != 2 {
			t.Errorf("state has %v", seen)
		}
		second := config(t, records{"ada": person("ada", "first_name", "Augusta"), "eve": person("eve"), "tim": person("tim")})
		plan := next.Plan(state, resourceType, second)
		plan.Diagnostics.ExpectWarningAt(t, "learners", "eve@example.com")
		state, diags = next.Apply(plan)
		diags.ExpectError(t, "learners", "1 of 2 changes of the roster failed", `"eve": `)
		seen := learners(t, state)
		if len(seen) != 2 || seen["ada"]["first_name"] != "Augusta" {
			t.Errorf("state has %v", seen)
		}

		refused = "" // The failure is over.
		next = next.NextRun()
		state, _ = next.Read(state)
		state, diags = next.Apply(next.Plan(state, resourceType, second))
		diags.ExpectNone(t)
		state.Expect(t, acceptance.Values{"learners": second["learners"], "failed": "{}"})
		p.ExpectCleanPlan(state, second)
	})
}

// refuses reports whether the body of a request contains a word.
func refuses(r *http.Request, word string) bool {
	body, err := readAgain(r)
	return err == nil && strings.Contains(string(body), word)
}
