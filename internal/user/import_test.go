// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"slices"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

func startWithAda(t *testing.T) *acceptance.Organization {
	t.Helper()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Learners: 30})
	group := org.AddGroup("Mathematics")
	org.Add(simulator.Learner{
		ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E:1001", Role: "admin", Groups: []string{group.ID},
	})
	return org
}

func TestImport(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"u1", "ada@example.com", "ADA@example.com", "email:ada@example.com", "external_id:E:1001"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			org := startWithAda(t)
			protocol := org.Protocol(t, nil)
			object, diags := protocol.Import(udemyUser, id)
			diags.ExpectNone(t)
			object.Expect(t, acceptance.Values{
				"id": "u1", "email": "ada@example.com", "external_id": "E:1001", "role": "admin", "status": "active", "active": true, "on_destroy": "deactivate",
			})
			if object.Identity["id"] != "u1" {
				t.Errorf("the identity is %v", object.Identity)
			}
			// An external ID that is not configured leaves the state. No other attribute changes.
			plan := protocol.PlanToo(object, udemyUser, ada(nil))
			if changes := plan.Changes(); !slices.Equal(changes, []string{"external_id"}) {
				t.Errorf("the plan changes %v", changes)
			}
			protocol.ExpectCleanPlan(object, ada(acceptance.Values{
				"external_id": "E:1001", "role": "admin", "group_ids": object.Values["group_ids"],
			}))
		})
	}
}

func TestImport_byIdentity(t *testing.T) {
	t.Parallel()
	protocol := startWithAda(t).Protocol(t, nil)
	object, diags := protocol.ImportByIdentity(udemyUser, acceptance.Values{"id": "u1"})
	diags.ExpectNone(t)
	object.Expect(t, acceptance.Values{"id": "u1", "email": "ada@example.com"})
}

func TestImport_refused(t *testing.T) {
	t.Parallel()
	for id, words := range map[string][]string{
		"email:":                   {"Malformed import ID", "external_id:E-1001"},
		"email:ada":                {"Malformed import ID"},
		"external_id:":             {"Malformed import ID"},
		"unknown":                  {`Unable to import the learner with id "unknown"`, "not found", "email:ada@example.com"},
		"unknown@example.com":      {`with email "unknown@example.com"`, "not found"},
		"external_id:e:1001":       {`with external_id "e:1001"`, "not found"},
		"../groups/3a1f6c1e":       {"Malformed import ID"},
		"%2e%2e":                   {"Malformed import ID"},
		"u1/../u1":                 {"Malformed import ID"},
		"email:\"; drop\"@example": {"Malformed import ID"},
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			object, diags := startWithAda(t).Protocol(t, nil).Import(udemyUser, id)
			diags.ExpectError(t, "", words...)
			object.ExpectGone(t)
		})
	}
}

// State of an older CLI version has no identity. A read adds it.
func TestRead_setsIdentity(t *testing.T) {
	t.Parallel()
	protocol := startWithAda(t).Protocol(t, nil)
	state := protocol.State(udemyUser, ada(acceptance.Values{"id": "u1", "active": true, "status": "active"}))
	state.Identity = nil
	object, diags := protocol.Read(state)
	diags.ExpectNone(t)
	if object.Identity["id"] != "u1" {
		t.Errorf("the identity is %v", object.Identity)
	}
	gone, diags := protocol.Read(protocol.State(udemyUser, ada(acceptance.Values{"id": "u9", "active": true, "status": "active"})))
	diags.ExpectWarning(t, "is gone")
	gone.ExpectGone(t)
}

func TestDataSource(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config    acceptance.Values
		attribute string
		words     []string
	}{
		"by ID":          {config: acceptance.Values{"id": "u1"}},
		"by e-mail":      {config: acceptance.Values{"email": "ADA@example.com"}},
		"by external ID": {config: acceptance.Values{"external_id": "E:1001"}},
		"no attribute":   {acceptance.Values{}, "", []string{"Missing Attribute Configuration", "id,email,external_id"}},
		"two attributes": {acceptance.Values{"id": "u1", "email": "ada@example.com"}, "id", []string{"Invalid Attribute Combination"}},
		"address as ID":  {acceptance.Values{"id": "ada@example.com"}, "id", []string{"not found", "set email instead of id"}},
		"not found":      {acceptance.Values{"email": "unknown@example.com"}, "email", []string{`with email "unknown@example.com"`, "not found"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := startWithAda(t)
			values, diags := org.Protocol(t, nil).ReadData(udemyUser, test.config)
			if test.words != nil {
				diags.ExpectError(t, test.attribute, test.words...)
				return
			}
			diags.ExpectNone(t)
			want := acceptance.Values{"id": "u1", "first_name": "Ada", "last_name": "Lovelace", "external_id": "E:1001", "role": "admin", "status": "active", "active": true}
			(&acceptance.Object{Values: values}).Expect(t, want)
			if groups, _ := values["group_ids"].([]string); len(groups) != 1 {
				t.Errorf("group_ids is %v", values["group_ids"])
			}
		})
	}
}
