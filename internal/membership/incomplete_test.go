// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership_test

import (
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// Pages of members that contradict their total remove no member from state.
func TestIncompleteMembers(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{
		"every page is the first one": {IgnorePages: true, PageSize: 20},
		"the total is the page's":     {TotalOfPage: true, PageSize: 20},
		"the total is too low":        {TotalError: -15, PageSize: 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org, groupID := startGroup(t, acceptance.UserManagement, 45, 45, simulator.Config{Variations: variations})
			state := org.Protocol(t, nil).State(udemyGroupMembers, acceptance.Values{"group_id": groupID, "members": numbered(1, 45)})
			state.Identity = acceptance.Values{"group_id": groupID}
			kept, diags := org.Protocol(t, nil).Read(state)
			diags.ExpectError(t, "", "Unable to read the members", "GET /groups/{id}/users/", "incomplete list", "State is unchanged")
			kept.Expect(t, state.Values)

			for _, list := range []string{udemyGroupMembers, udemyGroupMembership} {
				_, diags = org.Protocol(t, nil).List(list, acceptance.Values{"group_id": groupID}, true, 0)
				if !strings.Contains(diags.String(), "incomplete list") {
					t.Errorf("the diagnostics of %s are:\n%s", list, diags)
				}
			}

			protocol := org.Protocol(t, nil)
			for _, id := range numbered(1, 45) {
				object, diags := protocol.Import(udemyGroupMembership, groupID+"/"+id)
				diags.ExpectNone(t)
				if object, _ = protocol.Read(object); object == nil {
					t.Errorf("the membership of %s is gone", id)
				}
			}
		})
	}
}
