// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
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

// With create_before_destroy, the new learner exists already, so the old one is released as the configuration says.
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

// The learner in state is gone, and another learner has the address. In doubt, that learner is not adopted.
func TestPlan_addressOfAnother(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		other   simulator.Learner
		config  acceptance.Values
		gone    string
		refused bool
	}{
		"another name":        {simulator.Learner{FirstName: "Adam", LastName: "M"}, nil, "That learner is not adopted and not changed", true},
		"another external ID": {simulator.Learner{FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-2"}, nil, "That learner is not adopted and not changed", true},
		"the configuration has the other name": {
			simulator.Learner{FirstName: "Adam", LastName: "M"}, acceptance.Values{"first_name": "Adam", "last_name": "M", "external_id": nil},
			"That learner is not adopted and not changed", false,
		},
		"the same person": {simulator.Learner{FirstName: "Ada", LastName: "King", ExternalID: "E-1"}, nil, "the plan adopts the account", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := acceptance.Start(t, api, simulator.Config{Variations: simulator.Variations{AutoProvision: true}})
				object, _ := org.Protocol(t, nil).Create(udemyUser, ada(acceptance.Values{"external_id": "E-1"}))
				org.Remove("ada@example.com")
				other := test.other
				other.Email, other.SCIM = "ada@example.com", true
				other = org.Add(other)
				config := ada(acceptance.Values{"external_id": "E-1"})
				for name, value := range test.config {
					config[name] = value
				}

				run := org.Protocol(t, nil)
				gone, diags := run.Read(object)
				diags.ExpectWarning(t, `Learner "ada@example.com" is gone`, other.ID, test.gone)
				gone.ExpectGone(t)
				plan := run.PlanToo(nil, udemyUser, config)
				if test.refused {
					plan.Diagnostics.ExpectError(t, "email", "is another person than the one in state", other.ID, "terraform state rm")
					// The way out, if it is the same person.
					org.Protocol(t, nil).PlanToo(nil, udemyUser, config).Diagnostics.ExpectWarning(t, "exists already and will be adopted", other.ID)
					return
				}
				plan.Diagnostics.ExpectNoErrors(t)
				plan.Object.Expect(t, acceptance.Values{"id": other.ID})
			})
		})
	}
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
