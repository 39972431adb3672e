// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// Without a seat left, creating and reactivating are refused over both APIs and on the page, and nothing changes.
func TestSeats(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Seats: 2})
	ada, grace := h.create("ada@example.com"), h.create("grace@example.com")
	invitation := `{"email":"new@example.com","firstname":"A","lastname":"B"}`
	isFull := func(how string, got answer) {
		t.Helper()
		if got.status != 400 || !strings.Contains(got.body, "No seat is left: 2 of 2 seats are in use.") {
			t.Errorf("%s: status %d: %s", how, got.status, got.body)
		}
	}
	isFull("REST", h.call("POST", "/users/", invitation))
	isFull("SCIM", h.scim("POST", "/Users", scimUser("new@example.com", "")))
	if _, err := h.Administrator().Invite(simulator.Learner{Email: "new@example.com"}); err == nil {
		t.Error("the page invited a learner")
	}
	h.wantSCIM(201, "POST", "/Users", scimUser("inactive@example.com", `,"active":false`)) // takes no seat

	h.want(200, "PATCH", "/users/"+ada+"/", `{"status":"deactivated"}`)
	h.want(201, "POST", "/users/", invitation)
	isFull("reactivation over REST", h.call("PATCH", "/users/"+ada+"/", `{"status":"active"}`))
	isFull("reactivation over SCIM", h.scim("PATCH", "/Users/"+ada, patch(`{"op":"replace","path":"active","value":true}`)))
	if err := h.Administrator().Reactivate(ada); err == nil {
		t.Error("the page reactivated a learner")
	}
	learner, _ := h.Learner("ada@example.com")
	equal(t, "status", learner.Status, "deactivated")
	h.want(200, "PATCH", "/users/"+grace+"/", `{"firstname":"Brewster"}`)

	h.SetSeats(3)
	h.want(200, "PATCH", "/users/"+ada+"/", `{"status":"active"}`)
	equal(t, "counts", h.Counts(), simulator.Counts{Invited: 2, Active: 1, Deactivated: 1, Seats: 3, Licenses: map[string]int{"Enterprise": 3}})
	equal(t, "more learners than seats at the start", len(simulator.New(simulator.Config{Learners: 5, Seats: 2}).Learners()), 5)
}

// Each call that makes Udemy send an e-mail is logged with its cause, and no other call.
func TestMails(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Learners: 5})
	id := h.create("ada@example.com")
	h.want(202, "POST", "/users/"+id+"/resend-invite/", "")
	h.wantSCIM(201, "POST", "/Users", scimUser("scim@example.com", ""))
	h.Invite("invited@example.com")
	h.Accept("ada@example.com", "Augusta", "King")
	h.want(409, "POST", "/users/"+id+"/resend-invite/", "")
	for _, status := range []string{"deactivated", "active", "active"} {
		h.want(200, "PATCH", "/users/"+id+"/", `{"status":"`+status+`"}`)
	}
	for _, change := range []string{`"active","value":false`, `"title","value":"CTO"`, `"active","value":true`, `"active","value":true`} {
		h.wantSCIM(200, "PATCH", "/Users/"+id, patch(`{"op":"replace","path":`+change+`}`))
	}
	var got []string
	mails, total := h.Mails(10)
	for _, m := range mails {
		got = append(got, fmt.Sprintf("%s: %s, %s", m.To, m.Kind, m.Cause))
	}
	equal(t, "mails", got, []string{
		"ada@example.com: invitation, user-management API",
		"ada@example.com: invitation again, user-management API",
		"invited@example.com: invitation, page",
		"ada@example.com: reactivation, user-management API",
		"ada@example.com: reactivation, SCIM",
	})
	equal(t, "total", total, 5)
	equal(t, "created without an invitation", func() int {
		provisioned := vary(t, simulator.Variations{AutoProvision: true})
		provisioned.create("ada@example.com")
		_, total := provisioned.Mails(10)
		return total
	}(), 0)
}

// An administrator gets an error for each mistake, and nothing changes.
func TestAdministrator(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Config{Learners: 4})
	admin := sim.Administrator()
	active, invited := sim.Learners()[0], sim.Learners()[3]
	group := sim.Groups()[0].ID
	before, revision := sim.Learners(), sim.Revision()
	_, invalid := admin.Invite(simulator.Learner{Email: "nobody"})
	_, blank := admin.AddGroup(" ")
	for name, err := range map[string]error{
		"invalid address":       invalid,
		"edit to none":          admin.Edit(active.ID, func(l *simulator.Learner) { l.Email = "" }),
		"edit to a taken one":   admin.Edit(active.ID, func(l *simulator.Learner) { l.Email = invited.Email }),
		"accept as active":      admin.Accept(active.ID, "A", "B"),
		"resend to active":      admin.Resend(active.ID),
		"deactivate an invited": admin.Deactivate(invited.ID),
		"reactivate an active":  admin.Reactivate(active.ID),
		"reactivate unknown":    admin.Reactivate("x"),
		"remove unknown":        admin.Remove("x"),
		"blank group":           blank,
		"blank name":            admin.RenameGroup(group, ""),
		"unknown member":        admin.AddMember(group, "x@example.com"),
		"member already":        admin.AddMember(group, active.Email),
		"no member":             admin.RemoveMember(sim.Groups()[2].ID, active.ID),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	equal(t, "learners", sim.Learners(), before)
	equal(t, "revision", sim.Revision(), revision)
}

// Every change of the organization is a new revision, and a reset restores the start.
func TestRevisionAndReset(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Learners: 4, Idle: 1})
	learners, groups := h.Learners(), h.Groups()
	admin := h.Administrator()
	change := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	last := h.Revision()
	invited, grouped := map[string]bool{}, map[string]bool{} // every ID
	id, group := learners[1].ID, groups[2].ID
	for _, step := range []struct {
		what string
		act  func()
	}{
		{"rename", func() { change("rename", admin.Edit(id, func(l *simulator.Learner) { l.FirstName = "New" })) }},
		{"accept", func() { change("accept", admin.Accept(learners[3].ID, "A", "B")) }},
		{"deactivate", func() { change("deactivate", admin.Deactivate(id)) }},
		{"reactivate", func() { change("reactivate", admin.Reactivate(id)) }},
		{"join", func() { change("join", admin.AddMember(group, learners[1].Email)) }},
		{"leave", func() { change("leave", admin.RemoveMember(group, id)) }},
		{"rename group", func() { change("rename group", admin.RenameGroup(group, "Renamed")) }},
		{"delete group", func() { change("delete group", admin.RemoveGroup(group)) }},
		{"delete", func() { change("delete", admin.Remove(id)) }},
		{"create over REST", func() { h.create("ada@example.com") }},
		{"create over SCIM", func() { h.wantSCIM(201, "POST", "/Users", scimUser("scim@example.com", "")) }},
		{"PATCH over SCIM", func() {
			h.wantSCIM(200, "PATCH", "/Users/"+learners[0].ID, patch(`{"op":"replace","path":"title","value":"CTO"}`))
		}},
		{"group over SCIM", func() { h.wantSCIM(201, "POST", "/Groups", scimGroup("Group", "")) }},
		{"reset", h.Reset},
	} {
		step.act()
		now := h.Revision()
		if now.Organization == last.Organization {
			t.Errorf("%s: the revision is the same", step.what)
		}
		last = now
		for _, l := range h.Learners() {
			invited[l.ID] = true
		}
		for _, g := range h.Groups() {
			grouped[g.ID] = true
		}
	}
	equal(t, "learners", h.Learners(), learners)
	equal(t, "groups", h.Groups(), groups)
	// Terraform state from before the reset may have the IDs of learners and groups who are gone.
	created, err := admin.Invite(simulator.Learner{Email: "grace@example.com"})
	change("invite", err)
	added, err := admin.AddGroup("Later")
	change("add a group", err)
	if invited[created.ID] || grouped[added.ID] {
		t.Errorf("an ID from before the reset names another object: %s, %s", created.ID, added.ID)
	}
	h.Reset()
	last = h.Revision()
	_, mails := h.Mails(1)
	equal(t, "logs", h.RequestCount()+mails, 0)

	h.want(200, "GET", "/users/", "")
	if now := h.Revision(); now.Requests == last.Requests || now.Organization != last.Organization {
		t.Errorf("revision %+v after a read, %+v before", now, last)
	}
	if other := simulator.New(simulator.Config{Learners: 4}).Revision(); other.Start == last.Start {
		t.Error("another simulator has the same revision")
	}
	h.SetPace(time.Millisecond, 0)
	if h.Revision().Switches == last.Switches {
		t.Error("the revision of the switches is the same")
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Config{Learners: 5000})
	emails := func(search simulator.Search, offset, limit int) (found []string, total int) {
		learners, total := sim.Search(search, offset, limit)
		for _, l := range learners {
			found = append(found, l.Email)
		}
		return found, total
	}
	first, _ := emails(simulator.Search{Text: "HR-1001"}, 0, 10)
	equal(t, "external ID", first, []string{"ada.abara@example.com"})
	found, total := emails(simulator.Search{Text: "ADA ABARA"}, 0, 2)
	equal(t, "name", fmt.Sprint(found, total), "[ada.abara8@example.com ada.abara7@example.com] 8")
	found, _ = emails(simulator.Search{Text: "ada abara"}, 7, 2)
	equal(t, "last part", found, first)
	_, invited := emails(simulator.Search{Status: simulator.StatusInvited}, 0, 0)
	equal(t, "invited", invited, sim.Counts().Invited)
	group := sim.Groups()[1]
	_, members := emails(simulator.Search{GroupID: group.ID}, 0, 0)
	equal(t, "members", members, len(group.Members))
	groups, total := sim.SearchGroups("SAL", 0, 5)
	equal(t, "groups", fmt.Sprint(groups[0].Name, groups[0].Members, total), fmt.Sprint("Sales", len(group.Members), 1))
}

func TestSetLag(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	h.SetLag(0, time.Hour)
	id := h.create("ada@example.com")
	h.want(404, "GET", "/users/"+id+"/", "")
	h.SetLag(0, 0)
	h.want(200, "GET", "/users/"+id+"/", "")
}
