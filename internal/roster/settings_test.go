// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
)

// A setting that is known only after apply is no error at plan. The apply plans again and knows it.
func TestRoster_unknownSettings(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 40))
		fewer := people(21, 40, "groups", []string{"New"})
		for _, setting := range []string{"adopt_existing", "max_removals", "missing_groups", "on_removal", "unlisted"} {
			known := acceptance.Values{"max_removals": "100%", "missing_groups": "create", "on_removal": "keep", "unlisted": "ignore", "adopt_existing": true}
			known[setting] = acceptance.Unknown
			values := config(t, fewer)
			for name, value := range known {
				values[name] = value
			}
			p.Plan(state, resourceType, values).Diagnostics.ExpectNoErrors(t)
			p.Plan(nil, resourceType, values).Diagnostics.ExpectNoErrors(t)
		}
		org.ExpectWrites(t)
	})
}

// A roster with a new address in the configuration is destroyed and created, which would take everybody the seat. The error names the
// moved block, whichever of the two is planned first.
func TestRoster_newAddressWithoutMoved(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 3))
		values := config(t, people(1, 3))
		p.Plan(state, resourceType, nil).Diagnostics.ExpectNoErrors(t)
		p.PlanToo(nil, resourceType, values).Diagnostics.ExpectError(t, "learners", "3 learners", "use a moved block")
		p.Plan(nil, resourceType, values).Diagnostics.ExpectNoErrors(t)
		p.PlanToo(state, resourceType, nil).Diagnostics.ExpectError(t, "learners", "3 learners", "use a moved block")
		org.ExpectWrites(t)
	})
}
