// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"fmt"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// Terraform plans the replacement of a tainted resource without its state. If the replacement has another address, the destroy is
// refused, because the address can be changed in place.
func TestDestroy_taintedWithNewAddress(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]any{`the address "lovelace@example.com"`: "lovelace@example.com", "known only after apply": acceptance.Unknown} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := acceptance.Start(t, api, simulator.Config{Variations: simulator.Variations{AutoProvision: true}})
				protocol := org.Protocol(t, nil)
				object, diags := protocol.Create(udemyUser, ada(nil))
				diags.ExpectNone(t)
				org.ResetRequests()

				left, diags := protocol.DestroyTainted(object, ada(acceptance.Values{"email": address}))
				diags.ExpectError(t, "", `Learner "ada@example.com" can't be replaced`, name, "terraform untaint")
				org.ExpectWrites(t)
				left.Expect(t, object.Values)

				// The way out, and what comes after it.
				id := object.Values["id"]
				changed, diags := protocol.Update(left, ada(acceptance.Values{"email": "lovelace@example.com"}))
				diags.ExpectNone(t)
				changed.Expect(t, acceptance.Values{"id": id, "email": "lovelace@example.com"})
				gone, diags := protocol.Destroy(changed)
				diags.ExpectNone(t)
				gone.ExpectGone(t)
				if learner, _ := org.Learner("lovelace@example.com"); learner.ID != id || learner.Status != simulator.StatusDeactivated {
					t.Errorf("the learner is %+v", learner)
				}
			})
		})
	}
}

// With create_before_destroy, the new learner exists already, so the old one is released as on_destroy requires.
func TestDestroy_deposedWithNewAddress(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Variations: simulator.Variations{AutoProvision: true}})
		protocol := org.Protocol(t, nil)
		object, _ := protocol.Create(udemyUser, ada(nil))
		_, left, diags := protocol.DestroyDeposed(object, ada(acceptance.Values{"email": "lovelace@example.com"}))
		diags.ExpectNone(t)
		left.ExpectGone(t)
		if learner, _ := org.Learner("ada@example.com"); learner.Status != simulator.StatusDeactivated {
			t.Errorf("the learner is %+v", learner)
		}
	})
}

// The learner in state is gone, and another learner has the address. In doubt, that learner is not adopted: an update fails, and a
// destroy succeeds without a change.
func TestRead_addressOfAnother(t *testing.T) {
	t.Parallel()
	for name, other := range map[string]simulator.Learner{
		"another name":        {FirstName: "Adam", LastName: "M"},
		"another external ID": {FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := acceptance.Start(t, api, simulator.Config{Variations: simulator.Variations{AutoProvision: true}})
				config := ada(acceptance.Values{"external_id": "E-1"})
				object, _ := org.Protocol(t, nil).Create(udemyUser, config)
				org.Remove("ada@example.com")
				other := other
				other.Email, other.SCIM = "ada@example.com", true
				other = org.Add(other)

				run := org.Protocol(t, nil)
				left, diags := run.Read(object)
				diags.ExpectWarning(t, `Learner "ada@example.com" is gone`, other.ID, "That learner is not adopted and not changed", "terraform state rm")
				left.Expect(t, acceptance.Values{"id": object.Values["id"], "active": false})

				failed, diags := run.Update(left, config)
				diags.ExpectError(t, "active", `Unable to update learner "ada@example.com"`, "terraform state rm")
				failed.Expect(t, acceptance.Values{"id": object.Values["id"], "active": false})
				gone, diags := org.Protocol(t, nil).Destroy(failed)
				diags.ExpectNone(t)
				gone.ExpectGone(t)
				if now, _ := org.Learner("ada@example.com"); fmt.Sprint(now) != fmt.Sprint(other) {
					t.Errorf("%+v became %+v", other, now)
				}

				// Another resource of the plan that finds this adopts the other learner only with the same external ID or name.
				run = org.Protocol(t, nil)
				_, _ = run.Read(object)
				run.PlanToo(nil, udemyUser, ada(acceptance.Values{"first_name": "Zoe"})).Diagnostics.ExpectError(t, "email",
					"is another person than the one in state", other.ID)
				run = org.Protocol(t, nil)
				_, _ = run.Read(object)
				plan := run.PlanToo(nil, udemyUser, ada(acceptance.Values{"first_name": other.FirstName, "last_name": other.LastName}))
				plan.Diagnostics.ExpectNoErrors(t)
				plan.Object.Expect(t, acceptance.Values{"id": other.ID})
			})
		})
	}
}

// The account of the learner in state was deleted and made again. It has another ID, and the plan adopts it.
func TestRead_madeAgain(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Variations: simulator.Variations{AutoProvision: true}})
		config := ada(acceptance.Values{"external_id": "E-1"})
		object, _ := org.Protocol(t, nil).Create(udemyUser, config)
		org.Remove("ada@example.com")
		again := org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "King", ExternalID: "E-1", SCIM: true})
		run := org.Protocol(t, nil)
		gone, diags := run.Read(object)
		diags.ExpectWarning(t, `Learner "ada@example.com" is gone`, again.ID, "the plan adopts the account")
		gone.ExpectGone(t)
		plan := run.PlanToo(nil, udemyUser, config)
		plan.Diagnostics.ExpectWarning(t, "exists already and will be adopted")
		plan.Object.Expect(t, acceptance.Values{"id": again.ID})
	})
}

// A new learner gets the external ID that another one loses in the same plan, in both orders.
func TestPlan_externalIDHandedOver(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		object, _ := org.Protocol(t, nil).Create(udemyUser, ada(acceptance.Values{"external_id": "E-1"}))
		eve := ada(acceptance.Values{"email": "eve@example.com", "external_id": "E-1"})

		run := org.Protocol(t, nil)
		run.PlanToo(object, udemyUser, ada(nil)).Diagnostics.ExpectNone(t)
		run.PlanToo(nil, udemyUser, eve).Diagnostics.ExpectError(t, "external_id", `The learner with external ID "E-1" exists`, "remove it from that learner in a first apply")
		run = org.Protocol(t, nil)
		run.PlanToo(nil, udemyUser, eve).Diagnostics.ExpectError(t, "external_id", `The learner with external ID "E-1" exists`, "remove it from that learner in a first apply")
		run.PlanToo(object, udemyUser, ada(nil)).Diagnostics.ExpectError(t, "external_id",
			`The external ID "E-1" moves to another learner in one plan`, `Learner "ada@example.com"`, `"eve@example.com"`, "Change the external ID in a first apply")
		org.ResetRequests()

		// The way out.
		object, diags := org.Protocol(t, nil).Update(object, ada(nil))
		diags.ExpectNone(t)
		run = org.Protocol(t, nil)
		run.PlanToo(object, udemyUser, ada(nil)).Diagnostics.ExpectNone(t)
		run.PlanToo(nil, udemyUser, eve).Diagnostics.ExpectNone(t)
	})
}
