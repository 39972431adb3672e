// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// A listed resource equals the state after an import. The configuration that Terraform generates for it plans clean.
func TestMembersList(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, groupID := startGroup(t, api, 250, 230, simulator.Config{})
		emptyID := org.AddGroup("Physics").ID
		for name, test := range map[string]struct {
			config acceptance.Values
			want   map[string]map[string]string
		}{
			"all groups": {nil, map[string]map[string]string{"Staff": numbered(1, 230), "Physics": {}}},
			"one group":  {acceptance.Values{"group_id": groupID}, map[string]map[string]string{"Staff": numbered(1, 230)}},
			"no member":  {acceptance.Values{"group_id": emptyID}, map[string]map[string]string{"Physics": {}}},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				protocol := org.Protocol(t, nil)
				results, diags := protocol.List(udemyGroupMembers, test.config, true, 0)
				diags.ExpectNone(t)
				got := map[string]map[string]string{}
				for _, result := range results {
					got[result.DisplayName], _ = result.Object.Values["members"].(map[string]string)
					imported, diags := protocol.ImportByIdentity(udemyGroupMembers, result.Identity)
					diags.ExpectNone(t)
					imported.Expect(t, result.Object.Values)
					config := protocol.GenerateConfig(result.Object)
					protocol.Validate(udemyGroupMembers, config).ExpectNone(t)
					protocol.ExpectCleanPlan(imported, config)
				}
				if !reflect.DeepEqual(got, test.want) {
					t.Errorf("the list is %v, want %v", got, test.want)
				}
			})
		}
	})
}

// Members are read only if resources are included, and only for groups within the limit.
func TestMembersList_requests(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for name, test := range map[string]struct {
			includeResource bool
			limit           int64
			groups, atMost  int
		}{
			"groups only":  {groups: 3, atMost: 1},
			"with members": {includeResource: true, groups: 3, atMost: 1 + 3*3 + 2*3},
			"one of three": {includeResource: true, limit: 1, groups: 1, atMost: 1 + 3 + 2*3},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				org, _ := startGroup(t, api, 250, 250, simulator.Config{})
				org.AddGroup("Mathematics", "u1")
				org.AddGroup("Physics", "u2")
				results, diags := org.Protocol(t, nil).List(udemyGroupMembers, nil, test.includeResource, test.limit)
				if test.limit > 0 {
					diags.ExpectWarning(t, "The list of groups with their members ends at the limit of 1", "limit = 5000")
				} else {
					diags.ExpectNone(t)
				}
				if requests := org.RequestCount(); len(results) != test.groups || requests > test.atMost {
					t.Errorf("%d groups with %d requests, want %d with at most %d", len(results), requests, test.groups, test.atMost)
				}
				for _, result := range results {
					if (result.Object != nil) != test.includeResource {
						t.Errorf("the result is %+v", result)
					}
				}
			})
		}
	})
}

func TestMembersList_refused(t *testing.T) {
	t.Parallel()
	refuseMembers := func(w http.ResponseWriter, r *http.Request) bool {
		refused := strings.HasSuffix(r.URL.Path, "/users/") && strings.Contains(r.URL.Path, "/groups/")
		if refused {
			w.WriteHeader(http.StatusForbidden)
		}
		return refused
	}
	for name, test := range map[string]struct {
		api       acceptance.API
		config    simulator.Config
		groupID   any
		attribute string
		words     []string
	}{
		"no ID":               {api: acceptance.UserManagement, groupID: "", attribute: "group_id", words: []string{"Malformed ID"}},
		"unknown group":       {api: acceptance.UserManagement, groupID: "g9", attribute: "group_id", words: []string{"the members of group g9", "not found", "list resource udemy_group"}},
		"unknown group, SCIM": {api: acceptance.SCIM, groupID: "g9", attribute: "group_id", words: []string{"the members of group g9", "not found", "list resource udemy_group"}},
		"API without lists": {
			api: acceptance.UserManagement, config: simulator.Config{Variations: simulator.Variations{ReadStatus: 405}},
			words: []string{"does not list groups with their members", "SCIM"},
		},
		"members are not returned": {
			api: acceptance.SCIM, config: simulator.Config{Variations: simulator.Variations{NoMembers: true}},
			words: []string{"Members of group \"Staff\": ", "list of udemy_user"},
		},
		"members are forbidden": {
			api: acceptance.UserManagement, config: simulator.Config{Intercept: refuseMembers},
			words: []string{"Members of group \"Staff\": ", "not allowed"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org, _ := startGroup(t, test.api, 3, 2, test.config)
			results, diags := org.Protocol(t, nil).List(udemyGroupMembers, acceptance.Values{"group_id": test.groupID}, true, 0)
			diags.ExpectError(t, test.attribute, test.words...)
			if len(results) > 0 {
				t.Errorf("the list is %v", results)
			}
		})
	}
	t.Run("not ready", func(t *testing.T) {
		t.Parallel()
		org, _ := startGroup(t, acceptance.UserManagement, 1, 1, simulator.Config{})
		_, diags := org.Protocol(t, acceptance.Values{"token": acceptance.Unknown}).List(udemyGroupMembers, nil, true, 0)
		diags.ExpectError(t, "", "can't be used yet")
	})
}

// If the members of one group are listed in two forms, there is a warning.
func TestMembersList_twice(t *testing.T) {
	t.Parallel()
	org, groupID := startGroup(t, acceptance.UserManagement, 3, 2, simulator.Config{})
	otherID := org.AddGroup("Physics", "u1").ID
	protocol := org.Protocol(t, nil)
	_, diags := protocol.List(udemyGroupMembers, acceptance.Values{"group_id": groupID}, true, 0)
	diags.ExpectNone(t)
	_, diags = protocol.List(udemyGroupMembership, acceptance.Values{"group_id": otherID}, true, 0)
	diags.ExpectNone(t)
	_, diags = protocol.List(udemyGroupMembership, acceptance.Values{"group_id": groupID}, true, 0)
	diags.ExpectWarning(t, "members of group "+groupID+" are listed twice", "udemy_group_members and as udemy_group_membership")
}
