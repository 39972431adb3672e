// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// A server may normalize what it stores. A name or an external ID in another Unicode form is not drift, and state keeps its spelling.
func TestUser_normalized(t *testing.T) {
	t.Parallel()
	const decomposed, composed = "Rene\u0301e", "Ren\u00e9e"
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		values := ada(acceptance.Values{"first_name": decomposed, "last_name": decomposed, "external_id": decomposed})
		state, diags := org.Protocol(t, nil).Create(udemyUser, values)
		diags.ExpectNone(t)
		org.Edit("ada@example.com", func(l *simulator.Learner) { l.FirstName, l.LastName, l.ExternalID = composed, composed, composed })
		org.ResetRequests()
		next := org.Protocol(t, nil)
		state, diags = next.Read(state)
		diags.ExpectNone(t)
		state.Expect(t, acceptance.Values{"first_name": decomposed, "last_name": decomposed, "external_id": decomposed})
		next.ExpectCleanPlan(state, values)

		// The configuration may use the other form as well.
		next.ExpectCleanPlan(state, ada(acceptance.Values{"first_name": composed, "last_name": composed, "external_id": composed}))
		org.ExpectWrites(t)

		// An adoption does not change the names of an account that has them in the other form.
		adopted, diags := org.Protocol(t, nil).Create(udemyUser, values)
		diags.ExpectWarning(t, "Adopted existing learner", "Changed: nothing.")
		org.Protocol(t, nil).ExpectCleanPlan(adopted, values)
		org.ExpectWrites(t)
	})
}
