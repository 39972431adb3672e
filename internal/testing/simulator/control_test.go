// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

func TestSeed(t *testing.T) {
	t.Parallel()
	const n = 2000
	sim, again := simulator.New(simulator.Config{Learners: n}), simulator.New(simulator.Config{Learners: n})
	learners, groups := sim.Learners(), sim.Groups()
	equal(t, "learners of a second run", again.Learners(), learners)
	equal(t, "groups of a second run", again.Groups(), groups)
	equal(t, "the first", []string{learners[0].Role, learners[0].Status}, []string{"admin", "active"})

	counts, seen := map[string]int{}, map[string]bool{}
	for _, l := range learners {
		counts[l.Status]++
		counts["role "+l.Role]++
		if l.ExternalID != "" {
			counts["external"]++
		}
		for _, key := range []string{"id " + l.ID, l.Email} {
			if seen[key] {
				t.Errorf("%q occurs twice", key)
			}
			seen[key] = true
		}
		local, isExample := strings.CutSuffix(l.Email, "@example.com")
		if !isExample || strings.Trim(local, "abcdefghijklmnopqrstuvwxyz.0123456789") != "" {
			t.Errorf("unexpected e-mail address %q", l.Email)
		}
	}
	if len(learners) != n || counts["role admin"] != 1 || counts["external"] == 0 || counts["external"] == n ||
		counts["active"] <= n*3/4 || counts["deactivated"] == 0 || counts["invited"] <= counts["deactivated"] {
		t.Errorf("%d learners: %v", len(learners), counts)
	}
	for _, g := range groups {
		if len(g.Members) == 0 {
			t.Errorf("group %q is empty", g.Name)
		}
	}
	empty := simulator.New(simulator.Config{})
	equal(t, "without learners", len(empty.Learners())+len(empty.Groups()), 0)
}

func TestControl(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Config{})
	ada := sim.Add(simulator.Learner{Email: "Ada@example.com", FirstName: "Ada"})
	if ada.ID == "" || ada.Status != simulator.StatusActive || ada.Role != simulator.RoleLearner {
		t.Errorf("the defaults are missing: %+v", ada)
	}
	first, second := sim.AddGroup("First", ada.ID), sim.AddGroup("Second")
	ben := sim.Add(simulator.Learner{ID: "b", Email: "ben@example.com", Status: "odd", Role: "owner", Groups: []string{second.ID}})
	equal(t, "as given", ben, simulator.Learner{
		ID: "b", Email: "ben@example.com", Status: "odd", Role: "owner", Groups: []string{second.ID},
		Licenses: []string{simulator.LicenseEnterprise},
	})

	sim.Edit("ADA@example.com", func(l *simulator.Learner) {
		l.ID, l.Email, l.Status, l.Groups = "a", "new@example.com", simulator.StatusDeactivated, []string{second.ID}
	})
	if _, found := sim.Learner("ada@example.com"); found {
		t.Error("the old e-mail address still finds the learner")
	}
	edited, _ := sim.Learner("NEW@example.com")
	equal(t, "edited", edited, simulator.Learner{
		ID: "a", Email: "new@example.com", FirstName: "Ada",
		Role: "learner", Status: "deactivated", Groups: []string{second.ID},
		Licenses: []string{simulator.LicenseEnterprise},
	})
	members := func() [][]string {
		var all [][]string
		for _, g := range sim.Groups() {
			all = append(all, g.Members)
		}
		return all
	}
	equal(t, "members", members(), [][]string{{}, {"b", "a"}})

	sim.SetMembers(first.ID, "a", "b")
	sim.SetMembers(second.ID, "a")
	equal(t, "members", members(), [][]string{{"a", "b"}, {"a"}})
	sim.Remove("New@example.com")
	equal(t, "members", members(), [][]string{{"b"}, {}})
	sim.RenameGroup(first.ID, "Renamed")
	sim.RemoveGroup(second.ID)
	equal(t, "groups", sim.Groups(), []simulator.Group{{ID: first.ID, Name: "Renamed", Members: []string{"b"}}})

	sim.EditGroup(first.ID, func(g *simulator.Group) { g.ID, g.Name, g.ExternalID, g.SCIM = "x", "Edited", "G-1", true })
	equal(t, "groups", sim.Groups(),
		[]simulator.Group{{ID: first.ID, Name: "Edited", Members: []string{"b"}, ExternalID: "G-1", SCIM: true}})

	sim.Learners()[0].Groups[0] = "overwritten"
	sim.Learners()[0].Licenses[0] = "overwritten"
	equal(t, "copied licenses", sim.Learners()[0].Licenses, []string{simulator.LicenseEnterprise})
	mine := []string{simulator.LicensePro}
	sim.Edit("ben@example.com", func(l *simulator.Learner) { l.Licenses = mine })
	mine[0] = "overwritten"
	equal(t, "licenses", sim.Learners()[0].Licenses, []string{simulator.LicensePro})
	sim.Groups()[0].Members[0] = "overwritten"
	equal(t, "copies", []string{sim.Learners()[0].Groups[0], sim.Groups()[0].Members[0]}, []string{first.ID, "b"})
}

func TestControlPanicsOnMistakes(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Config{})
	sim.Add(simulator.Learner{ID: "a", Email: "a@example.com"})
	sim.Add(simulator.Learner{ID: "b", Email: "b@example.com"})
	id := sim.AddGroup("Group").ID
	sim.AddGroup("Taken")
	edit := func(change func(*simulator.Learner)) func() {
		return func() { sim.Edit("a@example.com", change) }
	}
	for name, mistake := range map[string]func(){
		"add taken e-mail":       func() { sim.Add(simulator.Learner{Email: "A@example.com"}) },
		"add taken ID":           func() { sim.Add(simulator.Learner{ID: "a", Email: "c@example.com"}) },
		"add with group":         func() { sim.Add(simulator.Learner{Email: "c@example.com", Groups: []string{"x"}}) },
		"edit unknown learner":   func() { sim.Edit("x@example.com", func(*simulator.Learner) {}) },
		"edit to taken e-mail":   edit(func(l *simulator.Learner) { l.Email = "B@example.com" }),
		"add taken user name":    func() { sim.Add(simulator.Learner{Email: "c@example.com", UserName: "A@example.com"}) },
		"edit to user name":      edit(func(l *simulator.Learner) { l.UserName = "b@example.com" }),
		"edit group to taken":    func() { sim.EditGroup(id, func(g *simulator.Group) { g.Name = "taken" }) },
		"edit unknown group":     func() { sim.EditGroup("x", func(*simulator.Group) {}) },
		"edit to taken ID":       edit(func(l *simulator.Learner) { l.ID = "b" }),
		"edit to unknown group":  edit(func(l *simulator.Learner) { l.Groups = []string{"x"} }),
		"remove unknown learner": func() { sim.Remove("x@example.com") },
		"taken group":            func() { sim.AddGroup("group") },
		"unknown member":         func() { sim.SetMembers(id, "x") },
		"rename unknown":         func() { sim.RenameGroup("x", "y") },
		"rename to taken":        func() { sim.RenameGroup(id, "taken") },
		"remove unknown group":   func() { sim.RemoveGroup("x") },
		"members of unknown":     func() { sim.SetMembers("x") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			mistake()
		}()
	}
	// The lock is released and nothing has changed.
	equal(t, "learners", len(sim.Learners()), 2)
	equal(t, "groups", len(sim.Groups()), 2)
	a, _ := sim.Learner("a@example.com")
	equal(t, "learner", a.ID, "a")
}
