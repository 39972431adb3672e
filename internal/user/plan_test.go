// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// A plan that creates a learner warns of an adoption and lists the changes.
func TestPlan_existing(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		existing := org.Add(simulator.Learner{Email: "Ada@Example.com", FirstName: "Augusta", LastName: "Lovelace", Status: "deactivated"})
		org.ResetRequests()
		protocol := org.Protocol(t, nil)

		protocol.Plan(nil, udemyUser, ada(nil)).Diagnostics.ExpectWarning(t, `"ada@example.com" exists already and will be adopted`, existing.ID,
			"status deactivated", `first_name from "Augusta" to "Ada"; reactivate, which takes a seat.`)
		protocol.Plan(nil, udemyUser, ada(acceptance.Values{"email": "grace@example.com"})).Diagnostics.ExpectNone(t)
		protocol.Plan(nil, udemyUser, ada(acceptance.Values{"email": acceptance.Unknown})).Diagnostics.ExpectNone(t)
		protocol.Plan(nil, udemyUser, ada(acceptance.Values{"adopt_existing": false})).Diagnostics.ExpectError(t, "email",
			`"Ada@Example.com" exists already`, "adopt_existing is false", "terraform import udemy_user.NAME "+existing.ID)
		org.ExpectWrites(t)
	})
}

func TestPlan_existingInGroups(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	old, group := org.AddGroup("Old"), org.AddGroup("New")
	org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", Groups: []string{old.ID}})
	protocol := org.Protocol(t, nil)
	for words, groups := range map[string]any{
		"To change: nothing.": nil,
		"To change: join group " + group.ID + "; leave group " + old.ID + ".": []string{group.ID},
		"To change: leave group " + old.ID + ".":                              []string{},
		"groups, as far as they differ":                                       acceptance.Unknown,
	} {
		protocol.Plan(nil, udemyUser, ada(acceptance.Values{"group_ids": groups})).Diagnostics.ExpectWarning(t, words)
	}
	protocol.Plan(nil, udemyUser, ada(acceptance.Values{"active": false})).Diagnostics.ExpectWarning(t, "To change: deactivate, which frees the seat.")
}

// The number of requests of a plan does not depend on the number of new learners.
func TestPlan_requests(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Learners: 500})
		protocol := org.Protocol(t, nil)
		org.ResetRequests()
		for i := range 200 {
			address := fmt.Sprintf("new%d@example.com", i)
			protocol.PlanToo(nil, udemyUser, ada(acceptance.Values{"email": address})).Diagnostics.ExpectNone(t)
		}
		if count := org.RequestCount(); count > 12 {
			t.Errorf("planning took %d requests, want at most 12: the 5 pages twice, and 2 more", count)
		}
	})
}

func TestPlan_unlistable(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{
		"write-only API": {WriteOnly: true},
		"no such method": {ReadStatus: http.StatusMethodNotAllowed},
		"not allowed":    {ReadStatus: http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Variations: variations})
			org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
			protocol := org.Protocol(t, nil)
			for i := range 20 {
				address := fmt.Sprintf("ada+%d@example.com", i)
				protocol.PlanToo(nil, udemyUser, ada(acceptance.Values{"email": address})).Diagnostics.ExpectNone(t)
			}
			if count := org.RequestCount(); count > 4 {
				t.Errorf("planning without a readable API took %d requests, want at most 4", count)
			}
		})
	}
}

func TestPlan_twice(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	protocol := org.Protocol(t, nil)
	object, _ := protocol.Create(udemyUser, ada(nil))

	protocol.Plan(object, udemyUser, ada(nil)).Diagnostics.ExpectNone(t)
	protocol.PlanToo(nil, udemyUser, ada(acceptance.Values{"email": "ADA@example.com"})).Diagnostics.ExpectError(t, "email",
		`Two resources for learner "ADA@example.com"`, "terraform state rm")
	protocol.PlanToo(nil, udemyUser, ada(acceptance.Values{"email": "grace@example.com"})).Diagnostics.ExpectNone(t)
	protocol.PlanToo(nil, udemyUser, ada(acceptance.Values{"email": acceptance.Unknown})).Diagnostics.ExpectNone(t)
	protocol.PlanToo(nil, udemyUser, ada(acceptance.Values{"email": acceptance.Unknown})).Diagnostics.ExpectNone(t)
}

// Two provider blocks of one organization share a ledger if they share a process. Terraform starts a process for each block,
// so that is only so if it is attached to a running provider.
func TestPlan_aliases(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		protocol := acceptance.Start(t, api, simulator.Config{}).Protocol(t, nil)
		protocol.Plan(nil, udemyUser, ada(nil)).Diagnostics.ExpectNone(t)
		protocol.Alias()
		protocol.PlanToo(nil, udemyUser, ada(nil)).Diagnostics.ExpectError(t, "email", `Two resources for learner "ada@example.com"`)
	})
}

// Terraform plans a replaced resource twice. The second plan is not a duplicate.
func TestAccPlan_replace(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		config := func(revision int) string {
			return org.Config(fmt.Sprintf(`
resource "terraform_data" "revision" {
  input = %d
}

resource "udemy_group" "math" {
  name = "Mathematics"

  lifecycle {
    replace_triggered_by = [terraform_data.revision]
  }
}

resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"

  lifecycle {
    replace_triggered_by = [terraform_data.revision]
  }
}
`, revision))
		}
		replaced := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction("udemy_user.ada", plancheck.ResourceActionReplace),
			plancheck.ExpectResourceAction("udemy_group.math", plancheck.ResourceActionReplace),
		}}
		acceptance.Test(t, resource.TestStep{Config: config(1)}, resource.TestStep{Config: config(2), ConfigPlanChecks: replaced})
	})
}
