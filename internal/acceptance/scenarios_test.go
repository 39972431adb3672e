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
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/udemy-iac/terraform-provider-udemy/internal/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/simulator"
)

const adaConfig = `
resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
}
`

// mathematicsConfig is a group with Ada in it.
const mathematicsConfig = `
resource "udemy_group" "mathematics" {
  name = "Mathematics"
}

resource "udemy_group_membership" "ada" {
  group_id = udemy_group.mathematics.id
  user_id  = udemy_user.ada.id
}
`

// The main job: people from a CSV file, in groups, invited, changed in place, and released.
func TestAccLifecycle(t *testing.T) {
	t.Parallel()
	tenant := acceptance.Start(t, simulator.Config{Learners: 25})
	before := len(tenant.Learners())
	config := func(csv string) string {
		return tenant.Config(fmt.Sprintf(`
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
				statecheck.ExpectKnownValue(ada, tfjsonpath.New("status"), knownvalue.StringExact("invited")),
				statecheck.ExpectKnownValue(ada, tfjsonpath.New("role"), knownvalue.StringExact("learner")),
			},
		},
		resource.TestStep{ // A mover, a leaver, a changed name: one pull request.
			Config: config("ada@example.com,Augusta,Lovelace,Physics\nmarie@example.com,Marie,Curie,Physics\n"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(ada, plancheck.ResourceActionUpdate),
				plancheck.ExpectKnownValue(ada, tfjsonpath.New("status"), knownvalue.StringExact("invited")),
				plancheck.ExpectResourceAction(emmy, plancheck.ResourceActionDestroy),
				plancheck.ExpectResourceAction(marie, plancheck.ResourceActionNoop),
				plancheck.ExpectResourceAction(`udemy_group_membership.learner["ada@example.com"]`, plancheck.ResourceActionReplace),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				sameLearner.AddStateValue(ada, tfjsonpath.New("id")),
				statecheck.ExpectKnownValue(ada, tfjsonpath.New("first_name"), knownvalue.StringExact("Augusta")),
			},
			Check: func(*terraform.State) error {
				if _, ok := tenant.Learner("emmy@example.com"); ok {
					return fmt.Errorf("the invitation was not cancelled")
				}
				return nil
			},
		},
	)
	if after := len(tenant.Learners()); after != before || len(tenant.Writes()) == 0 {
		t.Errorf("there were %d learners before and %d after", before, after)
	}
}

func TestAccAdopt(t *testing.T) {
	t.Parallel()
	tenant := acceptance.Start(t, simulator.Config{})
	existing := tenant.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Augusta", LastName: "King", Role: "admin", Status: "deactivated", ExternalID: "E-1001"})
	group := tenant.AddGroup("Mathematics", existing.ID)
	config := adaConfig + `
resource "udemy_group" "mathematics" {
  name = "Mathematics"
}
`
	acceptance.Test(t,
		resource.TestStep{
			Config:      tenant.ConfigWith("adopt_existing = false", config),
			ExpectError: regexp.MustCompile(`(?s)terraform import udemy_user\.NAME ` + existing.ID + `.*id = "` + existing.ID + `"`),
		},
		resource.TestStep{
			Config: tenant.Config(config),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("udemy_user.ada", tfjsonpath.New("id"), knownvalue.StringExact(existing.ID)),
				statecheck.ExpectKnownValue("udemy_user.ada", tfjsonpath.New("role"), knownvalue.StringExact("admin")),
				statecheck.ExpectKnownValue("udemy_user.ada", tfjsonpath.New("external_id"), knownvalue.StringExact("E-1001")),
				statecheck.ExpectKnownValue("udemy_user.ada", tfjsonpath.New("status"), knownvalue.StringExact("active")),
				statecheck.ExpectKnownValue("udemy_group.mathematics", tfjsonpath.New("id"), knownvalue.StringExact(group.ID)),
			},
		},
	)
	if learner, _ := tenant.Learner("ada@example.com"); learner.Status != "deactivated" || learner.FirstName != "Ada" {
		t.Errorf("after destroy, Udemy has %+v", learner)
	}
}

func TestAccEmailCase(t *testing.T) {
	t.Parallel()
	tenant := acceptance.Start(t, simulator.Config{Variations: simulator.Variations{FoldEmails: true}})
	spelled := func(email string) string {
		return tenant.Config(strings.ReplaceAll(adaConfig, "ada@example.com", email))
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
	tenant := acceptance.Start(t, simulator.Config{})
	config := tenant.Config(adaConfig + mathematicsConfig)
	planned := func(address string, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
	}
	acceptance.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				tenant.Edit("ada@example.com", func(l *simulator.Learner) { l.LastName, l.Status = "King", "active" })
			},
			Config:           config,
			ConfigPlanChecks: planned("udemy_user.ada", plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			PreConfig:        func() { tenant.SetMembers(tenant.Groups()[0].ID) },
			Config:           config,
			ConfigPlanChecks: planned("udemy_group_membership.ada", plancheck.ResourceActionCreate),
		},
		resource.TestStep{
			PreConfig:        func() { tenant.Edit("ada@example.com", func(l *simulator.Learner) { l.Status = "deactivated" }) },
			Config:           config,
			ConfigPlanChecks: planned("udemy_user.ada", plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			PreConfig:        func() { tenant.Remove("ada@example.com") },
			Config:           config,
			ConfigPlanChecks: planned("udemy_user.ada", plancheck.ResourceActionCreate),
		},
	)
}

func TestAccUserAttributes(t *testing.T) {
	t.Parallel()
	tenant := acceptance.Start(t, simulator.Config{Variations: simulator.Variations{AutoProvision: true}})
	other := tenant.AddGroup("Elsewhere")
	config := func(attributes string) string {
		return tenant.Config(strings.Replace(adaConfig, "\n}", "\n"+attributes+"\n}", 1) + `
resource "udemy_group" "mathematics" {
  name = "Mathematics"
}
`)
	}
	has := func(attribute string, value knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("udemy_user.ada", tfjsonpath.New(attribute), value)
	}
	groups := func(want ...string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			learner, _ := tenant.Learner("ada@example.com")
			if len(learner.Groups) != len(want) {
				return fmt.Errorf("Udemy has groups %v, want %d", learner.Groups, len(want))
			}
			return nil
		}
	}
	acceptance.Test(t,
		resource.TestStep{
			Config:            config(`external_id = "E-1001"` + "\n" + `group_ids = [udemy_group.mathematics.id]` + "\n" + `role = "admin"`),
			ConfigStateChecks: []statecheck.StateCheck{has("external_id", knownvalue.StringExact("E-1001")), has("role", knownvalue.StringExact("admin"))},
			Check:             groups("Mathematics"),
		},
		resource.TestStep{ // Added by hand: not in the exact set, so it goes again.
			PreConfig: func() {
				learner, _ := tenant.Learner("ada@example.com")
				tenant.SetMembers(other.ID, learner.ID)
			},
			Config: config(`external_id = "E-1001"` + "\n" + `group_ids = [udemy_group.mathematics.id]` + "\n" + `role = "admin"`),
			Check:  groups("Mathematics"),
		},
		resource.TestStep{ // Removed from the configuration: cleared, left alone, and kept.
			Config: config(``),
			ConfigStateChecks: []statecheck.StateCheck{
				has("external_id", knownvalue.Null()), has("group_ids", knownvalue.Null()), has("role", knownvalue.StringExact("admin")),
			},
			Check: groups("Mathematics"),
		},
		resource.TestStep{
			Config:            config("active = false\ngroup_ids = []"),
			ConfigStateChecks: []statecheck.StateCheck{has("status", knownvalue.StringExact("deactivated"))},
			Check:             groups(),
		},
		resource.TestStep{
			Config:            config(`role = "learner"`),
			ConfigStateChecks: []statecheck.StateCheck{has("status", knownvalue.StringExact("active")), has("role", knownvalue.StringExact("learner"))},
		},
		resource.TestStep{Config: config(`on_destroy = "delete"`)},
	)
	if _, ok := tenant.Learner("ada@example.com"); ok {
		t.Error("the learner was not deleted")
	}
}

func TestAccImport(t *testing.T) {
	t.Parallel()
	tenant := acceptance.Start(t, simulator.Config{})
	acceptance.Test(t,
		resource.TestStep{Config: tenant.Config(adaConfig + mathematicsConfig)},
		resource.TestStep{ResourceName: "udemy_user.ada", ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"group_ids"}},
		resource.TestStep{ResourceName: "udemy_user.ada", ImportState: true, ImportStateId: "email:ada@example.com", ImportStateVerify: true, ImportStateVerifyIgnore: []string{"group_ids"}},
		resource.TestStep{ResourceName: "udemy_group.mathematics", ImportState: true, ImportStateVerify: true},
		resource.TestStep{ResourceName: "udemy_group.mathematics", ImportState: true, ImportStateId: "name:Mathematics", ImportStateVerify: true},
		resource.TestStep{ResourceName: "udemy_group_membership.ada", ImportState: true, ImportStateVerify: true},
	)
}

func TestAccImportBlocks(t *testing.T) {
	t.Parallel()
	tenant := acceptance.Start(t, simulator.Config{})
	group := tenant.AddGroup("Mathematics")
	tenant.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1001", Role: "admin", Groups: []string{group.ID}})
	withGroups := strings.Replace(adaConfig, "\n}", "\n  group_ids = [data.udemy_group.mathematics.id]\n}", 1) + `
data "udemy_group" "mathematics" {
  name = "Mathematics"
}
`
	for name, config := range map[string]string{"groups left alone": adaConfig, "groups managed": withGroups} {
		for _, id := range []string{"ada@example.com", "external_id:E-1001"} {
			t.Run(name+" "+id, func(t *testing.T) {
				t.Parallel()
				acceptance.Test(t, resource.TestStep{
					Config:       tenant.Config(config),
					ResourceName: "udemy_user.ada", ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: id,
				})
			})
		}
	}
	t.Run("absent", func(t *testing.T) {
		t.Parallel()
		acceptance.Test(t, resource.TestStep{
			Config:       tenant.Config(adaConfig),
			ResourceName: "udemy_user.ada", ImportState: true, ImportStateId: "nobody@example.com",
			ExpectError: regexp.MustCompile(`(?s)Unable to import the learner with email "nobody@example\.com".*not found`),
		})
	})
}

func TestAccImportByIdentity(t *testing.T) {
	t.Parallel()
	tenant := acceptance.Start(t, simulator.Config{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{
				Config: tenant.Config(adaConfig + mathematicsConfig),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentityValueMatchesState("udemy_user.ada", tfjsonpath.New("id")),
					statecheck.ExpectIdentityValueMatchesState("udemy_group.mathematics", tfjsonpath.New("id")),
					statecheck.ExpectIdentityValueMatchesState("udemy_group_membership.ada", tfjsonpath.New("group_id")),
					statecheck.ExpectIdentityValueMatchesState("udemy_group_membership.ada", tfjsonpath.New("user_id")),
				},
			},
			{ResourceName: "udemy_user.ada", ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
			{ResourceName: "udemy_group.mathematics", ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
			{ResourceName: "udemy_group_membership.ada", ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

func TestAccDataSources(t *testing.T) {
	t.Parallel()
	tenant := acceptance.Start(t, simulator.Config{Learners: 130})
	learner := tenant.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1"})
	group := tenant.AddGroup("Number Theory", learner.ID)
	acceptance.Test(t,
		resource.TestStep{
			Config: tenant.Config(`
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
			Config:      tenant.Config(`data "udemy_user" "nobody" { external_id = "E-0" }`),
			ExpectError: regexp.MustCompile(`Unable to read the learner with external_id "E-0"`),
		},
	)
}

// A token that another resource makes is known only during apply.
func TestAccUnknownToken(t *testing.T) {
	t.Parallel()
	tenant := acceptance.Start(t, simulator.Config{})
	config := strings.Replace(tenant.Config(adaConfig), `"`+simulator.DefaultToken+`"`, "terraform_data.token.output", 1)
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
		resource.TestStep{Config: config + token("second")}, // Now there is a learner to refresh without a token.
	)
}

// Ten at a time is how Terraform works: nobody may be lost on the way.
func TestAccManyAtOnce(t *testing.T) {
	t.Parallel()
	tenant := acceptance.Start(t, simulator.Config{})
	acceptance.Test(t, resource.TestStep{
		Config: tenant.Config(`
resource "udemy_group" "everybody" {
  name = "Everybody"
}

resource "udemy_user" "learner" {
  count      = 40
  email      = "learner${count.index}@example.com"
  first_name = "Learner"
  last_name  = "Number ${count.index}"
}

resource "udemy_group_membership" "learner" {
  count    = 40
  group_id = udemy_group.everybody.id
  user_id  = udemy_user.learner[count.index].id
}
`),
		Check: func(*terraform.State) error {
			if members := tenant.Groups()[0].Members; len(members) != 40 {
				return fmt.Errorf("the group has %d members", len(members))
			}
			return nil
		},
	})
}

func TestAccRefused(t *testing.T) {
	t.Parallel()
	tenant := acceptance.Start(t, simulator.Config{})
	for name, test := range map[string]struct{ config, message string }{
		"a wrong token":      {strings.Replace(tenant.Config(adaConfig), simulator.DefaultToken, "wrong", 1), `(?s)Unable to create learner "ada@example\.com".*UDEMY_TOKEN`},
		"a malformed e-mail": {tenant.Config(strings.Replace(adaConfig, "ada@example.com", "ada", 1)), `Malformed e-mail address`},
		"no such group": {
			tenant.Config(strings.Replace(adaConfig, "\n}", "\n  group_ids = [\"nowhere\"]\n}", 1)),
			`(?s)group_ids = \["nowhere"\].*Udemy refused group_ids`,
		},
		"plain http": {
			strings.Replace(tenant.Config(adaConfig), tenant.Endpoint, "http://udemy.example.com", 1), `(?s)Malformed endpoint.*https`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.Test(t, resource.TestStep{Config: test.config, ExpectError: regexp.MustCompile(test.message)})
		})
	}
}
