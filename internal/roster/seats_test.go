// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// If too few seats are left, the diagnostic names the lines without one and the next step. The next apply with enough seats completes them.
func TestRoster_noSeatLeft(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Seats: 2})
		all := people(1, 3)
		p := org.Protocol(t, nil)
		state, diags := p.Create(resourceType, config(t, all))
		diags.ExpectWarningAt(t, "learners", "1 of 3 lines", "No seat is left: 2 of 2 seats are in use.", "deactivate a learner or get more licenses, then apply again")
		org.SetSeats(3)
		_, diags = p.Update(state, config(t, all))
		diags.ExpectNoErrors(t)
		expectPeople(t, org, all)
	})
}
