// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const adaConfig = `
resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
}
`

// mathematicsConfig is a group with the member Ada.
const mathematicsConfig = `
resource "udemy_group" "mathematics" {
  name = "Mathematics"
}

resource "udemy_group_membership" "ada" {
  group_id = udemy_group.mathematics.id
  user_id  = udemy_user.ada.id
}
`

// membersConfig is a group whose complete list of members is Ada.
const membersConfig = `
resource "udemy_group" "physics" {
  name = "Physics"
}

resource "udemy_group_members" "physics" {
  group_id = udemy_group.physics.id
  members  = { (udemy_user.ada.email) = udemy_user.ada.id }
}
`

// Learners from a CSV file are created in groups, updated in place and deactivated.
func TestAccLifecycle(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, testLifecycle)
}

func testLifecycle(t *testing.T, api acceptance.API) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{Learners: 25})
	before := len(org.Learners())
	config := func(csv string) string {
		return org.Config(fmt.Sprintf(`
locals {
  learners = { for row in csvdecode(%q) : row.email => row }
}

resource "udemy_group" "team" {
  for_each = toset([for learner in local.learners : learner.group])
  name     = each.key
}

resource "udemy_user" "learner" {
  for_each   = local.learners
  email      = each.value.email
  first_name = each.value.first_name
  last_name  = each.value.last_name
}

resource "udemy_group_membership" "learner" {
  for_each = local.learners
  group_id = udemy_group.team[each.value.group].id
  user_id  = udemy_user.learner[each.key].id
}
`, "email,first_name,last_name,group\n"+csv))
	}
	// SCIM sends no invitations and has no roles.
	status, role := knownvalue.StringExact("invited"), knownvalue.Check(knownvalue.StringExact("learner"))
	if api == acceptance.SCIM {
		status, role = knownvalue.StringExact("active"), knownvalue.Null()
	}
	const (
		ada   = `udemy_user.learner["ada@example.com"]`
		emmy  = `udemy_user.learner["emmy@example.com"]`
		marie = `udemy_user.learner["marie@example.com"]`
	)
	sameLearner := statecheck.CompareValue(compare.ValuesSame())

	acceptance.Test(t,
		resource.TestStep{
			Config: config("ada@example.com,Ada,Lovelace,Mathematics\nemmy@example.com,Emmy,Noether,Mathematics\nmarie@example.com,Marie,Curie,Physics\n"),
			ConfigStateChecks: []statecheck.StateCheck{
				sameLearner.AddStateValue(ada, tfjsonpath.New("id")),
				statecheck.ExpectKnownValue(ada, tfjsonpath.New("status"), status),
				statecheck.ExpectKnownValue(ada, tfjsonpath.New("role"), role),
			},
		},
		resource.TestStep{ // One learner changes group and name, another one leaves.
			Config: config("ada@example.com,Augusta,Lovelace,Physics\nmarie@example.com,Marie,Curie,Physics\n"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(ada, plancheck.ResourceActionUpdate),
				plancheck.ExpectKnownValue(ada, tfjsonpath.New("status"), status),
				plancheck.ExpectResourceAction(emmy, plancheck.ResourceActionDestroy),
				plancheck.ExpectResourceAction(marie, plancheck.ResourceActionNoop),
				plancheck.ExpectResourceAction(`udemy_group_membership.learner["ada@example.com"]`, plancheck.ResourceActionReplace),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				sameLearner.AddStateValue(ada, tfjsonpath.New("id")),
				statecheck.ExpectKnownValue(ada, tfjsonpath.New("first_name"), knownvalue.StringExact("Augusta")),
				acceptance.AtUdemy(func() error {
					if learner, ok := org.Learner("emmy@example.com"); ok && learner.Status != "deactivated" {
						return fmt.Errorf("the removed learner is not deactivated: %+v", learner)
					}
					return nil
				}),
			},
		},
		resource.TestStep{Config: org.Config("")}, // The test framework can't destroy instances with string keys.
	)
	for _, learner := range org.Learners()[before:] {
		if learner.Status != "deactivated" {
			t.Errorf("after destroy, Udemy has %+v", learner)
		}
	}
}

func TestAccAdopt(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, testAdopt)
}

func testAdopt(t *testing.T, api acceptance.API) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{})
	org.Add(simulator.Learner{Email: "admin@example.com", Role: "admin", Status: "active"}) // So ada is not the last one.
	existing := org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Augusta", LastName: "King", Role: "admin", Status: "deactivated", ExternalID: "E-1001"})
	group := org.AddGroup("Mathematics", existing.ID)
	config := adaConfig + `
resource "udemy_group" "mathematics" {
  name = "Mathematics"
}
`
	role := knownvalue.Check(knownvalue.StringExact("admin"))
	if api == acceptance.SCIM {
		role = knownvalue.Null()
	}
	acceptance.Test(t,
		resource.TestStep{
			Config:      org.ConfigWith("adopt_existing = false", config),
			ExpectError: regexp.MustCompile(`(?s)terraform import udemy_user\.NAME ` + existing.ID + `.*id = "` + existing.ID + `"`),
		},
		resource.TestStep{
			Config: org.Config(config),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("udemy_user.ada", tfjsonpath.New("id"), knownvalue.StringExact(existing.ID)),
				statecheck.ExpectKnownValue("udemy_user.ada", tfjsonpath.New("role"), role),
				statecheck.ExpectKnownValue("udemy_user.ada", tfjsonpath.New("external_id"), knownvalue.Null()), // It is not managed.
				statecheck.ExpectKnownValue("udemy_user.ada", tfjsonpath.New("status"), knownvalue.StringExact("active")),
				statecheck.ExpectKnownValue("udemy_group.mathematics", tfjsonpath.New("id"), knownvalue.StringExact(group.ID)),
			},
		},
	)
	if learner, _ := org.Learner("ada@example.com"); learner.Status != "deactivated" || learner.FirstName != "Ada" || learner.Role != "admin" {
		t.Errorf("after destroy, Udemy has %+v", learner)
	}
}

func TestAccEmailCase(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, testEmailCase)
}

func testEmailCase(t *testing.T, api acceptance.API) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{Variations: simulator.Variations{FoldEmails: true}})
	spelled := func(email string) string {
		return org.Config(strings.ReplaceAll(adaConfig, "ada@example.com", email))
	}
	inState := func(email string) []statecheck.StateCheck {
		return []statecheck.StateCheck{statecheck.ExpectKnownValue("udemy_user.ada", tfjsonpath.New("email"), knownvalue.StringExact(email))}
	}
	acceptance.Test(t,
		resource.TestStep{Config: spelled("Ada.Lovelace@Example.com"), ConfigStateChecks: inState("Ada.Lovelace@Example.com")},
		resource.TestStep{Config: spelled("ada.lovelace@example.com"), PlanOnly: true},
		resource.TestStep{
			Config: spelled("countess@example.com"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("udemy_user.ada", plancheck.ResourceActionUpdate),
			}},
			ConfigStateChecks: inState("countess@example.com"),
		},
	)
}

func TestAccDrift(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, testDrift)
}

func testDrift(t *testing.T, api acceptance.API) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{})
	config := org.Config(adaConfig + mathematicsConfig)
	planned := func(address string, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
	}
	acceptance.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				org.Edit("ada@example.com", func(l *simulator.Learner) { l.LastName, l.Status = "King", "active" })
			},
			Config:           config,
			ConfigPlanChecks: planned("udemy_user.ada", plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			PreConfig:        func() { org.SetMembers(org.Groups()[0].ID) },
			Config:           config,
			ConfigPlanChecks: planned("udemy_group_membership.ada", plancheck.ResourceActionCreate),
		},
		resource.TestStep{
			PreConfig:        func() { org.Edit("ada@example.com", func(l *simulator.Learner) { l.Status = "deactivated" }) },
			Config:           config,
			ConfigPlanChecks: planned("udemy_user.ada", plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			PreConfig:        func() { org.Remove("ada@example.com") },
			Config:           config,
			ConfigPlanChecks: planned("udemy_user.ada", plancheck.ResourceActionCreate),
		},
	)
}

func TestAccUserAttributes(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, testUserAttributes)
}

func testUserAttributes(t *testing.T, api acceptance.API) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{Variations: simulator.Variations{AutoProvision: true}})
	org.Add(simulator.Learner{Email: "admin@example.com", Role: "admin", Status: "active"}) // So ada is not the last one.
	other := org.AddGroup("Elsewhere")
	config := func(attributes string) string {
		return org.Config(strings.Replace(adaConfig, "\n}", "\n"+attributes+"\n}", 1) + `
resource "udemy_group" "mathematics" {
  name = "Mathematics"
}
`)
	}
	has := func(attribute string, value knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("udemy_user.ada", tfjsonpath.New(attribute), value)
	}
	groups := func(want int) statecheck.StateCheck {
		return acceptance.AtUdemy(func() error {
			if learner, _ := org.Learner("ada@example.com"); len(learner.Groups) != want {
				return fmt.Errorf("the learner is in %v, want %d groups", learner.Groups, want)
			}
			return nil
		})
	}
	// The attribute that only this API can set.
	own, ownValue, changed, changedValue := `role = "admin"`, has("role", knownvalue.StringExact("admin")), `role = "learner"`, has("role", knownvalue.StringExact("learner"))
	if api == acceptance.SCIM {
		licenses := func(names ...string) statecheck.StateCheck {
			checks := []knownvalue.Check{}
			for _, name := range names {
				checks = append(checks, knownvalue.StringExact(name))
			}
			return has("license_types", knownvalue.SetExact(checks))
		}
		own, ownValue = `license_types = ["Pro"]`, licenses("Pro")
		changed, changedValue = `license_types = ["Enterprise", "Pro"]`, licenses("Enterprise", "Pro")
	}
	onDestroy := "delete"
	if api == acceptance.SCIM {
		onDestroy = "keep"
	}

	acceptance.Test(t,
		resource.TestStep{
			Config:            config(`external_id = "E-1001"` + "\n" + `group_ids = [udemy_group.mathematics.id]` + "\n" + own),
			ConfigStateChecks: []statecheck.StateCheck{has("external_id", knownvalue.StringExact("E-1001")), ownValue, groups(1)},
		},
		resource.TestStep{ // A membership added outside Terraform is not in group_ids, so it is removed.
			PreConfig: func() {
				learner, _ := org.Learner("ada@example.com")
				org.SetMembers(other.ID, learner.ID)
			},
			Config:            config(`external_id = "E-1002"` + "\n" + `group_ids = [udemy_group.mathematics.id]` + "\n" + own),
			ConfigStateChecks: []statecheck.StateCheck{groups(1)},
		},
		resource.TestStep{ // If the arguments are removed, external_id is cleared, group_ids is unmanaged, and role or license_types is kept.
			Config:            config(``),
			ConfigStateChecks: []statecheck.StateCheck{has("external_id", knownvalue.Null()), has("group_ids", knownvalue.Null()), ownValue, groups(1)},
		},
		resource.TestStep{
			Config:            config("active = false\ngroup_ids = []"),
			ConfigStateChecks: []statecheck.StateCheck{has("status", knownvalue.StringExact("deactivated")), groups(0)},
		},
		resource.TestStep{
			Config:            config(changed),
			ConfigStateChecks: []statecheck.StateCheck{has("status", knownvalue.StringExact("active")), changedValue},
		},
		resource.TestStep{Config: config(fmt.Sprintf("on_destroy = %q", onDestroy))},
	)
	learner, left := org.Learner("ada@example.com")
	if onDestroy == "delete" && left || onDestroy == "keep" && learner.Status != "active" {
		t.Errorf("after %s, Udemy has %+v", onDestroy, learner)
	}
}

func TestAccImport(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, testImport)
}

func testImport(t *testing.T, api acceptance.API) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{})
	acceptance.Test(t,
		resource.TestStep{Config: org.Config(adaConfig + mathematicsConfig)},
		resource.TestStep{ResourceName: "udemy_user.ada", ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"group_ids"}},
		resource.TestStep{ResourceName: "udemy_user.ada", ImportState: true, ImportStateId: "email:ada@example.com", ImportStateVerify: true, ImportStateVerifyIgnore: []string{"group_ids"}},
		resource.TestStep{ResourceName: "udemy_group.mathematics", ImportState: true, ImportStateVerify: true},
		resource.TestStep{ResourceName: "udemy_group.mathematics", ImportState: true, ImportStateId: "name:Mathematics", ImportStateVerify: true},
		resource.TestStep{ResourceName: "udemy_group_membership.ada", ImportState: true, ImportStateVerify: true},
	)
}

func TestAccImportBlocks(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, testImportBlocks)
}

func testImportBlocks(t *testing.T, api acceptance.API) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{})
	group := org.AddGroup("Mathematics")
	org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1001", Role: "admin", Groups: []string{group.ID}})
	withExternalID := strings.Replace(adaConfig, "\n}", "\n  external_id = \"E-1001\"\n}", 1)
	withGroups := strings.Replace(withExternalID, "\n}", "\n  group_ids = [data.udemy_group.mathematics.id]\n}", 1) + `
data "udemy_group" "mathematics" {
  name = "Mathematics"
}
`
	for name, config := range map[string]string{"groups unmanaged": withExternalID, "groups managed": withGroups} {
		for _, id := range []string{"ada@example.com", "external_id:E-1001"} {
			t.Run(name+" "+id, func(t *testing.T) {
				t.Parallel()
				acceptance.Test(t, resource.TestStep{
					Config:       org.Config(config),
					ResourceName: "udemy_user.ada", ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: id,
				})
			})
		}
	}
	t.Run("absent", func(t *testing.T) {
		t.Parallel()
		acceptance.Test(t, resource.TestStep{
			Config:       org.Config(adaConfig),
			ResourceName: "udemy_user.ada", ImportState: true, ImportStateId: "absent@example.com",
			ExpectError: regexp.MustCompile(`(?s)Unable to import the learner with email "absent@example\.com".*not found`),
		})
	})
}

func TestAccImportByIdentity(t *testing.T) {
	t.Parallel()
	acceptance.Needs(t, acceptance.ImportByIdentity)
	acceptance.OnEachAPI(t, testImportByIdentity)
}

func testImportByIdentity(t *testing.T, api acceptance.API) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(),
		Steps: []resource.TestStep{
			{
				Config: org.Config(adaConfig + mathematicsConfig + membersConfig),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentityValueMatchesState("udemy_user.ada", tfjsonpath.New("id")),
					statecheck.ExpectIdentityValueMatchesState("udemy_group.mathematics", tfjsonpath.New("id")),
					statecheck.ExpectIdentityValueMatchesState("udemy_group_membership.ada", tfjsonpath.New("group_id")),
					statecheck.ExpectIdentityValueMatchesState("udemy_group_membership.ada", tfjsonpath.New("user_id")),
					statecheck.ExpectIdentityValueMatchesState("udemy_group_members.physics", tfjsonpath.New("group_id")),
				},
			},
			{ResourceName: "udemy_user.ada", ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
			{ResourceName: "udemy_group.mathematics", ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
			{ResourceName: "udemy_group_membership.ada", ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
			{ResourceName: "udemy_group_members.physics", ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

func TestAccDataSources(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, testDataSources)
}

func testDataSources(t *testing.T, api acceptance.API) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{Learners: 130})
	learner := org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1"})
	group := org.AddGroup("Number Theory", learner.ID)
	acceptance.Test(t,
		resource.TestStep{
			Config: org.Config(`
data "udemy_user" "ada" {
  email = "ADA@example.com"
}

data "udemy_group" "number_theory" {
  name = "Number Theory"
}
`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.udemy_user.ada", tfjsonpath.New("id"), knownvalue.StringExact(learner.ID)),
				statecheck.ExpectKnownValue("data.udemy_user.ada", tfjsonpath.New("group_ids"), knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact(group.ID)})),
				statecheck.ExpectKnownValue("data.udemy_group.number_theory", tfjsonpath.New("id"), knownvalue.StringExact(group.ID)),
			},
		},
		resource.TestStep{
			Config:      org.Config(`data "udemy_user" "absent" { external_id = "E-0" }`),
			ExpectError: regexp.MustCompile(`Unable to read the learner with external_id "E-0"`),
		},
	)
}

// A token from another resource is known only during apply.
func TestAccUnknownToken(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, testUnknownToken)
}

func testUnknownToken(t *testing.T, api acceptance.API) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{})
	config := strings.Replace(org.Config(adaConfig), `"`+simulator.DefaultToken+`"`, "terraform_data.token.output", 1)
	token := func(id string) string {
		return fmt.Sprintf(`
resource "terraform_data" "token" {
  input            = %q
  triggers_replace = %q
}
`, simulator.DefaultToken, id)
	}
	acceptance.Test(t,
		resource.TestStep{Config: config + token("first")},
		resource.TestStep{Config: config + token("second")}, // The learner is now in state, but the plan has no token to refresh it.
	)
}

// Terraform creates ten resources concurrently. Every membership must be in the group afterwards.
func TestAccManyAtOnce(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, testManyAtOnce)
}

func testManyAtOnce(t *testing.T, api acceptance.API) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{})
	acceptance.Test(t, resource.TestStep{
		Config: org.Config(`
resource "udemy_group" "all" {
  name = "All learners"
}

resource "udemy_user" "learner" {
  count      = 40
  email      = "learner${count.index}@example.com"
  first_name = "Learner"
  last_name  = "Number ${count.index}"
}

resource "udemy_group_membership" "learner" {
  count    = 40
  group_id = udemy_group.all.id
  user_id  = udemy_user.learner[count.index].id
}
`),
		ConfigStateChecks: []statecheck.StateCheck{acceptance.AtUdemy(func() error {
			if members := org.Groups()[0].Members; len(members) != 40 {
				return fmt.Errorf("the group has %d members", len(members))
			}
			return nil
		})},
	})
}

func TestAccGroupMembers(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, testGroupMembers)
}

func testGroupMembers(t *testing.T, api acceptance.API) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{})
	config := func(learners int) string {
		return org.Config(fmt.Sprintf(`
resource "udemy_user" "learner" {
  count      = %d
  email      = "learner${count.index}@example.com"
  first_name = "Learner"
  last_name  = "Number ${count.index}"
}

resource "udemy_group" "all" {
  name = "All learners"
}

resource "udemy_group_members" "all" {
  group_id = udemy_group.all.id
  members  = { for user in udemy_user.learner : user.email => user.id }
}
`, learners))
	}
	members := func(want int) []statecheck.StateCheck {
		return []statecheck.StateCheck{
			statecheck.ExpectKnownValue("udemy_group_members.all", tfjsonpath.New("members"), knownvalue.MapSizeExact(want)),
			acceptance.AtUdemy(func() error {
				if members := org.Groups()[0].Members; len(members) != want {
					return fmt.Errorf("the group has %d members, want %d", len(members), want)
				}
				return nil
			}),
		}
	}
	acceptance.Test(t,
		resource.TestStep{Config: config(12), ConfigStateChecks: members(12)},
		resource.TestStep{
			PreConfig: func() {
				stranger := org.Add(simulator.Learner{Email: "stranger@example.com", FirstName: "A", LastName: "Stranger"})
				org.SetMembers(org.Groups()[0].ID, stranger.ID)
			},
			Config: config(10),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("udemy_group_members.all", plancheck.ResourceActionUpdate),
			}},
			ConfigStateChecks: members(10),
		},
		resource.TestStep{
			ResourceName: "udemy_group_members.all", ImportState: true, ImportStateId: "name:All learners",
			ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "group_id",
		},
	)
}

func TestAccRefused(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, testRefused)
}

func testRefused(t *testing.T, api acceptance.API) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{})
	noGroup := `(?s)group_ids = \["absent"\].*`
	for name, test := range map[string]struct{ config, message string }{
		"a wrong token":      {strings.Replace(org.Config(adaConfig), simulator.DefaultToken, "wrong", 1), `(?s)Unable to plan learner "ada@example\.com".*UDEMY_TOKEN`},
		"a malformed e-mail": {org.Config(strings.Replace(adaConfig, "ada@example.com", "ada", 1)), `Malformed e-mail address`},
		"an absent group": {
			org.Config(strings.Replace(adaConfig, "\n}", "\n  group_ids = [\"absent\"]\n}", 1)),
			noGroup,
		},
		"plain http": {
			strings.Replace(org.Config(adaConfig), org.Endpoint, "http://udemy.example.com", 1), `(?s)Malformed endpoint.*https`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.Test(t, resource.TestStep{Config: test.config, ExpectError: regexp.MustCompile(test.message)})
		})
	}
}
