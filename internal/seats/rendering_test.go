// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// The reports are values, not the analysis of a plan, so that each detail of the rendering is in a golden file.
func TestRendering(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*report{
		"all":           everything(),
		"nothing":       empty(),
		"failed":        failed(),
		"refresh-only":  refreshOnly(),
		"organizations": severalOrganizations(),
		"group-deleted": groupDeleted(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r.sort()
			for format, suffix := range map[string]string{"markdown": ".md", "text": ".txt", "json": ".json"} {
				var out strings.Builder
				if err := formats[format](r, &out, maxComment); err != nil {
					t.Fatal(err)
				}
				expectFile(t, "testdata/rendering/"+name+suffix, out.String())
			}
		})
	}
}

func empty() *report {
	r := &report{
		FormatVersion: formatVersion, Complete: true, Deferred: []string{}, Totals: map[kind]total{}, Organizations: []organization{},
		Activity: []activity{}, Groups: []group{}, Learners: []learner{}, Outside: outside{Groups: []group{}, Learners: []learner{}},
		BrokenGates: []gate{}, Notes: []string{},
	}
	for _, k := range kinds {
		r.Totals[k] = total{}
	}
	return r
}

// add adds a learner and counts the seat.
func (r *report) add(l learner) {
	if l.Addresses == nil {
		l.Addresses = []string{fmt.Sprintf("udemy_user.all[%q]", l.Email)}
	}
	sum := r.Totals[l.Kind]
	sum.Changes++
	if l.Seats != nil {
		sum.Seats += *l.Seats
		r.NetChange += *l.Seats
		r.Taken += max(0, *l.Seats)
		r.Freed += max(0, -*l.Seats)
	} else {
		r.Unknown++
		r.AtLeast = true
	}
	r.Totals[l.Kind] = sum
	r.Learners = append(r.Learners, l)
}

func everything() *report {
	r := empty()
	r.add(learner{Kind: kindNew, Email: "new@example.com", Name: "Ada Lovelace", Seats: new(1), Groups: &difference{Added: []string{"Sales", "Engineering (new)"}, Removed: []string{}}})
	r.add(learner{Kind: kindNew, Email: "by.id@example.com", Name: "Grace Hopper", Seats: new(1), Addresses: []string{`udemy_user.staff["emp-1042"]`}, LicenseTypes: &difference{Added: []string{"Pro"}, Removed: []string{}}})
	r.add(learner{Kind: kindNew, Email: "later@example.com", Addresses: []string{"udemy_user.later"}})
	r.add(learner{Kind: kindNew, Email: "in.roster@example.com", Name: "Radia Perlman", Seats: new(1), Addresses: []string{"udemy_roster.company"}})
	r.add(learner{Kind: kindNew, Email: "boss@example.com", Name: "Katherine Johnson", Seats: new(1), NewAdmin: true, Role: &transition{To: "admin"}, Addresses: []string{"module.x.udemy_user.boss"}})
	r.add(learner{Kind: kindChanged, Email: "promoted@example.com", Name: "Edith Clarke", Seats: new(0), NewAdmin: true, Role: &transition{"learner", "group_admin"}})
	r.add(learner{Kind: kindChanged, Email: "demoted@example.com", Name: "Mary Jackson", Seats: new(0), Role: &transition{"admin", "learner"}})
	r.add(learner{
		Kind: kindChanged, Email: "married@example.com", Name: "Annie Easley", EmailFrom: "maiden@example.com", NameFrom: "Annie Mac'Cartney",
		Seats: new(0), Groups: &difference{Added: []string{"Sales | EMEA"}, Removed: []string{"Old Hands", "Engineering"}},
		LicenseTypes: &difference{Added: []string{"Pro"}, Removed: []string{"Extra"}}, LicensePool: &transition{"Research", "Sales"},
	})
	r.add(learner{Kind: kindChanged, Email: "invited@example.com", Seats: new(0), Resent: true, Addresses: []string{"action.udemy_resend_invitation.reminder"}})
	r.add(learner{Kind: kindAdopted, Email: "adopted@example.com", Name: "Hedy Lamarr", Seats: new(0)})
	r.add(learner{Kind: kindReactivated, Email: "back@example.com", Name: "Joan Clarke", Seats: new(1), Notes: []string{"adopted"}})
	r.add(learner{Kind: kindDeactivated, Email: "leaver@example.com", Name: "Jean Bartik", Seats: new(-1), Notes: []string{"removed from the roster"}, Addresses: []string{"udemy_roster.company"}})
	r.add(learner{Kind: kindInvitationCanceled, Email: "not.accepted@example.com", Seats: new(-1)})
	r.add(learner{Kind: kindDeleted, Email: "deleted@example.com", Name: "Kay McNulty", Seats: new(-1), Groups: &difference{Added: []string{}, Removed: []string{"Sales"}}})
	r.add(learner{Kind: kindDeleted, Email: "deleted.inactive@example.com", Seats: new(0)})
	r.add(learner{Kind: kindImported, Email: "imported@example.com", Name: "Betty Holberton", Seats: new(0)})
	r.add(learner{Kind: kindForgotten, Email: "forgotten@example.com", Name: "Ruth Teitelbaum", Seats: new(0), Notes: []string{"keeps the seat"}})
	r.Groups = []group{
		{Kind: kindGroupCreated, Name: "Engineering (new)", Joining: 3, Addresses: []string{`udemy_group.all["Engineering (new)"]`}},
		{Kind: kindGroupRenamed, Name: "Sales | EMEA", From: "Sales Europe", Members: new(40), Joining: 1, Leaving: 2, Addresses: []string{"udemy_group.emea"}},
		{Kind: kindGroupDeleted, Name: "Old Hands", Members: new(12), Leaving: 1, Addresses: []string{"udemy_group.old_hands"}},
		{Kind: kindGroupDeleted, Name: "Unread", Addresses: []string{`module.teams["a.b"].udemy_group.this`}, Note: "also if members have a seat"},
		{Kind: kindGroupForgotten, Name: "Reading Circle", Members: new(1), Addresses: []string{"udemy_group.reading_circle"}},
	}
	r.Outside.Groups = []group{{Kind: kindGroupRenamed, Name: "Finance", From: "Controlling", Addresses: []string{"udemy_group.finance"}}}
	r.Outside.Learners = []learner{{
		Kind: kindDeactivated, Email: "drifted@example.com", Name: "Gladys West", Seats: new(-1), Role: &transition{"admin", "learner"}, Addresses: []string{"udemy_user.drifted"},
	}}
	r.Mails = mails{Invitations: 5, Reactivations: 1, Resent: 1}
	r.Organizations = []organization{{UsedBefore: 117, UsedAfter: 117 + r.NetChange, Purchased: new(125), AvailableAfter: new(125 - 117 - r.NetChange), NetChange: r.NetChange}}
	r.Activity = []activity{{Address: "data.udemy_activity.idle", Unused: 37, Seats: 803, Days: 90}}
	r.Notes = []string{
		"Invited and active learners count as seats in use. Deactivated learners don't.",
		"The plan has read 191 learners; the new learners are not among them.",
	}
	return r
}

func failed() *report {
	r := empty()
	r.Errored, r.Complete = true, false
	for i := range 3 {
		r.add(learner{Kind: kindNew, Email: fmt.Sprintf("new%d@example.com", i), Seats: new(1)})
	}
	r.Mails.Invitations = 3
	r.Organizations = []organization{{UsedBefore: 19, UsedAfter: 22, Purchased: new(20), AvailableAfter: new(-2), NetChange: 3}}
	r.BrokenGates = (&gates{limit: new(2), forbidOverPurchased: true}).broken(r)
	return r
}

func refreshOnly() *report {
	r := empty()
	r.RefreshOnly = true
	r.Outside.Groups = []group{{Kind: kindGroupDeleted, Name: "Sales", Members: new(3), Addresses: []string{"udemy_group.sales"}}}
	r.Outside.Learners = []learner{
		{Kind: kindDeleted, Email: "gone@example.com", Seats: new(-1), Addresses: []string{"udemy_user.gone"}},
		{Kind: kindChanged, Email: "renamed@example.com", NameFrom: "Ada King", Name: "Ada Lovelace", Seats: new(0), Addresses: []string{"udemy_roster.company"}},
	}
	return r
}

func severalOrganizations() *report {
	r := empty()
	r.Complete, r.Deferred = false, []string{`udemy_user.later["ada@example.com"]`, "udemy_group.later"}
	r.add(learner{Kind: kindNew, Email: "ada@example.com", Seats: new(1), Provider: "udemy.emea"})
	r.add(learner{Kind: kindDeactivated, Email: "ada@example.com", Seats: new(-1), Provider: "udemy.apac"})
	r.Mails.Invitations = 1
	r.Organizations = []organization{
		{Provider: "udemy.apac", UsedBefore: 10, UsedAfter: 9, NetChange: -1},
		{Provider: "udemy.emea", UsedBefore: 100, UsedAfter: 101, Purchased: new(200), AvailableAfter: new(99), NetChange: 1},
	}
	r.Activity = []activity{{"data.udemy_activity.apac", 1, 10, 30}, {"data.udemy_activity.emea", 0, 100, 90}}
	return r
}

func groupDeleted() *report {
	r := empty()
	r.Groups = []group{{Kind: kindGroupDeleted, Name: "Engineering", Members: new(12), Addresses: []string{"udemy_group.engineering"}}}
	return r
}

// Values of a plan must not mention users, create links or change the layout of the comment.
func TestHostileText(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"@octocat":                      "| `@octocat` |",
		"a|b@example.com":               `| ` + "`" + `a\|b@example.com` + "`" + ` |`,
		`a\|b`:                          `| ` + "`" + `a\u005c\|b` + "`" + ` |`,
		`a\\|b`:                         `| ` + "`" + `a\\u005c\|b` + "`" + ` |`,
		"a`b``c@example.com":            "| ``` a`b``c@example.com ``` |",
		"`":                             "| `` ` `` |",
		"a\n\n# Title":                  "| `a\\u000a\\u000a# Title` |",
		"a\r\tb":                        "| `a\\u000d\\u0009b` |",
		"</details><b>x</b>":            "| `</details><b>x</b>` |",
		"[x](https://example.com)":      "| `[x](https://example.com)` |",
		"\u202emoc.elpmaxe\u2066\u200b": "| `\\u202emoc.elpmaxe\\u2066\\u200b` |",
		"søren@example.com":             "| `søren@example.com` |",
		"\xff\xfe@example.com":          "| `\\ufffd\\ufffd@example.com` |",
		strings.Repeat("ø", 300):        "| `" + strings.Repeat("ø", 254) + "…` |",
	} {
		r := empty()
		r.add(learner{Kind: kindNew, Email: value, Seats: new(0)})
		if got := r.markdown(maxComment); !strings.Contains(got, "\n"+want+"\n") {
			t.Errorf("%q: no line %q in\n%s", value, want, got)
		}
		if got := r.text(); strings.ContainsAny(got, "\r\t\u202e\u2066\u200b") || strings.Contains(got, "\n# Title") || !utf8.ValidString(got) {
			t.Errorf("%q is not escaped in\n%s", value, got)
		}
	}
}

// A name is plain text only if Markdown and GitHub interpret nothing in it.
func TestPlainName(t *testing.T) {
	t.Parallel()
	for name, plain := range map[string]bool{
		"Ada Lovelace": true, "Ada M. King-Noel": true, "Conan O'Brien": true, "Søren Ó Dálaigh": true, "José\u0301": true, "Sammy Davis Jr.": true,
		"Cohort 2026": true, "2026": true, "GH-12": false, " Ada": false, "Ada ": false, "1.2": false,
		"@octocat": false, "www.example.com": false, "Ada #12": false, "*Ada*": false, "group_admin": true, "_Ada_": false, "Ada _B": false, "<b>": false, ":smile:": false,
		"a|b": false, "Ada\u202eB": false, "\u0301": false, "Ada\nB": false, "A  B": false, strings.Repeat("a", 300): false,
	} {
		if got := plainName(name); (got == name) != plain {
			t.Errorf("%q is shown as %q, want plain: %t", name, got, plain)
		}
	}
}

func TestResources(t *testing.T) {
	t.Parallel()
	for address, shown := range map[string]bool{
		`udemy_user.all["ada@example.com"]`:             false,
		`module.team.udemy_user.all["ADA@example.com"]`: false,
		`udemy_user.all["emp-1042"]`:                    true,
		`udemy_user.boss`:                               true,
		`udemy_user.ada`:                                false,
		`udemy_user.ada_lovelace`:                       false,
		`module.x.udemy_user.ada`:                       true,
		`module.x.udemy_user.boss`:                      true,
		`module.x["a.b"].module.y[0].udemy_user.boss`:   true,
		`module.x["ada@example.com"].udemy_user.this`:   true,
		`udemy_group_membership.begins`:                 false,
		`udemy_group_members.sales`:                     false,
		`udemy_roster.company`:                          false,
		`module.x["udemy_user.a"].udemy_roster.company`: false,
		`action.udemy_resend_invitation.reminder`:       false,
		`data.udemy_user.ada`:                           false,
	} {
		l := learner{Email: "ada@example.com", Name: "Ada Lovelace"}
		if l.adds(address) != shown {
			t.Errorf("%s is shown: %t, want %t", address, !shown, shown)
		}
	}
	for address, shown := range map[string]bool{
		"udemy_group.sales_emea":          false,
		`udemy_group.all["Sales (EMEA)"]`: false,
		"udemy_group.this":                true,
		"module.x.udemy_group.sales_emea": true,
		"udemy_group_members.this":        false,
	} {
		g := group{Name: "Sales (EMEA)"}
		if g.adds(address) != shown {
			t.Errorf("%s is shown: %t, want %t", address, !shown, shown)
		}
	}
}

// A report that is too long leaves out harmless rows first. Each section keeps its share and states what it leaves out.
func TestLongReport(t *testing.T) {
	t.Parallel()
	long := func(dangerous, harmless int) *report {
		r := empty()
		r.Groups = []group{{Kind: kindGroupDeleted, Name: "Engineering (old)", Members: new(12)}}
		r.add(learner{Kind: kindChanged, Email: "boss@example.com", Seats: new(0), NewAdmin: true, Role: &transition{"learner", "admin"}})
		for i := range dangerous {
			r.add(learner{Kind: kindDeactivated, Email: fmt.Sprintf("løaver%04d@example.com", i), Name: "Ada | King", Seats: new(-1)})
			r.add(learner{Kind: kindDeleted, Email: fmt.Sprintf("deleted%04d@example.com", i), Seats: new(-1)})
		}
		for i := range harmless {
			r.add(learner{Kind: kindNew, Email: fmt.Sprintf("new%04d@example.com", i), Seats: new(1)})
			r.add(learner{Kind: kindImported, Email: fmt.Sprintf("imported%04d@example.com", i), Seats: new(0)})
		}
		r.add(learner{Kind: kindAdopted, Email: "adopted@example.com", Seats: new(0)})
		r.Notes = []string{strings.Repeat("A note. ", 20)}
		r.sort()
		return r
	}
	for _, test := range []struct {
		dangerous, harmless, maxBytes int
		whole                         []string // starts of addresses of which all rows are listed
		cut                           []string
	}{
		{10, 20, maxComment, []string{"løaver", "deleted", "new", "imported"}, nil},
		{300, 1000, maxComment, []string{"løaver", "deleted"}, []string{"new", "imported"}},
		{1000, 1000, maxComment, nil, []string{"løaver", "deleted"}},
		{20, 100, minComment, []string{"løaver", "deleted"}, []string{"new", "imported"}},
		{2000, 2000, minComment, nil, []string{"løaver", "deleted"}},
		{10, 5000, 1_000_000, []string{"løaver", "deleted", "new", "imported"}, nil},
	} {
		r := long(test.dangerous, test.harmless)
		got := r.markdown(test.maxBytes)
		name := fmt.Sprintf("%d and %d in %d", test.dangerous, test.harmless, test.maxBytes)
		if len(got) > test.maxBytes || len(test.cut) > 0 && len(got) < test.maxBytes*9/10 || !utf8.ValidString(got) {
			t.Errorf("%s: %d bytes, valid UTF-8: %t", name, len(got), utf8.ValidString(got))
		}
		for _, start := range append(test.whole, test.cut...) {
			rows := strings.Count(got, "\n| `"+start)
			whole := map[string]int{"løaver": test.dangerous, "deleted": test.dangerous, "new": test.harmless, "imported": test.harmless}[start]
			if cut := rows < whole; cut != (len(test.cut) > 0 && strings.Contains(strings.Join(test.cut, " "), start)) || rows == 0 {
				t.Errorf("%s: %d rows of %s of %d", name, rows, start, whole)
			}
		}
		if !strings.Contains(got, "`Engineering (old)`") || !strings.Contains(got, "`boss@example.com`") {
			t.Errorf("%s: a single deletion or administrator is cut", name)
		}
		rows, omitted := strings.Count(got, "\n| `"), 0
		for _, match := range regexp.MustCompile(`\((\d+), (\d+|all) left out\)`).FindAllStringSubmatch(got, -1) {
			n, err := strconv.Atoi(strings.Replace(match[2], "all", match[1], 1))
			if err != nil {
				t.Fatal(err)
			}
			omitted += n
		}
		if want := len(r.Learners) + len(r.Groups); rows+omitted != want {
			t.Errorf("%s: %d rows and %d left out, want a total of %d", name, rows, omitted, want)
		}
		if opened, closed := strings.Count(got, "<details>"), strings.Count(got, "</details>"); opened != closed {
			t.Errorf("%s: %d <details> and %d </details>", name, opened, closed)
		}
		for line := range strings.Lines(got) {
			if strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|\n") {
				t.Errorf("%s: the row %q is cut", name, line)
			}
		}
	}
}

func TestBar(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ used, purchased, filled int }{
		{0, 100, 0},
		{1, 1000, 1},
		{50, 100, 10},
		{999, 1000, 19},
		{100, 100, 20},
		{120, 100, 20},
		{0, 0, 20},
		{-1, 0, 0},
		{-1000, 100, 0},
	} {
		if got := bar(test.used, test.purchased); strings.Count(got, "▓") != test.filled || strings.Count(got, "░") != barLength-test.filled {
			t.Errorf("%d of %d: %s, want %d filled", test.used, test.purchased, got, test.filled)
		}
	}
}

func TestHeadline(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]report{
		"This plan does not change Udemy seats":                                                  {},
		"This plan takes 1 more Udemy seat":                                                      {NetChange: 1, Taken: 1},
		"This plan takes 3 more Udemy seats (5 taken, 2 freed)":                                  {NetChange: 3, Taken: 5, Freed: 2},
		"This plan takes at least 3 more Udemy seats; 2 seats known after apply":                 {NetChange: 3, Taken: 3, Unknown: 2, AtLeast: true},
		"This plan frees 2 Udemy seats":                                                          {NetChange: -2, Freed: 2},
		"This plan takes and frees the same number of Udemy seats (2 taken, 2 freed)":            {Taken: 2, Freed: 2},
		"This plan does not change Udemy seats, as far as it is known; 1 seat known after apply": {Unknown: 1, AtLeast: true},
		"This plan frees 2 Udemy seats, as far as it is known":                                   {NetChange: -2, Freed: 2, AtLeast: true},
	} {
		if got := r.headline(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestMails(t *testing.T) {
	t.Parallel()
	r := empty()
	r.add(learner{Kind: kindNew, Email: "ada@example.com", Seats: new(1), Resent: true})
	r.Mails = mails{Invitations: 1, Resent: 1}
	if got, want := r.mailLine(textSummary), "1 person gets an e-mail: 1 invitation, 1 invitation sent again."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	r.Mails = mails{}
	r.Learners[0].Resent = false
	if got, want := r.mailLine(textSummary), "No e-mail is sent."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
