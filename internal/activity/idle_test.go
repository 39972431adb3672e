// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package activity

import (
	"reflect"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

const ada = "ada@example.com"

func day(text string) time.Time {
	parsed, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return parsed
}

// lists are the lists of a result, without the people.
type lists struct{ idle, neverVisited, neverActivated, unknown, idleAdmins []string }

// Each case is one learner, Ada, on 2026-11-27 with 90 idle days. The boundary day is 2026-08-29.
func TestIdle(t *testing.T) {
	t.Parallel()
	none, listed := lists{}, []string{ada}
	active := udemy.User{Email: ada, Status: udemy.StatusActive}
	with := func(change func(*udemy.User)) udemy.User {
		user := active
		change(&user)
		return user
	}
	const (
		boundary = "2026-08-29"
		dayAfter = "2026-08-30"
	)
	joined := day("2024-01-01")
	for name, test := range map[string]struct {
		report []udemy.Activity
		users  []udemy.User
		want   lists
		counts counts
	}{
		"last visit on the boundary day": {
			[]udemy.Activity{{Email: ada, Joined: joined, LastVisit: day(boundary)}},
			[]udemy.User{active},
			lists{idle: listed},
			counts{Rows: 1, Seated: 1},
		},
		"last visit a day after the boundary": {
			[]udemy.Activity{{Email: ada, Joined: joined, LastVisit: day(dayAfter)}},
			[]udemy.User{active},
			none,
			counts{Rows: 1, Seated: 1, Active: 1},
		},
		"last visit in the future": {
			[]udemy.Activity{{Email: ada, LastVisit: day("2026-11-28")}},
			[]udemy.User{active},
			none,
			counts{Rows: 1, Seated: 1, Active: 1},
		},
		"never visited, joined on the boundary day": {
			[]udemy.Activity{{Email: ada, Joined: day(boundary)}},
			[]udemy.User{active},
			lists{neverVisited: listed},
			counts{Rows: 1, Seated: 1},
		},
		"never visited, joined a day after the boundary": {
			[]udemy.Activity{{Email: ada, Joined: day(dayAfter)}},
			[]udemy.User{active},
			none,
			counts{Rows: 1, Seated: 1, Undecided: 1},
		},
		"never visited, no joined date": {
			[]udemy.Activity{{Email: ada}},
			[]udemy.User{active},
			none,
			counts{Rows: 1, Seated: 1, Undecided: 1},
		},
		"not in the report": {
			nil,
			[]udemy.User{active},
			lists{neverActivated: listed},
			counts{Seated: 1},
		},
		"in the report with an alias": {
			[]udemy.Activity{{Email: "ADA@corp.example.com", LastVisit: day(dayAfter)}, {Email: ada, LastVisit: day(boundary)}},
			[]udemy.User{with(func(u *udemy.User) { u.Aliases = []string{"ada@corp.example.com"} })},
			none,
			counts{Rows: 2, Seated: 1, Active: 1},
		},
		"an alias that is the main address of another learner": {
			[]udemy.Activity{{Email: "grace@example.com", LastVisit: day(dayAfter)}},
			[]udemy.User{with(func(u *udemy.User) { u.Aliases = []string{"grace@example.com"} }), {Email: "Grace@example.com"}},
			lists{neverActivated: listed},
			counts{Rows: 1, Seated: 2, Active: 1},
		},
		"an alias of two learners": {
			[]udemy.Activity{{Email: "team@example.com", LastVisit: day(dayAfter)}},
			[]udemy.User{
				with(func(u *udemy.User) { u.Aliases = []string{"team@example.com"} }), {Email: "grace@example.com", Aliases: []string{"team@example.com"}},
			},
			lists{neverActivated: []string{ada, "grace@example.com"}, unknown: []string{"team@example.com"}},
			counts{Rows: 1, Seated: 2},
		},
		"invited": {
			nil,
			[]udemy.User{with(func(u *udemy.User) { u.Status = udemy.StatusInvited })},
			lists{neverActivated: listed},
			counts{Seated: 1},
		},
		"an unknown status has a seat": {
			nil,
			[]udemy.User{with(func(u *udemy.User) { u.Status = "locked" })},
			lists{neverActivated: listed},
			counts{Seated: 1},
		},
		"deactivated": {
			[]udemy.Activity{{Email: ada, Joined: joined, LastVisit: joined}},
			[]udemy.User{with(func(u *udemy.User) { u.Status = udemy.StatusDeactivated })},
			none,
			counts{Rows: 1},
		},
		"deactivated and not in the report": {
			nil,
			[]udemy.User{with(func(u *udemy.User) { u.Status = udemy.StatusDeactivated })},
			none,
			counts{},
		},
		"deactivated in the report, active in the directory": {
			[]udemy.Activity{{Email: ada, Joined: joined, LastVisit: joined, Deactivated: true}},
			[]udemy.User{active},
			none,
			counts{Rows: 1, Deactivated: 1, Seated: 1, Undecided: 1},
		},
		"deactivated in the report, not in the directory": {
			[]udemy.Activity{{Email: ada, LastVisit: joined, Deactivated: true}},
			nil,
			none,
			counts{Rows: 1, Deactivated: 1},
		},
		"in the report, not in the directory": {
			[]udemy.Activity{{Email: "Ada@Example.com", LastVisit: joined}},
			nil,
			lists{unknown: listed},
			counts{Rows: 1},
		},
		"another case": {
			[]udemy.Activity{{Email: "ADA@EXAMPLE.COM", LastVisit: joined}},
			[]udemy.User{with(func(u *udemy.User) { u.Email = "Ada@example.com" })},
			lists{idle: listed},
			counts{Rows: 1, Seated: 1},
		},
		"two rows, the later visit counts": {
			[]udemy.Activity{{Email: ada, LastVisit: joined}, {Email: "ADA@example.com", LastVisit: day(dayAfter)}},
			[]udemy.User{active},
			none,
			counts{Rows: 2, Seated: 1, Active: 1},
		},
		"two rows, both long ago": {
			[]udemy.Activity{{Email: ada, LastVisit: joined}, {Email: "ADA@example.com", LastVisit: day(boundary)}},
			[]udemy.User{active},
			lists{idle: listed},
			counts{Rows: 2, Seated: 1},
		},
		"two rows, one of them deactivated": {
			[]udemy.Activity{{Email: ada, LastVisit: day(dayAfter), Deactivated: true}, {Email: "ADA@example.com", LastVisit: joined}},
			[]udemy.User{active},
			lists{idle: listed},
			counts{Rows: 2, Deactivated: 1, Seated: 1},
		},
		"two accounts, one row": {
			[]udemy.Activity{{Email: ada, LastVisit: joined}},
			[]udemy.User{active, with(func(u *udemy.User) { u.Email = "ADA@example.com" })},
			lists{idle: listed},
			counts{Rows: 1, Seated: 1},
		},
		"erased people are only counted": {
			[]udemy.Activity{{LastVisit: joined}, {}, {Deactivated: true}},
			[]udemy.User{{Status: udemy.StatusActive}},
			none,
			counts{Rows: 3, Erased: 3},
		},
		"admin in the directory": {
			[]udemy.Activity{{Email: ada, LastVisit: joined}},
			[]udemy.User{with(func(u *udemy.User) { u.Role = udemy.RoleAdmin })},
			lists{idleAdmins: listed},
			counts{Rows: 1, Seated: 1},
		},
		"owner in the report": {
			[]udemy.Activity{{Email: ada, Role: udemy.RoleOwner, LastVisit: joined}},
			[]udemy.User{active},
			lists{idleAdmins: listed},
			counts{Rows: 1, Seated: 1},
		},
		"group admin who never visited": {
			[]udemy.Activity{{Email: ada, Role: udemy.RoleGroupAdmin, Joined: joined}},
			[]udemy.User{active},
			lists{idleAdmins: listed},
			counts{Rows: 1, Seated: 1},
		},
		"admin who is not in the report": {
			nil,
			[]udemy.User{with(func(u *udemy.User) { u.Role = udemy.RoleAdmin }), active},
			lists{idleAdmins: listed},
			counts{Seated: 1},
		},
		"two rows, one of an admin": {
			[]udemy.Activity{{Email: ada, LastVisit: joined}, {Email: ada, Role: udemy.RoleAdmin, LastVisit: joined}},
			[]udemy.User{active},
			lists{idleAdmins: listed},
			counts{Rows: 2, Seated: 1},
		},
		"an admin who visits": {
			[]udemy.Activity{{Email: ada, LastVisit: day(dayAfter)}},
			[]udemy.User{with(func(u *udemy.User) { u.Role = udemy.RoleAdmin })},
			none,
			counts{Rows: 1, Seated: 1, Active: 1},
		},
		"several, sorted": {
			[]udemy.Activity{{Email: "b@example.com", LastVisit: joined}, {Email: "A@example.com", LastVisit: joined}},
			[]udemy.User{{Email: "b@example.com"}, {Email: "a@example.com"}, {Email: "d@example.com"}, {Email: "C@example.com"}},
			lists{idle: []string{"a@example.com", "b@example.com"}, neverActivated: []string{"c@example.com", "d@example.com"}},
			counts{Rows: 2, Seated: 4},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result := idle(test.report, test.users, day("2026-11-27"), 90)
			got := lists{result.Idle, result.NeverVisited, result.NeverActivated, result.Unknown, result.IdleAdmins}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if result.Counts != test.counts {
				t.Errorf("counts %+v, want %+v", result.Counts, test.counts)
			}
		})
	}
}

// Two rows of one person are one entry with the later days and the larger numbers, in whatever order they are.
func TestIdle_people(t *testing.T) {
	t.Parallel()
	rows := []udemy.Activity{
		{Email: ada, Joined: day("2024-01-01"), LastVisit: day("2025-01-01"), Minutes: 5, CompletedCourses: 3},
		{Email: "ADA@example.com", Joined: day("2024-02-01"), LastVisit: day("2024-03-01"), Minutes: 7.5, CompletedCourses: 1},
		{Email: "grace@example.com", LastVisit: day("2026-01-01"), Deactivated: true},
	}
	want := udemy.Activity{Joined: day("2024-02-01"), LastVisit: day("2025-01-01"), Minutes: 7.5, CompletedCourses: 3}
	for _, report := range [][]udemy.Activity{rows, {rows[2], rows[1], rows[0]}} {
		people := idle(report, nil, day("2026-11-27"), 90).People
		got := people[ada]
		got.Email = ""
		if len(people) != 1 || got != want {
			t.Errorf("got %+v, want only %+v", people, want)
		}
	}
}
