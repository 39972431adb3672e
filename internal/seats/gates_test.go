// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"errors"
	"flag"
	"slices"
	"strings"
	"testing"
)

func TestGates(t *testing.T) {
	t.Parallel()
	type learners = []learner
	added := learner{Kind: kindNew, Seats: new(1)}
	maybeNew := learner{Kind: kindNew}
	removed := learner{Kind: kindDeactivated, Seats: new(-1)}
	canceled := learner{Kind: kindInvitationCanceled, Seats: new(-1)}
	deleted := learner{Kind: kindDeleted, Seats: new(-1)}
	inactiveDeleted := learner{Kind: kindDeleted, Seats: new(0)}
	maybeRemoved := learner{Kind: kindDeactivated}
	admin := learner{Kind: kindChanged, Seats: new(0), NewAdmin: true}
	maybeAdmin := learner{Kind: kindChanged, Seats: new(0), Role: &transition{"learner", knownAfterApply}}
	demoted := learner{Kind: kindChanged, Seats: new(0), Role: &transition{"admin", "learner"}}
	open := learner{Kind: kindNew, Email: knownAfterApply}
	in := func(l learner, provider string) learner { l.Provider = provider; return l }

	imported := learner{Kind: kindImported, Seats: new(0)}

	nineteen := []organization{{UsedBefore: 19}}
	hundred := []organization{{UsedBefore: 100, Purchased: new(101)}}
	unpurchased := []organization{{UsedBefore: 100}}
	two := []organization{{Provider: "udemy.apac", UsedBefore: 10, Purchased: new(10)}, {Provider: "udemy.emea", UsedBefore: 1000, Purchased: new(2000)}}
	deletedGroups := []group{{Kind: kindGroupDeleted}, {Kind: kindGroupForgotten}}

	for name, test := range map[string]struct {
		flags  string
		report report
		want   string // "" if the plan passes
	}{
		"no gate":                         {"", report{Learners: learners{open, admin}}, ""},
		"limit reached":                   {"-limit 1", report{Learners: learners{added}}, ""},
		"limit exceeded":                  {"-limit 0", report{Learners: learners{added}}, "-limit 0: the net change is +1 seat"},
		"negative limit":                  {"-limit -2", report{Learners: learners{removed}}, "-limit -2: the net change is −1 seat"},
		"negative limit reached":          {"-limit -1", report{Learners: learners{removed}}, ""},
		"limit and unknown seat":          {"-limit 1", report{Learners: learners{added, maybeNew}}, "-limit 1: the net change can be +2 seats, because 1 seat is known only after apply"},
		"limit and unknown removal":       {"-limit 1", report{Learners: learners{added, maybeRemoved}}, ""},
		"limit and unknown lines":         {"-limit 1000", report{Learners: learners{open}}, "-limit 1000: " + openText},
		"limit and unknown without a row": {"-limit 1000", report{Unknown: 1}, "-limit 1000: " + openText},

		"new reached":                     {"-max-new 2", report{Learners: learners{added, maybeNew}}, ""},
		"new exceeded":                    {"-max-new 1", report{Learners: learners{added, maybeNew}}, "-max-new 1: 2 new learners"},
		"one new exceeded":                {"-max-new 0", report{Learners: learners{added}}, "-max-new 0: 1 new learner"},
		"new percent":                     {"-max-new 1%", report{Learners: learners{added, added}, Organizations: unpurchased}, "-max-new 1%: 2 new learners, 100 seats in use"},
		"new percent reached":             {"-max-new 2%", report{Learners: learners{added, added}, Organizations: unpurchased}, ""},
		"no percentage is rounded up":     {"-max-new 5%", report{Learners: learners{added}, Organizations: nineteen}, "-max-new 5%: 1 new learner, 19 seats in use"},
		"no percentage is rounded down":   {"-max-new 6%", report{Learners: learners{added}, Organizations: nineteen}, ""},
		"new percent of no seats":         {"-max-new 100%", report{Learners: learners{added}, Organizations: []organization{{}}}, "-max-new 100%: 1 new learner, 0 seats in use"},
		"nothing new and no seats in use": {"-max-new 0%", report{Learners: learners{removed}, Organizations: []organization{{}}}, ""},
		"imported is not new":             {"-max-new 0 -limit 0", report{Learners: learners{imported}}, ""},
		"new and unknown lines":           {"-max-new 1000", report{Learners: learners{open}}, "-max-new 1000: " + openText},

		"removals reached":         {"-max-removals 2", report{Learners: learners{removed, canceled, inactiveDeleted, added}}, ""},
		"removals exceeded":        {"-max-removals 2", report{Learners: learners{removed, canceled, deleted}}, "-max-removals 2: 3 learners lose a seat"},
		"removals and unknown":     {"-max-removals 0", report{Learners: learners{maybeRemoved}}, "-max-removals 0: 1 learner loses a seat"},
		"removals of the unread":   {"-max-removals 100", report{Uncounted: true}, "-max-removals 100: " + uncountedText},
		"removals percent":         {"-max-removals 1%", report{Learners: learners{removed, removed}, Organizations: unpurchased}, "-max-removals 1%: 2 learners lose a seat, 100 seats in use"},
		"removals percent reached": {"-max-removals 2%", report{Learners: learners{removed, removed}, Organizations: unpurchased}, ""},
		"removals percent without udemy_seats": {
			"-max-removals 50%",
			report{Learners: learners{removed}},
			"-max-removals 50%: 1 learner loses a seat, but the number of seats in use is unknown; add the data source udemy_seats",
		},
		"no removals without udemy_seats": {"-max-removals 50%", report{Learners: learners{added}}, ""},
		"removals percent of the small organization": {
			"-max-removals 10%",
			report{Learners: learners{in(removed, "udemy.apac"), in(removed, "udemy.apac"), in(removed, "udemy.emea")}, Organizations: two},
			"-max-removals 10%: 2 learners lose a seat, 10 seats in use (udemy.apac)",
		},
		"removals of another organization": {
			"-max-removals 10%",
			report{Learners: learners{in(removed, "udemy.us")}, Organizations: two},
			"-max-removals 10%: 1 learner loses a seat, but the number of seats in use is unknown; add the data source udemy_seats (udemy.us)",
		},

		"deletions reached":  {"-max-deletions 2", report{Learners: learners{deleted, removed}, Groups: deletedGroups}, ""},
		"deletions exceeded": {"-max-deletions 1", report{Learners: learners{inactiveDeleted}, Groups: deletedGroups}, "-max-deletions 1: 1 group and 1 learner deleted"},
		"group deleted":      {"-max-deletions 0", report{Groups: deletedGroups}, "-max-deletions 0: 1 group deleted"},
		"learner deleted":    {"-max-deletions 0", report{Learners: learners{deleted}}, "-max-deletions 0: 1 learner deleted"},

		"purchased reached":      {"-forbid-over-purchased", report{Learners: learners{added}, Organizations: hundred}, ""},
		"over purchased":         {"-forbid-over-purchased", report{Learners: learners{added, added}, Organizations: hundred}, "-forbid-over-purchased: 102 seats in use after the apply, 101 purchased"},
		"perhaps over purchased": {"-forbid-over-purchased", report{Learners: learners{added, maybeNew}, Organizations: hundred}, "-forbid-over-purchased: 102 seats in use after the apply, 101 purchased"},
		"purchased unknown":      {"-forbid-over-purchased", report{Learners: learners{added}, Organizations: unpurchased}, "-forbid-over-purchased: the number of purchased seats is unknown; add the data source udemy_seats with purchased"},
		"too few, but less":      {"-forbid-over-purchased", report{Learners: learners{removed}, Organizations: []organization{{UsedBefore: 100, Purchased: new(50)}}}, ""},
		"seats of another organization don't help": {
			"-forbid-over-purchased",
			report{Learners: learners{in(added, "udemy.apac"), in(removed, "udemy.emea")}, Organizations: two},
			"-forbid-over-purchased: 11 seats in use after the apply, 10 purchased (udemy.apac)",
		},

		"new administrator":      {"-forbid-admin", report{Learners: learners{admin}}, "-forbid-admin: 1 new administrator"},
		"unknown role":           {"-forbid-admin", report{Learners: learners{maybeAdmin}}, "-forbid-admin: 1 learner has a role that is known only after apply, which may be that of an administrator"},
		"demoted":                {"-forbid-admin", report{Learners: learners{demoted}}, ""},
		"admins of unread lines": {"-forbid-admin", report{Learners: learners{open}}, "-forbid-admin: " + openText},

		"several": {
			"-limit 0 -max-deletions 0 -forbid-admin",
			report{Learners: learners{added, admin}, Groups: deletedGroups},
			"-limit 0: the net change is +1 seat; -max-deletions 0: 1 group deleted; -forbid-admin: 1 new administrator",
		},
	} {
		var limits gates
		flags := flag.NewFlagSet("", flag.ContinueOnError)
		limits.register(flags)
		if err := flags.Parse(strings.Fields(test.flags)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, l := range test.report.Learners {
			if l.Seats != nil {
				test.report.NetChange += *l.Seats
			} else {
				test.report.Unknown++
			}
		}
		var got []string
		for _, g := range limits.broken(&test.report) {
			got = append(got, g.Flag+": "+g.Text)
		}
		if got := strings.Join(got, "; "); got != test.want {
			t.Errorf("%s: broken gates %q, want %q", name, got, test.want)
		}
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		errored bool
		gates   []gate
		code    int
		want    []string
	}{
		"passes":          {false, nil, 0, nil},
		"gates":           {false, []gate{{"-limit 0", "the net change is +1 seat"}, {"-forbid-admin", "1 new administrator"}}, 3, []string{"2 gates", "-limit 0: the net change is +1 seat", "-forbid-admin"}},
		"failed":          {true, nil, 4, []string{"the plan failed"}},
		"failed and gate": {true, []gate{{"-forbid-admin", "1 new administrator"}}, 4, []string{"the plan failed", "1 gate", "-forbid-admin"}},
	} {
		r := empty()
		r.Errored, r.BrokenGates = test.errored, test.gates
		err, code := r.failure(), 0
		if coded := interface{ ExitCode() int }(nil); errors.As(err, &coded) {
			code = coded.ExitCode()
		}
		if code != test.code || err != nil && code == 0 {
			t.Errorf("%s: error %v, exit code %d, want %d", name, err, code, test.code)
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: no %q in %q", name, want, err)
			}
		}
	}
}

// brokenBy returns which of all gates a report does not pass. Their limits are high.
func brokenBy(r *report) []string {
	limits := gates{
		limit: new(1000), maxDeletions: new(1000), maxNew: &amount{number: 1000}, maxRemovals: &amount{number: 1000},
		forbidOverPurchased: true, forbidAdmin: true,
	}
	var flags []string
	for _, g := range limits.broken(r) {
		flags = append(flags, g.Flag+": "+g.Text)
	}
	return flags
}

// A plan with lines that are known only after apply passes no gate, however generous it is.
func TestGates_unknownLines(t *testing.T) {
	t.Parallel()
	unknown := attributes{"learners": true}
	for name, change := range map[string]string{
		"created": rosterChange("create", nil, attributes{"on_removal": "deactivate"}, "after_unknown", unknown),
		"changed": rosterChange("update", rosterOf(nil, `a ada@example.com - true`), attributes{"on_removal": "delete"}, "after_unknown", unknown),
	} {
		r := reportOn(t, planOf(state("data.udemy_seats.all", attributes{"used": 10, "purchased": 1000}), change))
		got := brokenBy(r)
		if len(got) != 6 || slices.ContainsFunc(got, func(text string) bool { return !strings.HasSuffix(text, openText) }) {
			t.Errorf("%s: the broken gates are %q", name, got)
		}
	}
	if got := brokenBy(reportOn(t, planOf(destroyed("ada@example.com")))); len(got) > 0 {
		t.Errorf("a plan without unknown lines does not pass %q", got)
	}
}
