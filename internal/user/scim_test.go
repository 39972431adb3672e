// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"net/http"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// The plan rejects what an API can't do, at the attribute.
func TestPlan_notSupported(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		api       acceptance.API
		attribute string
		value     any
		words     []string
	}{
		"role over SCIM":                {acceptance.SCIM, "role", "admin", []string{"SCIM", "can't set role"}},
		"delete over SCIM":              {acceptance.SCIM, "on_destroy", "delete", []string{"SCIM", "can't remove learners", "deactivate"}},
		"pool over user-management":     {acceptance.UserManagement, "license_pool", "Research", []string{"user-management API", "can't set license_pool"}},
		"licenses over user-management": {acceptance.UserManagement, "license_types", []string{"Pro"}, []string{"user-management API", "can't set license_types"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, test.api, simulator.Config{})
			plan := org.Protocol(t, nil).Plan(nil, udemyUser, ada(acceptance.Values{test.attribute: test.value}))
			plan.Diagnostics.ExpectError(t, test.attribute, test.words...)
			org.ExpectWrites(t)
		})
	}
}

func TestSCIM_adopt(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{
		"default":          {},
		"no scimType":      {NoSCIMType: true},
		"no content":       {PatchNoContent: true},
		"lower-case names": {LowerCaseNames: true, TextBooleans: true, NumericStatus: true},
		"few filters":      {FewFilters: true, PageSize: 7},
		"filters ignored":  {IgnoreFilters: true, PageSize: 7},
		"no groups":        {NoUserGroups: true, NoListedMembers: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Learners: 20, Variations: variations})
			old := org.AddGroup("Old")
			group := org.AddGroup("Number Theory")
			existing := org.Add(simulator.Learner{
				Email: "ada@example.com", FirstName: "Augusta", LastName: "Lovelace", ExternalID: "E-1", Role: "admin", Status: "deactivated",
				Groups: []string{old.ID}, Licenses: []string{"Pro"},
			})
			protocol := org.Protocol(t, nil)
			config := ada(acceptance.Values{"group_ids": []string{group.ID}})

			object, diags := protocol.Create(udemyUser, config)
			diags.ExpectWarning(t, "Adopted existing learner", existing.ID, "deactivated", "reactivated",
				`first_name from "Augusta" to "Ada"`, "joined group "+group.ID, "left group "+old.ID)
			object.Expect(t, acceptance.Values{
				"id": existing.ID, "status": "active", "external_id": nil, "role": nil, "license_types": []string{"Pro"},
			})
			if learner, _ := org.Learner("ada@example.com"); learner.Role != "admin" {
				t.Errorf("the role of the learner is %s, want admin", learner.Role)
			}
			protocol.ExpectCleanPlan(object, config)
		})
	}
}

// SCIM returns only learners that were created over SCIM, so a learner with the same address may not be returned.
func TestSCIM_adoptNotReturned(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Variations: simulator.Variations{SCIMMadeOnly: true}})
	org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})

	object, diags := org.Protocol(t, nil).Create(udemyUser, ada(nil))
	diags.ExpectError(t, "", `Unable to adopt learner "ada@example.com"`, "SCIM shows only what was", "does not return the learner", "Udemy's own pages")
	object.ExpectGone(t)
}

// A conflict may have another reason than the address, and an answer over SCIM does not contain the reason.
func TestSCIM_adoptOtherAddress(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{
		Intercept: acceptance.Answer(http.MethodPost, "/Users", `409 {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409"}`),
	})
	protocol := org.Protocol(t, nil)
	plan := protocol.Plan(nil, udemyUser, ada(acceptance.Values{"external_id": "E-1"}))
	plan.Diagnostics.ExpectNone(t)
	other := org.Add(simulator.Learner{Email: "grace@example.com", FirstName: "Grace", LastName: "Hopper", ExternalID: "E-1"})

	object, diags := protocol.Apply(plan)
	diags.ExpectError(t, "", `"grace@example.com"`, other.ID, "nothing was changed")
	object.ExpectGone(t)
	if learner, _ := org.Learner("grace@example.com"); learner.FirstName != "Grace" {
		t.Errorf("the other learner was changed to %+v", learner)
	}
}

// If a server accepts licenses and does not return them, state has the configured licenses.
func TestSCIM_licensesNotReturned(t *testing.T) {
	t.Parallel()
	answer := `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"u1","userName":"ada@example.com",` +
		`"name":{"givenName":"Ada","familyName":"Lovelace"},"active":true}`
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Intercept: acceptance.Answer(http.MethodPost, "/Users", "201 "+answer)})
	object, diags := org.Protocol(t, nil).Create(udemyUser, ada(acceptance.Values{"license_types": []string{"Pro"}}))
	diags.ExpectNone(t)
	object.Expect(t, acceptance.Values{"license_types": []string{"Pro"}})
}

func TestSCIM_licenses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		block      acceptance.Values
		variations simulator.Variations
		key        string
	}{
		"licenseTypes": {nil, simulator.Variations{}, "licenseTypes"},
		"licenseType":  {acceptance.Values{"license_attribute": "licenseType"}, simulator.Variations{LicenseType: true}, "licenseType"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Variations: test.variations})
			protocol := org.Protocol(t, test.block)

			object, diags := protocol.Create(udemyUser, ada(acceptance.Values{"license_types": []string{"Pro"}}))
			diags.ExpectNone(t)
			both := ada(acceptance.Values{"license_types": []string{"Pro", "Enterprise"}})
			plan := protocol.Plan(object, udemyUser, both)
			if changes := plan.Changes(); len(changes) != 1 || changes[0] != "license_types" {
				t.Errorf("the plan shows changes of %v", changes)
			}
			object, diags = protocol.Apply(plan)
			diags.ExpectNone(t)
			protocol.ExpectCleanPlan(object, both)
			protocol.ExpectCleanPlan(object, ada(nil)) // No longer configured: not changed.

			org.Edit("ada@example.com", func(l *simulator.Learner) { l.Licenses = []string{"Enterprise"} })
			next := protocol.NextRun()
			drifted, diags := next.Read(object)
			diags.ExpectNone(t)
			if changes := next.Plan(drifted, udemyUser, both).Changes(); len(changes) != 1 || changes[0] != "license_types" {
				t.Errorf("after a change at Udemy the plan shows changes of %v", changes)
			}
		})
	}
	t.Run("at least one", func(t *testing.T) {
		t.Parallel()
		protocol := acceptance.Start(t, acceptance.SCIM, simulator.Config{}).Protocol(t, nil)
		protocol.Validate(udemyUser, ada(acceptance.Values{"license_types": []string{}})).ExpectError(t, "license_types")
	})
	t.Run("unknown license", func(t *testing.T) {
		t.Parallel()
		protocol := acceptance.Start(t, acceptance.SCIM, simulator.Config{}).Protocol(t, nil)
		object, diags := protocol.Create(udemyUser, ada(acceptance.Values{"license_types": []string{"Gold"}}))
		diags.ExpectError(t, "", `Unable to create learner "ada@example.com"`, "Gold")
		object.ExpectGone(t)
	})
}

// A pool is compared without letter case, kept if it is not configured, and a refusal is at the attribute.
func TestSCIM_licensePool(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{LicensePools: map[string]int{"Research": 2, "Sales": 1}})
	org.Add(simulator.Learner{Email: "grace@example.com", FirstName: "Grace", LastName: "Hopper", Pool: "Sales"})
	inPool := func(pool string) acceptance.Values { return ada(acceptance.Values{"license_pool": pool}) }
	protocol := org.Protocol(t, nil)

	object, diags := protocol.Create(udemyUser, inPool("research"))
	diags.ExpectNone(t)
	object.Expect(t, acceptance.Values{"license_pool": "research"})
	protocol.ExpectCleanPlan(object, inPool("research"))
	protocol.ExpectCleanPlan(object, inPool("RESEARCH"))
	protocol.ExpectCleanPlan(object, ada(nil)) // No longer configured: not changed.
	imported, diags := org.Protocol(t, nil).Import(udemyUser, "ada@example.com")
	diags.ExpectNone(t)
	imported.Expect(t, acceptance.Values{"license_pool": "Research"})
	protocol.ExpectCleanPlan(imported, inPool("research"))

	for pool, words := range map[string]string{"Sales": `the license pool "Sales" is full`, "Marketing": `there is no license pool "Marketing"`} {
		failed, refusal := protocol.Update(object, inPool(pool))
		refusal.ExpectError(t, "license_pool", `Unable to update learner "ada@example.com"`, words, "Changed so far: nothing", "choose another pool")
		failed.Expect(t, acceptance.Values{"license_pool": "research"})
		_, refusal = protocol.Create(udemyUser, acceptance.Values{"email": "new@example.com", "license_pool": pool})
		refusal.ExpectError(t, "license_pool", `Unable to create learner "new@example.com"`, words, "choose another pool")
	}

	moved, diags := protocol.Update(object, inPool("Default license pool"))
	diags.ExpectNone(t)
	protocol.ExpectCleanPlan(moved, inPool("Default license pool"))
	if learner, _ := org.Learner("ada@example.com"); learner.Pool != "" {
		t.Errorf("Udemy has %+v", learner)
	}
}

// A pool in another letter case is what was requested, so the provider does not wait for it.
func TestSCIM_licensePoolLetterCase(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{
		LicensePools: map[string]int{"Research": 1}, Variations: simulator.Variations{PatchNoContent: true},
	})
	protocol := org.Protocol(t, nil)
	object, diags := protocol.Create(udemyUser, ada(nil))
	diags.ExpectNone(t)
	plan := protocol.Plan(object, udemyUser, ada(acceptance.Values{"license_pool": "RESEARCH"}))
	org.ResetRequests()
	_, diags = protocol.Apply(plan)
	diags.ExpectNone(t)
	if requests := org.Requests(); len(requests) != 2 {
		t.Errorf("%d requests, want a PATCH and a GET", len(requests))
	}
}

// While an organization has no custom pool, Udemy ignores the name.
func TestSCIM_noLicensePools(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{})
	protocol := org.Protocol(t, nil)
	config := ada(acceptance.Values{"license_pool": "Research"})
	object, diags := protocol.Create(udemyUser, config)
	diags.ExpectNone(t)
	protocol.ExpectCleanPlan(object, config)
}

// A conflict that concerns the pool is not an existing learner.
func TestSCIM_licensePoolConflict(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{
		Intercept: acceptance.Answer(http.MethodPost, "/Users", `409 {"detail":"licensePoolName: full"}`),
	})
	object, diags := org.Protocol(t, nil).Create(udemyUser, ada(acceptance.Values{"license_pool": "Research"}))
	diags.ExpectError(t, "license_pool", "licensePoolName: full", "choose another pool")
	object.ExpectGone(t)
}

func TestSCIM_destroy(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{})
	protocol := org.Protocol(t, nil)
	object, _ := protocol.Create(udemyUser, ada(nil))
	id, _ := object.Values["id"].(string)
	org.ResetRequests()

	object, diags := protocol.Destroy(object)
	diags.ExpectNone(t)
	object.ExpectGone(t)
	org.ExpectWrites(t, `PATCH /Users/`+id+` {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":false}]}`)

	// State from the other API may have on_destroy = "delete".
	state := protocol.State(udemyUser, ada(acceptance.Values{"id": id, "active": true, "status": "active", "on_destroy": "delete"}))
	object, diags = protocol.Destroy(state)
	diags.ExpectError(t, "", "not offered", "stays in state")
	object.Expect(t, acceptance.Values{"id": id})
}

func TestSCIM_import(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{"default": {PageSize: 20}, "few filters": {FewFilters: true, PageSize: 20}, "no user groups": {NoUserGroups: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Learners: 50, Variations: variations})
			group := org.AddGroup("Number Theory")
			existing := org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: `E-"1"\x`, Groups: []string{group.ID}})
			protocol := org.Protocol(t, nil)
			for _, id := range []string{existing.ID, "ADA@example.com", `external_id:E-"1"\x`} {
				object, diags := protocol.Import(udemyUser, id)
				diags.ExpectNone(t)
				object.Expect(t, acceptance.Values{"id": existing.ID, "group_ids": []string{group.ID}})
				protocol.ExpectCleanPlan(object, ada(acceptance.Values{"external_id": `E-"1"\x`}))
			}
			_, diags := protocol.Import(udemyUser, `unknown@example.com`)
			diags.ExpectError(t, "", "SCIM shows only what was")
		})
	}
}
