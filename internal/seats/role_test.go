// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import "testing"

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
