// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"maps"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// phases are the changes by type of resource. An address that one learner gives up can pass to another one, so learners leave first, and
// new learners come last.
var phases = []map[string]func(*subject){
	{"udemy_group": (*subject).changeGroup},
	{"udemy_user": (*subject).destroyUser, "udemy_roster": (*subject).leaveRoster},
	{"udemy_user": (*subject).updateUser, "udemy_roster": (*subject).updateLines},
	{"udemy_user": (*subject).createUser, "udemy_roster": (*subject).createLines},
	{"udemy_roster": (*subject).unlisted, "udemy_group_membership": (*subject).membership, "udemy_group_members": (*subject).members},
}

// analyze returns what a plan does with learners and groups, in all modules and organizations. The rows are not sorted.
func analyze(p *plan) *report {
	p.config.index()
	a := newAnalysis(p)
	a.addSubjects(p.changes)
	for _, phase := range phases {
		for _, s := range a.subjects {
			if apply := phase[s.resourceType]; apply != nil {
				apply(s)
			}
		}
	}
	for _, invocation := range p.invocations {
		if invocation != nil && invocation.Type == "udemy_resend_invitation" {
			a.resend(invocation)
		}
	}
	return a.report(p)
}

// analysis is the directory of a plan with the changes so far.
type analysis struct {
	*directory
	subjects []*subject
	pending  pendingObjects
	// passed counts the inactive lines of rosters without a known account.
	passed      int
	hasUnlisted bool // A roster deactivates learners who are in no roster, and the plan has not read all.
	// spared are the learners whom an authoritative roster deactivates only with the next plan, and hasUnread is set if there may be more.
	spared    map[*person]bool
	hasUnread bool
	unknown   bool // The lines of a roster are known only after apply.
}

// subject is a managed resource with its change.
type subject struct {
	*analysis
	instance
	org, address  string
	resourceType  string
	before, after object
	actions       tfjson.Actions
	imports       bool
	// isShadowed is set for a deposed object whose learner or group the current object of the resource has, too.
	isShadowed bool
	roster     *rosterDiff // of a udemy_roster
}

func newAnalysis(p *plan) *analysis {
	return &analysis{directory: newDirectory(p), pending: newPendingObjects(), spared: map[*person]bool{}}
}

func (a *analysis) addSubjects(changes []*resourceChange) {
	for _, c := range changes {
		before, after := sides(c.Change)
		// For a resource that is no longer in the configuration, Before is not refreshed, but the prior state is.
		refreshed := a.states[c.Address+c.DeposedKey]
		if before.exists() && refreshed.exists() {
			before.values = refreshed.values
		}
		s := &subject{
			analysis: a, address: c.Address, resourceType: c.Type, instance: instance{c.ModuleAddress, c.Type + "." + c.Name, keyOf(c.Address)},
			org: a.orgOf(c.Address, before), before: before, after: after, actions: c.Change.Actions, imports: c.Change.Importing != nil,
		}
		if c.DeposedKey != "" && before.raw("id") != "" {
			s.isShadowed = a.states[c.Address].raw("id") == before.raw("id")
		}
		if c.Mode == tfjson.DataResourceMode {
			s.resource = "data." + s.resource
			s.readLater()
			continue
		}
		if before.exists() && !refreshed.exists() {
			a.add(s.org, c.Address, c.Mode, c.Type, before)
		}
		a.orgs[s.org] = true
		a.subjects = append(a.subjects, s)
	}
	for _, s := range a.subjects {
		if s.resourceType == "udemy_roster" {
			s.roster = s.rosterDiff()
		}
	}
}

// isReplaced reports whether the resource is replaced and keeps the learner or group, because the identifying attribute has the same
// key.
func (s *subject) isReplaced(attribute string, key func(string) string) bool {
	return s.actions.Replace() && key(s.before.raw(attribute)) == key(s.after.raw(attribute))
}

func (s *subject) keepsLearner() bool { return s.isReplaced("email", udemy.EmailKey) }

// destroyUser adds the destroy of a udemy_user.
func (s *subject) destroyUser() {
	switch {
	case s.keepsLearner(), s.isShadowed:
	case s.actions.Forget():
		s.leave(removalKeep)
	case slices.Contains(s.actions, tfjson.ActionDelete):
		s.leave(s.before.raw("on_destroy"))
	}
}

func (s *subject) leave(onDestroy string) {
	p := s.person(s.org, s.before)
	p.at(s.address)
	p.show(s.before)
	p.remove(onDestroy, "on destroy")
}

// updateUser adds a change of a learner in place. A replacement keeps the account, too.
func (s *subject) updateUser() {
	if !s.before.exists() || !s.after.exists() || s.actions.Replace() && !s.keepsLearner() {
		return
	}
	p := s.person(s.org, s.before)
	p.listed = true
	if s.imports {
		p.imported = true
		p.at(s.address)
	}
	if s.keepsLearner() {
		p.note("replaced, keeps the account")
		s.pending.add(s, pendingObject{person: p})
	}
	if !s.actions.NoOp() {
		s.update(p, s.before, s.after)
	}
}

// createUser adds a learner who is created or adopted.
func (s *subject) createUser() {
	if !slices.Contains(s.actions, tfjson.ActionCreate) || s.keepsLearner() {
		return
	}
	p := s.match(s.org, s.after)
	if p == nil {
		p = s.newPerson(s.org)
	}
	p.listed = true
	s.create(p, s.after)
	s.pending.add(s, pendingObject{person: p})
}

// report sums up the analysis.
func (a *analysis) report(p *plan) *report {
	r := &report{
		FormatVersion: formatVersion, Errored: p.errored, RefreshOnly: p.isRefreshOnly(),
		Complete: !p.errored && len(p.deferred) == 0 && (p.complete == nil || *p.complete), Deferred: p.deferred,
		Totals: map[kind]total{}, Activity: a.activity, AtLeast: a.unknown, Uncounted: a.hasUnlisted || a.passed > 0, Outside: outsideOf(p),
	}
	for _, k := range kinds {
		r.Totals[k] = total{}
	}
	count := func(k kind, changes bool, seats int) {
		if changes {
			r.Totals[k] = total{r.Totals[k].Changes + 1, r.Totals[k].Seats + seats}
		}
	}
	net := map[string]int{}
	for _, one := range a.people {
		row, changes := one.row()
		if !changes {
			continue
		}
		if len(a.orgs) > 1 {
			row.Provider = one.org
		}
		r.AtLeast = r.AtLeast || one.half || row.Seats == nil
		seats := 0
		if row.Seats == nil {
			r.Unknown++
		} else {
			seats = *row.Seats
		}
		r.Taken += max(0, seats)
		r.Freed += max(0, -seats)
		net[one.org] += seats
		count(row.Kind, true, seats)
		count(kindRole, row.Role != nil, 0)
		count(kindLicenseTypes, row.LicenseTypes != nil, 0)
		count(kindLicensePool, row.LicensePool != nil, 0)
		count(kindEmail, row.EmailFrom != "", 0)
		count(kindName, row.NameFrom != "", 0)
		count(kindGroups, row.Groups != nil, 0)
		count(kindInvitationResent, row.Resent, 0)
		r.Mails.add(one, row)
		r.Learners = append(r.Learners, row)
	}
	r.NetChange = r.Taken - r.Freed
	for _, g := range a.groups {
		if row, changes := g.row(a.allMembers[g.org]); changes {
			count(row.Kind, true, 0)
			r.Groups = append(r.Groups, row)
		}
	}
	ambiguous := a.organizations(r, net)
	a.notes(r, ambiguous)
	r.noNulls()
	return r
}

// add counts the e-mails that Udemy sends to a learner.
func (m *mails) add(p *person, row learner) {
	if p.invited {
		m.Invitations++
	}
	if p.initial == udemy.StatusDeactivated && seat(p.status) == 1 && !p.open {
		m.Reactivations++
	}
	if row.Resent {
		m.Resent++
	}
}

// organizations adds the seats in use. It leaves out an organization with different results of udemy_seats, and reports whether there is
// one.
func (a *analysis) organizations(r *report, net map[string]int) (ambiguous bool) {
	for _, org := range slices.Sorted(maps.Keys(a.seats)) {
		if len(a.seats[org]) > 1 {
			ambiguous = true
			continue
		}
		for found := range a.seats[org] {
			o := organization{Provider: org, UsedBefore: found.used, UsedAfter: found.used + net[org], NetChange: net[org]}
			if found.hasPurchased {
				o.Purchased = new(found.purchased)
				o.AvailableAfter = new(found.purchased - o.UsedAfter)
			}
			r.Organizations = append(r.Organizations, o)
		}
	}
	return ambiguous
}

// noNulls replaces nil lists, which JSON writes as null.
func (r *report) noNulls() {
	r.Deferred, r.Organizations, r.Activity = orEmpty(r.Deferred), orEmpty(r.Organizations), orEmpty(r.Activity)
	r.Groups, r.Learners, r.BrokenGates, r.Notes = orEmpty(r.Groups), orEmpty(r.Learners), orEmpty(r.BrokenGates), orEmpty(r.Notes)
	r.Outside.Groups, r.Outside.Learners = orEmpty(r.Outside.Groups), orEmpty(r.Outside.Learners)
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
