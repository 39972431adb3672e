// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package group_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const udemyGroups = "udemy_groups"

func TestGroupsDataSource(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		protocol := org.Protocol(t, nil)
		values, diags := protocol.ReadData(udemyGroups, nil)
		diags.ExpectNone(t)
		(&acceptance.Object{Values: values}).Expect(t, acceptance.Values{"groups": []acceptance.Values{}, "ids": map[string]string{}})

		physics, arts := org.AddGroup("Physics").ID, org.AddGroup("Arts & Crafts").ID
		values, diags = protocol.NextRun().ReadData(udemyGroups, nil)
		diags.ExpectNone(t)
		(&acceptance.Object{Values: values}).Expect(t, acceptance.Values{
			"groups": []acceptance.Values{{"id": arts, "name": "Arts & Crafts"}, {"id": physics, "name": "Physics"}},
			"ids":    map[string]string{"Arts & Crafts": arts, "Physics": physics},
		})
	})
}

func TestGroupsDataSource_requests(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		for i := range 250 {
			org.AddGroup(fmt.Sprintf("Group %d", i))
		}
		protocol := org.Protocol(t, nil)
		for range 2 {
			values, diags := protocol.ReadData(udemyGroups, nil)
			diags.ExpectNone(t)
			if ids := values["ids"].(map[string]string); len(ids) != 250 {
				t.Errorf("there are %d groups, want 250", len(ids))
			}
		}
		if count := org.RequestCount(); count != 3 {
			t.Errorf("250 groups took %d requests, want 3", count)
		}
	})
}

// A name that several groups have is not a key of ids.
func TestGroupsDataSource_sameNames(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Intercept: acceptance.Answer(http.MethodGet, "/Groups",
		`200 {"totalResults":3,"Resources":[{"id":"g2","displayName":"Maths"},{"id":"g3","displayName":"Physics"},{"id":"g1","displayName":"Maths"}]}`)})
	values, diags := org.Protocol(t, nil).ReadData(udemyGroups, nil)
	diags.ExpectWarning(t, `Several groups are called "Maths"`, "g1, g2")
	(&acceptance.Object{Values: values}).Expect(t, acceptance.Values{
		"groups": []acceptance.Values{{"id": "g1", "name": "Maths"}, {"id": "g2", "name": "Maths"}, {"id": "g3", "name": "Physics"}},
		"ids":    map[string]string{"Physics": "g3"},
	})
}

func TestGroupsDataSource_sameRun(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		protocol := org.Protocol(t, nil)
		_, diags := protocol.ReadData(udemyGroups, nil)
		diags.ExpectNone(t)
		object, diags := protocol.Apply(protocol.PlanToo(nil, udemyGroup, mathematics))
		diags.ExpectNone(t)
		values, diags := protocol.ReadData(udemyGroups, nil)
		diags.ExpectNone(t)
		(&acceptance.Object{Values: values}).Expect(t, acceptance.Values{"ids": map[string]string{"Mathematics": object.Values["id"].(string)}})
	})
}

func TestGroupsDataSource_refused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		variations simulator.Variations
		words      []string
	}{
		"write-only API": {simulator.Variations{WriteOnly: true}, []string{"does not list groups", "SCIM"}},
		"no such method": {simulator.Variations{ReadStatus: http.StatusNotImplemented}, []string{"does not list groups", "SCIM"}},
		"not allowed":    {simulator.Variations{ReadStatus: http.StatusForbidden}, []string{"Unable to list groups", "does not allow this call"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Variations: test.variations})
			_, diags := org.Protocol(t, nil).ReadData(udemyGroups, nil)
			diags.ExpectError(t, "", test.words...)
		})
	}
	t.Run("not configured yet", func(t *testing.T) {
		t.Parallel()
		protocol, _ := acceptance.Configure(t, acceptance.Values{"organization_uuid": simulator.DefaultOrganization, "token": acceptance.Unknown})
		_, diags := protocol.ReadData(udemyGroups, nil)
		diags.ExpectError(t, "", "can't be used yet")
	})
}

func TestAccGroupsDataSource_import(t *testing.T) {
	t.Parallel()
	acceptance.Needs(t, acceptance.Removed)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		names := []string{"Mathematics", "Physics", "R&D: Köln"}
		var imports []plancheck.PlanCheck
		for _, name := range names {
			org.AddGroup(name)
			imports = append(imports, plancheck.ExpectResourceAction(fmt.Sprintf("udemy_group.all[%q]", name), plancheck.ResourceActionNoop))
		}
		acceptance.Test(t,
			resource.TestStep{
				Config: org.Config(`
data "udemy_groups" "all" {}

import {
  for_each = data.udemy_groups.all.ids
  to       = udemy_group.all[each.key]
  id       = each.value
}

resource "udemy_group" "all" {
  for_each = data.udemy_groups.all.ids
  name     = each.key
}
`),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: imports},
			},
			resource.TestStep{Config: org.Config(`
removed {
  from = udemy_group.all
  lifecycle {
    destroy = false
  }
}
`)}, // The test framework can't end on instances with string keys.
		)
		org.ExpectWrites(t)
	})
}
