// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const rosterConfig = `
terraform {
  required_providers {
    udemy = { source = "udemy-iac/udemy" }
  }
}

resource "udemy_group" "art" {
  name = "Art"
}

resource "udemy_roster" "all" {
  learners = jsonencode({
    for i in range(30) : "p${i}" => {
      email      = "p${i}@example.com"
      first_name = i == 7 ? %q : "First"
      last_name  = "Last"
      groups     = ["Art"]
      role       = null
    }
  })
  depends_on = [udemy_group.art]
}

output "id" {
  value = jsondecode(udemy_roster.all.ids)["p7@example.com"]
}
%s
`

// The plan of a roster shows the learner and the attribute that change and nothing else, and nothing changes without a reason.
func TestAccRoster(t *testing.T) {
	t.Parallel()
	installed := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		cli, dir := installed.For(org), t.TempDir()
		write := func(dir, name, more string) {
			t.Helper()
			if err := os.WriteFile(filepath.Join(dir, "main.tf"), fmt.Appendf(nil, rosterConfig, name, more), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write(dir, "First", "")
		cli.Init(t, dir)
		cli.Run(t, dir, "apply", "-auto-approve", "-input=false", "-no-color")
		cli.Run(t, dir, "plan", "-detailed-exitcode", "-input=false", "-no-color")

		write(dir, "Other", "")
		org.ResetRequests()
		plan := cli.Run(t, dir, "plan", "-input=false", "-no-color", "-out=saved")
		for _, want := range []string{`~ p7 = {`, `~ first_name = "First" -> "Other"`, "# (29 unchanged attributes hidden)", "~ last_change", "0 to add, 1 to change, 0 to destroy"} {
			if !strings.Contains(squeeze(plan), squeeze(want)) {
				t.Errorf("the plan lacks %q:\n%s", want, plan)
			}
		}
		for _, noise := range []string{"ids", "failed", "p6", "Warning"} {
			if strings.Contains(plan, noise) {
				t.Errorf("the plan shows %q:\n%s", noise, plan)
			}
		}
		org.ExpectWrites(t)
		cli.Run(t, dir, "apply", "-input=false", "-no-color", "saved")
		if learner, _ := org.Learner("p7@example.com"); learner.FirstName != "Other" {
			t.Errorf("the first name is %q", learner.FirstName)
		}
		if writes := org.Writes(); len(writes) != 1 {
			t.Errorf("the writes are %q", writes)
		}

		// A replacement and a taint keep all learners.
		cli.Run(t, dir, "apply", "-auto-approve", "-input=false", "-no-color", "-replace=udemy_roster.all")
		cli.Run(t, dir, "taint", "udemy_roster.all")
		cli.Run(t, dir, "apply", "-auto-approve", "-input=false", "-no-color")
		if writes := org.Writes(); len(writes) != 1 || seated(org) != 30 {
			t.Errorf("%d have a seat, and the writes are %q", seated(org), writes)
		}
		cli.Run(t, dir, "plan", "-detailed-exitcode", "-input=false", "-no-color")

		// An import into a configuration with other keys is a change of the document only; with the same keys it is none.
		other := t.TempDir()
		write(other, "Other", `
import {
  to = udemy_group.art
  id = "name:Art"
}
import {
  to = udemy_roster.all
  id = "all"
}
`)
		same, err := os.ReadFile(filepath.Join(other, "main.tf"))
		if err != nil {
			t.Fatal(err)
		}
		same = []byte(strings.Replace(string(same), `"p${i}" =>`, `"p${i}@example.com" =>`, 1))
		if err := os.WriteFile(filepath.Join(other, "main.tf"), same, 0o600); err != nil {
			t.Fatal(err)
		}
		cli.Init(t, other)
		if plan := cli.Run(t, other, "plan", "-input=false", "-no-color"); !strings.Contains(plan, "2 to import, 0 to add, 0 to change, 0 to destroy") {
			t.Errorf("the import changes something:\n%s", plan)
		}
	})
}

// Learners with a resource each move to a roster without a change at Udemy, whether they are all learners of the organization or some.
func TestAccRoster_fromUsers(t *testing.T) {
	t.Parallel()
	acceptance.Needs(t, acceptance.Removed)
	installed := acceptance.NewCLI(t)
	t.Run("all", func(t *testing.T) {
		t.Parallel()
		moveToRoster(t, installed, "1 to import, 0 to add, 0 to change, 0 to destroy", `
import {
  to = udemy_roster.all
  id = "all"
}
`)
	})
	t.Run("some", func(t *testing.T) {
		t.Parallel()
		moveToRoster(t, installed, "1 to add, 0 to change, 0 to destroy", "", simulator.Learner{Email: "other@example.com", FirstName: "An", LastName: "Other"})
	})
}

// moveToRoster moves two learners to a roster, with an import block or without. The organization has other learners as well.
func moveToRoster(t *testing.T, installed *acceptance.CLI, want, importBlock string, others ...simulator.Learner) {
	t.Helper()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		for _, other := range others {
			org.Add(other)
		}
		cli, dir := installed.For(org), t.TempDir()
		write := func(resources string) {
			t.Helper()
			config := `
terraform {
  required_providers {
    udemy = { source = "udemy-iac/udemy" }
  }
}

locals {
  people = {
    for name in ["ada", "eve"] : "${name}@example.com" => { email = "${name}@example.com", first_name = title(name), last_name = "Tester" }
  }
}
` + resources
			if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write(`
resource "udemy_user" "all" {
  for_each   = local.people
  email      = each.value.email
  first_name = each.value.first_name
  last_name  = each.value.last_name
}
`)
		cli.Init(t, dir)
		cli.Run(t, dir, "apply", "-auto-approve", "-input=false", "-no-color")
		org.ResetRequests()
		write(`
removed {
  from = udemy_user.all
  lifecycle {
    destroy = false
  }
}

resource "udemy_roster" "all" {
  learners = jsonencode(local.people)
}
` + importBlock)
		plan := cli.Run(t, dir, "plan", "-input=false", "-no-color")
		if !strings.Contains(plan, want) || strings.Contains(plan, "changes who has a seat") {
			t.Errorf("the move changes something:\n%s", plan)
		}
		cli.Run(t, dir, "apply", "-auto-approve", "-input=false", "-no-color")
		cli.Run(t, dir, "plan", "-detailed-exitcode", "-input=false", "-no-color")
		org.ExpectWrites(t)
	})
}

// squeeze joins words with single blanks.
func squeeze(text string) string {
	return strings.Join(strings.Fields(text), " ")
}

const authoritativeConfig = `
terraform {
  required_providers {
    udemy = { source = "udemy-iac/udemy" }
  }
}

resource "udemy_user" "single" {
  email      = "single@example.com"
  first_name = "First"
  last_name  = "Last"
}

resource "udemy_roster" "others" {
  learners = jsonencode({
    for name in [%s] : name => { email = "${name}@example.com", first_name = "First", last_name = "Last" }
  })
  on_removal = "keep"
}

resource "udemy_roster" "all" {
  learners = jsonencode({
    for name in ["ada", "eve"] : name => { email = "${name}@example.com", first_name = %q, last_name = "Last" }
  })
  unlisted   = "deactivate"
  depends_on = [udemy_user.single, udemy_roster.others]
}
`

// An apply is another process than its plan, and has nothing to do for resources that don't change. It deactivates only learners whom
// the plan has listed.
func TestAccRoster_unlisted(t *testing.T) {
	t.Parallel()
	installed := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		for _, name := range []string{"single", "kept", "stays", "ada", "eve", "x"} {
			addUnlisted(org, name, "")
		}
		cli, dir := installed.For(org), t.TempDir()
		apply := func(others, name string, want ...string) {
			t.Helper()
			if err := os.WriteFile(filepath.Join(dir, "main.tf"), fmt.Appendf(nil, authoritativeConfig, others, name), 0o600); err != nil {
				t.Fatal(err)
			}
			cli.Run(t, dir, "apply", "-auto-approve", "-input=false", "-no-color")
			expectDeactivated(t, org, want...)
		}
		if err := os.WriteFile(filepath.Join(dir, "main.tf"), fmt.Appendf(nil, authoritativeConfig, "", ""), 0o600); err != nil {
			t.Fatal(err)
		}
		cli.Init(t, dir)
		apply(`"kept", "stays"`, "First")
		apply(`"kept", "stays"`, "First", "x")
		apply(`"stays"`, "Second", "x")
		apply(`"stays"`, "Second", "kept", "x")
	})
}
