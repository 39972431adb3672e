// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package export_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// seed adds groups, and learners with each status, role and license, with one name and without a name.
func seed(org *acceptance.Organization, learners, groups int) {
	ids := make([]string, groups)
	for i := range ids {
		ids[i] = org.AddGroup(fmt.Sprintf("Group %d", i+1)).ID
	}
	for i := range learners {
		learner := simulator.Learner{
			Email: fmt.Sprintf("Learner%d@example.com", i), FirstName: "Learner", LastName: fmt.Sprintf("Number %d", i), Status: "active",
			Groups: []string{ids[i%groups], ids[(i*7+1)%groups]},
		}
		switch i % 10 {
		case 1:
			learner.Status, learner.Groups = "deactivated", nil
		case 2:
			learner.Status, learner.ExternalID = "invited", fmt.Sprintf("E-%d", i)
		case 3:
			learner.Role, learner.Licenses = "admin", []string{"Pro", "Enterprise"}
		case 4:
			learner.Role = "group_admin"
		case 5: // an invitation on the admin pages
			learner.Status, learner.FirstName, learner.LastName = "invited", "", ""
		case 6:
			learner.LastName = ""
		case 7:
			learner.Role = "owner"
		case 8:
			learner.Pool = "Research"
		}
		org.Add(learner)
	}
}

// importAll exports an organization, applies the configuration and returns the first plan. A change at Udemy fails the test.
func importAll(t *testing.T, cli *acceptance.CLI, org *acceptance.Organization, flags ...string) *tfjson.Plan {
	t.Helper()
	cli = cli.For(org)
	got := runWith(t, org.Env(), append(flags, "-dir", filepath.Join(t.TempDir(), "organization"))...)
	if got.err != nil {
		t.Fatal(got.err)
	}
	cli.Run(t, got.dir, "fmt", "-check", "-diff")
	cli.Init(t, got.dir)
	cli.Run(t, got.dir, "plan", "-input=false", "-out=first.plan")
	var plan tfjson.Plan
	if err := json.Unmarshal([]byte(cli.Run(t, got.dir, "show", "-json", "first.plan")), &plan); err != nil {
		t.Fatal(err)
	}
	for _, change := range plan.ResourceChanges {
		if !change.Change.Actions.NoOp() || change.Change.Importing == nil {
			t.Errorf("%s: got actions %v, want an import without a change", change.Address, change.Change.Actions)
		}
	}
	cli.Run(t, got.dir, "apply", "-input=false", "first.plan")
	cli.Run(t, got.dir, "plan", "-input=false", "-detailed-exitcode")
	if writes := org.Writes(); len(writes) > 0 {
		t.Errorf("the apply changed Udemy: %v", writes)
	}
	return &plan
}

func TestAccExport(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	const learners, groups = 200, 20
	for name, test := range map[string]struct {
		api        acceptance.API
		variations simulator.Variations
		max        int
	}{
		"user management":                 {acceptance.UserManagement, simulator.Variations{}, 30},
		"SCIM":                            {acceptance.SCIM, simulator.Variations{}, 30},
		"SCIM without groups of learners": {acceptance.SCIM, simulator.Variations{NoUserGroups: true}, 140}, // The export reads each group once, a plan twice.
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, test.api, simulator.Config{Variations: test.variations, LicensePools: map[string]int{"Research": learners}})
			seed(org, learners, groups)
			plan := importAll(t, cli, org)
			if n := len(plan.ResourceChanges); n != learners+groups {
				t.Errorf("the plan imports %d objects, want %d", n, learners+groups)
			}
			n := org.RequestCount()
			t.Logf("%d requests", n)
			if n > test.max {
				t.Errorf("%d requests, want at most %d", n, test.max)
			}
		})
	}
}

// Learners choose their own names. No name may break the configuration or change on the way through the files.
func TestAccExport_hostileNames(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		hostile := []string{
			`=cmd|' /C calc'!A0`, "+1", "-1", "@SUM(A1)", "'=1", "'t Hooft", "${path.module}", `%{if true}"`, "a,b;c", `back\slash`, `\`, "*", `\*`,
			"Zoë 🎓", "null", "＝1+1", "'＠A1", "－1;2",
		}
		var groups []string
		for _, name := range hostile {
			groups = append(groups, org.AddGroup(name).ID)
		}
		for i, name := range hostile {
			org.Add(simulator.Learner{
				Email: fmt.Sprintf("=learner+%d@example.com", i), FirstName: name, LastName: name, ExternalID: name, Groups: groups[i:min(i+2, len(groups))],
			})
		}
		org.Add(simulator.Learner{Email: "nameless@example.com", Groups: groups[:1]})
		org.AddGroup("Cafe\u0301") // These two are one key of for_each, because Terraform normalizes names.
		org.AddGroup("Caf\u00e9")
		plan := importAll(t, cli, org)
		if n := len(plan.ResourceChanges); n != 2*len(hostile)+1 {
			t.Errorf("the plan imports %d objects, want %d", n, 2*len(hostile)+1)
		}
	})
}
