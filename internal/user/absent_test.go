// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// A learner without groups can be adopted with group_ids from a server that leaves out empty attributes (RFC 7643 section 2.5), even
// if the organization has no memberships yet.
func TestSCIM_adoptWithoutGroups(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{
		"learners with groups":    {OmitEmpty: true},
		"learners without groups": {OmitEmpty: true, NoUserGroups: true, NoListedMembers: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Variations: variations})
			org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
			first, second := org.AddGroup("First").ID, org.AddGroup("Second").ID
			config := ada(acceptance.Values{"group_ids": []string{first, second}})

			object, diags := org.Protocol(t, nil).Create(udemyUser, config)
			diags.ExpectWarning(t, "Adopted existing learner", "joined group "+first, "joined group "+second)
			org.Protocol(t, nil).ExpectCleanPlan(object, config)

			config["group_ids"] = []string{second}
			object, diags = org.Protocol(t, nil).Update(object, config)
			diags.ExpectNone(t)
			org.Protocol(t, nil).ExpectCleanPlan(object, config)
			if learner, _ := org.Learner("ada@example.com"); len(learner.Groups) != 1 || learner.Groups[0] != second {
				t.Errorf("the groups are %q, want %q", learner.Groups, second)
			}
		})
	}
}

// If the API returns no memberships, the error comes after the learner has joined the groups, which are in state.
func TestSCIM_adoptMembershipsHidden(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Variations: simulator.Variations{NoMembers: true, NoUserGroups: true}})
	org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
	group := org.AddGroup("First").ID
	object, diags := org.Protocol(t, nil).Create(udemyUser, ada(acceptance.Values{"group_ids": []string{group}}))
	diags.ExpectError(t, "", "Unable to finish adopting", "joined group "+group, "neither the members of groups nor the groups of learners")
	object.Expect(t, acceptance.Values{"group_ids": []string{group}})
}
