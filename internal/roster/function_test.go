// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

func TestAccFunction(t *testing.T) {
	t.Parallel()
	t.Run("configured", func(t *testing.T) {
		t.Parallel()
		testFunction(t, acceptance.Start(t, acceptance.SCIM, simulator.Config{}).Config(""))
	})
	t.Run("not configured", func(t *testing.T) {
		t.Parallel()
		acceptance.Needs(t, acceptance.UnconfiguredFunction)
		testFunction(t, "")
	})
}

func testFunction(t *testing.T, providerBlock string) {
	t.Helper()
	output := func(csv string) string {
		return providerBlock + fmt.Sprintf("output \"roster\" {\n  value = provider::udemy::roster(%q)\n}\n", csv)
	}
	texts := func(values ...string) knownvalue.Check {
		checks := []knownvalue.Check{}
		for _, value := range values {
			checks = append(checks, knownvalue.StringExact(value))
		}
		return knownvalue.ListExact(checks)
	}
	acceptance.Test(t,
		resource.TestStep{
			Config: output("E-mail;First name;Last name;External ID;Role;Groups;Licenses;Pool;Status;Udemy ID\n" +
				"Ada@Example.com;Ada;Lovelace;E-1;Admin;\"Sales;Art\";Pro;Research;deactivated;u1\n" +
				"grace@example.com;Grace;Hopper;;;;;;;\n"),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("roster", knownvalue.MapExact(map[string]knownvalue.Check{
				"ada@example.com": knownvalue.ObjectExact(map[string]knownvalue.Check{
					"email": knownvalue.StringExact("Ada@Example.com"), "first_name": knownvalue.StringExact("Ada"),
					"last_name": knownvalue.StringExact("Lovelace"), "external_id": knownvalue.StringExact("E-1"),
					"role": knownvalue.StringExact("admin"), "groups": texts("Art", "Sales"), "license_types": texts("Pro"),
					"license_pool": knownvalue.StringExact("Research"),
					"active":       knownvalue.Bool(false), "udemy_id": knownvalue.StringExact("u1"),
				}),
				"grace@example.com": knownvalue.ObjectExact(map[string]knownvalue.Check{
					"email": knownvalue.StringExact("grace@example.com"), "first_name": knownvalue.StringExact("Grace"),
					"last_name": knownvalue.StringExact("Hopper"), "external_id": knownvalue.Null(),
					"role": knownvalue.Null(), "groups": texts(), "license_types": knownvalue.Null(),
					"license_pool": knownvalue.Null(),
					"active":       knownvalue.Bool(true), "udemy_id": knownvalue.Null(),
				}),
			}))},
		},
		resource.TestStep{
			Config:      output("email,first_name,last_name\nada@example.com,Ada,Lovelace\ngrace,A\tB,Hopper\n"),
			ExpectError: regexp.MustCompile(`(?s)line 3, column email: "grace" is not an\s+e-mail address.*line 3, column first_name: "A\\tB"`),
		},
	)
}
