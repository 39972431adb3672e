// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
)

type attributes = map[string]any

// configured returns the member configuration of a plan, followed by a comma. Blocks are addresses in the root module with the name of
// their provider configuration and their references by attribute.
func configured(blocks map[string]attributes) string {
	var resources []any
	for _, address := range slices.Sorted(maps.Keys(blocks)) {
		b := attributes{"address": address, "provider_config_key": "udemy", "expressions": attributes{}}
		for name, value := range blocks[address] {
			switch name {
			case "provider":
				b["provider_config_key"] = value
			case "for_each":
				b["for_each_expression"] = attributes{"references": value}
			default:
				b["expressions"].(attributes)[name] = attributes{"references": value}
			}
		}
		resources = append(resources, b)
	}
	return `"configuration": ` + encode(attributes{"root_module": attributes{"resources": resources}}) + ","
}

// existing returns a learner in state or in a data source.
func existing(id, email string, more ...any) attributes {
	return account(email, append([]any{"id", id}, more...)...)
}

func groupOf(id, name string) attributes {
	return attributes{"id": id, "name": name, "on_destroy": nil}
}

// unknownID are the marks of an object with an unknown ID.
func unknownID(more ...string) attributes {
	marks := attributes{"id": true}
	for _, name := range more {
		marks[name] = true
	}
	return marks
}

func TestAnalysis(t *testing.T) {
	t.Parallel()
	engineering := groupOf("g1", "Engineering")
	sales := groupOf("g2", "Sales")
	ada := existing("1", "ada@example.com", "first_name", "Ada", "last_name", "Lovelace", "role", "learner")
	with := func(object attributes, more ...any) attributes {
		object = maps.Clone(object)
		for i := 0; i < len(more); i += 2 {
			object[more[i].(string)] = more[i+1]
		}
		return object
	}
	var twelve []map[string]any
	for i := range 12 {
		twelve = append(twelve, existing(fmt.Sprint(i), fmt.Sprintf("member%d@example.com", i), "group_ids", []string{"g1"}))
	}
	memberships := map[string]attributes{
		"udemy_group.all": {}, "udemy_user.all": {},
		"udemy_group_membership.all": {"group_id": []string{"udemy_group.all", "each.value"}, "user_id": []string{"udemy_user.all", "each.key"}},
	}

	for name, test := range map[string]struct {
		members string
		parts   []string
		net     int
		atLeast bool
		mails   mails
		want    []string
	}{
		"a group with 12 members is deleted": {
			parts: []string{read(twelve...), planned("udemy_group.x", "delete", engineering, nil)},
			want:  []string{"group_deleted Engineering 12 (the apply fails if learners with a seat are members)"},
		},
		"members from all sources are counted once": {
			parts: []string{
				state("udemy_group.x", with(engineering, "on_destroy", "delete")),
				state("udemy_user.a", existing("1", "a@example.com", "group_ids", []string{"g1"})),
				state("udemy_group_membership.a", attributes{"group_id": "g1", "user_id": "1"}),
				state("udemy_group_membership.b", attributes{"group_id": "g1", "user_id": "2"}),
				state("udemy_group_members.x", attributes{"group_id": "g1", "members": attributes{"b": "2", "c": "3"}}),
				state("data.udemy_users.x", attributes{"group_id": "g1", "users": []any{existing("4", "d@example.com", "group_ids", nil)}}),
				state("udemy_roster.all", rosterOf(nil, `e e@example.com - true {"groups": ["ENGINEERING"]}`)),
				planned("udemy_group.x", "delete", with(engineering, "on_destroy", "delete"), nil),
			},
			want: []string{"group_deleted Engineering 5"},
		},
		"the plan does not contain the members of a group": {
			parts: []string{planned("udemy_group.x", "delete", with(engineering, "on_destroy", "keep"), nil)},
			want:  []string{"group_forgotten Engineering ?"},
		},
		"a group without members": {
			parts: []string{read(existing("1", "a@example.com", "group_ids", []string{})), planned("udemy_group.x", "forget", engineering, nil)},
			want:  []string{"group_forgotten Engineering 0"},
		},
		"groups are created, adopted, imported, renamed, moved and replaced": {
			parts: []string{
				state("data.udemy_groups.all", attributes{"groups": []any{groupOf("g7", "Known")}}),
				planned("udemy_group.created", "create", nil, attributes{"name": "Created"}, "after_unknown", unknownID()),
				planned("udemy_group.adopted", "create", nil, groupOf("g5", "Adopted")),
				planned("udemy_group.known", "create", nil, attributes{"name": "known"}, "after_unknown", unknownID()),
				planned("udemy_group.imported", "no-op", groupOf("g6", "Imported"), groupOf("g6", "Imported"), "importing", attributes{"id": "g6"}),
				planned("udemy_group.renamed", "update", engineering, with(engineering, "name", "R&D")),
				planned("udemy_group.old", "forget", sales, nil),
				planned("udemy_group.new", "create", nil, sales),
				planned("udemy_group.replaced", "delete+create", groupOf("g9", "Replaced"), groupOf("g9", "Replaced")),
				planned("udemy_group.unchanged", "no-op", groupOf("g8", "Same"), groupOf("g8", "Same")),
			},
			want: []string{
				"group_adopted Adopted ?", "group_created Created 0", "group_imported Imported ?", "group_adopted known ? was Known",
				"group_renamed R&D ? was Engineering",
			},
		},
		"one row for all resources of a learner": {
			parts: []string{
				state("udemy_group.x", engineering), state("udemy_group.y", sales),
				planned("udemy_user.x", "update", ada, with(ada, "role", "admin", "last_name", "King", "email", "king@example.com")),
				planned("udemy_group_membership.x", "create", nil, attributes{"user_id": "1", "group_id": "g1"}),
				planned("udemy_group_members.x", "update", attributes{"group_id": "g2", "members": attributes{"Ada": "1", "Bob": "2"}}, attributes{"group_id": "g2", "members": attributes{"Bob": "2"}}),
			},
			want: []string{
				"group_changed Engineering ? +1 -0", "group_changed Sales 2 +0 -1",
				"changed king@example.com +0 was ada@example.com name Ada Lovelace>Ada King role learner>admin admin groups +[Engineering] -[Sales]",
			},
		},
		"a replacement keeps the account": {
			parts: []string{planned("udemy_user.x", "delete+create", ada, with(ada, "first_name", "Augusta"), "after_unknown", attributes{"status": true})},
			want:  []string{"changed ada@example.com +0 name Ada Lovelace>Augusta Lovelace (replaced, keeps the account)"},
		},
		"another resource with another address and the same external ID": {
			parts: []string{
				planned("udemy_user.old", "delete", with(ada, "external_id", "E1", "on_destroy", "keep"), nil),
				planned("udemy_user.new", "create", nil, with(account("lovelace@example.com"), "external_id", "E1"), "after_unknown", unknownID("first_name", "last_name", "role")),
			},
			want: []string{"changed lovelace@example.com +0 was ada@example.com"},
		},
		"an address passes to another learner": {
			parts: []string{
				planned("udemy_user.x", "update", ada, with(ada, "email", "lovelace@example.com")),
				planned("udemy_user.y", "create", nil, account("ada@example.com"), "after_unknown", unknownID()),
			},
			net: 1, mails: mails{Invitations: 1},
			want: []string{"new ada@example.com +1", "changed lovelace@example.com +0 was ada@example.com"},
		},
		"a learner whom the plan found exists": {
			parts:   []string{planned("udemy_user.x", "create", nil, existing("1", "ada@example.com", "status", nil), "after_unknown", attributes{"status": true})},
			atLeast: true,
			want:    []string{"adopted ada@example.com ? (takes a seat if the learner is deactivated)"},
		},
		"a half-known learner counts as new": {
			parts:   []string{planned("udemy_user.x", "create", nil, attributes{"active": true}, "after_unknown", unknownID("email"))},
			net:     1,
			atLeast: true,
			mails:   mails{Invitations: 1},
			want:    []string{"new (known after apply) +1"},
		},
		"a data source of another organization": {
			members: configured(map[string]attributes{"data.udemy_users.all": {"provider": "udemy.emea"}, "udemy_user.x": {}}),
			parts:   []string{read(ada), planned("udemy_user.x", "create", nil, account("ada@example.com"), "after_unknown", unknownID())},
			net:     1, mails: mails{Invitations: 1},
			want: []string{"new ada@example.com +1"},
		},
		"a data source that the apply reads": {
			parts: []string{
				state("data.udemy_user.x", ada),
				planned("data.udemy_user.x", "read", nil, attributes{"email": "ada@example.com"}, "after_unknown", unknownID("active", "status")),
				planned("udemy_user.x", "create", nil, account("ada@example.com"), "after_unknown", unknownID()),
			},
			net: 1, mails: mails{Invitations: 1},
			want: []string{"new ada@example.com +1"},
		},
		"new groups by the references of the configuration": {
			members: configured(map[string]attributes{
				"udemy_group.x": {}, "udemy_group.all": {}, "data.udemy_group.later": {},
				"udemy_user.one":   {"group_ids": []string{"udemy_group.x.id", "udemy_group.x"}},
				"udemy_user.key":   {"group_ids": []string{`udemy_group.all["B"].id`, `udemy_group.all["B"]`, "udemy_group.all"}},
				"udemy_user.every": {"group_ids": []string{"udemy_group.all"}},
				"udemy_user.two":   {"group_ids": []string{"udemy_group.all", "each.value"}},
				"udemy_user.later": {"group_ids": []string{"data.udemy_group.later.id", "data.udemy_group.later"}},
			}),
			parts: []string{
				planned("udemy_group.x", "create", nil, attributes{"name": "X"}, "after_unknown", unknownID()),
				planned(`udemy_group.all["A"]`, "create", nil, attributes{"name": "Group A"}, "after_unknown", unknownID()),
				planned(`udemy_group.all["B"]`, "create", nil, attributes{"name": "Group B"}, "after_unknown", unknownID()),
				planned("data.udemy_group.later", "read", nil, attributes{"name": "Later"}, "after_unknown", unknownID()),
				planned("udemy_user.one", "create", nil, account("one@example.com", "group_ids", []any{nil}), "after_unknown", attributes{"id": true, "group_ids": []any{true}}),
				planned("udemy_user.key", "create", nil, account("key@example.com", "group_ids", []any{nil}), "after_unknown", attributes{"id": true, "group_ids": []any{true}}),
				planned("udemy_user.every", "create", nil, account("every@example.com", "group_ids", []any{nil, nil}), "after_unknown", attributes{"id": true, "group_ids": []any{true, true}}),
				planned(`udemy_user.two["z"]`, "create", nil, account("two@example.com", "group_ids", []any{nil}), "after_unknown", attributes{"id": true, "group_ids": []any{true}}),
				planned("udemy_user.later", "create", nil, account("later@example.com", "group_ids", []any{nil}), "after_unknown", attributes{"id": true, "group_ids": []any{true}}),
			},
			net: 5, mails: mails{Invitations: 5},
			want: []string{
				"group_created Group A 0 +1 -0", "group_created Group B 0 +2 -0", "group_changed Later ? +1 -0", "group_created X 0 +1 -0",
				"new every@example.com +1 groups +[Group A (new) Group B (new)] -[]", "new key@example.com +1 groups +[Group B (new)] -[]",
				"new later@example.com +1 groups +[Later] -[]",
				"new one@example.com +1 groups +[X (new)] -[]", "new two@example.com +1 groups +[a new group] -[]",
			},
		},
		"memberships by the keys of for_each": {
			members: configured(memberships),
			parts: []string{
				planned(`udemy_group.all["Sales"]`, "create", nil, attributes{"name": "Sales"}, "after_unknown", unknownID()),
				planned(`udemy_group.all["Art"]`, "create", nil, attributes{"name": "Art"}, "after_unknown", unknownID()),
				planned(`udemy_user.all["ada@example.com"]`, "create", nil, account("ada@example.com"), "after_unknown", unknownID()),
				planned(`udemy_user.all["bob@example.com"]`, "create", nil, account("bob@example.com"), "after_unknown", unknownID()),
				planned(`udemy_group_membership.all["ada@example.com/Sales"]`, "create", nil, attributes{}, "after_unknown", unknownID("group_id", "user_id")),
				planned(`udemy_group_membership.all["7"]`, "create", nil, attributes{}, "after_unknown", unknownID("group_id", "user_id")),
			},
			net: 2, mails: mails{Invitations: 2},
			want: []string{
				"group_created Art 0", "group_created Sales 0 +1 -0",
				"changed a new learner +0 groups +[a new group] -[]", "new ada@example.com +1 groups +[Sales (new)] -[]", "new bob@example.com +1",
			},
		},
		"one of several new groups": {
			members: configured(map[string]attributes{
				"udemy_group.x": {}, "udemy_group.all": {}, "udemy_group_membership.x": {"group_id": []string{"udemy_group.x.id", "udemy_group.x", "udemy_group.all", "each.key"}},
			}),
			parts: []string{
				state("udemy_user.ada", ada),
				planned("udemy_group.x", "create", nil, attributes{"name": "X"}, "after_unknown", unknownID()),
				planned(`udemy_group.all["A"]`, "create", nil, attributes{"name": "A"}, "after_unknown", unknownID()),
				planned(`udemy_group.all["B"]`, "create", nil, attributes{"name": "B"}, "after_unknown", unknownID()),
				planned(`udemy_group_membership.x["A"]`, "create", nil, attributes{"user_id": "1"}, "after_unknown", unknownID("group_id")),
			},
			want: []string{"group_created A 0", "group_created B 0", "group_created X 0", "changed ada@example.com +0 groups +[a new group] -[]"},
		},
		"the only new group, through a local value": {
			members: configured(map[string]attributes{"udemy_group.x": {}, "udemy_group_membership.x": {"group_id": []string{"local.groups"}}}),
			parts: []string{
				state("udemy_user.ada", ada),
				planned("udemy_group.x", "create", nil, attributes{"name": "X"}, "after_unknown", unknownID()),
				planned("udemy_group_membership.x", "create", nil, attributes{"user_id": "1"}, "after_unknown", unknownID("group_id")),
			},
			want: []string{"group_created X 0 +1 -0", "changed ada@example.com +0 groups +[X (new)] -[]"},
		},
		"through the variable and the output of modules": {
			members: `"configuration": ` + encode(attributes{"root_module": attributes{"module_calls": attributes{
				"groups": attributes{"module": attributes{
					"resources": []any{attributes{"address": "udemy_group.all", "provider_config_key": "udemy"}},
					"outputs":   attributes{"sales": attributes{"expression": attributes{"references": []string{`udemy_group.all["Sales"].id`, `udemy_group.all["Sales"]`, "udemy_group.all"}}}},
				}},
				"team": attributes{
					"expressions": attributes{"group": attributes{"references": []string{"module.groups.sales", "module.groups"}}},
					"module": attributes{"resources": []any{attributes{
						"address": "udemy_group_membership.x", "provider_config_key": "udemy", "expressions": attributes{"group_id": attributes{"references": []string{"var.group"}}},
					}}},
				},
			}}}) + ",",
			parts: []string{
				state("udemy_user.ada", ada),
				planned(`module.groups.udemy_group.all["Sales"]`, "create", nil, attributes{"name": "Sales"}, "after_unknown", unknownID()),
				planned(`module.team["a.b"].udemy_group_membership.x`, "create", nil, attributes{"user_id": "1"}, "after_unknown", unknownID("group_id")),
			},
			want: []string{"group_created Sales 0 +1 -0", "changed ada@example.com +0 groups +[Sales (new)] -[]"},
		},
		"members whom a new resource does not list": {
			parts: []string{
				state("data.udemy_group.x", engineering), read(existing("1", "a@example.com", "group_ids", []string{"g1"}), existing("2", "b@example.com", "group_ids", []string{"g1"})),
				planned("udemy_group_members.x", "create", nil, attributes{"group_id": "g1", "members": attributes{"a": "1"}}, "after_unknown", attributes{"members": attributes{"new@example.com": true}}),
			},
			want: []string{
				"group_changed Engineering 2 +1 -1", "changed b@example.com +0 groups +[] -[Engineering]",
				"changed new@example.com +0 groups +[Engineering] -[] (ID known after apply)",
			},
		},
		"a roster creates groups": {
			parts: []string{
				state("data.udemy_groups.all", attributes{"groups": []any{engineering}}),
				planned("udemy_roster.all", "create", nil, rosterOf(attributes{"missing_groups": "create"}, `A ada@example.com - true {"groups": ["engineering", "Art"]}`)),
			},
			net: 1, mails: mails{Invitations: 1},
			want: []string{"group_created Art 0 +1 -0", "group_changed Engineering ? +1 -0", "new ada@example.com +1 groups +[Art (new) Engineering] -[]"},
		},
		"an empty roster": {
			parts: []string{planned("udemy_roster.all", "update", rosterOf(nil, `a a@example.com - true`, `b b@example.com - true`, `c c@example.com - true`,
				`d d@example.com - true`, `e e@example.com - true`), rosterOf(nil))},
			net: -5,
			want: []string{
				"deactivated a@example.com -1 (removed from the roster)", "deactivated b@example.com -1 (removed from the roster)",
				"deactivated c@example.com -1 (removed from the roster)", "deactivated d@example.com -1 (removed from the roster)",
				"deactivated e@example.com -1 (removed from the roster)",
			},
		},
		"mails": {
			members: `"action_invocations": [` + encode(attributes{
				"address": "action.udemy_resend_invitation.x", "type": "udemy_resend_invitation",
				"config_values": attributes{"learners": attributes{"Bob": "2", "eve@example.com": "3"}},
			}) + "],",
			parts: []string{
				state("udemy_user.bob", existing("2", "bob@example.com", "status", "invited")),
				planned("udemy_user.new", "create", nil, account("new@example.com"), "after_unknown", unknownID()),
				planned("udemy_user.off", "create", nil, account("off@example.com", "active", false), "after_unknown", unknownID()),
				planned("udemy_user.ada", "update", with(ada, "active", false, "status", "deactivated"), ada),
			},
			net:   2,
			mails: mails{Invitations: 2, Reactivations: 1, Resent: 2},
			want: []string{
				"reactivated ada@example.com +1", "changed bob@example.com +0 resent", "changed eve@example.com +0 resent", "new new@example.com +1",
				"new off@example.com +0 (deactivated)",
			},
		},
		"a subdomain selects SCIM": {
			members: `"configuration": {"provider_config": {"udemy": {"expressions": {"subdomain": {"references": ["var.subdomain"]}}}}},`,
			parts:   []string{planned("udemy_user.new", "create", nil, account("new@example.com"), "after_unknown", unknownID())},
			net:     1,
			want:    []string{"new new@example.com +1"},
		},
		"no invitations over SCIM": {
			members: `"configuration": {"provider_config": {"udemy": {"expressions": {"api": {"constant_value": "scim"}}}}},`,
			parts:   []string{planned("udemy_user.new", "create", nil, account("new@example.com"), "after_unknown", unknownID())},
			net:     1,
			want:    []string{"new new@example.com +1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := reportOn(t, planWith(test.members, test.parts...))
			expectRows(t, r.Learners, r.Groups, test.want)
			if r.NetChange != test.net || r.AtLeast != test.atLeast || r.Mails != test.mails {
				t.Errorf("net change %d, at least: %t, mails %+v, want %d, %t, %+v", r.NetChange, r.AtLeast, r.Mails, test.net, test.atLeast, test.mails)
			}
		})
	}
}

// An empty file of the HR system passes a limit of the net change, but not a limit of removals.
func TestEmptyRoster(t *testing.T) {
	t.Parallel()
	content := planOf(planned("udemy_roster.all", "update", rosterOf(nil, `a a@example.com - true`, `b b@example.com - true`, `c c@example.com - true`,
		`d d@example.com - true`, `e e@example.com - true`), rosterOf(nil)))
	for flags, code := range map[string]int{"-limit 20": 0, "-limit 20 -max-removals 5": 0, "-limit 20 -max-removals 4": 3} {
		err := Run(strings.Fields(flags), strings.NewReader(content), io.Discard)
		var exit interface{ ExitCode() int }
		if got := errors.As(err, &exit); got != (code != 0) || got && exit.ExitCode() != code {
			t.Errorf("%s: error %v, want the exit code %d", flags, err, code)
		}
	}
}

// Each learner and each seat belongs to one organization.
func TestOrganizations(t *testing.T) {
	t.Parallel()
	r := reportOn(t, planWith(configured(map[string]attributes{
		"udemy_user.a": {}, "udemy_user.b": {"provider": "udemy.emea"}, "data.udemy_seats.a": {}, "data.udemy_seats.b": {"provider": "udemy.emea"},
		"data.udemy_users.b": {"provider": "udemy.emea"},
	}),
		state("data.udemy_seats.a", attributes{"used": 10}), state("data.udemy_seats.b", attributes{"used": 20, "purchased": 20}),
		state("data.udemy_users.b", attributes{"users": []any{existing("7", "gone@example.com")}}),
		planned("udemy_user.a", "create", nil, account("ada@example.com"), "after_unknown", unknownID()),
		planned("udemy_user.b", "create", nil, account("ada@example.com"), "after_unknown", unknownID()),
		planned("udemy_user.removed_from_the_configuration", "delete", existing("7", "gone@example.com"), nil),
	))
	want := []organization{
		{Provider: "", UsedBefore: 10, UsedAfter: 11, NetChange: 1},
		{Provider: "udemy.emea", UsedBefore: 20, UsedAfter: 20, Purchased: new(20), AvailableAfter: new(0)},
	}
	if encode(r.Organizations) != encode(want) {
		t.Errorf("got %s, want %s", encode(r.Organizations), encode(want))
	}
	r.sort()
	var providers []string
	for _, l := range r.Learners {
		providers = append(providers, l.Email+" "+l.Provider)
	}
	if got := strings.Join(providers, ","); got != "gone@example.com udemy.emea,ada@example.com ,ada@example.com udemy.emea" {
		t.Errorf("the learners are %s", got)
	}
}

// Two provider blocks with the same UUID or subdomain are one organization.
func TestOrganizations_same(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		first, second string
		organizations int
	}{
		"UUID":            {`{"organization_uuid": {"constant_value": "1B4E"}}`, `{"organization_uuid": {"constant_value": "1b4e"}, "api": {"constant_value": "user_management"}}`, 1},
		"subdomain":       {`{"subdomain": {"constant_value": "acme"}}`, `{"subdomain": {"constant_value": "acme"}, "organization_uuid": {"constant_value": "1b4e"}}`, 1},
		"other UUID":      {`{"organization_uuid": {"constant_value": "1b4e"}}`, `{"organization_uuid": {"constant_value": "2c5f"}}`, 2},
		"unknown UUID":    {`{"organization_uuid": {"references": ["var.a"]}}`, `{"organization_uuid": {"references": ["var.b"]}}`, 2},
		"no organization": {`{}`, `{}`, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			providers := fmt.Sprintf(`{"configuration": {"provider_config": {"other": {"expressions": %s}, "udemy": {"expressions": %[1]s}, "udemy.scim": {"expressions": %[2]s}}, `, test.first, test.second)
			members := configured(map[string]attributes{"udemy_user.a": {}, "data.udemy_users.all": {"provider": "udemy.scim"}})
			r := reportOn(t, planWith(strings.Replace(members, `"configuration": {`, providers[1:], 1),
				state("data.udemy_users.all", attributes{"users": []any{existing("1", "ada@example.com")}}),
				planned("udemy_user.a", "create", nil, account("ada@example.com"), "after_unknown", unknownID())))
			want := []string{"adopted ada@example.com +0"}
			if test.organizations == 2 {
				want = []string{"new ada@example.com +1"}
			}
			expectRows(t, r.Learners, nil, want)
		})
	}
}

// The destroy of a deposed object frees no seat if the resource still has the learner.
func TestDeposed(t *testing.T) {
	t.Parallel()
	deposed := func(part, member string) string {
		return strings.Replace(part, `"address"`, `"`+member+`": "4c8d7e1f", "address"`, 1)
	}
	for id, want := range map[string][]string{"1": nil, "2": {"deactivated old@example.com -1 (on destroy)"}} {
		current, old := existing("1", "ada@example.com"), existing(id, "old@example.com")
		if id == "1" {
			old = current
		}
		r := reportOn(t, planOf(
			state("udemy_user.a", current), deposed(state("udemy_user.a", old), "deposed_key"),
			planned("udemy_user.a", "no-op", current, current), deposed(planned("udemy_user.a", "delete", old, nil), "deposed"),
		))
		expectRows(t, r.Learners, r.Groups, want)
	}
}

func TestSeatsInUse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		seats []string
		want  string
		note  bool
	}{
		"not read":      {nil, `[]`, false},
		"not purchased": {[]string{`{"used": 10, "purchased": null}`}, `[{"provider":"","used_before":10,"used_after":12,"purchased":null,"available_after":null,"net_change":2}]`, false},
		"too few":       {[]string{`{"used": 10, "purchased": 11}`}, `[{"provider":"","used_before":10,"used_after":12,"purchased":11,"available_after":-1,"net_change":2}]`, false},
		"twice":         {[]string{`{"used": 10}`, `{"used": 10}`}, `[{"provider":"","used_before":10,"used_after":12,"purchased":null,"available_after":null,"net_change":2}]`, false},
		"contradiction": {[]string{`{"used": 10}`, `{"used": 500}`}, `[]`, true},
		"after apply":   {[]string{`{"used": null}`}, `[]`, false},
	} {
		parts := []string{created("ada@example.com"), created("grace@example.com")}
		for _, values := range test.seats {
			parts = append(parts, `{"address": "data.udemy_seats.now", "mode": "data", "type": "udemy_seats", "values": `+values+`}`)
		}
		r := reportOn(t, planOf(parts...))
		if got := encode(r.Organizations); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
		if noted := slices.Contains(r.Notes, ambiguousNote); noted != test.note {
			t.Errorf("%s: note: %t, want %t", name, noted, test.note)
		}
	}
}

func TestActivity(t *testing.T) {
	t.Parallel()
	r := reportOn(t, planOf(state("data.udemy_activity.x", attributes{
		"idle_days": 90, "counts": attributes{"idle": 30, "never_visited": 7, "never_activated": 100, "seated": 803},
	})))
	if want := []activity{{"data.udemy_activity.x", 37, 803, 90}}; !slices.Equal(r.Activity, want) {
		t.Errorf("got %+v, want %+v", r.Activity, want)
	}
}

func TestOutside(t *testing.T) {
	t.Parallel()
	ada := existing("1", "ada@example.com", "first_name", "Ada", "last_name", "Lovelace", "role", "learner", "group_ids", []string{"g1"})
	with := func(name string, value any) attributes {
		changed := maps.Clone(ada)
		changed[name] = value
		return changed
	}
	lines := func(active string) attributes { return rosterOf(nil, `r ron@example.com - `+active) }
	drift := []string{
		planned("udemy_user.a", "update", ada, with("role", "admin")),
		planned("udemy_user.b", "update", existing("2", "bob@example.com"), existing("2", "bob@example.com", "active", false, "status", "deactivated")),
		planned("udemy_user.c", "delete", existing("3", "cy@example.com"), nil),
		planned("udemy_user.d", "update", existing("4", "di@example.com", "status", "invited"), existing("4", "di@example.com")),
		planned("udemy_group.a", "update", groupOf("g1", "Engineering"), groupOf("g1", "R&D")),
		planned("udemy_group.b", "delete", groupOf("g2", "Sales"), nil),
		planned("udemy_group_membership.a", "delete", attributes{"group_id": "g3", "user_id": "4"}, nil),
		planned("udemy_roster.all", "update", lines("true"), lines("false")),
	}
	want := []string{
		"group_changed Art 1 +0 -1", "group_renamed R&D 1 was Engineering", "group_deleted Sales ?",
		"changed ada@example.com +0 role learner>admin admin", "deactivated bob@example.com -1", "deleted cy@example.com -1",
		"changed di@example.com +0 groups +[] -[Art]", "deactivated ron@example.com -1",
	}
	members := `"resource_drift": [` + strings.Join(drift, ",") + `],`
	prior := []string{
		state("udemy_user.a", with("role", "admin")), state("udemy_user.b", existing("2", "bob@example.com", "active", false, "status", "deactivated")),
		state("udemy_user.d", existing("4", "di@example.com")), state("udemy_group.a", groupOf("g1", "R&D")), state("udemy_group.c", groupOf("g3", "Art")),
		state("udemy_roster.all", lines("false")),
	}

	r := reportOn(t, planWith(members, prior...))
	expectRows(t, r.Outside.Learners, r.Outside.Groups, want)
	if !r.RefreshOnly || len(r.Learners)+len(r.Groups) > 0 {
		t.Errorf("refresh only: %t, learners %v, groups %v", r.RefreshOnly, r.Learners, r.Groups)
	}

	r = reportOn(t, planWith(members, append(prior, planned("udemy_user.b", "update", existing("2", "bob@example.com", "active", false, "status", "deactivated"), existing("2", "bob@example.com")))...))
	expectRows(t, r.Outside.Learners, r.Outside.Groups, want)
	expectRows(t, r.Learners, r.Groups, []string{"reactivated bob@example.com +1"})
	if r.RefreshOnly {
		t.Error("a plan with a change is refresh-only")
	}
}

func TestIncomplete(t *testing.T) {
	t.Parallel()
	for members, want := range map[string]string{
		``:                   "errored false, complete true, deferred []",
		`"complete": true,`:  "errored false, complete true, deferred []",
		`"complete": false,`: "errored false, complete false, deferred []",
		`"errored": true,`:   "errored true, complete false, deferred []",
		`"deferred_changes": [{"reason": "provider_config_unknown", "resource_change": {"address": "udemy_user.x", "change": null}}],`: "errored false, complete false, deferred [udemy_user.x]",
	} {
		r := reportOn(t, planWith(members))
		if got := fmt.Sprintf("errored %t, complete %t, deferred %v", r.Errored, r.Complete, r.Deferred); got != want {
			t.Errorf("%s: %s, want %s", members, got, want)
		}
	}
}

// The report has only the footnotes that are true for the plan.
func TestNotes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		parts []string
		want  []string
	}{
		"no change":      {nil, nil},
		"a changed name": {[]string{planned("udemy_user.x", "update", account("ada@example.com", "first_name", "A"), account("ada@example.com", "first_name", "B"))}, nil},
		"not read":       {[]string{created("ada@example.com")}, []string{countingNote, unreadNote}},
		"read": {
			[]string{read(existing("1", "bob@example.com"), existing("2", "cy@example.com")), created("ada@example.com")},
			[]string{countingNote, "The plan has read 2 learners with data sources. The new learners are not among them."},
		},
		"none is new": {[]string{read(existing("1", "bob@example.com")), destroyed("ada@example.com")}, []string{countingNote}},
	} {
		if got := reportOn(t, planOf(test.parts...)).Notes; !slices.Equal(got, orEmpty(test.want)) {
			t.Errorf("%s: notes %q, want %q", name, got, test.want)
		}
	}
}
