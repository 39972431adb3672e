// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// An update in which many lines fail lists the first 20 of them and the number of the others. State and failed have all of them.
func TestRoster_manyFailures(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
			isRefused := r.Method != http.MethodGet && refuses(r, "Changed")
			if isRefused {
				w.WriteHeader(http.StatusForbidden)
			}
			return isRefused
		}})
		p := org.Protocol(t, nil)
		state, diags := p.Create(resourceType, config(t, people(1, 30)))
		diags.ExpectNone(t)
		all := people(1, 30)
		for i := 1; i <= 25; i++ {
			all[fmt.Sprintf("p%03d", i)]["first_name"] = "Changed"
		}
		all["p030"]["first_name"] = "Fine"
		state, diags = p.Update(state, config(t, all))
		diags.ExpectError(t, "learners", "25 of 26 changes of the roster failed", `"p001": `, `"p020": `, "and 5 more")
		if text := diags.String(); strings.Contains(text, `"p021"`) {
			t.Errorf("the error lists more than 20 lines:\n%s", text)
		}
		if failed := fmt.Sprint(state.Values["failed"]); strings.Count(failed, `"p0`) != 25 {
			t.Errorf("failed is %s", failed)
		}
		seen := learners(t, state)
		if len(seen) != 30 || seen["p025"]["first_name"] != "P025" || seen["p030"]["first_name"] != "Fine" {
			t.Errorf("state has %v", seen)
		}
	})
}

// Licenses and pools that the API does not return are no drift. A value that it returns is.
func TestRoster_hiddenLicenses(t *testing.T) {
	t.Parallel()
	all := config(t, records{"ada": person("ada", "license_types", []string{simulator.LicensePro}, "license_pool", "Research")})
	start := func(t *testing.T, pools map[string]int) (*acceptance.Organization, *acceptance.Protocol, *acceptance.Object) {
		t.Helper()
		org := acceptance.Start(t, acceptance.SCIM, simulator.Config{LicensePools: pools, Variations: simulator.Variations{OmitEmpty: true}})
		p := org.Protocol(t, nil)
		state, diags := p.Create(resourceType, all)
		diags.ExpectNone(t)
		return org, p, state
	}
	t.Run("hidden", func(t *testing.T) {
		t.Parallel()
		org, p, state := start(t, nil) // Without pools, the API returns no pool.
		org.Edit("ada@example.com", func(l *simulator.Learner) { l.Licenses = nil })
		p.ExpectCleanPlan(state, all)
		refreshed, diags := p.NextRun().Read(state)
		diags.ExpectNone(t)
		refreshed.Expect(t, state.Values)

		// Another change does not assign them again.
		renamed := config(t, records{"ada": person("ada", "first_name", "Augusta", "license_types", []string{simulator.LicensePro}, "license_pool", "Research")})
		_, diags = p.Update(refreshed, renamed)
		diags.ExpectNone(t)
		if ada := org.Learners()[0]; ada.FirstName != "Augusta" || len(ada.Licenses) > 0 {
			t.Errorf("Ada is %+v", ada)
		}
	})
	t.Run("returned", func(t *testing.T) {
		t.Parallel()
		org, p, state := start(t, map[string]int{"Research": 10})
		p.ExpectCleanPlan(state, all)
		org.Edit("ada@example.com", func(l *simulator.Learner) { l.Licenses, l.Pool = []string{simulator.LicenseEnterprise}, "" })
		refreshed, diags := p.NextRun().Read(state)
		diags.ExpectNone(t)
		seen := learners(t, refreshed)["ada"]
		if fmt.Sprint(seen["license_types"]) != "[Enterprise]" || seen["license_pool"] != simulator.DefaultLicensePool {
			t.Errorf("state has %v", seen)
		}
	})
}

// A group name that two groups have is an error at plan and at import, and names both groups.
func TestRoster_sameGroupNames(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Variations: simulator.Variations{SameGroupNames: true}})
	first, second := org.AddGroup("Art"), org.AddGroup("Art")
	p := org.Protocol(t, nil)
	want := []string{"both have the name", first.ID, second.ID, "rename one of them at Udemy"}
	for _, missing := range []string{"fail", "create"} {
		p.Plan(nil, resourceType, config(t, records{"ada": person("ada", "groups", []string{"Art"})}, "missing_groups", missing)).Diagnostics.
			ExpectError(t, "learners", want...)
	}
	_, diags := p.Import(resourceType, "group:Art")
	diags.ExpectError(t, "", want...)
	org.ExpectWrites(t)
}
