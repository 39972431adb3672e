// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"net/http/httptest"
	"slices"
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

func get(t *testing.T, sim *simulator.Simulator, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	recorder := httptest.NewRecorder()
	sim.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), method, path, nil))
	return recorder
}

func TestPage(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Config{Learners: 3})
	sim.Add(simulator.Learner{Email: "x@example.com", FirstName: "<script>alert(1)</script>", ExternalID: `"><i>`, Status: "invited"})
	sim.Add(simulator.Learner{Email: "y@example.com", Licenses: []string{"Enterprise", "Pro"}, SCIM: true})
	sim.EditGroup(sim.AddGroup("R&D <b>").ID, func(g *simulator.Group) { g.SCIM = true })
	get(t, sim, "GET", "/secret'<u>/?q=<s>")
	answer := get(t, sim, "GET", "/")
	page := answer.Body.String()
	equal(t, "status", answer.Code, 200)
	equal(t, "content type", answer.Header().Get("Content-Type"), "text/html; charset=utf-8")
	for _, want := range []string{
		"ada.abara@example.com", "Ada Abara", "badge admin", "badge active", "badge invited", "E-1001",
		"Engineering", "R&amp;D &lt;b&gt;", "&lt;script&gt;alert(1)&lt;/script&gt;",
		`"http://example.com/api-2.0"`, `"http://example.com/scim/v2"`, `api       = "scim"`, "<td>Enterprise, Pro</td>", simulator.DefaultOrganization, simulator.DefaultToken, `<span class="badge s4">401</span>`,
		`<b>5</b><span class="dim">learners</span>`, `<b>4</b><span class="dim">groups</span>`, `<b>1</b><span class="dim">requests</span>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not contain %s", want)
		}
	}
	for _, unwanted := range []string{"<script>alert", "<i>", "D <b>", "<u>", "<s>"} {
		if strings.Contains(page, unwanted) {
			t.Errorf("%s in the page is not escaped", unwanted)
		}
	}
	equal(t, "marks", strings.Count(page, ">SCIM</span>"), 2)
	equal(t, "HEAD", get(t, sim, "HEAD", "/").Code, 200)
	equal(t, "POST", get(t, sim, "POST", "/").Code, 405)
	equal(t, "requests", sim.RequestCount(), 1)
}

func TestPageHidesCustomToken(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Config{Token: "possibly-a-real-token"})
	if page := get(t, sim, "GET", "/").Body.String(); strings.Contains(page, "possibly-a-real-token") {
		t.Error("the page contains the token")
	}
}

func TestPageShowsTheNewest(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Config{Learners: 10_000})
	for range 60 {
		get(t, sim, "GET", "/users/")
	}
	page := get(t, sim, "GET", "/").Body.String()
	learners := sim.Learners()
	slices.Reverse(learners)
	equal(t, "the newest", strings.Contains(page, ">"+learners[0].Email+"<"), true)
	equal(t, "the last shown", strings.Contains(page, ">"+learners[199].Email+"<"), true)
	equal(t, "the first not shown", strings.Contains(page, ">"+learners[200].Email+"<"), false)
	equal(t, "the page states it", strings.Contains(page, "the newest 200 of 10000"), true)
	equal(t, "requests", strings.Contains(page, "the latest 50 of 60"), true)
	equal(t, "rows of requests", strings.Count(page, `<span class="badge s4">401</span>`), 50)
}
