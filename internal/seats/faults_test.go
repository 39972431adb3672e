// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"slices"
	"strings"
	"testing"
)

// A role that refers to a resource is configured, although it is unknown like one that Udemy chooses.
func TestUnknownRole(t *testing.T) {
	t.Parallel()
	module := attributes{"root_module": attributes{"module_calls": attributes{"team": attributes{
		"expressions": attributes{"role": attributes{"references": []string{"terraform_data.x.output", "terraform_data.x"}}, "none": attributes{"constant_value": nil}},
		"module": attributes{"resources": []any{
			attributes{"address": "udemy_user.a", "provider_config_key": "udemy", "expressions": attributes{"role": attributes{"references": []string{"var.role"}}}},
			attributes{"address": "udemy_user.b", "provider_config_key": "udemy", "expressions": attributes{"role": attributes{"references": []string{"var.none"}}}},
		}},
	}}}}
	blocks := func(references ...string) string {
		return configured(map[string]attributes{"udemy_user.x": {"role": references}})
	}
	others := []string{planned("terraform_data.x", "create", nil, attributes{}, "after_unknown", unknownID("output"))}
	known := planned("terraform_data.x", "no-op", attributes{"output": "admin"}, attributes{"output": "admin"}, "after_unknown", attributes{})
	group := planned("udemy_group.x", "create", nil, attributes{"name": "X"}, "after_unknown", unknownID())
	const unknown = "-forbid-admin: 1 learner has a role that is known only after apply, which may be that of an administrator"
	for name, test := range map[string]struct {
		members, address string
		more             []string
		want             string
	}{
		"not configured":          {configured(map[string]attributes{"udemy_user.x": {}}), "udemy_user.x", others, ""},
		"an attribute of a value": {blocks("each.value.role", "each.value"), "udemy_user.x", nil, ""},
		"an attribute of a value, in a plan with unknown values": {blocks("each.value.role", "each.value"), "udemy_user.x", others, unknown},
		"a local value": {blocks("local.role"), "udemy_user.x", nil, ""},
		"a local value, in a plan with unknown values": {blocks("local.role"), "udemy_user.x", others, unknown},
		"a local value, in a plan with known values":   {blocks("local.role"), "udemy_user.x", []string{known}, ""},
		"a local value, in a plan with a new group":    {blocks("local.role"), "udemy_user.x", []string{group}, ""},
		"a number":                 {blocks("count.index"), "udemy_user.x", others, ""},
		"a resource":               {blocks("terraform_data.x.output", "terraform_data.x"), "udemy_user.x", nil, unknown},
		"a resource by a variable": {`"configuration": ` + encode(module) + ",", "module.team.udemy_user.a", nil, unknown},
		"a variable":               {`"configuration": ` + encode(module) + ",", "module.team.udemy_user.b", others, ""},
	} {
		r := reportOn(t, planWith(test.members, append(test.more, planned(test.address, "create", nil, account("ada@example.com"), "after_unknown", unknownID("role")))...))
		var got string
		for _, g := range (&gates{forbidAdmin: true}).broken(r) {
			got = g.Flag + ": " + g.Text
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestNewAdministrators(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		from, to string
		want     bool
	}{
		{"learner", "admin", true},
		{"learner", "group_admin", true},
		{"group_admin", "admin", true},
		{"group_admin", "owner", true},
		{"admin", "owner", false},
		{"admin", "group_admin", false},
		{"owner", "learner", false},
		{"admin", "admin", false},
	} {
		r := reportOn(t, planOf(planned("udemy_user.x", "update", existing("1", "a@example.com", "role", test.from, "first_name", "A"), existing("1", "a@example.com", "role", test.to, "first_name", "B"))))
		if got := r.Learners[0].NewAdmin; got != test.want {
			t.Errorf("%s to %s: new administrator: %t, want %t", test.from, test.to, got, test.want)
		}
	}
}

// What a line does not have before a change is what the plan has read, so an administrator does not become one.
func TestRoster_roleOfExisting(t *testing.T) {
	t.Parallel()
	for role, want := range map[string]string{
		"admin":   "",
		"learner": "changed ada@example.com +0 role learner>admin admin",
	} {
		r := reportOn(t, planOf(
			read(map[string]any{"id": "id-a", "email": "ada@example.com", "active": true, "status": "active", "role": role}),
			rosterChange("update", rosterOf(nil, `a ada@example.com - true`), rosterOf(nil, `a ada@example.com - true {"role": "admin"}`)),
		))
		expectRows(t, r.Learners, r.Groups, nonEmpty(want))
	}
}

// A learner whose membership moves from one resource to another stays in the group.
func TestMembershipMoves(t *testing.T) {
	t.Parallel()
	member := existing("1", "ada@example.com", "group_ids", []string{"g1"})
	unmanaged, managed := existing("1", "ada@example.com", "group_ids", nil), existing("1", "ada@example.com", "group_ids", []string{"g1"})
	gone := []string{
		planned("udemy_group_members.x", "delete", attributes{"group_id": "g1", "members": attributes{"ada": "1"}}, nil),
		planned("udemy_group_membership.x", "delete", attributes{"group_id": "g1", "user_id": "1"}, nil),
	}
	for _, change := range gone {
		r := reportOn(t, planOf(read(member), state("udemy_group.x", groupOf("g1", "Engineering")), planned("udemy_user.x", "update", unmanaged, managed), change))
		expectRows(t, r.Learners, r.Groups, nil)
		r = reportOn(t, planOf(read(member), state("udemy_group.x", groupOf("g1", "Engineering")), planned("udemy_user.x", "no-op", unmanaged, unmanaged), change))
		expectRows(t, r.Learners, r.Groups, []string{"group_changed Engineering 1 +0 -1", "changed ada@example.com +0 groups +[] -[Engineering]"})
	}
}

// A label that is an instance key names the learner, but only of a resource to which the members refer.
func TestMembersByKey(t *testing.T) {
	t.Parallel()
	plan := func(references ...string) string {
		return planWith(configured(map[string]attributes{"udemy_user.all": {}, "udemy_user.other": {}, "udemy_group_members.x": {"members": references}}),
			planned(`udemy_user.all["a"]`, "create", nil, account("ada@example.com"), "after_unknown", unknownID()),
			planned(`udemy_user.other["a"]`, "create", nil, account("bob@example.com"), "after_unknown", unknownID()),
			planned("udemy_group_members.x", "create", nil, attributes{"group_id": "g1", "members": attributes{}}, "after_unknown", attributes{"members": attributes{"a": true}}),
			state("udemy_group.x", groupOf("g1", "Art")),
		)
	}
	r := reportOn(t, plan("udemy_user.all"))
	expectRows(t, r.Learners, nil, []string{"new ada@example.com +1 groups +[Art] -[]", "new bob@example.com +1"})
	for _, references := range [][]string{{"udemy_user.all", "udemy_user.other"}, {"local.ids"}, {`udemy_user.all["b"]`}} {
		r = reportOn(t, plan(references...))
		expectRows(t, r.Learners, nil, []string{"changed a +0 groups +[Art] -[] (ID known after apply)", "new ada@example.com +1", "new bob@example.com +1"})
	}
}

// The report states what its numbers do not include.
func TestUncertainNumbers(t *testing.T) {
	t.Parallel()
	open := planned("udemy_user.x", "create", nil, account("ada@example.com", "active", nil), "after_unknown", unknownID("active"))
	if output := runSeats(t, planOf(open)); !strings.Contains(output, "**At least 1 person gets an e-mail**") {
		t.Errorf("the number of e-mails is not certain, but the report is\n%s", output)
	}
	adopted := planned("udemy_user.x", "create", nil, existing("1", "ada@example.com", "status", nil), "after_unknown", attributes{"status": true})
	if output := runSeats(t, planOf(adopted)); !strings.Contains(output, "No e-mail is sent, as far as it is known.") {
		t.Errorf("an e-mail is possible, but the report is\n%s", output)
	}
	grouped := planned("udemy_user.x", "create", nil, account("ada@example.com"), "after_unknown", unknownID("group_ids"))
	for change, want := range map[string]bool{grouped: true, created("ada@example.com"): false} {
		if got := slices.Contains(reportOn(t, planOf(change)).Notes, unnamedNote); got != want {
			t.Errorf("%s: a note on groups without a name: %t, want %t", change, got, want)
		}
	}
	if notes := reportOn(t, planOf(read(), created("ada@example.com"))).Notes; slices.Contains(notes, unreadNote) {
		t.Error("the plan has read an organization without learners, but the report denies it")
	}
}

func TestUnknownGroupName(t *testing.T) {
	t.Parallel()
	r := reportOn(t, planOf(planned("udemy_group.x", "update", groupOf("g1", "Art"), attributes{"id": "g1"}, "after_unknown", attributes{"name": true})))
	expectRows(t, nil, r.Groups, []string{"group_renamed Art ? (the new name is known after apply)"})
}

// The members of a group that changed outside Terraform are those before the change, in both directions.
func TestOutside_members(t *testing.T) {
	t.Parallel()
	one := attributes{"group_id": "g1", "members": attributes{"a": "1"}}
	two := attributes{"group_id": "g1", "members": attributes{"a": "1", "b": "2"}}
	for want, sides := range map[string][2]attributes{"group_changed Art 1 +1 -0": {one, two}, "group_changed Art 2 +0 -1": {two, one}} {
		drift := `"resource_drift": [` + planned("udemy_group_members.x", "update", sides[0], sides[1]) + `],`
		r := reportOn(t, planWith(drift, state("udemy_group.x", groupOf("g1", "Art")), state("udemy_group_members.x", sides[1])))
		expectRows(t, nil, r.Outside.Groups, []string{want})
	}
}
