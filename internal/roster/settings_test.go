// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
)

// A setting that is known only after apply does not fail the plan. The apply plans again with the value.
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

// A roster with a new address in the configuration is destroyed and created, which would take the seat of every learner. The error names the
// moved block, whichever of the two is planned first.
func TestRoster_newAddressWithoutMoved(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 3))
		values := config(t, people(1, 3))
		p.Plan(state, resourceType, nil).Diagnostics.ExpectNoErrors(t)
		p.PlanToo(nil, resourceType, values).Diagnostics.ExpectError(t, "learners", "3 learners", "add a moved block")
		p.Plan(nil, resourceType, values).Diagnostics.ExpectNoErrors(t)
		p.PlanToo(state, resourceType, nil).Diagnostics.ExpectError(t, "learners", "3 learners", "add a moved block")
		org.ExpectWrites(t)
	})
}

// The limit applies from ten learners on, as a number or a percentage. The error names the allowed number and the first ten learners,
// and its advice works.
func TestRoster_limits(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, p, state := created(t, api, people(1, 50))
		for _, test := range []struct {
			limit         string
			allowed, over int
		}{{"0", 9, 10}, {"0%", 9, 10}, {"1%", 9, 10}, {"20%", 10, 11}, {"10", 10, 11}, {"11", 11, 12}, {"25", 25, 26}, {"50%", 25, 26}, {"100%", 50, 0}} {
			plan := func(removed int) acceptance.Diagnostics {
				return p.Plan(state, resourceType, config(t, people(removed+1, 50), "max_removals", test.limit)).Diagnostics
			}
			plan(test.allowed).ExpectNoErrors(t)
			if test.over > 0 {
				plan(test.over).ExpectError(t, "max_removals", fmt.Sprintf("%d learners would lose", test.over), fmt.Sprintf("%q allows %d", test.limit, test.allowed),
					"p001@example.com", "p010@example.com", fmt.Sprintf("set max_removals to \"%d\"", test.over))
			}
			p.Plan(state, resourceType, config(t, people(test.over+1, 50), "max_removals", fmt.Sprint(test.over))).Diagnostics.ExpectNoErrors(t)
		}
		diags := p.Plan(state, resourceType, nil).Diagnostics
		diags.ExpectError(t, "", "50 learners would lose", "destroying uses the values in state")
		if text := diags.String(); strings.Contains(text, "for this apply") {
			t.Errorf("a new value does not count for this destroy:\n%s", text)
		}
		org.ExpectWrites(t)
	})
}
