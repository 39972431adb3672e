// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// If no seat is left, the error names the learner and has the reason of the server, what was changed, and the next step.
func TestNoSeatLeft(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		const nextStep = "none is free: deactivate a learner or get more licenses, then apply again."
		org := acceptance.Start(t, api, simulator.Config{Seats: 1})
		protocol := org.Protocol(t, nil)
		inactive := ada(acceptance.Values{"active": false})
		grace := acceptance.Values{"email": "grace@example.com", "first_name": "Grace", "last_name": "Hopper"}
		ours, diags := protocol.Create(udemyUser, ada(nil))
		diags.ExpectNoErrors(t)

		_, diags = protocol.Create(udemyUser, grace)
		diags.ExpectError(t, "", `Unable to create learner "grace@example.com"`, "No seat is left: 1 of 1 seats are in use.", nextStep)

		org.Edit("ada@example.com", func(l *simulator.Learner) { l.Status = simulator.StatusActive })
		ours, diags = protocol.Update(ours, inactive)
		diags.ExpectNoErrors(t)
		_, diags = protocol.Create(udemyUser, grace)
		diags.ExpectNoErrors(t)
		ours, diags = protocol.Update(ours, ada(nil))
		diags.ExpectError(t, "active", `Unable to update learner "ada@example.com"`, "No seat is left: 1 of 1 seats are in use.", "Changed so far: nothing", nextStep)
		ours.Expect(t, acceptance.Values{"active": false})
	})
}
