// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package group_test

import (
	"net/http"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// Letter case does not distinguish groups at Udemy: the configuration is for the existing group, and determines its spelling.
func TestAdopt_letterCase(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{
		"plain":                 {},
		"searches find nothing": {EmptySearches: true},
		"filters are ignored":   {IgnoreFilters: true},
		"PATCH without a body":  {PatchNoContent: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := acceptance.Start(t, api, simulator.Config{Learners: 1, Variations: variations})
				existing := org.AddGroup("MATHÉMATICS")
				protocol := org.Protocol(t, nil)
				config := acceptance.Values{"name": "Mathématics"}

				plan := protocol.Plan(nil, udemyGroup, config)
				plan.Diagnostics.ExpectWarning(t, `"Mathématics" exists already and will be adopted`, existing.ID, `renames the group from "MATHÉMATICS"`)
				object, diags := protocol.Apply(plan)
				diags.ExpectWarning(t, "Adopted existing group", `was renamed from "MATHÉMATICS" to "Mathématics"`)
				object.Expect(t, acceptance.Values{"id": existing.ID, "name": "Mathématics", "on_destroy": nil})
				if groups := org.Groups(); len(groups) != 4 || groups[3].Name != "Mathématics" {
					t.Errorf("the groups are %+v", groups)
				}
				object, diags = org.Protocol(t, nil).Read(object)
				diags.ExpectNone(t)
				org.Protocol(t, nil).ExpectCleanPlan(object, config)
			})
		})
	}
}

// A group that could not be renamed stays at Udemy, even if Terraform replaces the resource.
func TestAdopt_letterCaseNotRenamed(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{
		Intercept: acceptance.Answer(http.MethodPatch, "/", `403 {"detail": "No."}`),
	})
	existing := org.AddGroup("MATHEMATICS")
	object, diags := org.Protocol(t, nil).Create(udemyGroup, mathematics)
	diags.ExpectError(t, "", `Unable to finish adopting group "Mathematics"`, existing.ID, "keeps the name")
	object.Expect(t, acceptance.Values{"id": existing.ID, "name": "MATHEMATICS", "on_destroy": "keep"})
}

// Two resources for one group would rename it in turns.
func TestPlan_letterCase(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		protocol := org.Protocol(t, nil)
		protocol.Plan(nil, udemyGroup, mathematics).Diagnostics.ExpectNone(t)
		for _, name := range []string{"mathematics", "MATHEMATICS"} {
			protocol.PlanToo(nil, udemyGroup, acceptance.Values{"name": name}).Diagnostics.ExpectError(t, "name", "Two resources for group", name)
		}
	})
}

// Some organizations have two groups that differ in letter case. Only the exact name identifies one of them.
func TestTwoSpellings(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{
		"plain":                 {SameGroupNames: true},
		"searches find nothing": {SameGroupNames: true, EmptySearches: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Variations: variations})
			upper, lower := org.AddGroup("MATHEMATICS"), org.AddGroup("mathematics")
			protocol := org.Protocol(t, nil)
			for _, group := range []simulator.Group{upper, lower} {
				values, diags := protocol.ReadData(udemyGroup, acceptance.Values{"name": group.Name})
				diags.ExpectNone(t)
				if values["id"] != group.ID {
					t.Errorf("%q is %v, want %s", group.Name, values, group.ID)
				}
				protocol.Plan(nil, udemyGroup, acceptance.Values{"name": group.Name}).Diagnostics.ExpectWarning(t, "will be adopted", group.ID)
			}
			_, diags := protocol.ReadData(udemyGroup, mathematics)
			diags.ExpectError(t, "name", upper.ID, lower.ID)
			org.Protocol(t, nil).Plan(nil, udemyGroup, mathematics).Diagnostics.ExpectError(t, "", upper.ID, lower.ID)
		})
	}
}

// A name that Udemy stores in another Unicode normalization needs no change.
func TestNormalization(t *testing.T) {
	t.Parallel()
	const composed, decomposed = "Caf\u00e9", "Cafe\u0301"
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		existing := org.AddGroup(composed)
		object, diags := org.Protocol(t, nil).Create(udemyGroup, acceptance.Values{"name": decomposed})
		diags.ExpectWarning(t, "Adopted existing group", existing.ID)
		org.ExpectWrites(t)
		object, diags = org.Protocol(t, nil).Read(object)
		diags.ExpectNone(t)
		org.Protocol(t, nil).ExpectCleanPlan(object, acceptance.Values{"name": decomposed})
		values, diags := org.Protocol(t, nil).ReadData(udemyGroup, acceptance.Values{"name": decomposed})
		diags.ExpectNone(t)
		if values["id"] != existing.ID || values["name"] != decomposed {
			t.Errorf("the data source has %v", values)
		}
	})
}
