// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package activity joins the activity report to the learners of the directory, and provides the data source udemy_activity.
package activity

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Result is what the activity report shows about the seats of an organization. The lists are sorted, and their addresses are in
// lower case. A learner is in one list at most.
type Result struct {
	// Idle are learners whose last visit is long ago.
	Idle []string
	// NeverVisited are learners who joined long ago and have never visited.
	NeverVisited []string
	// NeverActivated are learners who are not in the report.
	NeverActivated []string
	// Unknown are people who are in the report, but not in the directory.
	Unknown []string
	// IdleAdmins are administrators who would be in one of the first three lists.
	IdleAdmins []string
	// People are the rows of the report by address, without erased and deactivated people.
	People map[string]udemy.Activity
	Counts counts
}

// counts are the numbers of rows and learners that no list shows.
type counts struct {
	// Rows are all rows of the report. Erased and Deactivated are those that are left out.
	Rows, Erased, Deactivated int
	// Seated are the learners of the directory with a seat, and Active those of them whose last visit is recent.
	Seated, Active int
	// Undecided are learners with a seat whose row does not show how long they have been idle: without a visit and a recent or no
	// joined date, or deactivated according to the report.
	Undecided int
}

// idle joins a report to the learners of the directory. A learner is idle from idleDays days after the last visit on. The times
// of the report and today are days in UTC.
func idle(report []udemy.Activity, users []udemy.User, today time.Time, idleDays int) Result {
	result := Result{People: map[string]udemy.Activity{}, Counts: counts{Rows: len(report)}}
	inReport := map[string]bool{}
	mainKeys := aliases(users)
	for _, row := range report {
		key := udemy.EmailKey(row.Email)
		key = cmp.Or(mainKeys[key], key)
		switch {
		case key == "":
			result.Counts.Erased++
		case row.Deactivated:
			result.Counts.Deactivated++
			inReport[key] = true
		default:
			inReport[key] = true
			if other, twice := result.People[key]; twice {
				row = merge(other, row)
			}
			result.People[key] = row
		}
	}

	limit := today.AddDate(0, 0, -idleDays)
	isLongAgo := func(day time.Time) bool { return !day.IsZero() && !day.After(limit) }
	seated, known := seats(users)
	result.Counts.Seated = len(seated)
	for _, key := range slices.Sorted(maps.Keys(seated)) {
		row, hasRow := result.People[key]
		var list *[]string
		switch {
		case !inReport[key]:
			list = &result.NeverActivated
		case isLongAgo(row.LastVisit):
			list = &result.Idle
		case !row.LastVisit.IsZero():
			result.Counts.Active++
		case hasRow && isLongAgo(row.Joined):
			list = &result.NeverVisited
		default:
			result.Counts.Undecided++
		}
		if list == nil {
			continue
		}
		if isAdmin(seated[key]) || isAdmin(row.Role) {
			list = &result.IdleAdmins
		}
		*list = append(*list, key)
	}
	for _, key := range slices.Sorted(maps.Keys(result.People)) {
		if !known[key] {
			result.Unknown = append(result.Unknown, key)
		}
	}
	return result
}

// seats returns the roles of the learners with a seat by address, and the addresses of all learners. An administrator stays one,
// whatever other accounts the directory has with the address.
func seats(users []udemy.User) (seated map[string]udemy.Role, known map[string]bool) {
	seated, known = map[string]udemy.Role{}, map[string]bool{}
	for _, user := range users {
		key := udemy.EmailKey(user.Email)
		if key == "" {
			continue
		}
		known[key] = true
		if user.Status.Seated() && !isAdmin(seated[key]) {
			seated[key] = user.Role
		}
	}
	return seated, known
}

// aliases maps the user names and further addresses of learners to their main addresses: the report may have any of them. A main
// address is not an alias, and an alias of two learners identifies neither.
func aliases(users []udemy.User) map[string]string {
	mainKeys := map[string]string{}
	for _, user := range users {
		for _, alias := range user.Aliases {
			key, mainKey := udemy.EmailKey(alias), udemy.EmailKey(user.Email)
			if other, taken := mainKeys[key]; taken && other != mainKey {
				mainKey = ""
			}
			mainKeys[key] = mainKey
		}
	}
	for _, user := range users {
		delete(mainKeys, udemy.EmailKey(user.Email))
	}
	return mainKeys
}

// merge combines two rows of one person, in favor of the person: the later days count.
func merge(a, b udemy.Activity) udemy.Activity {
	if b.Joined.After(a.Joined) {
		a.Joined = b.Joined
	}
	if b.LastVisit.After(a.LastVisit) {
		a.LastVisit = b.LastVisit
	}
	if isAdmin(b.Role) {
		a.Role = b.Role
	}
	a.Minutes, a.CompletedCourses = max(a.Minutes, b.Minutes), max(a.CompletedCourses, b.CompletedCourses)
	return a
}

// isAdmin reports whether a role gives a learner more than courses, so that the seat may be needed without a visit.
func isAdmin(role udemy.Role) bool {
	return role == udemy.RoleAdmin || role == udemy.RoleOwner || role == udemy.RoleGroupAdmin
}
