// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

var everything = udemy.Capabilities{Name: "an API", Fields: []string{
	udemy.FieldEmail, udemy.FieldFirstName, udemy.FieldLastName, udemy.FieldExternalID, udemy.FieldRole, udemy.FieldLicenses,
	udemy.FieldLicensePool,
}}

func lovelace() udemy.User {
	return udemy.User{
		ID: "u1", Email: "Ada@Example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1", Role: udemy.RoleAdmin,
		Status: udemy.StatusActive, GroupIDs: []string{"g2", "g1"}, LicenseTypes: []string{"Pro", "Enterprise"}, LicensePool: "Research",
	}
}

func configuredLovelace() Learner {
	return Learner{
		User: udemy.User{
			ID: "u1", Email: "Ada@Example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1", Role: udemy.RoleAdmin,
			LicenseTypes: []string{"Enterprise", "Pro"}, LicensePool: "Research",
		},
		Groups: []string{"Art", "Sales"}, Active: true,
	}
}

func groups() []udemy.Group {
	return []udemy.Group{{ID: "g1", Name: "Sales"}, {ID: "g2", Name: "Art"}}
}

func TestSelect_learner(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*udemy.User)
		want   func(*Learner) // nil if the learner is omitted
		report string
	}{
		"ordinary":     {func(*udemy.User) {}, func(*Learner) {}, ""},
		"deactivated":  {func(u *udemy.User) { u.Status = udemy.StatusDeactivated }, func(l *Learner) { l.Active = false }, ""},
		"invited":      {func(u *udemy.User) { u.Status = udemy.StatusInvited }, func(*Learner) {}, ""},
		"in no group":  {func(u *udemy.User) { u.GroupIDs = []string{} }, func(l *Learner) { l.Groups = []string{} }, ""},
		"another role": {func(u *udemy.User) { u.Role = "group_admin" }, func(l *Learner) { l.Role = "" }, `role of learner "Ada@Example.com": "group_admin" can't be assigned`},
		"no role":      {func(u *udemy.User) { u.Role = "" }, func(l *Learner) { l.Role = "" }, ""},
		"twin key": {
			func(u *udemy.User) { u.ExternalID = "E-1\u200b" }, func(l *Learner) { l.ExternalID = "" },
			`external_id of learner "Ada@Example.com": "E-1\u200b" contains an invisible character: U+200B ZERO WIDTH SPACE`,
		},
		"odd key":       {func(u *udemy.User) { u.ExternalID = " E-1" }, func(l *Learner) { l.ExternalID = "" }, `external_id of learner "Ada@Example.com": the external_id " E-1" starts or ends with a blank`},
		"empty license": {func(u *udemy.User) { u.LicenseTypes = []string{"Pro", ""} }, func(l *Learner) { l.LicenseTypes = nil }, `license_types of learner "Ada@Example.com": license_types is empty`},
		"hidden group":  {func(u *udemy.User) { u.GroupIDs = []string{"g1", "g9"} }, func(l *Learner) { l.Groups = nil }, `groups of learner "Ada@Example.com": the group with ID g9 is omitted or not listed`},
		"no names": {
			func(u *udemy.User) { u.FirstName, u.LastName, u.Status = "", "", udemy.StatusInvited },
			func(l *Learner) { l.FirstName, l.LastName = "", "" }, "",
		},
		"one name": {func(u *udemy.User) { u.LastName = "" }, func(l *Learner) { l.LastName = "" }, ""},
		"odd name": {func(u *udemy.User) { u.LastName = "Love\nlace" }, func(l *Learner) { l.LastName = "" }, `last_name of learner "Ada@Example.com": the last_name "Love\nlace" starts or ends with a blank, or contains`},
		"twin address": {
			func(u *udemy.User) { u.Email = "o’brien@example.com" }, nil,
			`learner "o’brien@example.com", ID u1: "o’brien@example.com" contains a typographic quotation mark or apostrophe: U+2019`,
		},
		"odd address": {func(u *udemy.User) { u.Email = "ada" }, nil, `learner "ada", ID u1: the e-mail address is malformed`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			user := lovelace()
			test.change(&user)
			got := Select([]udemy.User{user}, groups(), everything)
			var want []Learner
			report := got.Omitted
			if test.want != nil {
				want, report = []Learner{configuredLovelace()}, got.Unmanaged
				test.want(&want[0])
			}
			if !reflect.DeepEqual(got.Learners, want) {
				t.Errorf("got  %+v\nwant %+v", got.Learners, want)
			}
			expectLines(t, report, test.report)
			if len(got.Omitted)+len(got.Unmanaged) != len(report) {
				t.Errorf("unexpected lines: %q, %q", got.Omitted, got.Unmanaged)
			}
		})
	}
}

// found is what an API lists.
type found struct {
	users  []udemy.User
	groups []udemy.Group
}

func TestSelect_organization(t *testing.T) {
	t.Parallel()
	grace := udemy.User{ID: "u2", Email: "grace@example.com", FirstName: "Grace", LastName: "Hopper", Status: udemy.StatusActive, GroupIDs: []string{"g3"}}
	graceWithoutGroups := grace
	graceWithoutGroups.GroupIDs = nil
	for name, test := range map[string]struct {
		found     found
		api       udemy.Capabilities
		learners  []string
		groups    []string
		managed   []string // learners whose groups are managed
		omitted   []string
		unmanaged []string
	}{
		"two groups of one name": {
			found:    found{users: []udemy.User{lovelace(), grace}, groups: append(groups(), udemy.Group{ID: "g3", Name: "Sales"})},
			api:      everything,
			learners: []string{"u1", "u2"}, groups: []string{"g2"},
			omitted:   []string{`group "Sales", ID g1: 2 groups have this name`, `group "Sales", ID g3: 2 groups have this name`},
			unmanaged: []string{`groups of learner "Ada@Example.com": the group with ID g1 `, `groups of learner "grace@example.com": the group with ID g3 `},
		},
		"two groups that differ in Unicode normalization": { // Terraform normalizes, so both would be one key of for_each.
			found: found{
				users:  []udemy.User{lovelace(), grace},
				groups: append(groups(), udemy.Group{ID: "g3", Name: "Cafe\u0301"}, udemy.Group{ID: "g4", Name: "Caf\u00e9"}),
			},
			api: everything, learners: []string{"u1", "u2"}, groups: []string{"g1", "g2"}, managed: []string{"u1"},
			omitted:   []string{"group \"Cafe\u0301\", ID g3: 2 groups have this name", "group \"Caf\u00e9\", ID g4: 2 groups have this name"},
			unmanaged: []string{`groups of learner "grace@example.com": the group with ID g3 `},
		},
		"two groups that differ by case folding": {
			found: found{users: []udemy.User{lovelace()}, groups: append(groups(), udemy.Group{ID: "g3", Name: "straße"}, udemy.Group{ID: "g4", Name: "STRASSE"})},
			api:   everything, learners: []string{"u1"}, groups: []string{"g1", "g2"}, managed: []string{"u1"},
			omitted: []string{`group "straße", ID g3: 2 groups have this name`, `group "STRASSE", ID g4: 2 groups have this name`},
		},
		"two learners with one external ID": {
			found: found{users: []udemy.User{lovelace(), {ID: "u2", Email: "grace@example.com", ExternalID: "E-1", GroupIDs: []string{}}}, groups: groups()},
			api:   everything, learners: []string{"u1", "u2"}, groups: []string{"g1", "g2"}, managed: []string{"u1", "u2"},
			unmanaged: []string{
				`external_id of learner "Ada@Example.com": 2 learners have the external ID "E-1"`,
				`external_id of learner "grace@example.com": 2 learners have the external ID "E-1"`,
			},
		},
		"two groups whose names differ in letter case": {
			found: found{groups: append(groups(), udemy.Group{ID: "g3", Name: "sales"})}, api: everything, groups: []string{"g2"},
			omitted: []string{`group "Sales", ID g1: 2 groups have this name, if letter case`, `group "sales", ID g3: 2 groups have this name`},
		},
		"an odd group": {
			found: found{users: []udemy.User{lovelace(), grace}, groups: append(groups(), udemy.Group{ID: "g3", Name: "Ops "})},
			api:   everything, learners: []string{"u1", "u2"}, groups: []string{"g1", "g2"}, managed: []string{"u1"},
			omitted:   []string{`group "Ops ", ID g3: the name "Ops " starts or ends with a blank`},
			unmanaged: []string{`groups of learner "grace@example.com": the group with ID g3 `},
		},
		"two learners with one address": {
			found: found{users: []udemy.User{lovelace(), {ID: "u3", Email: "ADA@example.com", FirstName: "A", LastName: "L"}}, groups: groups()},
			api:   everything, groups: []string{"g1", "g2"},
			omitted: []string{`learner "Ada@Example.com", ID u1: 2 learners have this e-mail address`, `learner "ADA@example.com", ID u3: 2 learners have`},
		},
		"an API without groups": {
			found: found{users: []udemy.User{lovelace()}}, api: everything,
			learners: []string{"u1"}, unmanaged: []string{"groups and memberships: an API does not list groups"},
		},
		"an API without memberships": {
			found: found{users: []udemy.User{graceWithoutGroups}, groups: groups()}, api: everything,
			learners: []string{"u2"}, groups: []string{"g1", "g2"}, unmanaged: []string{"memberships: an API does not return them"},
		},
		"an API that sets neither roles nor licenses": {
			found: found{users: []udemy.User{lovelace()}, groups: groups()}, api: udemy.Capabilities{Name: "an API", Fields: everything.Fields[:4]},
			learners: []string{"u1"}, groups: []string{"g1", "g2"}, managed: []string{"u1"},
			unmanaged: []string{"role: an API can't set it", "license_types: an API can't set it", "license_pool: an API can't set it"},
		},
		"no learners": {found: found{users: []udemy.User{}, groups: []udemy.Group{}}, api: everything},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Select(test.found.users, test.found.groups, test.api)
			var learners, groups, managed []string
			for _, learner := range got.Learners {
				learners = append(learners, learner.ID)
				if learner.Groups != nil {
					managed = append(managed, learner.ID)
				}
				if !test.api.Sets(udemy.FieldRole) && learner.Role != "" || !test.api.Sets(udemy.FieldLicenses) && learner.LicenseTypes != nil {
					t.Errorf("%+v has a value that the API can't set", learner)
				}
			}
			for _, group := range got.Groups {
				groups = append(groups, group.ID)
			}
			for name, lists := range map[string][2][]string{
				"learners": {learners, test.learners}, "groups": {groups, test.groups}, "learners with managed groups": {managed, test.managed},
			} {
				if !slices.Equal(lists[0], lists[1]) {
					t.Errorf("%s: got %v, want %v", name, lists[0], lists[1])
				}
			}
			expectLines(t, got.Omitted, test.omitted...)
			expectLines(t, got.Unmanaged, test.unmanaged...)
		})
	}
}

// expectLines compares the prefixes of lines.
func expectLines(t *testing.T, got []string, want ...string) {
	t.Helper()
	want = slices.DeleteFunc(slices.Clone(want), func(line string) bool { return line == "" })
	if len(got) != len(want) {
		t.Fatalf("got  %q\nwant %q", got, want)
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("got  %s\nwant %s...", got[i], want[i])
		}
	}
}
