// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// analyze returns the changes of learners in a plan. It considers only the types of resources and actions, so it includes all
// modules and provider aliases.
func analyze(plan *tfjson.Plan) *report {
	a := analysis{
		directory: readDirectory(plan),
		spellings: map[string]string{}, listed: map[string]bool{}, released: map[string]object{},
	}
	var subjects []*subject
	var planned []*tfjson.Change
	for _, resource := range plan.ResourceChanges {
		if resource.Mode != tfjson.ManagedResourceMode || resource.Change == nil {
			continue
		}
		before, after := sides(resource.Change)
		// For a resource that is no longer in the configuration, Before is not refreshed, but the prior state is.
		if refreshed := a.directory.prior[resource.Address+resource.DeposedKey]; before.exists() && refreshed.exists() {
			before.values = refreshed.values
		}
		one := &subject{analysis: &a, address: resource.Address, resourceType: resource.Type, before: before, after: after}
		one.note(resource.Change.Actions)
		subjects, planned = append(subjects, one), append(planned, resource.Change)
	}
	for i, one := range subjects {
		switch one.resourceType {
		case "udemy_user":
			one.learner = shownEmail(one.before, one.after)
			one.user(planned[i])
		case "udemy_roster":
			one.roster(planned[i])
		case "udemy_group_membership":
			one.membership(planned[i].Actions)
		case "udemy_group_members":
			one.members(planned[i].Actions)
		}
	}
	a.dropMoves()
	for _, invocation := range plan.ActionInvocations {
		if invocation.Type == "udemy_resend_invitation" {
			one := subject{analysis: &a, address: invocation.Address}
			one.resend(invocation)
		}
	}
	slices.SortStableFunc(a.changes, func(x, y change) int {
		return cmp.Or(strings.Compare(udemy.EmailKey(x.Learner), udemy.EmailKey(y.Learner)), strings.Compare(x.Address, y.Address))
	})
	return a.report(plan)
}

type analysis struct {
	directory directory
	changes   []change

	spellings map[string]string // names of groups by GroupKey
	listed    map[string]bool   // EmailKeys of the learners whom a resource has after the apply or removes from a roster
	released  map[string]object // learners whom a resource releases without removing them, by EmailKey
	// passed counts the inactive lines of rosters without a known account.
	passed      int
	hasUnlisted bool // A roster deactivates learners who are in no roster.
}

func (a *analysis) report(plan *tfjson.Plan) *report {
	r := &report{Totals: map[kind]total{}, Changes: a.changes, Notes: []string{}}
	if r.Changes == nil {
		r.Changes = []change{}
	}
	for _, k := range kinds {
		r.Totals[k] = total{}
	}
	for _, c := range a.changes {
		sum := r.Totals[c.Kind]
		sum.Changes++
		if c.Seats == nil {
			r.Unknown++
		} else {
			sum.Seats += *c.Seats
			r.NetChange += *c.Seats
			r.Taken += max(0, *c.Seats)
			r.Freed += max(0, -*c.Seats)
		}
		r.Totals[c.Kind] = sum
	}
	r.Organization = a.organization(r.NetChange)

	if len(r.Changes) > 0 {
		r.Notes = append(r.Notes, countingNote)
	}
	if r.Totals[kindNew].Changes > 0 {
		r.Notes = append(r.Notes, adoptionNote)
	}
	if len(a.directory.seats) > 0 && r.Organization == nil {
		r.Notes = append(r.Notes, ambiguousNote)
	}
	if a.passed > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf(passedNote, count(a.passed, "inactive line")))
	}
	if a.hasUnlisted {
		r.Notes = append(r.Notes, unlistedNote)
	}
	if plan.Complete != nil && !*plan.Complete {
		r.Notes = append(r.Notes, incompleteNote)
	}
	return r
}

// organization returns nil if the results of udemy_seats differ. The plan does not assign a learner to one of several
// organizations.
func (a *analysis) organization(netChange int) *organization {
	var first *organization
	for _, seats := range a.directory.seats {
		used, _ := seats.values["used"].(float64)
		o := &organization{UsedBefore: int(used), UsedAfter: int(used) + netChange}
		if purchased, ok := seats.values["purchased"].(float64); ok {
			o.Purchased = new(int(purchased))
			o.AvailableAfter = new(int(purchased) - o.UsedAfter)
		}
		if first != nil && !reflect.DeepEqual(first, o) {
			return nil
		}
		first = o
	}
	return first
}

// subject is a resource or action of the plan, and the learner that it concerns.
type subject struct {
	*analysis
	address       string
	learner       string
	before, after object
	resourceType  string
	// reason is why the learner is removed. It is empty if the resource is destroyed.
	reason string
	// lines are those of a udemy_roster.
	lines *lines
}

// add adds a change that takes a seat (1), frees a seat (-1) or does neither (0).
func (s *subject) add(c change, seats int) {
	c.Seats = &seats
	s.addUnknown(c)
}

// addUnknown adds a change whose seats are known only after apply.
func (s *subject) addUnknown(c change) {
	c.Learner, c.Address = s.learner, s.address
	c.person = udemy.EmailKey(cmp.Or(s.before.raw("email"), s.after.raw("email")))
	s.changes = append(s.changes, c)
}
