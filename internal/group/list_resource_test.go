// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package group_test

import (
	"fmt"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

func TestList(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for name, test := range map[string]struct {
			limit         int64
			groups, pages int
			cut           bool
		}{
			"all":   {groups: 250, pages: 3},
			"a few": {limit: 20, groups: 20, pages: 1, cut: true},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				org := acceptance.Start(t, api, simulator.Config{})
				ids := map[string]string{}
				for i := range 250 {
					group := org.AddGroup(fmt.Sprintf("Group %d", i))
					ids[group.Name] = group.ID
				}
				protocol := org.Protocol(t, nil)
				results, diags := protocol.List(udemyGroup, nil, false, test.limit)
				if test.cut {
					diags.ExpectWarning(t, "The list of groups ends at the limit of 20", "limit = 5000")
				} else {
					diags.ExpectNone(t)
				}
				if requests := org.RequestCount(); len(results) != test.groups || requests != test.pages {
					t.Errorf("%d groups with %d requests, want %d with %d", len(results), requests, test.groups, test.pages)
				}
				for _, result := range results {
					if result.Identity["id"] != ids[result.DisplayName] || result.Object != nil {
						t.Errorf("the result is %+v", result)
					}
				}
			})
		}
	})
}

// A listed resource equals the state after an import, except for the default of on_destroy. The configuration that Terraform
// generates for it plans clean.
func TestList_resource(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		protocol := acceptance.Start(t, api, simulator.Config{Learners: 20}).Protocol(t, nil)
		results, diags := protocol.List(udemyGroup, nil, true, 0)
		diags.ExpectNone(t)
		if len(results) == 0 {
			t.Error("no group is listed")
		}
		for _, result := range results {
			imported, diags := protocol.ImportByIdentity(udemyGroup, result.Identity)
			diags.ExpectNone(t)
			result.Object.Expect(t, acceptance.Values{"id": imported.Values["id"], "name": imported.Values["name"], "on_destroy": nil})
			config := protocol.GenerateConfig(result.Object)
			protocol.Validate(udemyGroup, config).ExpectNone(t)
			protocol.ExpectCleanPlan(imported, config)
		}
	})
}

func TestList_refused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		variations simulator.Variations
		block      acceptance.Values
		words      []string
	}{
		"API without lists": {variations: simulator.Variations{ReadStatus: 405}, words: []string{"does not list groups", "SCIM"}},
		"not ready":         {block: acceptance.Values{"token": acceptance.Unknown}, words: []string{"can't be used yet"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Learners: 3, Variations: test.variations})
			results, diags := org.Protocol(t, test.block).List(udemyGroup, nil, false, 0)
			diags.ExpectError(t, "", test.words...)
			if len(results) > 0 {
				t.Errorf("the list is %v", results)
			}
		})
	}
}
