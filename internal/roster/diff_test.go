// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// describe returns one word for each step, in order, such as "invite:eve@example.com".
func describe(d difference) string {
	names := map[stepKind]string{update: "update", invite: "invite", adopt: "adopt", deactivate: "deactivate", remove: "delete"}
	var words []string
	for _, s := range d.steps {
		words = append(words, names[s.kind]+":"+s.key())
	}
	return strings.Join(words, " ")
}

func learner(id, email, externalID string, status udemy.Status) udemy.User {
	return udemy.User{
		ID: id, Email: email + "@example.com", FirstName: "F", LastName: "L", ExternalID: externalID, Role: udemy.RoleLearner,
		Status: status, GroupIDs: []string{},
	}
}

var active = udemy.StatusActive

func TestDiff(t *testing.T) {
	t.Parallel()
	ada, eve, tim := learner("1", "ada", "E1", active), learner("2", "eve", "E2", active), learner("3", "tim", "E3", active)
	boss := learner("9", "boss", "", active)
	boss.Role = udemy.RoleOwner
	gone := learner("4", "gone", "E4", udemy.StatusDeactivated)
	standard := rules{onRemoval: onRemovalDeactivate, adopt: true, requiresNames: true}
	with := func(change func(*rules)) rules {
		r := standard
		change(&r)
		return r
	}
	other := learner("8", "main", "", active)
	other.Aliases = []string{"Other@example.com"}
	for name, test := range map[string]struct {
		before, after string // records by key: "key email external ID active", separated by semicolons
		users         []udemy.User
		rules         *rules
		want          string
		mistake       string
	}{
		"nothing":                       {before: "a ada E1; e eve E2", after: "e eve E2; a ada E1", users: []udemy.User{ada, eve}},
		"nobody":                        {},
		"a new learner":                 {before: "a ada E1", after: "a ada E1; n new E9", users: []udemy.User{ada}, want: "invite:n"},
		"an existing one":               {after: "a ada E1", users: []udemy.User{ada}, want: "adopt:a"},
		"by external ID":                {after: "a byron E1", users: []udemy.User{ada}, want: "adopt:a"},
		"a refused one":                 {after: "a ada E1", users: []udemy.User{ada}, rules: ptr(with(func(r *rules) { r.adopt = false })), mistake: `"a": the learner "ada@example.com" exists already`},
		"a leaver":                      {before: "a ada E1; e eve E2", after: "a ada E1", users: []udemy.User{ada, eve}, want: "deactivate:e"},
		"a deleted leaver":              {before: "e eve E2", users: []udemy.User{eve}, rules: ptr(with(func(r *rules) { r.onRemoval = onRemovalDelete })), want: "delete:e"},
		"a kept leaver":                 {before: "e eve E2", users: []udemy.User{eve}, rules: ptr(with(func(r *rules) { r.onRemoval = onRemovalKeep }))},
		"a leaver who left":             {before: "g gone E4", users: []udemy.User{gone}},
		"an owner who leaves":           {before: "b boss", users: []udemy.User{boss}, mistake: `the owner "boss@example.com" can't be removed`},
		"an inactive owner":             {before: "b boss", after: "b boss - no", users: []udemy.User{boss}, mistake: "the owner"},
		"inactive":                      {before: "a ada E1", after: "a ada E1 no", users: []udemy.User{ada}, want: "deactivate:a"},
		"inactive and unknown":          {after: "n new E9 no"},
		"active again":                  {before: "g gone E4 no", after: "g gone E4", users: []udemy.User{gone}, want: "update:g"},
		"a new address":                 {before: "a ada E1", after: "a byron E1", users: []udemy.User{ada}, want: "update:a"},
		"a new key":                     {before: "a ada E1", after: "x ada E1", users: []udemy.User{ada}},
		"a new key without external ID": {before: "a ada", after: "x ada", users: []udemy.User{ada}},
		"a new key and address":         {before: "ada ada E1", after: "byron byron E1", users: []udemy.User{ada}, want: "update:byron"},
		"a new key if the ID is hidden": {before: "ada ada E1", after: "byron byron E1", users: []udemy.User{learner("1", "ada", "", active)}, want: "update:byron"},
		"a taken address":               {before: "a ada E1", after: "a eve E1", users: []udemy.User{ada, eve}, mistake: `the address "eve@example.com" belongs to another learner, with ID 2`},
		"a further address of another":  {after: "o other", users: []udemy.User{other}, mistake: `"o": the address "other@example.com" is the user name or a further address of the learner "main@example.com", with ID 8`},
		"a chain": {
			before: "a ada E1; e eve E2; t tim E3", after: "a eve E1; e tim E2; t new E3", users: []udemy.User{ada, eve, tim},
			want: "update:t update:e update:a",
		},
		"a circle": {before: "a ada E1; e eve E2", after: "a eve E1; e ada E2", users: []udemy.User{ada, eve}, mistake: "change in a circle"},
		"a circle with a tail": {
			before: "a ada E1; e eve E2; t tim E3", after: "a eve E1; e ada E2; t new E3; n tim E9", users: []udemy.User{ada, eve, tim},
			mistake: `the addresses of "a", "e" change in a circle`,
		},
		"an address handed over": {
			before: "ada ada E1", after: "ada ada E9; byron byron E1", users: []udemy.User{ada}, want: "update:byron invite:ada",
		},
		"the address of a leaver": {
			before: "E1 ada E1", after: "E9 ada E9", users: []udemy.User{ada}, mistake: `is the account of "E1" (external ID "E1", ID 1), who leaves`,
		},
		"the address of a deleted leaver": {
			before: "a ada E1; e eve E2", after: "e ada E2", users: []udemy.User{ada, eve}, rules: ptr(with(func(r *rules) { r.onRemoval = onRemovalDelete })),
			want: "delete:a update:e",
		},
		"two lines for one person": {before: "a ada E1", after: "a ada; e ada2 E1", users: []udemy.User{ada}, mistake: `"a" and "e" are the same person, with ID 1`},
		"another's external ID":    {before: "a ada E1; e eve", after: "a ada; e eve E1", users: []udemy.User{ada, eve}, mistake: `the external ID "E1" belongs to another learner, "ada@example.com"`},
		"a person who is gone":     {before: "a ada E1", after: "a ada2 E1", want: "invite:a"},
		"two people with one external ID": {
			after: "x new E1", users: []udemy.User{ada, learner("5", "other", "E1", active)}, mistake: `several learners have the external ID "E1": 1, 5`,
		},
		"seats first": {
			before: "a ada E1; g gone E4 no", after: "n new E9; g gone E4; m more E8", users: []udemy.User{ada, gone}, want: "deactivate:a invite:n update:g invite:m",
		},
		"unlisted": {
			before: "a ada E1", after: "a ada E1", users: []udemy.User{ada, eve, boss, gone}, want: "deactivate:eve@example.com",
			rules: ptr(with(func(r *rules) {
				r.deactivateUnlisted, r.unlisted = true, map[string]bool{"1": true, "2": true, "4": true, "9": true}
			})),
		},
		"unlisted and kept": {
			before: "a ada E1; e eve E2", after: "a ada E1", users: []udemy.User{ada, eve, tim}, want: "deactivate:tim@example.com",
			rules: ptr(with(func(r *rules) {
				r.deactivateUnlisted, r.unlisted, r.onRemoval = true, map[string]bool{"2": true, "3": true}, onRemovalKeep
			})),
		},
		"unlisted and held elsewhere": {
			users: []udemy.User{ada, eve, tim}, want: "deactivate:ada@example.com",
			rules: ptr(with(func(r *rules) {
				r.deactivateUnlisted, r.unlisted = true, map[string]bool{"1": true, "2": true, "3": true}
				r.isHeldElsewhere = func(id string) bool { return id == "2" }
				r.isKept = func(id string) bool { return id == "3" }
			})),
		},
		"unlisted since the refresh": {
			users: []udemy.User{ada, eve}, want: "deactivate:ada@example.com",
			rules: ptr(with(func(r *rules) { r.deactivateUnlisted, r.unlisted = true, map[string]bool{"1": true} })),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, after := table(test.before), table(test.after)
			ids := map[string]string{}
			for _, l := range before.lines { // State has the IDs of the people at Udemy.
				for _, user := range test.users {
					if udemy.SameEmail(user.Email, l.Email) {
						ids[udemy.EmailKey(l.Email)] = user.ID
					}
				}
			}
			r := standard
			if test.rules != nil {
				r = *test.rules
			}
			d := diff(before, after, ids, nil, newOrganization(test.users, nil), r)
			if test.mistake != "" {
				if len(d.mistakes) != 1 || !strings.Contains(d.mistakes[0], test.mistake) {
					t.Errorf("the mistakes are %q, want %q", d.mistakes, test.mistake)
				}
				return
			}
			if got := describe(d); got != test.want || len(d.mistakes) > 0 {
				t.Errorf("the steps are %q, want %q; the mistakes are %q", got, test.want, d.mistakes)
			}
		})
	}
}

func ptr[T any](value T) *T { return &value }

// table returns a document from lines "key email external ID active".
func table(text string) *document {
	var lines []line
	for record := range strings.SplitSeq(text, ";") {
		cells := append(strings.Fields(record), "", "", "", "")
		if cells[0] == "" {
			continue
		}
		lines = append(lines, newLine(cells[0], Learner{
			User: udemy.User{
				Email: cells[1] + "@example.com", FirstName: "F", LastName: "L", ExternalID: strings.Trim(cells[2], "-"),
			},
			Active: cells[3] != "no",
		}))
	}
	return newDocument(lines)
}

func TestDiff_groups(t *testing.T) {
	t.Parallel()
	user := learner("1", "ada", "E1", active)
	user.GroupIDs = []string{"g1", "g2"}
	groups := []udemy.Group{{ID: "g1", Name: "Art"}, {ID: "g2", Name: "Sales"}, {ID: "g3", Name: "Legal"}}
	document := func(groups ...string) *document {
		return newDocument([]line{newLine("a", Learner{User: udemy.User{Email: "ada@example.com"}, Active: true, Groups: groups})})
	}
	before := document("Art", "Sales")
	ids := map[string]string{"ada@example.com": "1"}

	d := diff(before, document("art", "Legal"), ids, nil, newOrganization([]udemy.User{user}, groups), rules{})
	if len(d.steps) != 1 || !slices.Equal(d.steps[0].joins, []string{"Legal"}) || !slices.Equal(d.steps[0].leaves, []string{"g2"}) {
		t.Errorf("got %+v", d)
	}
	d = diff(before, document("Art", "Sale"), ids, nil, newOrganization([]udemy.User{user}, groups), rules{})
	if want := `the group "Sale" of 1 line does not exist; the nearest name is Sales`; len(d.mistakes) != 1 || d.mistakes[0] != want {
		t.Errorf("got %q, want %q", d.mistakes, want)
	}
	d = diff(before, document("Art", "New"), ids, nil, newOrganization([]udemy.User{user}, groups), rules{createGroups: true})
	if !slices.Equal(d.groups, []string{"New"}) || len(d.mistakes) > 0 || !slices.Equal(d.steps[0].joins, []string{"New"}) {
		t.Errorf("got %+v", d)
	}
	planned := rules{isPlannedGroup: func(name string) bool { return name == "New" }}
	d = diff(before, document("Art", "New"), ids, nil, newOrganization([]udemy.User{user}, groups), planned)
	if len(d.groups)+len(d.mistakes) > 0 {
		t.Errorf("got %+v", d)
	}
	// A name that several groups have is refused, whatever missing_groups is.
	twins := slices.Concat(groups, []udemy.Group{{ID: "g4", Name: "Legal"}, {ID: "g5", Name: "R&D"}, {ID: "g6", Name: "r&d"}})
	for name, want := range map[string]string{
		"Legal": `the group name "Legal" of 1 line is ambiguous: the groups g3 and g4 both have the name "Legal"; rename one of them`,
		"legal": `the group name "legal" of 1 line is ambiguous: no group is named "legal", and the names of the groups g3, "Legal", and g4, "Legal", differ`,
		"R&d":   `the group name "R&d" of 1 line is ambiguous: no group is named "R&d", and the names of the groups g5, "R&D", and g6, "r&d", differ`,
	} {
		d = diff(before, document("Art", name), ids, nil, newOrganization([]udemy.User{user}, twins), rules{createGroups: true})
		if len(d.mistakes) != 1 || !strings.HasPrefix(d.mistakes[0], want) {
			t.Errorf("got %q, want %q", d.mistakes, want)
		}
	}
	d = diff(before, document("Art", "r&d"), ids, nil, newOrganization([]udemy.User{user}, twins), rules{})
	if len(d.mistakes) > 0 || !slices.Equal(d.steps[0].joins, []string{"r&d"}) {
		t.Errorf("got %+v", d)
	}
	// If the API does not return groups, state has them.
	user.GroupIDs = nil
	d = diff(before, document("Art"), ids, nil, newOrganization([]udemy.User{user}, groups), rules{})
	if len(d.steps[0].joins) > 0 || !slices.Equal(d.steps[0].leaves, []string{"g2"}) {
		t.Errorf("got %+v", d.steps[0])
	}
}

// A line whose last apply failed is compared with Udemy again, although state and configuration match.
func TestDiff_failed(t *testing.T) {
	t.Parallel()
	d := table("a ada E1")
	user := learner("1", "ada", "E1", active)
	user.FirstName = "Other"
	ids := map[string]string{"ada@example.com": "1"}
	if got := describe(diff(d, d, ids, nil, newOrganization([]udemy.User{user}, nil), rules{})); got != "" {
		t.Errorf("got %q", got)
	}
	if got := describe(diff(d, d, ids, map[string]string{"a": "reason"}, newOrganization([]udemy.User{user}, nil), rules{})); got != "update:a" {
		t.Errorf("got %q", got)
	}
}

func TestNearestGroups(t *testing.T) {
	t.Parallel()
	o := newOrganization(nil, []udemy.Group{{ID: "1", Name: "Sales"}, {ID: "2", Name: "Salsa"}, {ID: "3", Name: "Engineering"}})
	if got := fmt.Sprint(o.nearestGroups("Sale")); got != "[Sales Salsa]" {
		t.Errorf("got %s", got)
	}
}
