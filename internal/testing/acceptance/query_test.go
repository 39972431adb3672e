// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
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

// query lists all objects.
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
  provider = udemy
  limit    = 1000

  config {
    group_id = %[1]q
  }
}

list "udemy_group_members" "all" {
  provider = udemy
}

list "udemy_group_members" "one" {
  provider = udemy

  config {
    group_id = %[1]q
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
			{Config: org.Config("")}, // The query step needs the provider block.
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
					querycheck.ExpectLength("udemy_group_members.all", 4),
					querycheck.ExpectLength("udemy_group_members.one", 1),
					querycheck.ExpectIdentity("udemy_group_members.one", map[string]knownvalue.Check{"group_id": knownvalue.StringExact(group.ID)}),
					querycheck.ExpectResourceDisplayName("udemy_group_members.one", byName("Mathematics"), knownvalue.StringExact("Mathematics")),
				},
			},
		},
	})
}

// The ways to list memberships, with the groups and learners that they need.
const (
	learnersWithGroups = `
list "udemy_user" "all" {
  provider = udemy
  limit    = 1000
}

list "udemy_group" "all" {
  provider = udemy
}
`
	learnersWithoutGroups = `
list "udemy_user" "all" {
  provider = udemy
  limit    = 1000

  config {
    include_groups = false
  }
}

list "udemy_group" "all" {
  provider = udemy
}
`
	membershipsOfGroups = `
list "udemy_group_membership" "all" {
  for_each = { for group in list.udemy_group.all.data : group.identity.id => group.display_name }

  provider = udemy
  limit    = 1000

  config {
    group_id = each.key
  }
}
`
	membersOfGroups = `
list "udemy_group_members" "all" {
  provider = udemy
}
`
)

// The configuration that a query generates imports all results and plans clean. The test framework's query steps generate
// no configuration, so this test starts the CLI.
func TestAccQuery_generateConfig(t *testing.T) {
	t.Parallel()
	acceptance.Needs(t, acceptance.Query)
	cli := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for name, query := range map[string]string{
			"group_ids":   learnersWithGroups,
			"memberships": learnersWithoutGroups + membershipsOfGroups,
			"members":     learnersWithoutGroups + membersOfGroups,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				testGeneratedConfig(t, api, cli, query)
			})
		}
	})
}

// defaultArguments matches arguments whose value is the default.
var defaultArguments = regexp.MustCompile(`(?m)^ *(on_destroy *=.*|active *= true|.*= null)$`)

func testGeneratedConfig(t *testing.T, api acceptance.API, cli *acceptance.CLI, query string) {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{Learners: 36, LicensePools: map[string]int{"Research": 1}})
	for _, learner := range []simulator.Learner{
		{Email: "pending@example.com", Status: simulator.StatusInvited},
		{Email: "mononym@example.com", FirstName: "Hypatia"},
		{Email: "owner@example.com", FirstName: "Ada", LastName: "Lovelace", Role: "owner"},
		{Email: "pool@example.com", FirstName: "Grace", LastName: "Hopper", Pool: "Research"},
	} {
		org.Add(learner)
	}
	dir := queryDir(t, org, query)
	cli.Init(t, dir)
	output := cli.Run(t, dir, "query", "-no-color", "-generate-config-out=generated.tf")
	if strings.Contains(output, "listed twice") {
		t.Errorf("the query has a warning:\n%s", output)
	}
	generated, err := os.ReadFile(filepath.Join(dir, "generated.tf"))
	if err != nil {
		t.Fatal(err)
	}
	if found := defaultArguments.FindAllString(string(generated), 3); found != nil {
		t.Errorf("the generated configuration has arguments that are defaults: %q", found)
	}

	cli.Run(t, dir, "plan", "-no-color", "-out=imports")
	var plan tfjson.Plan
	if err := json.Unmarshal([]byte(cli.Run(t, dir, "show", "-json", "imports")), &plan); err != nil {
		t.Fatal(err)
	}
	imported := map[string]int{}
	for _, change := range plan.ResourceChanges {
		imported[change.Type]++
		if change.Change.Importing == nil || !change.Change.Actions.NoOp() {
			t.Errorf("the plan of %s is %v, want only an import", change.Address, change.Change.Actions)
		}
	}
	want := map[string]int{"udemy_user": 40, "udemy_group": 3}
	if strings.Contains(query, `"udemy_group_members"`) {
		want["udemy_group_members"] = 3
	}
	if strings.Contains(query, `"udemy_group_membership"`) {
		for _, group := range org.Groups() {
			want["udemy_group_membership"] += len(group.Members)
		}
	}
	if !maps.Equal(imported, want) {
		t.Errorf("the plan imports %v, want %v", imported, want)
	}
	org.ExpectWrites(t)
}

// queryDir creates a folder with a query and its provider block.
func queryDir(t *testing.T, org *acceptance.Organization, query string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"main.tf": versions + org.Config(""), "all.tfquery.hcl": query} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Terraform shows the warnings of list resources, and does not count them toward the limit.
func TestAccQuery_warnings(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	acceptance.Needs(t, acceptance.Query)
	for name, test := range map[string]struct {
		query   string
		results int
		warning string
	}{
		"configured limit":  {someQuery, 3, "The list of learners ends at the limit of 3"},
		"default limit":     {"list \"udemy_user\" \"all\" {\n  provider = udemy\n}\n", 100, "The list of learners ends at the limit of 100"},
		"memberships twice": {learnersWithGroups + membersOfGroups, 120 + 3 + 3, "are listed twice"},
		"no warning":        {learnersWithGroups, 120 + 3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Learners: 120})
			dir := queryDir(t, org, test.query)
			cli.Init(t, dir)
			output := cli.Run(t, dir, "query", "-no-color", "-generate-config-out=generated.tf")
			if results := len(regexp.MustCompile(`(?m)^list\.udemy_`).FindAllString(output, -1)); results != test.results {
				t.Errorf("%d results, want %d", results, test.results)
			}
			warned := regexp.MustCompile(`limit of|listed\s+twice`).MatchString(output)
			if warned != (test.warning != "") || !strings.Contains(strings.Join(strings.Fields(output), " "), test.warning) {
				t.Errorf("want the warning %q in:\n%s", test.warning, output)
			}
		})
	}
}

const resendConfig = adaConfig + `
action "udemy_resend_invitation" "ada" {
  config {
    learners = { (udemy_user.ada.email) = udemy_user.ada.id }
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
				return fmt.Errorf("the invitation was resent %d times, want %d", len(resent), want)
			}
			return nil
		})
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(),
		Steps: []resource.TestStep{
			{Config: org.Config(fmt.Sprintf(resendConfig, "Monday")), ConfigStateChecks: []statecheck.StateCheck{sent(1)}},
			{Config: org.Config(fmt.Sprintf(resendConfig, "Thursday")), ConfigStateChecks: []statecheck.StateCheck{sent(2)}},
			{ // The apply succeeds with a warning.
				PreConfig:         func() { org.Edit("ada@example.com", func(l *simulator.Learner) { l.Status = "active" }) },
				Config:            org.Config(fmt.Sprintf(resendConfig, "Friday")),
				ConfigStateChecks: []statecheck.StateCheck{sent(2)},
			},
		},
	})
}

// The plan shows the recipients, and the learner that triggers the action configures it.
func TestAccResendInvitation_caller(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	acceptance.Needs(t, acceptance.ActionCaller)
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	dir := t.TempDir()
	configure := func(lastName string) {
		config := versions + org.Config(fmt.Sprintf(callerConfig, lastName))
		if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	configure("Lovelace")
	cli.Init(t, dir)
	cli.Run(t, dir, "apply", "-no-color", "-auto-approve")
	org.Edit("grace@example.com", func(l *simulator.Learner) { l.Status = "active" })
	org.ResetRequests()

	configure("King")
	output := cli.Run(t, dir, "plan", "-no-color", "-out=plan")
	if ada := `"ada@example.com" =`; !strings.Contains(output, ada) || strings.Contains(output, `"grace@example.com" =`) {
		t.Errorf("the plan doesn't show the recipient:\n%s", output)
	}
	cli.Run(t, dir, "apply", "-no-color", "plan")
	learner, _ := org.Learner("ada@example.com")
	if resent := "POST /users/" + learner.ID + "/resend-invite/"; !slices.Contains(org.Writes(), resent) {
		t.Errorf("no invitation was resent:\n%s", strings.Join(org.Writes(), "\n"))
	}

	// With -invoke, each learner is the caller. A learner without an open invitation causes a warning.
	org.ResetRequests()
	output = cli.Run(t, dir, "apply", "-no-color", "-auto-approve", "-invoke=action.udemy_resend_invitation.caller")
	org.ExpectWrites(t, "POST /users/"+learner.ID+"/resend-invite/")
	if !strings.Contains(output, `Learner "grace@example.com" has no open invitation`) {
		t.Errorf("no warning in:\n%s", output)
	}
}

const callerConfig = `
resource "udemy_user" "all" {
  for_each = toset(["ada@example.com", "grace@example.com"])

  email      = each.key
  first_name = "Ada"
  last_name  = %q

  lifecycle {
    action_trigger {
      condition  = self.status == "invited"
      events     = [after_update]
      actions    = [action.udemy_resend_invitation.caller]
      on_failure = continue
    }
  }
}

action "udemy_resend_invitation" "caller" {
  config {
    learners = { (caller.email) = caller.id }
  }
}
`

// With SCIM, the action fails before a request is sent.
func TestAccResendInvitation_scim(t *testing.T) {
	t.Parallel()
	acceptance.Needs(t, acceptance.Actions)
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(),
		Steps: []resource.TestStep{{
			Config:      org.Config(fmt.Sprintf(resendConfig, "Monday")),
			ExpectError: regexp.MustCompile(`Invitations can't be sent again over SCIM`),
		}},
	})
	org.ExpectWrites(t)
}
