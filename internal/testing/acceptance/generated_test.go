// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

var nullArguments = regexp.MustCompile(`(?m)^ *\w+ *= null$`)

// The provider leaves out null arguments from Terraform 1.14 on. Earlier versions and OpenTofu write them without asking it.
func TestAccImport_generateConfig(t *testing.T) {
	t.Parallel()
	acceptance.Needs(t, acceptance.WithoutNulls)
	cli := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		group := org.AddGroup("Mathematics")
		ada := org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", Groups: []string{group.ID}})
		org.Add(simulator.Learner{Email: "mononym@example.com", FirstName: "Hypatia"})
		org.Add(simulator.Learner{Email: "owner@example.com", FirstName: "Olive", LastName: "Owner", Role: "owner"})
		org.Add(simulator.Learner{Email: "lead@example.com", FirstName: "Lea", LastName: "Lead", Role: "group_admin"})
		org.Add(simulator.Learner{Email: "invited@example.com", FirstName: "Ina", LastName: "Invited", Status: simulator.StatusInvited})
		org.Add(simulator.Learner{Email: "leaver@example.com", FirstName: "Lee", LastName: "Leaver", Status: simulator.StatusDeactivated, ExternalID: "E-1"})
		org.Add(simulator.Learner{Email: "admin@example.com", FirstName: "Adele", LastName: "Admin", Role: "admin"})
		for name, imports := range map[string]map[string]string{
			"single": {
				"udemy_user.ada": "ada@example.com", "udemy_user.mononym": "mononym@example.com", "udemy_group.mathematics": "name:Mathematics",
			},
			"other learners": {
				"udemy_user.owner": "owner@example.com", "udemy_user.lead": "lead@example.com", "udemy_user.invited": "invited@example.com",
				"udemy_user.leaver": "leaver@example.com", "udemy_user.admin": "admin@example.com",
			},
			"membership": {"udemy_group_membership.ada": group.ID + "/" + ada.ID},
			"members":    {"udemy_group_members.mathematics": group.ID},
			"roster":     {"udemy_roster.all": "all"},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				config := versions + org.Config("")
				for to, id := range imports {
					config += fmt.Sprintf("\nimport {\n  to = %s\n  id = %q\n}\n", to, id)
				}
				dir := t.TempDir()
				if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
					t.Fatal(err)
				}
				cli.Init(t, dir)
				cli.Run(t, dir, "plan", "-no-color", "-generate-config-out=generated.tf")
				generated, err := os.ReadFile(filepath.Join(dir, "generated.tf"))
				if err != nil {
					t.Fatal(err)
				}
				if found := nullArguments.FindAllString(string(generated), -1); found != nil {
					t.Errorf("the generated configuration has null arguments: %q", found)
				}
				want := fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", len(imports))
				if output := cli.Run(t, dir, "plan", "-no-color"); !strings.Contains(output, want) {
					t.Errorf("want %q in:\n%s", want, output)
				}
			})
		}
	})
}
