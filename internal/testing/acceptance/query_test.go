// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// query lists everything there is.
const query = `
list "udemy_user" "all" {
  provider         = udemy
  include_resource = true
  limit            = 1000
}

list "udemy_group" "all" {
  provider         = udemy
  include_resource = true
}

list "udemy_group_membership" "all" {
  provider         = udemy
  include_resource = true
  limit            = 1000

  config {
    group_id = %q
  }
}
`

// someQuery has a filter and a limit.
const someQuery = `
list "udemy_user" "some" {
  provider = udemy
  limit    = 3

  config {
    status       = "active"
    email_domain = "example.com"
  }
}
`

func TestAccQuery(t *testing.T) {
	t.Parallel()
	acceptance.Needs(t, acceptance.Query)
	acceptance.OnEachAPI(t, testQuery)
}

func testQuery(t *testing.T, api acceptance.API) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{Learners: 120})
	group := org.AddGroup("Mathematics")
	ada := org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", Groups: []string{group.ID}})
	byName := func(name string) queryfilter.QueryFilter {
		return queryfilter.ByDisplayName(knownvalue.StringExact(name))
	}
	id := func(id string) map[string]knownvalue.Check {
		return map[string]knownvalue.Check{"id": knownvalue.StringExact(id)}
	}

	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(),
		Steps: []resource.TestStep{
			{Config: org.Config("")}, // The provider block stays beside the query.
			{
				Query:  true,
				Config: fmt.Sprintf(query, group.ID) + someQuery,
				QueryResultChecks: []querycheck.QueryResultCheck{
					querycheck.ExpectLength("udemy_user.all", 121),
					querycheck.ExpectIdentity("udemy_user.all", id(ada.ID)),
					querycheck.ExpectResourceKnownValues("udemy_user.all", byName("ada@example.com"), []querycheck.KnownValueCheck{
						{Path: tfjsonpath.New("email"), KnownValue: knownvalue.StringExact("ada@example.com")},
						{Path: tfjsonpath.New("group_ids"), KnownValue: knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact(group.ID)})},
					}),
					querycheck.ExpectLength("udemy_user.some", 3),
					querycheck.ExpectLength("udemy_group.all", 4),
					querycheck.ExpectIdentity("udemy_group.all", id(group.ID)),
					querycheck.ExpectResourceDisplayName("udemy_group.all", byName("Mathematics"), knownvalue.StringExact("Mathematics")),
					querycheck.ExpectLength("udemy_group_membership.all", 1),
					querycheck.ExpectIdentity("udemy_group_membership.all", map[string]knownvalue.Check{
						"group_id": knownvalue.StringExact(group.ID), "user_id": knownvalue.StringExact(ada.ID),
					}),
					querycheck.ExpectResourceDisplayName("udemy_group_membership.all", byName("ada@example.com in Mathematics"),
						knownvalue.StringExact("ada@example.com in Mathematics")),
				},
			},
		},
	})
}

// The configuration that a query writes imports everything and plans clean. A query step of the test framework doesn't
// write it, so the CLI is started here.
func TestAccQuery_generateConfig(t *testing.T) {
	t.Parallel()
	acceptance.Needs(t, acceptance.Query)
	cli := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		testGeneratedConfig(t, api, cli)
	})
}

func testGeneratedConfig(t *testing.T, api acceptance.API, cli *acceptance.CLI) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{Learners: 40})
	group := org.Groups()[0]
	dir := t.TempDir()
	for name, content := range map[string]string{
		"main.tf":         versions + org.Config(""),
		"all.tfquery.hcl": fmt.Sprintf(query, group.ID),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cli.Init(t, dir)
	cli.Run(t, dir, "query", "-no-color", "-generate-config-out=generated.tf")
	cli.Run(t, dir, "plan", "-no-color", "-out=imports")
	var plan tfjson.Plan
	if err := json.Unmarshal([]byte(cli.Run(t, dir, "show", "-json", "imports")), &plan); err != nil {
		t.Fatal(err)
	}
	for _, change := range plan.ResourceChanges {
		if change.Change.Importing == nil || !change.Change.Actions.NoOp() {
			t.Errorf("%s is to be changed: %v", change.Address, change.Change.Actions)
		}
	}
	if want := 40 + 3 + len(group.Members); len(plan.ResourceChanges) != want {
		t.Errorf("%d objects are imported, want %d", len(plan.ResourceChanges), want)
	}
	org.ExpectWrites(t)
}

const resendConfig = adaConfig + `
action "udemy_resend_invitation" "ada" {
  config {
    user_ids = [udemy_user.ada.id, udemy_user.ada.id]
  }
}

resource "terraform_data" "reminder" {
  input = [udemy_user.ada.id, %q]

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.udemy_resend_invitation.ada]
    }
  }
}
`

func TestAccResendInvitation(t *testing.T) {
	t.Parallel()
	acceptance.Needs(t, acceptance.Actions)
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	sent := func(want int) statecheck.StateCheck {
		return acceptance.AtUdemy(func() error {
			learner, _ := org.Learner("ada@example.com")
			writes := org.Writes()
			resent := slices.DeleteFunc(writes, func(write string) bool { return write != "POST /users/"+learner.ID+"/resend-invite/" })
			if len(resent) != want {
				return fmt.Errorf("the invitation was sent again %d times, want %d", len(resent), want)
			}
			return nil
		})
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(),
		Steps: []resource.TestStep{
			{Config: org.Config(fmt.Sprintf(resendConfig, "Monday")), ConfigStateChecks: []statecheck.StateCheck{sent(1)}},
			{Config: org.Config(fmt.Sprintf(resendConfig, "Thursday")), ConfigStateChecks: []statecheck.StateCheck{sent(2)}},
			{
				PreConfig:   func() { org.Edit("ada@example.com", func(l *simulator.Learner) { l.Status = "active" }) },
				Config:      org.Config(fmt.Sprintf(resendConfig, "Friday")),
				ExpectError: regexp.MustCompile(`"ada@example\.com" has no open invitation`),
			},
		},
	})
}

// What SCIM can't do is said before anything is done.
func TestAccResendInvitation_scim(t *testing.T) {
	t.Parallel()
	acceptance.Needs(t, acceptance.Actions)
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(),
		Steps: []resource.TestStep{{
			Config:      org.Config(fmt.Sprintf(resendConfig, "Monday")),
			ExpectError: regexp.MustCompile(`Invitations can't be sent again here`),
		}},
	})
	org.ExpectWrites(t)
}
