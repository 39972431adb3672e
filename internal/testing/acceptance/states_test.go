// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// State written by an older version of the provider plans clean. See testdata/states/README.md.
func TestAccOlderStates(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	versions, err := filepath.Glob(filepath.Join("testdata", "states", "*.*.*"))
	if err != nil || len(versions) == 0 {
		t.Fatal("no states found", err)
	}
	for _, version := range versions {
		t.Run(filepath.Base(version), func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := acceptance.Start(t, api, simulator.Config{})
				addWrittenObjects(org)
				dir := t.TempDir()
				written := filepath.Join(version, string(api))
				copyFile(t, filepath.Join(written, "main.tf"), dir)
				state, err := os.ReadFile(filepath.Join(written, "state.json"))
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, "terraform.tfstate"), state, 0o600); err != nil {
					t.Fatal(err)
				}
				cli.Init(t, dir)
				// With -detailed-exitcode, a plan with changes fails.
				cli.For(org).Run(t, dir, "plan", "-no-color", "-detailed-exitcode")
				org.ExpectWrites(t)
			})
		})
	}
}

// addWrittenObjects adds the groups and learners that the states contain. The IDs of groups depend on the order in which
// the simulator creates them.
func addWrittenObjects(org *acceptance.Organization) {
	org.AddGroup("Mathematics")
	org.AddGroup("Physics")
	org.AddGroup("Chess")
	groups := org.Groups()
	status := simulator.StatusActive
	if org.API == acceptance.UserManagement {
		status = simulator.StatusInvited
	}
	ada := simulator.Learner{
		ID: "daa66d13", Email: "Ada@Example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1001", Status: status,
		Groups: []string{groups[1].ID},
	}
	if org.API == acceptance.SCIM {
		ada.Licenses = []string{"Pro"}
	} else {
		ada.Role = simulator.RoleAdmin
	}
	org.Add(ada)
	org.Add(simulator.Learner{
		ID: "3c6ef362", Email: "grace@example.com", FirstName: "Grace", LastName: "Hopper", Status: status,
		Groups: []string{groups[0].ID, groups[2].ID},
	})
	org.Add(simulator.Learner{
		ID: "9e3779b1", Email: "katherine@example.com", FirstName: "Katherine", LastName: "Johnson", Status: simulator.StatusDeactivated,
	})
}
