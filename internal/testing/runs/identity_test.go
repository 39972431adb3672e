// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package runs_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// ada is one learner with further arguments. The last name is another one with "# changed".
func ada(arguments ...string) string {
	lastName := "L"
	if slices.Contains(arguments, "# changed") {
		lastName = "M"
	}
	return `
resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "` + lastName + `"
  ` + strings.Join(arguments, "\n  ") + `
}
`
}

const importAda = `
import {
  to = udemy_user.ada
  id = "ada@example.com"
}
`

// An external ID that was imported, created or adopted with the configuration is cleared when its line is removed.
func testExternalIDRemoved(t *testing.T, cli installation) {
	t.Helper()
	const line = `external_id = "E-1001"`
	for name, steps := range map[string][]string{
		"imported":              {importAda + ada(line), importAda + ada()},
		"imported, then no-op":  {importAda + ada(line), ada(line), ada()},
		"imported and changed":  {importAda + ada(line, `# changed`), ada("# changed")},
		"adopted":               {ada(line), ada()},
		"adopted, then added":   {ada(), ada(line), ada()},
		"adopted, then changed": {ada(line), ada(line, `# changed`), ada("# changed")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := acceptance.Start(t, api, simulator.Config{Latency: latency})
				org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "L", ExternalID: "E-1001"})
				run := with(t, cli, org)
				for i, step := range steps {
					run.write(t, step)
					run.apply(t, nil).expect(t, 0)
					learner, _ := org.Learner("ada@example.com")
					if last := i == len(steps)-1; (learner.ExternalID == "") != last {
						t.Errorf("after step %d, the external ID is %q", i+1, learner.ExternalID)
					}
				}
				run.expectNothingToDo(t)
			})
		})
	}
}

// What was never configured stays.
func testExternalIDNeverConfigured(t *testing.T, cli installation) {
	t.Helper()
	for name, config := range map[string]string{"imported": importAda + ada(), "adopted": ada()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := acceptance.Start(t, api, simulator.Config{Latency: latency})
				org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "L", ExternalID: "E-1001"})
				run := with(t, cli, org)
				run.write(t, config)
				run.apply(t, nil).expect(t, 0)
				run.apply(t, nil).expect(t, 0)
				org.ExpectWrites(t)
				run.expectNothingToDo(t)
			})
		})
	}
}

// group_ids that were imported are released when the line is removed: the groups stay.
func testGroupIDsRemoved(t *testing.T, cli installation) {
	t.Helper()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Latency: latency})
		eve := org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "L"})
		org.AddGroup("Mathematics", eve.ID)
		other := org.AddGroup("Physics")
		run := with(t, cli, org)
		const data = `
data "udemy_group" "g" { name = "Mathematics" }
`
		run.write(t, data+importAda+ada("group_ids = [data.udemy_group.g.id]"))
		run.apply(t, nil).expect(t, 0)
		run.write(t, data+ada())
		run.apply(t, nil).expect(t, 0)
		org.SetMembers(other.ID, eve.ID) // Not managed any more.
		run.expectNothingToDo(t)
		org.ExpectWrites(t)
	})
}

// A deactivated learner has the external ID of a new one, under another address.
func testDeactivatedHasExternalID(t *testing.T, cli installation) {
	t.Helper()
	testPairs(t, cli, map[string]pair{"deactivated": {
		before: people(1, ""),
		between: func(org *acceptance.Organization) {
			org.Add(simulator.Learner{
				Email: "grace@example.com", FirstName: "Ada", LastName: "L", ExternalID: "E-1002", Status: simulator.StatusDeactivated,
			})
		},
		after:   people(1, "") + ada(`external_id = "E-1002"`),
		refused: []string{"The learner grace@example.com (ID ", "terraform import"},
	}})
}

// A learner who is not there and is to be inactive.
func testUnknownLeaver(t *testing.T, cli installation) {
	t.Helper()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Latency: latency})
		run := with(t, cli, org)
		run.write(t, ada("active = false"))
		said := run.plan(t)
		said.expect(t, 0)
		if api == acceptance.UserManagement {
			said.expect(t, 0, `Learner "ada@example.com" would be invited and deactivated at once`, "e-mail")
		}
		run.apply(t, nil).expect(t, 0)
		run.expectNothingToDo(t)
		if writes := org.Writes(); api == acceptance.SCIM && (len(writes) != 1 || !strings.Contains(writes[0], `"active":false`)) {
			t.Errorf("Udemy got %q", writes)
		}
	})
}

// The ID in state is gone, and the address belongs to another person.
func testAddressOfAnother(t *testing.T, cli installation) {
	t.Helper()
	for name, other := range map[string]simulator.Learner{
		"another external ID": {FirstName: "Ada", LastName: "L", ExternalID: "E-2"},
		"another name":        {FirstName: "Adam", LastName: "M"},
	} {
		for _, command := range [][]string{{"destroy", "-auto-approve"}, {"destroy", "-auto-approve", "-refresh=false"}} {
			t.Run(name+" "+strings.Join(command, " "), func(t *testing.T) {
				t.Parallel()
				acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
					t.Helper()
					org := acceptance.Start(t, api, simulator.Config{})
					run := with(t, cli, org)
					run.write(t, ada(`external_id = "E-1"`))
					run.apply(t, nil).expect(t, 0)
					org.Remove("ada@example.com")
					other := other
					other.Email, other.Status = "ada@example.com", simulator.StatusActive
					org.Add(other)
					before := run.snapshot(t)
					run.apply(t, nil).expect(t, 1, `Learner "ada@example.com" is gone`, "That learner is not adopted and not changed",
						`Unable to update learner "ada@example.com"`, "terraform state rm")
					before.expectSameOrganization(t, run.snapshot(t))
					run.command(t, nil, command...).expect(t, 0)
					before.expectSameOrganization(t, run.snapshot(t))
				})
			})
		}
	}
}
