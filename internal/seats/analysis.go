// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Analyse finds out what a plan does to learners. It looks at the types of resources and actions and at nothing above them,
// so modules and provider aliases make no difference.
func Analyse(plan *tfjson.Plan) *Report {
	a := analysis{directory: readDirectory(plan)}
	for _, resource := range plan.ResourceChanges {
		if resource.Mode != tfjson.ManagedResourceMode || resource.Change == nil {
			continue
		}
		before, after := sides(resource.Change)
		// Of what is gone from the configuration, Terraform shows here how it was before it was refreshed.
		if refreshed := a.directory.prior[resource.Address+resource.DeposedKey]; before.exists() && refreshed.exists() {
			before.values = refreshed.values
		}
		one := subject{analysis: &a, address: resource.Address, before: before, after: after}
		switch resource.Type {
		case "udemy_user":
			one.learner = shownEmail(before, after)
			one.user(resource.Change)
		case "udemy_group_membership":
			one.membership(resource.Change.Actions)
		case "udemy_group_members":
			one.members(resource.Change.Actions)
		}
	}
	for _, invocation := range plan.ActionInvocations {
		if invocation.Type == "udemy_resend_invitation" {
			one := subject{analysis: &a, address: invocation.Address}
			one.resend(invocation)
		}
	}
	slices.SortStableFunc(a.changes, func(x, y Change) int {
		return cmp.Or(strings.Compare(udemy.EmailKey(x.Learner), udemy.EmailKey(y.Learner)), strings.Compare(x.Address, y.Address))
	})
	return a.report(plan)
}

type analysis struct {
	directory directory
	changes   []Change
}

// report sums up.
func (a *analysis) report(plan *tfjson.Plan) *Report {
	r := &Report{Totals: map[Kind]Total{}, Changes: a.changes, Notes: []string{}}
	if r.Changes == nil {
		r.Changes = []Change{}
	}
	for _, kind := range kinds {
		r.Totals[kind] = Total{}
	}
	for _, change := range a.changes {
		total := r.Totals[change.Kind]
		total.Changes++
		if change.Seats == nil {
			r.Unknown++
		} else {
			total.Seats += *change.Seats
			r.NetChange += *change.Seats
			r.Taken += max(0, *change.Seats)
			r.Freed += max(0, -*change.Seats)
		}
		r.Totals[change.Kind] = total
	}
	r.Organization = a.organization(r.NetChange)

	if len(r.Changes) > 0 {
		r.Notes = append(r.Notes, countingNote)
	}
	if r.Totals[New].Changes > 0 {
		r.Notes = append(r.Notes, "Learners are new unless the plan has read them with the data source udemy_users. One who is in the organization "+
			"already is adopted instead, and takes a seat only if deactivated until now.")
	}
	if len(a.directory.seats) > 0 && r.Organization == nil {
		r.Notes = append(r.Notes, "The plan has read udemy_seats more than once, with different answers, so seats in use are not shown.")
	}
	if plan.Complete != nil && !*plan.Complete {
		r.Notes = append(r.Notes, "The plan is only a part of what the configuration asks for, as with -target. What is left out is not counted.")
	}
	return r
}

// organization is nil unless all data sources say the same: which learner belongs to which is not known.
func (a *analysis) organization(netChange int) *Organization {
	var found *Organization
	for _, seats := range a.directory.seats {
		used, _ := seats.values["used"].(float64)
		said := &Organization{UsedBefore: int(used), UsedAfter: int(used) + netChange}
		if purchased, ok := seats.values["purchased"].(float64); ok {
			said.Purchased = new(int(purchased))
			said.AvailableAfter = new(int(purchased) - said.UsedAfter)
		}
		if found != nil && !reflect.DeepEqual(found, said) {
			return nil
		}
		found = said
	}
	return found
}

// subject is one resource or action of the plan, and the learner whom it is about.
type subject struct {
	*analysis
	address       string
	learner       string
	before, after object
}

// add notes a change that takes a seat, frees one (-1), or neither.
func (s *subject) add(change Change, seats int) {
	change.Seats = &seats
	s.note(change)
}

// note adds a change whose seats are nil if they are known only after apply.
func (s *subject) note(change Change) {
	change.Learner, change.Address = s.learner, s.address
	s.changes = append(s.changes, change)
}
