// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// The new learner of a line who joins a group contradicts an exact list of its members, in both orders.
func TestRoster_newLearnerOfOwnedGroup(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		art := org.AddGroup("Art").ID
		p := org.Protocol(t, nil)
		tim, diags := p.Create("udemy_user", acceptance.Values{"email": "tim@example.com", "first_name": "Tim", "last_name": "Tester"})
		diags.ExpectNone(t)
		roster := config(t, records{"ada": person("ada", "groups", []string{"Art"})})
		members := acceptance.Values{"group_id": art, "members": map[string]string{"tim": fmt.Sprint(tim.Values["id"])}}
		p.Plan(nil, "udemy_group_members", members).Diagnostics.ExpectNoErrors(t)
		p.PlanToo(nil, resourceType, roster).Diagnostics.ExpectError(t, "learners", `"ada": udemy_group_members and this line contradict`, `"Art"`)
		p.Plan(nil, resourceType, roster).Diagnostics.ExpectNoErrors(t)
		p.PlanToo(nil, "udemy_group_members", members).Diagnostics.ExpectError(t, "group_id",
			`learner "ada@example.com" in group "Art"`, "groups of udemy_roster")
	})
}

// A membership moves from its own resource to the line, and Terraform destroys the resource while the roster is applied.
func TestRoster_membershipTakenMeanwhile(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		meanwhile := func() {}
		org := acceptance.Start(t, api, simulator.Config{Intercept: func(_ http.ResponseWriter, r *http.Request) bool {
			if refuses(r, "Augusta") {
				meanwhile()
			}
			return false
		}})
		art := org.AddGroup("Art").ID
		p := org.Protocol(t, nil)
		state, diags := p.Create(resourceType, config(t, people(1, 3)))
		diags.ExpectNone(t)
		var leaving []*acceptance.Plan
		for _, id := range ids(t, state) {
			single, created := p.Create("udemy_group_membership", acceptance.Values{"group_id": art, "user_id": id})
			created.ExpectNone(t)
			leaving = append(leaving, p.Plan(single, single.Type, nil))
		}
		state, diags = p.Read(state)
		diags.ExpectNone(t)
		listed := people(1, 3, "groups", []string{"Art"})
		listed["p001"]["first_name"] = "Augusta"
		plan := p.Plan(state, resourceType, config(t, listed))
		p.Plan(nil, "udemy_group", acceptance.Values{"name": "X"}) // Apply is a new process.
		meanwhile = func() {
			meanwhile = func() {}
			for _, l := range leaving {
				_, left := p.Apply(l)
				left.ExpectNone(t)
			}
		}
		state, diags = p.Apply(plan)
		diags.ExpectNone(t)
		for email := range ids(t, state) {
			expectGroups(t, org, email, "Art")
		}
		p.ExpectCleanPlan(state, config(t, listed))
	})
}
