// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// contradictions are lists of 45 learners that contradict their total, with the numbers in the error.
var contradictions = map[string]struct {
	variations simulator.Variations
	numbers    map[acceptance.API][]string
}{
	"every page is the first one": {simulator.Variations{IgnorePages: true}, map[acceptance.API][]string{
		acceptance.UserManagement: {"20 objects", "total of 45"}, acceptance.SCIM: {"20 objects", "total of 45"},
	}},
	"the total is the page's": {simulator.Variations{TotalOfPage: true}, map[acceptance.API][]string{
		acceptance.UserManagement: {"20 objects", "total of 20 and another page"}, acceptance.SCIM: {"40 objects", "total of 20"},
	}},
	"the total is too low": {simulator.Variations{TotalError: -15}, map[acceptance.API][]string{
		acceptance.UserManagement: {"40 objects", "total of 30 and another page"}, acceptance.SCIM: {"45 objects", "total of 30"},
	}},
	"the total is absurdly low": {simulator.Variations{TotalError: -42}, map[acceptance.API][]string{
		acceptance.UserManagement: {"20 objects", "total of 3 and another page"}, acceptance.SCIM: {"40 objects", "total of 3"},
	}},
}

func startContradicting(t *testing.T, api acceptance.API, variations simulator.Variations) *acceptance.Organization {
	t.Helper()
	variations.PageSize = 20
	return acceptance.Start(t, api, simulator.Config{Learners: 45, Variations: variations})
}

// A list that contradicts its own total is an error that names the call and both numbers.
func TestIncompleteLists(t *testing.T) {
	t.Parallel()
	calls := map[acceptance.API]string{acceptance.UserManagement: "GET /users/", acceptance.SCIM: "GET /Users"}
	for name, test := range contradictions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := startContradicting(t, api, test.variations)
				words := append([]string{"Unable to list learners", calls[api], "incomplete list"}, test.numbers[api]...)
				for _, dataSource := range []string{udemyUsers, udemySeats} {
					_, diags := org.Protocol(t, nil).ReadData(dataSource, nil)
					diags.ExpectError(t, "", words...)
				}
				_, diags := org.Protocol(t, nil).List(udemyUser, nil, false, 0)
				diags.ExpectError(t, "", "Unable to list learners", calls[api], "incomplete list", "objects, but the API reports a total of")
			})
		})
	}
}

// A total that is too high, before an empty page, is not a contradiction: it may count learners that the token may not read.
func TestTooHighTotal(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for _, excess := range []int{1, 5, 100} {
			org := startContradicting(t, api, simulator.Variations{TotalError: excess})
			values, diags := org.Protocol(t, nil).ReadData(udemyUsers, nil)
			diags.ExpectNone(t)
			if users := values["users"].([]acceptance.Values); len(users) != 45 {
				t.Errorf("total %d too high: %d learners", excess, len(users))
			}
			results, diags := org.Protocol(t, nil).List(udemyUser, nil, false, 0)
			diags.ExpectNone(t)
			if len(results) != 45 {
				t.Errorf("total %d too high: %d learners in the list", excess, len(results))
			}
		}
	})
}

// A learner who is missing from such a list is not absent: a refresh reads the learner, and a plan finds the one to adopt.
func TestIncompleteLists_refresh(t *testing.T) {
	t.Parallel()
	for name, test := range contradictions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := startContradicting(t, api, test.variations)
				protocol := org.Protocol(t, nil)
				for _, learner := range org.Learners() {
					object, diags := protocol.Import(udemyUser, learner.ID)
					diags.ExpectNoErrors(t)
					if object, diags = protocol.Read(object); object == nil || object.Values["email"] != learner.Email {
						t.Errorf("%s: state is %+v; the diagnostics are:\n%s", learner.Email, object, diags)
					}
				}
				protocol = org.Protocol(t, nil)
				for i, learner := range org.Learners() {
					if i%5 == 0 { // After some searches, the pages are read.
						plan := protocol.PlanToo(nil, udemyUser, ada(acceptance.Values{"email": learner.Email}))
						plan.Diagnostics.ExpectWarning(t, "exists already and will be adopted", learner.ID)
					}
				}
			})
		})
	}
}
