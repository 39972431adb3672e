// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// A name that is not configured is never sent, and a change at Udemy is not a difference.
func TestNames_notConfigured(t *testing.T) {
	t.Parallel()
	onlyEmail := acceptance.Values{"email": "ada@example.com"}
	for _, api := range []acceptance.API{acceptance.UserManagement, acceptance.SCIM} {
		t.Run(string(api), func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, api, simulator.Config{})
			existing := org.Invite("ada@example.com")
			protocol := org.Protocol(t, nil)
			object, diags := protocol.Create(udemyUser, onlyEmail)
			diags.ExpectWarning(t, "Adopted existing learner", "Changed: nothing.")
			object.Expect(t, acceptance.Values{"id": existing.ID, "first_name": "", "last_name": ""})
			protocol.ExpectCleanPlan(object, onlyEmail)

			org.Accept("ada@example.com", "Ada", "King")
			protocol = org.Protocol(t, nil)
			object, diags = protocol.Read(object)
			diags.ExpectNone(t)
			object.Expect(t, acceptance.Values{"first_name": "Ada", "last_name": "King"})
			protocol.ExpectCleanPlan(object, onlyEmail)

			plan := protocol.Plan(object, udemyUser, acceptance.Values{"email": "ada.king@example.com"})
			if changes := plan.Changes(); !slices.Equal(changes, []string{"email"}) {
				t.Errorf("the plan changes %v", changes)
			}
			updated, diags := protocol.Apply(plan)
			diags.ExpectNone(t)
			updated.Expect(t, acceptance.Values{"first_name": "Ada", "last_name": "King"})
			protocol.ExpectCleanPlan(updated, ada(acceptance.Values{"email": "ada.king@example.com", "last_name": "King"}))

			imported, diags := org.Protocol(t, nil).Import(udemyUser, "ada.king@example.com")
			diags.ExpectNoErrors(t)
			protocol.ExpectCleanPlan(imported, acceptance.Values{"email": "ada.king@example.com"})
		})
	}
}

// An invitation needs both names, unless the plan finds the learner.
func TestNames_newLearner(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		api    acceptance.API
		config acceptance.Values
		errors string
		stored [2]string
	}{
		"none, invited":       {api: acceptance.UserManagement, errors: "first_name"},
		"one name, invited":   {api: acceptance.UserManagement, config: acceptance.Values{"first_name": "Ada"}, errors: "last_name"},
		"an empty name":       {api: acceptance.UserManagement, config: acceptance.Values{"first_name": "Ada", "last_name": ""}, errors: "last_name"},
		"unknown":             {api: acceptance.UserManagement, config: acceptance.Values{"first_name": acceptance.Unknown, "last_name": acceptance.Unknown}},
		"none, over SCIM":     {api: acceptance.SCIM},
		"one name, over SCIM": {api: acceptance.SCIM, config: acceptance.Values{"first_name": "Ada", "last_name": ""}, stored: [2]string{"Ada", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, test.api, simulator.Config{})
			protocol := org.Protocol(t, nil)
			config := acceptance.Values{"email": "ada@example.com"}
			maps.Copy(config, test.config)
			plan := protocol.Plan(nil, udemyUser, config)
			if test.errors != "" {
				plan.Diagnostics.ExpectError(t, test.errors, "ada@example.com", "an invitation needs a first and a last name")
				return
			}
			plan.Diagnostics.ExpectNone(t)
			if config["first_name"] == acceptance.Unknown {
				return
			}
			object, diags := protocol.Create(udemyUser, config)
			diags.ExpectNone(t)
			object.Expect(t, acceptance.Values{"first_name": test.stored[0], "last_name": test.stored[1]})
			protocol.ExpectCleanPlan(object, config)
			if learner, _ := org.Learner("ada@example.com"); learner.FirstName != test.stored[0] || learner.LastName != test.stored[1] {
				t.Errorf("Udemy has %+v", learner)
			}
		})
	}
}

// An empty name clears the name over SCIM. The user-management API has no way to do that, so the plan refuses it.
func TestNames_cleared(t *testing.T) {
	t.Parallel()
	for _, api := range []acceptance.API{acceptance.UserManagement, acceptance.SCIM} {
		t.Run(string(api), func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, api, simulator.Config{})
			protocol := org.Protocol(t, nil)
			object, diags := protocol.Create(udemyUser, ada(nil))
			diags.ExpectNone(t)
			mononym := ada(acceptance.Values{"last_name": ""})
			if api == acceptance.UserManagement {
				protocol.Plan(object, udemyUser, mononym).Diagnostics.ExpectError(t, "last_name", `"Lovelace"`, "can't be cleared")
				protocol.NextRun().Plan(nil, udemyUser, mononym).Diagnostics.ExpectError(t, "last_name", "can't be cleared")
				return
			}
			updated, diags := protocol.Update(object, mononym)
			diags.ExpectNone(t)
			updated.Expect(t, acceptance.Values{"first_name": "Ada", "last_name": ""})
			protocol.ExpectCleanPlan(updated, mononym)
			if learner, _ := org.Learner("ada@example.com"); learner.LastName != "" {
				t.Errorf("Udemy has %+v", learner)
			}
		})
	}
}

// The learner of an invitation without a name types one and gets another ID: the same person.
func TestNames_acceptedWithAnotherID(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	org.Invite("ada@example.com")
	object, _ := org.Protocol(t, nil).Create(udemyUser, acceptance.Values{"email": "ada@example.com"})
	org.Accept("ada@example.com", "Ada", "King")
	org.Edit("ada@example.com", func(l *simulator.Learner) { l.ID = "accepted" })
	read, diags := org.Protocol(t, nil).Read(object)
	diags.ExpectNone(t)
	read.Expect(t, acceptance.Values{"id": "accepted", "last_name": "King"})
}

// With ignore_changes, as the page of udemy_user describes, an invitation has a name and the name that the learner types stays, also in
// an organization that does not keep the name of an invitation. Without it, the next plan changes the name back.
func TestAccNames_typed(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{"invitation with a name": {}, "invitation without a name": {NamesTyped: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Variations: variations})
			config := func(more string) string {
				return org.Config("resource \"udemy_user\" \"ada\" {\n  email = \"ada@example.com\"\n  first_name = \"Ada\"\n  last_name = \"Lovelace\"\n" + more + "}\n")
			}
			const ignore = "  lifecycle {\n    ignore_changes = [first_name, last_name]\n  }\n"
			accepts := func() { org.Accept("ada@example.com", "Augusta", "King") }
			acceptance.Test(t,
				resource.TestStep{Config: config(ignore)},
				resource.TestStep{PreConfig: accepts, Config: config(ignore), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction("udemy_user.ada", plancheck.ResourceActionNoop),
				}}, ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue("udemy_user.ada", tfjsonpath.New("last_name"), knownvalue.StringExact("King")),
				}},
				resource.TestStep{Config: config(""), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction("udemy_user.ada", plancheck.ResourceActionUpdate),
				}}},
			)
		})
	}
}
