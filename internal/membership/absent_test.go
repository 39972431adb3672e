// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership_test

import (
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// omitting holds servers that leave out the members of an empty group (RFC 7643 section 2.5).
var omitting = map[string]simulator.Variations{
	"learners with groups":    {OmitEmpty: true},
	"learners without groups": {OmitEmpty: true, NoUserGroups: true, NoListedMembers: true},
}

// The members of a new group can be managed, even if the organization has no memberships yet.
func TestMembers_absent(t *testing.T) {
	t.Parallel()
	for name, variations := range omitting {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org, groupID := startGroup(t, acceptance.SCIM, 5, 0, simulator.Config{Variations: variations})
			config := acceptance.Values{"group_id": groupID, "members": numbered(1, 3)}
			object, diags := org.Protocol(t, nil).Create(udemyGroupMembers, config)
			diags.ExpectNone(t)
			expectMembers(t, org, numbered(1, 3))
			org.Protocol(t, nil).ExpectCleanPlan(object, config)

			object, diags = org.Protocol(t, nil).Destroy(object)
			diags.ExpectNone(t)
			object.ExpectGone(t)
			expectMembers(t, org, nil)
		})
	}
}

// If the last member leaves a group outside Terraform, the next plan adds the member again.
func TestMembers_absentDrift(t *testing.T) {
	t.Parallel()
	for name, variations := range omitting {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org, groupID := startGroup(t, acceptance.SCIM, 2, 0, simulator.Config{Variations: variations})
			org.AddGroup("Others", "u2")
			config := acceptance.Values{"group_id": groupID, "members": numbered(1, 1)}
			object, diags := org.Protocol(t, nil).Create(udemyGroupMembers, config)
			diags.ExpectNone(t)
			pair, diags := org.Protocol(t, nil).Create(udemyGroupMembership, acceptance.Values{"group_id": groupID, "user_id": "u1"})
			diags.ExpectNone(t)
			org.SetMembers(groupID)

			object, diags = org.Protocol(t, nil).Read(object)
			diags.ExpectNone(t)
			object.Expect(t, acceptance.Values{"members": map[string]string{}})
			pair, diags = org.Protocol(t, nil).Read(pair)
			diags.ExpectNone(t)
			pair.ExpectGone(t)

			object, diags = org.Protocol(t, nil).Update(object, config)
			diags.ExpectNone(t)
			expectMembers(t, org, numbered(1, 1))
			org.Protocol(t, nil).ExpectCleanPlan(object, config)
		})
	}
}

// Members who are not in the configuration leave a group whose members show only after others were added.
func TestMembers_absentForeign(t *testing.T) {
	t.Parallel()
	org, groupID := startGroup(t, acceptance.SCIM, 3, 0, simulator.Config{Variations: simulator.Variations{OmitEmpty: true}})
	protocol := org.Protocol(t, nil)
	plan := protocol.Plan(nil, udemyGroupMembers, acceptance.Values{"group_id": groupID, "members": numbered(1, 1)})
	plan.Diagnostics.ExpectNone(t)
	org.SetMembers(groupID, "u3")
	_, diags := protocol.Apply(plan)
	diags.ExpectNone(t)
	expectMembers(t, org, numbered(1, 1))
}

// If the API never returns members, the error follows after the members have been added, and they are in state.
func TestMembers_hidden(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{
		"no members":     {NoMembers: true},
		"no memberships": {NoMembers: true, NoUserGroups: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org, groupID := startGroup(t, acceptance.SCIM, 3, 0, simulator.Config{Variations: variations})
			object, diags := org.Protocol(t, nil).Create(udemyGroupMembers, acceptance.Values{"group_id": groupID, "members": numbered(1, 2)})
			diags.ExpectError(t, "", "Unable to read the members", "are in state", "udemy_group_membership")
			object.Expect(t, acceptance.Values{"members": numbered(1, 2)})
			expectMembers(t, org, numbered(1, 2))

			object, diags = org.Protocol(t, nil).Read(object)
			diags.ExpectWarning(t, "State is kept")
			object.Expect(t, acceptance.Values{"members": numbered(1, 2)})
			object, diags = org.Protocol(t, nil).Destroy(object)
			diags.ExpectNone(t)
			object.ExpectGone(t)
			expectMembers(t, org, nil)
		})
	}
}

// If a learner's groups show that the API leaves out the members of a group that has some, nothing is changed.
func TestMembers_leftOut(t *testing.T) {
	t.Parallel()
	org, groupID := startGroup(t, acceptance.SCIM, 3, 0, simulator.Config{Variations: simulator.Variations{NoMembers: true}})
	org.AddGroup("Others", "u3")
	object, diags := org.Protocol(t, nil).Create(udemyGroupMembers, acceptance.Values{"group_id": groupID, "members": numbered(1, 2)})
	diags.ExpectError(t, "", "Unable to read the members", "does not return the members", "Nothing was changed", "udemy_group_membership")
	object.ExpectGone(t)
	org.ExpectWrites(t)
}

// A learner who can't be added to a group whose members are unknown is not in state.
func TestMembers_absentSomeFail(t *testing.T) {
	t.Parallel()
	org, groupID := startGroup(t, acceptance.SCIM, 2, 0, simulator.Config{Variations: simulator.Variations{OmitEmpty: true}})
	members := numbered(1, 2)
	members["unknown@example.com"] = "u999"
	object, diags := org.Protocol(t, nil).Create(udemyGroupMembers, acceptance.Values{"group_id": groupID, "members": members})
	if len(diags) != 1 || !strings.Contains(diags.String(), `Unable to add learner "unknown@example.com" (u999)`) {
		t.Errorf("unexpected diagnostics:\n%s", diags)
	}
	object.Expect(t, acceptance.Values{"members": numbered(1, 2)})
	expectMembers(t, org, numbered(1, 2))
}
