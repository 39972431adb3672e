// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"slices"
	"testing"
)

// A resource that is no longer in the configuration belongs to the organization of the objects with its ID, and a resource in the
// configuration to that of its provider configuration.
func TestOrganizationOfResources(t *testing.T) {
	t.Parallel()
	members := configured(map[string]attributes{
		"data.udemy_users.emea": {"provider": "udemy.emea"}, "data.udemy_seats.emea": {"provider": "udemy.emea"},
		"data.udemy_users.apac": {"provider": "team:udemy.apac"}, "data.udemy_seats.apac": {"provider": "team:udemy.apac"},
		"data.udemy_groups.apac": {"provider": "team:udemy.apac"},
		"udemy_user.x":           {"provider": "udemy.emea"}, "udemy_user.default": {"provider": "udemy"},
	})
	r := reportOn(t, planWith(members,
		state("data.udemy_users.emea", attributes{"users": []any{existing("1", "ada@example.com")}}),
		state("data.udemy_users.apac", attributes{"users": []any{existing("2", "bob@example.com")}}),
		state("data.udemy_seats.emea", attributes{"used": 10}), state("data.udemy_seats.apac", attributes{"used": 20}),
		planned("udemy_user.removed", "delete", existing("2", "bob@example.com"), nil),
		state("data.udemy_groups.apac", attributes{"groups": []any{groupOf("g2", "Art")}}),
		state("udemy_group_membership.x", attributes{"user_id": "2", "group_id": "g2"}),
		planned("udemy_group_membership.x", "delete", attributes{"user_id": "2", "group_id": "g2"}, nil),
		state("udemy_group_members.x", attributes{"group_id": "g2", "members": attributes{"ed": "9"}}),
		planned("udemy_group_members.x", "delete", attributes{"group_id": "g2", "members": attributes{"ed": "9"}}, nil),
		planned("udemy_user.x", "create", nil, account("cy@example.com"), "after_unknown", unknownID()),
		planned("udemy_user.default", "create", nil, account("di@example.com"), "after_unknown", unknownID()),
	))
	var got []string
	for _, l := range r.Learners {
		got = append(got, l.Provider+" "+describe(l))
	}
	slices.Sort(got)
	want := []string{" new di@example.com +1", "team:udemy.apac changed ed +0 groups +[] -[Art]", "team:udemy.apac deactivated bob@example.com -1 groups +[] -[Art] (on destroy)", "udemy.emea new cy@example.com +1"}
	if !slices.Equal(got, want) {
		t.Errorf("the learners are %q, want %q", got, want)
	}
	if len(r.Organizations) != 2 || r.Organizations[0].NetChange != -1 || r.Organizations[1].NetChange != 1 {
		t.Errorf("the organizations are %s", encode(r.Organizations))
	}
}

// Terraform lists memberships before learners, also those that are no longer in the configuration.
func TestOrganizationOfRemovedMemberships(t *testing.T) {
	t.Parallel()
	membership := attributes{"user_id": "2", "group_id": "g2"}
	members := configured(map[string]attributes{"udemy_user.x": {"provider": "udemy.apac"}, "udemy_user.y": {"provider": "udemy.emea"}})
	bob := existing("2", "bob@example.com")
	r := reportOn(t, planWith(members,
		state("udemy_group_membership.gone", membership), state("udemy_user.x", bob),
		planned("udemy_group_membership.gone", "delete", membership, nil), planned("udemy_user.x", "no-op", bob, bob),
	))
	expectRows(t, r.Learners, r.Groups, []string{"group_changed g2 1 +0 -1", "changed bob@example.com +0 groups +[] -[g2]"})
}
