// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import "testing"

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
