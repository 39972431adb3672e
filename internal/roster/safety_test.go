// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// people returns numbered people, with further attributes for all of them.
func people(from, to int, more ...any) records {
	all := records{}
	for i := from; i <= to; i++ {
		name := fmt.Sprintf("p%03d", i)
		all[name] = person(name, more...)
	}
	return all
}

// seated counts the learners with a seat.
func seated(org *acceptance.Organization) int {
	n := 0
	for _, learner := range org.Learners() {
		if learner.Status != simulator.StatusDeactivated {
			n++
		}
	}
	return n
}

// created creates a roster in an organization with two groups.
func created(t *testing.T, api acceptance.API, learners records, more ...any) (*acceptance.Organization, *acceptance.Protocol, *acceptance.Object) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{})
	org.AddGroup("Art")
	org.AddGroup("Sales")
	p := org.Protocol(t, nil)
	state, diags := p.Create(resourceType, config(t, learners, more...))
	diags.ExpectNone(t)
	org.ResetRequests()
	return org, p, state
}

func TestRoster_maxRemovals(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 40))
		p.Plan(state, resourceType, config(t, people(10, 40))).Diagnostics.ExpectWarningAt(t, "learners", "(9)") // Below 10.
		p.Plan(state, resourceType, config(t, people(11, 40))).Diagnostics.ExpectError(t, "max_removals",
			"10 learners would lose their seat or account", `max_removals = "20%" allows 9`, "p001@example.com, p002@example.com", `set max_removals to "10"`)
		inactive := people(1, 40)
		for i := range 10 {
			inactive[fmt.Sprintf("p%03d", i+1)]["active"] = false
		}
		p.Plan(state, resourceType, config(t, inactive)).Diagnostics.ExpectError(t, "max_removals", "10 learners")
		org.ExpectWrites(t)

		// Destroying is held as well, and the error names the way.
		p.Plan(state, resourceType, nil).Diagnostics.ExpectError(t, "", "can't be destroyed by accident", `on_removal = "keep"`, `max_removals = "100%"`)
		plan := p.Plan(state, resourceType, config(t, people(1, 40), "on_removal", "keep"))
		plan.Diagnostics.ExpectNone(t)
		state, diags := p.Apply(plan)
		diags.ExpectNone(t)
		left, diags := p.Destroy(state)
		diags.ExpectNone(t)
		left.ExpectGone(t)
		org.ExpectWrites(t)

		plan = p.Plan(state, resourceType, config(t, people(11, 40), "max_removals", "10"))
		state, diags = p.Apply(plan)
		diags.ExpectNone(t)
		if got := seated(org); got != 30 {
			t.Errorf("%d have a seat", got)
		}
		plan = p.Plan(state, resourceType, config(t, people(11, 40), "max_removals", "100%"))
		state, diags = p.Apply(plan)
		diags.ExpectNone(t)
		left, diags = p.Destroy(state)
		diags.ExpectNone(t)
		left.ExpectGone(t)
		if got := seated(org); got != 0 {
			t.Errorf("%d have a seat", got)
		}
	})
}

// The limit of the provider block holds as well.
func TestRoster_providerLimit(t *testing.T) {
	t.Parallel()
	org, _, state := created(t, acceptance.SCIM, people(1, 5))
	p := org.Protocol(t, acceptance.Values{"max_removals": 1})
	p.Plan(state, resourceType, config(t, people(3, 5))).Diagnostics.ExpectError(t, "", "max_removals of the provider block", "p001@example.com")
	p.Plan(state, resourceType, config(t, people(2, 5))).Diagnostics.ExpectNoErrors(t)
}

func TestRoster_adoption(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		org.Add(simulator.Learner{ID: "a", Email: "ada@example.com", FirstName: "Ada", LastName: "Tester", SCIM: true})                        // As the line creates her.
		org.Add(simulator.Learner{ID: "b", Email: "bob@example.com", FirstName: "Robert", LastName: "Tester", SCIM: true})                     // With another name.
		org.Add(simulator.Learner{ID: "c", Email: "old@example.com", FirstName: "Cy", LastName: "Tester", ExternalID: "E3", SCIM: true})       // With another address.
		org.Add(simulator.Learner{ID: "d", Email: "dan@example.com", FirstName: "Dan", LastName: "Tester", Status: "deactivated", SCIM: true}) // Without a seat.
		all := config(t, records{"ada": person("ada"), "bob": person("bob"), "cy": person("cy", "external_id", "E3"), "dan": person("dan")})
		p := org.Protocol(t, nil)

		refusing := config(t, records{"ada": person("ada"), "bob": person("bob")}, "adopt_existing", false)
		p.Plan(nil, resourceType, refusing).Diagnostics.ExpectError(t, "learners", `"ada": the learner "ada@example.com" exists already`, "2 mistakes")

		plan := p.Plan(nil, resourceType, all)
		plan.Diagnostics.ExpectWarningAt(t, "learners", "Adopts learners who exist already (3): bob@example.com (ID b, active: first_name from Robert to Bob)",
			"cy@example.com (ID c, active: email from old@example.com to cy@example.com", "Reactivates learners, who get an e-mail (1): dan@example.com")
		if strings.Contains(plan.Diagnostics.String(), "ada@") {
			t.Errorf("there is a warning for an account that needs no change:\n%s", plan.Diagnostics)
		}
		state, diags := p.Apply(plan)
		diags.ExpectNone(t)
		if got := fmt.Sprint(ids(t, state)); got != "map[ada@example.com:a bob@example.com:b cy@example.com:c dan@example.com:d]" {
			t.Errorf("ids is %s", got)
		}
		if n := len(org.Learners()); n != 4 || seated(org) != 4 {
			t.Errorf("there are %d learners, %d with a seat", n, seated(org))
		}
		p.ExpectCleanPlan(state, all)
	})
}

// Addresses that move within the roster are changed in an order that the API accepts.
func TestRoster_addresses(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, records{
			"1": person("ada", "external_id", "1"), "2": person("eve", "external_id", "2"), "3": person("tim", "external_id", "3"),
		})
		before := ids(t, state)
		// A chain, a new key for the same person, and a new person with an address that becomes free.
		chain := config(t, records{
			"one": person("eve", "external_id", "1"), "2": person("tim", "external_id", "2"), "3": person("new", "external_id", "3"),
			"4": person("ada", "external_id", "4"),
		})
		state, diags := p.Update(state, chain)
		diags.ExpectNone(t)
		after := ids(t, state)
		for from, to := range map[string]string{"ada": "eve", "eve": "tim", "tim": "new"} {
			if before[from+"@example.com"] != after[to+"@example.com"] {
				t.Errorf("%s is not %s any more: %v, then %v", from, to, before, after)
			}
		}
		if len(org.Learners()) != 4 || seated(org) != 4 {
			t.Errorf("the learners are %v", org.Learners())
		}
		p.ExpectCleanPlan(state, chain)

		org.ResetRequests()
		circle := config(t, records{
			"one": person("tim", "external_id", "1"), "2": person("eve", "external_id", "2"), "3": person("new", "external_id", "3"), "4": person("ada", "external_id", "4"),
		})
		p.Plan(state, resourceType, circle).Diagnostics.ExpectError(t, "learners", "change in a circle")
		twice := config(t, records{"a": person("ada", "external_id", "4"), "b": person("bob", "external_id", "4")})
		p.Plan(state, resourceType, twice).Diagnostics.ExpectError(t, "learners", `external_id "4" is already in "a"`)
		org.ExpectWrites(t)
	})
}

func TestRoster_administrators(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	org.Add(simulator.Learner{ID: "o", Email: "owner@example.com", FirstName: "Owner", LastName: "Tester", Role: "owner"})
	org.Add(simulator.Learner{ID: "b", Email: "boss@example.com", FirstName: "Boss", LastName: "Tester", Role: "admin"})
	p := org.Protocol(t, nil)
	state, diags := p.Create(resourceType, config(t, records{"owner": person("owner"), "boss": person("boss", "role", "admin"), "ada": person("ada")}))
	diags.ExpectNone(t)
	org.ResetRequests()
	boss, ada := person("boss", "role", "admin"), person("ada")
	p.Plan(state, resourceType, config(t, records{"boss": boss, "ada": ada})).Diagnostics.ExpectError(t, "learners", `the owner "owner@example.com" can't be removed`)
	p.Plan(state, resourceType, config(t, records{"owner": person("owner", "active", false), "boss": boss, "ada": ada})).Diagnostics.
		ExpectError(t, "learners", "can't be deactivated")
	p.Plan(state, resourceType, config(t, records{"owner": person("owner", "role", "learner"), "boss": boss, "ada": ada})).Diagnostics.
		ExpectError(t, "learners", "the role of the owner")
	org.ExpectWrites(t)
	org.Remove("owner@example.com")
	next := p.NextRun()
	state, _ = next.Read(state)
	next.Plan(state, resourceType, config(t, records{"boss": person("boss", "role", "learner"), "ada": ada})).Diagnostics.
		ExpectError(t, "learners", "would lose its last administrator", "boss@example.com")
	next.Plan(state, resourceType, config(t, records{"ada": ada})).Diagnostics.ExpectError(t, "learners", "would lose its last administrator")
	next.Plan(state, resourceType, config(t, records{"boss": person("boss", "role", "learner"), "ada": person("ada", "role", "admin")})).Diagnostics.
		ExpectError(t, "learners", "would lose its last administrator") // Ada is not an administrator yet.
	org.ExpectWrites(t)
}

func TestRoster_groups(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, records{"ada": person("ada", "groups", []string{"art"}), "eve": person("eve")})
		expectGroups(t, org, "ada@example.com", "Art")
		wrong := records{"ada": person("ada", "groups", []string{"Arts", "New"}), "eve": person("eve", "groups", []string{"New"})}
		p.Plan(state, resourceType, config(t, wrong)).Diagnostics.ExpectError(t, "learners", "2 mistakes",
			`the group "Arts" of 1 line does not exist; the nearest name is Art`, `the group "New" of 2 lines does not exist`)
		wrong = records{"ada": person("ada", "groups", []string{"Art", "New"}), "eve": person("eve", "groups", []string{"New"})}
		creating := config(t, wrong, "missing_groups", "create")
		plan := p.Plan(state, resourceType, creating)
		plan.Diagnostics.ExpectWarningAt(t, "learners", "Creates groups (1): New.")
		state, diags := p.Apply(plan)
		diags.ExpectNone(t)
		state.Expect(t, acceptance.Values{"last_change": "Created 1 group, added 2 memberships."})
		expectGroups(t, org, "ada@example.com", "Art", "New")
		expectGroups(t, org, "eve@example.com", "New")
		p.ExpectCleanPlan(state, creating)

		// A group that another resource of the plan creates is not missing, if that resource is planned before.
		later := config(t, records{"ada": person("ada", "groups", []string{"Later"}), "eve": person("eve")})
		p.Plan(nil, "udemy_group", acceptance.Values{"name": "Later"})
		p.PlanToo(state, resourceType, later).Diagnostics.ExpectNone(t)
		p.Plan(nil, "udemy_group", acceptance.Values{"name": acceptance.Unknown}) // It may be the group.
		p.PlanToo(state, resourceType, later).Diagnostics.ExpectNone(t)
	})
}

func TestRoster_onRemovalDelete(t *testing.T) {
	t.Parallel()
	org, p, state := created(t, acceptance.UserManagement, people(1, 3))
	org.Edit("p001@example.com", func(l *simulator.Learner) { l.Status = simulator.StatusActive })
	next := p.NextRun()
	state, _ = next.Read(state)
	plan := next.Plan(state, resourceType, config(t, people(2, 3), "on_removal", "delete"))
	plan.Diagnostics.ExpectWarningAt(t, "learners", "Deletes learners with their learning history (1): p001@example.com")
	_, diags := next.Apply(plan)
	diags.ExpectNone(t)
	if _, found := org.Learner("p001@example.com"); found || len(org.Learners()) != 2 {
		t.Error("the learner was not deleted")
	}
	_, scim, state := created(t, acceptance.SCIM, people(1, 3))
	scim.Plan(state, resourceType, config(t, people(1, 3), "on_removal", "delete")).Diagnostics.ExpectError(t, "on_removal", "not supported over SCIM")
	scim.Plan(state, resourceType, config(t, people(1, 3, "role", "learner"))).Diagnostics.ExpectError(t, "learners", "role is not supported over SCIM", "p001, p002, p003")
}

// A replacement keeps all learners.
func TestRoster_replacement(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 3))
		values := config(t, people(1, 3))
		state, diags := p.Replace(state, values)
		diags.ExpectWarning(t, "The learners of the roster keep their accounts and seats")
		if seated(org) != 3 || len(org.Writes()) > 0 {
			t.Errorf("%d have a seat: %v", seated(org), org.Writes())
		}
		p.ExpectCleanPlan(state, values)
	})
}

// The same learner in two resources is refused, whichever is planned first.
func TestRoster_twoResources(t *testing.T) {
	t.Parallel()
	org, p, state := created(t, acceptance.SCIM, people(1, 2))
	user := acceptance.Values{"email": "p001@example.com", "first_name": "P001", "last_name": "Tester"}
	values := config(t, people(1, 2))
	p.Plan(state, resourceType, values).Diagnostics.ExpectNone(t)
	p.PlanToo(nil, "udemy_user", user).Diagnostics.ExpectError(t, "email", "p001@example.com")
	p.Plan(nil, "udemy_user", user).Diagnostics.ExpectNoErrors(t)
	p.PlanToo(state, resourceType, values).Diagnostics.ExpectError(t, "learners", "contradicts another resource: 1 learner", `"p001@example.com"`)
	p.Plan(state, resourceType, values).Diagnostics.ExpectNone(t)
	p.PlanToo(nil, resourceType, config(t, people(2, 3))).Diagnostics.ExpectError(t, "learners", "contradicts another resource: 1 learner", `"p002@example.com"`)
	org.ExpectWrites(t)
}

func TestRoster_import(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, _ := created(t, api, records{
			"ada": person("ada", "groups", []string{"Art"}), "eve": person("eve", "groups", []string{"Art", "Sales"}), "tim": person("tim"),
		})
		org.Edit("eve@example.com", func(l *simulator.Learner) { l.Status = simulator.StatusDeactivated })
		for id, want := range map[string]string{
			"all": "ada@example.com eve@example.com tim@example.com", "active": "ada@example.com tim@example.com",
			"group:Art": "ada@example.com eve@example.com", "group:sales": "eve@example.com",
		} {
			next := p.NextRun()
			state, diags := next.Import(resourceType, id)
			diags.ExpectNone(t)
			var keys []string
			for key := range learners(t, state) {
				keys = append(keys, key)
			}
			if got := sorted(keys); got != want {
				t.Errorf("%s: got %s, want %s", id, got, want)
			}
			// A configuration that manages less causes no change.
			less := records{}
			for key, record := range learners(t, state) {
				less[key] = map[string]any{"email": record["email"], "active": record["active"]}
			}
			p.ExpectCleanPlan(state, config(t, less))
		}
		_, diags := p.NextRun().Import(resourceType, "group:Arts")
		diags.ExpectError(t, "", `The group "Arts" does not exist`, "The nearest name is Art.")
		_, diags = p.NextRun().Import(resourceType, "everybody")
		diags.ExpectError(t, "", "Malformed import ID", "(all)")
	})
}

// An incomplete list costs no seat when it is imported. In a later run, a line that is gone does.
func TestRoster_importOfSome(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		_, p, _ := created(t, api, people(1, 3))
		run := p.NextRun()
		state, diags := run.Import(resourceType, "all")
		diags.ExpectNone(t)
		some := records{"p001@example.com": person("p001"), "p002@example.com": person("p002")}
		run.Plan(state, resourceType, config(t, some)).Diagnostics.ExpectError(t, "learners", "The import would remove 1 learner", "p003@example.com",
			"remove the import block")
		run.Plan(state, resourceType, config(t, some, "on_removal", "keep")).Diagnostics.ExpectNoErrors(t)
		some["p003@example.com"] = person("p003", "active", false)
		run.Plan(state, resourceType, config(t, some)).Diagnostics.ExpectNoErrors(t)
	})
}

func TestRoster_malformed(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{})
	p := org.Protocol(t, nil)
	p.Plan(nil, resourceType, acceptance.Values{"learners": "email,first_name"}).Diagnostics.ExpectError(t, "learners", "Malformed roster", "jsonencode")
	p.Plan(nil, resourceType, config(t, records{"a": {"emial": "a@example.com"}})).Diagnostics.ExpectError(t, "learners", `"a": unknown attribute "emial"`)
	p.Validate(resourceType, acceptance.Values{"learners": "{}", "max_removals": "20 %"}).ExpectError(t, "max_removals", "a percentage from 0% to 100%")
	plan := p.Plan(nil, resourceType, acceptance.Values{"learners": acceptance.Unknown})
	plan.Diagnostics.ExpectNone(t)
	plan.Object.Expect(t, acceptance.Values{"ids": acceptance.Unknown, "failed": acceptance.Unknown})
}

// While the provider block has unknown values, state is kept and the plan sends nothing.
func TestRoster_notReady(t *testing.T) {
	t.Parallel()
	org, _, state := created(t, acceptance.SCIM, people(1, 2))
	p := org.Protocol(t, acceptance.Values{"token": acceptance.Unknown})
	kept, diags := p.Read(state)
	diags.ExpectWarning(t, "Nothing was refreshed from Udemy")
	kept.Expect(t, state.Values)
	plan := p.PlanToo(state, resourceType, config(t, people(1, 2)))
	plan.Diagnostics.ExpectNone(t)
	if changes := plan.Changes(); len(changes) > 0 {
		t.Errorf("%v change", changes)
	}
	p.PlanToo(state, resourceType, config(t, people(1, 3))).Diagnostics.ExpectNone(t)
	p.PlanToo(nil, resourceType, config(t, people(1, 3))).Diagnostics.ExpectNone(t)
	if n := org.RequestCount(); n > 0 {
		t.Errorf("there are %d requests", n)
	}
}
