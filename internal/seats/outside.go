// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"slices"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// outsideOf returns what changed outside Terraform since the last apply. An accepted invitation changes only the status and is left out.
func outsideOf(p *plan) outside {
	var result outside
	if len(p.drift) == 0 {
		return result
	}
	a := newAnalysis(p)
	clear(a.states) // The prior state is refreshed, so it has the objects after the drift.
	a.addSubjects(p.drift)
	for _, s := range a.subjects {
		gone := slices.Contains(s.actions, tfjson.ActionDelete)
		switch s.resourceType {
		case "udemy_user":
			s.drifted(s.before, s.after)
		case "udemy_roster":
			s.driftedLines()
		case "udemy_group":
			if gone {
				s.endGroup(kindGroupDeleted, "")
			} else {
				s.renameGroup()
			}
		case "udemy_group_membership":
			if gone {
				s.membership()
			}
		case "udemy_group_members":
			s.members()
		}
	}
	for _, one := range a.people {
		if row, changes := one.row(); changes {
			if len(a.orgs) > 1 {
				row.Provider = one.org
			}
			result.Learners = append(result.Learners, row)
		}
	}
	for _, one := range a.people {
		for g, by := range one.moves {
			if by > 0 { // The refreshed state has the new members, too, and the report shows those before the change.
				delete(g.members, one.id)
			}
		}
	}
	for _, g := range a.groups {
		if row, changes := g.row(false); changes {
			result.Groups = append(result.Groups, row)
		}
	}
	return result
}

// drifted adds what happened to a learner.
func (s *subject) drifted(before, after object) {
	p := s.person(s.org, before)
	p.at(s.address)
	p.show(before)
	if !after.exists() {
		p.deleted, p.status = true, absent
		return
	}
	if was, is := statusOf(before), statusOf(after); seat(was) != seat(is) {
		p.status = is
	}
	s.profile(p, before, after, false)
}

func (s *subject) driftedLines() {
	if s.roster.open || !s.after.exists() {
		return
	}
	for key, line := range s.roster.after {
		old := s.roster.old(key)
		switch {
		case !old.hasAccount():
		case line.ID == "" && udemy.SameEmail(old.Email, line.Email):
			s.drifted(old.object(), object{})
		default:
			s.drifted(old.object(), line.object())
		}
	}
	for _, line := range s.roster.leaving() {
		s.drifted(line.object(), object{})
	}
}
