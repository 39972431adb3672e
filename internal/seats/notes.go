// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"fmt"

	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
)

// The notes of a report.
const (
	countingNote = "Invited and active learners count as seats in use. Deactivated learners don't. Udemy's documentation is inconsistent on " +
		"whether an invitation takes a seat before the learner accepts it."
	unreadNote = "The plan has not read the learners of the organization with the data source udemy_users, so a new learner may " +
		"exist already. An existing learner is adopted instead, and takes a seat only if the learner was deactivated before."
	readNote      = "The plan has read %s with data sources. The new learners are not among them."
	unnamedNote   = "Some learners join groups that the report can't name. The numbers of members that join a group do not include them."
	ambiguousNote = "The plan contains different results of udemy_seats for one organization, so the report does not show its seats in use."
	passedNote    = "Rosters contain %s without an account that the plan has read. If such a learner has a seat, the apply frees it. The report does not count it."
	unlistedNote  = "A roster with `unlisted = \"deactivate\"` also deactivates learners whom the plan has not read with the data source udemy_users. The report does not " +
		"count them; the warnings of the plan list them."
	sparedNote = "A roster with `unlisted = \"deactivate\"` deactivates only learners whom a refresh has found in no resource before. The next plan deactivates %s. " +
		"To keep the seat, a learner needs a line of a roster or a resource."
)

// countSpared counts the learners whom the next plan deactivates.
func (a *analysis) countSpared() string {
	count := plural.Count(len(a.spared), "learner")
	switch {
	case len(a.spared) == 0:
		return "learners whom this plan has not read with the data source udemy_users"
	case a.hasUnread:
		return "at least " + count
	default:
		return count
	}
}

// notes adds the remarks that are true for this plan.
func (a *analysis) notes(r *report, ambiguous bool) {
	add := func(applies bool, note string) {
		if applies {
			r.Notes = append(r.Notes, note)
		}
	}
	found := 0
	for _, p := range a.people {
		if p.found {
			found++
		}
	}
	hasNew := r.Totals[kindNew].Changes > 0
	add(r.Taken+r.Freed+r.Unknown > 0, countingNote)
	add(hasNew && found == 0 && len(a.allLearners) == 0, unreadNote)
	add(hasNew && found > 0, fmt.Sprintf(readNote, plural.Count(found, "learner")))
	add(a.joinsUnnamed(), unnamedNote)
	add(ambiguous, ambiguousNote)
	add(a.passed > 0, fmt.Sprintf(passedNote, plural.Count(a.passed, "inactive line")))
	add(a.hasUnlisted, unlistedNote)
	add(len(a.spared) > 0 || a.hasUnread, fmt.Sprintf(sparedNote, a.countSpared()))
}
