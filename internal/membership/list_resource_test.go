// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership_test

import (
	"reflect"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// A listed resource equals the state after an import. The configuration that Terraform generates for it plans clean.
func TestList(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		for _, name := range []string{"ada", "emmy", "grace"} {
			org.Add(simulator.Learner{ID: name, Email: name + "@example.com", FirstName: name, LastName: name})
		}
		groupID := org.AddGroup("Mathematics", "ada", "grace").ID
		protocol := org.Protocol(t, nil)
		results, diags := protocol.List(udemyGroupMembership, acceptance.Values{"group_id": groupID}, true, 0)
		diags.ExpectNone(t)
		var names []string
		for _, result := range results {
			names = append(names, result.DisplayName)
			imported, diags := protocol.ImportByIdentity(udemyGroupMembership, result.Identity)
			diags.ExpectNone(t)
			imported.Expect(t, result.Object.Values)
			config := protocol.GenerateConfig(result.Object)
			protocol.Validate(udemyGroupMembership, config).ExpectNone(t)
			protocol.ExpectCleanPlan(imported, config)
		}
		if want := []string{"ada@example.com in Mathematics", "grace@example.com in Mathematics"}; !reflect.DeepEqual(names, want) {
			t.Errorf("the list is %v, want %v", names, want)
		}
	})
}

// The list of members is paginated, and names are read only up to the limit.
func TestList_requests(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for name, test := range map[string]struct {
			limit           int64
			members, atMost int
			cut             bool
		}{
			"all":   {members: 250, atMost: 1 + 3 + 2*3},
			"a few": {limit: 2, members: 2, atMost: 1 + 3 + 2, cut: true},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				org := acceptance.Start(t, api, simulator.Config{Learners: 250})
				var ids []string
				for _, learner := range org.Learners() {
					ids = append(ids, learner.ID)
				}
				groupID := org.AddGroup("Staff", ids...).ID
				results, diags := org.Protocol(t, nil).List(udemyGroupMembership, acceptance.Values{"group_id": groupID}, false, test.limit)
				if test.cut {
					diags.ExpectWarning(t, "The list of the members of group "+groupID+" ends at the limit of 2", "limit = 5000")
				} else {
					diags.ExpectNone(t)
				}
				if requests := org.RequestCount(); len(results) != test.members || requests > test.atMost {
					t.Errorf("%d members with %d requests, want %d with at most %d", len(results), requests, test.members, test.atMost)
				}
			})
		}
	})
}

func TestList_withoutConfig(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	_, diags := org.Protocol(t, nil).List(udemyGroupMembership, nil, false, 0)
	diags.ExpectError(t, "group_id", "required")
}

func TestList_refused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		api        acceptance.API
		variations simulator.Variations
		groupID    string
		words      []string
	}{
		"no ID":               {api: acceptance.UserManagement, words: []string{"Malformed ID"}},
		"unknown group":       {api: acceptance.UserManagement, groupID: "g9", words: []string{"the members of group g9", "not found", "list resource udemy_group"}},
		"unknown group, SCIM": {api: acceptance.SCIM, groupID: "g9", words: []string{"the members of group g9", "not found", "list resource udemy_group"}},
		"API that can't be read": {
			api: acceptance.UserManagement, variations: simulator.Variations{ReadStatus: 405}, groupID: "g9", words: []string{"list of udemy_user"},
		},
		"members are not returned": {
			api: acceptance.SCIM, variations: simulator.Variations{NoMembers: true}, groupID: "GROUP", words: []string{"list of udemy_user"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, test.api, simulator.Config{Learners: 3, Variations: test.variations})
			if test.groupID == "GROUP" {
				test.groupID = org.Groups()[0].ID
			}
			results, diags := org.Protocol(t, nil).List(udemyGroupMembership, acceptance.Values{"group_id": test.groupID}, true, 0)
			diags.ExpectError(t, "group_id", test.words...)
			if len(results) > 0 {
				t.Errorf("the list is %v", results)
			}
		})
	}
}
