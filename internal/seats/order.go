// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"cmp"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// place is the section of the report that lists a learner or a group. The most dangerous section comes first.
type place int

const (
	placeGroupsDeleted place = iota
	placeLearnersDeleted
	placeNewAdmins
	placeDeactivated

	placeGroups
	placeNew
	placeAdopted
	placeReactivated
	placeChanged
	placeImported
	placeForgotten
	placeDeferred
	placeOutsideGroups
	placeOutsideLearners
)

// places have the titles of the sections, and the names of their rows in the overview.
var places = [...]struct{ title, one, many string }{
	placeGroupsDeleted:   {"Groups deleted", "group deleted", "groups deleted"},
	placeLearnersDeleted: {"Learners deleted", "learner deleted", "learners deleted"},
	placeNewAdmins:       {"New administrators", "new administrator", "new administrators"},
	placeDeactivated:     {"Learners deactivated", "learner deactivated", "learners deactivated"},
	placeGroups:          {"Groups changed", "group changed", "groups changed"},
	placeNew:             {"New learners", "new learner", "new learners"},
	placeAdopted:         {"Learners adopted", "adopted", "adopted"},
	placeReactivated:     {"Learners reactivated", "reactivated", "reactivated"},
	placeChanged:         {"Learners changed", "changed", "changed"},
	placeImported:        {"Learners imported", "imported", "imported"},
	placeForgotten:       {"Learners no longer managed", "no longer managed", "no longer managed"},
	placeDeferred:        {"Changes deferred", "change deferred", "changes deferred"},
	placeOutsideGroups:   {"Groups changed outside Terraform", "group changed outside Terraform", "groups changed outside Terraform"},
	placeOutsideLearners: {"Learners changed outside Terraform", "learner changed outside Terraform", "learners changed outside Terraform"},
}

// dangerous reports whether the changes of a section can't be undone, give rights or take seats away.
func (p place) dangerous() bool { return p <= placeDeactivated }

// place returns the section of a learner. A learner who becomes an administrator is listed there, also if the learner is new.
func (l *learner) place() place {
	switch {
	case l.Kind == kindDeleted:
		return placeLearnersDeleted
	case l.NewAdmin:
		return placeNewAdmins
	case l.Kind == kindDeactivated, l.Kind == kindInvitationCanceled, l.Seats != nil && *l.Seats < 0:
		return placeDeactivated
	case l.Kind == kindNew:
		return placeNew
	case l.Kind == kindAdopted:
		return placeAdopted
	case l.Kind == kindReactivated:
		return placeReactivated
	case l.Kind == kindImported:
		return placeImported
	case l.Kind == kindForgotten:
		return placeForgotten
	default:
		return placeChanged
	}
}

func (g *group) place() place {
	if g.Kind == kindGroupDeleted {
		return placeGroupsDeleted
	}
	return placeGroups
}

// sort sorts groups and learners by danger, then by name or e-mail address.
func (r *report) sort() {
	sortGroups(r.Groups)
	sortGroups(r.Outside.Groups)
	sortLearners(r.Learners)
	sortLearners(r.Outside.Learners)
}

func sortGroups(groups []group) {
	slices.SortStableFunc(groups, func(a, b group) int {
		return cmp.Or(cmp.Compare(a.place(), b.place()), strings.Compare(udemy.GroupKey(a.Name), udemy.GroupKey(b.Name)))
	})
}

func sortLearners(learners []learner) {
	// Folding an address costs more than comparing it.
	keys := make(map[string]string, len(learners))
	for _, l := range learners {
		keys[l.Email] = udemy.EmailKey(l.Email)
	}
	slices.SortStableFunc(learners, func(a, b learner) int {
		return cmp.Or(cmp.Compare(a.place(), b.place()), strings.Compare(keys[a.Email], keys[b.Email]), strings.Compare(a.Provider, b.Provider))
	})
}
