// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const postAda = `POST /users/ {"email":"ada@example.com","firstname":"Ada","lastname":"Lovelace"}`

func TestAdopt(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	old := org.AddGroup("Old")
	group := org.AddGroup("Mathematics")
	existing := org.Add(simulator.Learner{
		Email: "ADA@example.com", FirstName: "Augusta", LastName: "King", ExternalID: "E-1001", Role: "admin", Status: "deactivated", Groups: []string{old.ID},
	})
	protocol := org.Protocol(t, nil)
	config := ada(acceptance.Values{"group_ids": []string{group.ID}})

	object, diags := protocol.Create(udemyUser, config)
	diags.ExpectWarning(t, `Adopted existing learner "ada@example.com"`, existing.ID, "deactivated", "reactivated",
		`first_name from "Augusta" to "Ada"`, `last_name from "King" to "Lovelace"`, "joined group "+group.ID, "left group "+old.ID)
	// The reactivation comes first, because a deactivated learner can't be changed.
	org.ExpectWrites(t,
		`PATCH /users/`+existing.ID+`/ {"status":"active"}`,
		`PATCH /users/`+existing.ID+`/ {"firstname":"Ada","lastname":"Lovelace"}`,
		`POST /groups/`+group.ID+`/users/ {"users":["`+existing.ID+`"]}`,
		`DELETE /groups/`+old.ID+`/users/`+existing.ID+`/`,
	)
	// Attributes that are not configured keep their values at Udemy.
	object.Expect(t, acceptance.Values{
		"id": existing.ID, "email": "ada@example.com", "role": "admin", "external_id": nil, "status": "active", "on_destroy": "deactivate",
	})
	if learner, _ := org.Learner("ada@example.com"); learner.ExternalID != "E-1001" {
		t.Errorf("the external ID is %q", learner.ExternalID)
	}
	protocol.ExpectCleanPlan(object, config)
}

func TestAdopt_nothingToChange(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	existing := org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
	protocol := org.Protocol(t, nil)

	object, diags := protocol.Create(udemyUser, ada(nil))
	diags.ExpectWarning(t, existing.ID, "status active", "Changed: nothing.")
	org.ExpectWrites(t)
	protocol.ExpectCleanPlan(object, ada(nil))
}

func TestAdopt_setting(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		provider, resource any
		adopts             bool
	}{
		"default":                               {nil, nil, true},
		"false in the provider block":           {false, nil, false},
		"false in the resource":                 {nil, false, false},
		"resource overrides the provider block": {false, true, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
			protocol := org.Protocol(t, acceptance.Values{"adopt_existing": test.provider})
			plan := protocol.Plan(nil, udemyUser, ada(acceptance.Values{"adopt_existing": test.resource}))
			plan.Diagnostics.ExpectNone(t)

			existing := org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Augusta", LastName: "King"})
			object, diags := protocol.Apply(plan)
			if test.adopts {
				diags.ExpectNoErrors(t)
				object.Expect(t, acceptance.Values{"id": existing.ID})
				return
			}
			diags.ExpectError(t, "email", "exists already", existing.ID,
				"terraform import udemy_user.NAME "+existing.ID, "import {\n    to = udemy_user.NAME\n    id = \""+existing.ID+"\"\n  }")
			org.ExpectWrites(t, postAda)
			object.ExpectGone(t)
		})
	}
}

func TestAdopt_conflicts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		conflict string
		adopts   bool
		words    []string
	}{
		"documented answer":       {`409 {"id":"x1","detail":"taken"}`, true, nil},
		"detail in French":        {`409 {"id":"x1","detail":"Un utilisateur existe"}`, true, nil},
		"no detail":               {`409 {"id":"x1"}`, true, nil},
		"no ID":                   {`409 {"detail":"taken"}`, true, nil},
		"ID of a deleted learner": {`409 {"id":"gone"}`, true, nil},
		"ID of another learner":   {`409 {"id":"x2","detail":"external id taken"}`, false, []string{`"grace@example.com"`, "x2", "nothing was changed"}},
		"status 400 with a conflict in the detail": {`400 {"id":"x1","detail":"conflict: already exists"}`, false, []string{"Unable to create"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Intercept: acceptance.Answer(http.MethodPost, "/users/", test.conflict)})
			protocol := org.Protocol(t, nil)
			plan := protocol.Plan(nil, udemyUser, ada(nil)) // The plan finds no learner.
			org.Add(simulator.Learner{ID: "x1", Email: "ada@example.com", FirstName: "Augusta", LastName: "King"})
			org.Add(simulator.Learner{ID: "x2", Email: "grace@example.com", FirstName: "Grace", LastName: "Hopper"})

			object, diags := protocol.Apply(plan)
			if test.adopts {
				diags.ExpectNoErrors(t)
				object.Expect(t, acceptance.Values{"id": "x1"})
				return
			}
			diags.ExpectError(t, "", test.words...)
			org.ExpectWrites(t, postAda)
		})
	}
}

func TestAdopt_unreadable(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Variations: simulator.Variations{ReadStatus: http.StatusMethodNotAllowed}})
	existing := org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Augusta", LastName: "King"})
	protocol := org.Protocol(t, nil)

	_, diags := protocol.Create(udemyUser, ada(nil))
	diags.ExpectError(t, "", `Unable to adopt learner "ada@example.com"`, "not offered", existing.ID)
	org.ExpectWrites(t, postAda)
}

// After an adoption that fails halfway, state has the ID, and the learner keeps the seat. Terraform replaces a resource
// whose creation failed, so state has on_destroy = "keep" until the adoption is complete.
func TestAdopt_unfinished(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	broken.Store(true)
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPatch || !broken.Load() {
			return false
		}
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		if !strings.Contains(string(body), "firstname") {
			return false
		}
		w.WriteHeader(http.StatusForbidden)
		return true
	}})
	existing := org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Augusta", LastName: "King", Status: "deactivated"})
	protocol := org.Protocol(t, nil)
	config := ada(acceptance.Values{"on_destroy": "delete"})

	object, diags := protocol.Create(udemyUser, config)
	diags.ExpectError(t, "", "Unable to finish adopting", existing.ID, "Changed so far: reactivated", "Apply again")
	object.Expect(t, acceptance.Values{"id": existing.ID, "first_name": "Augusta", "status": "active", "on_destroy": "keep"})

	broken.Store(false)
	org.ResetRequests()
	gone, diags := protocol.Destroy(object) // The first half of the replacement.
	diags.ExpectNone(t)
	org.ExpectWrites(t)
	if gone != nil {
		t.Error("the unfinished resource is still in state")
	}
	object, diags = protocol.Create(udemyUser, config)
	diags.ExpectWarning(t, "Adopted")
	object.Expect(t, acceptance.Values{"id": existing.ID, "first_name": "Ada", "on_destroy": "delete"})
}

// After an adoption that changes nothing, state has nothing. In a replacement with create_before_destroy, Terraform then restores the
// object that it has set aside, and state has the learner once.
func TestAdopt_nothingChanged(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Intercept: acceptance.Answer(http.MethodPatch, "/u1"+map[acceptance.API]string{acceptance.UserManagement: "/"}[api], `403 {"detail": "No."}`)})
		existing := org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Augusta", LastName: "King"})
		protocol := org.Protocol(t, nil)

		object, diags := protocol.Create(udemyUser, ada(nil))
		diags.ExpectError(t, "", `Unable to adopt learner "ada@example.com"`, existing.ID, "was not changed", "Apply again")
		object.ExpectGone(t)
		object, diags = protocol.Create(udemyUser, ada(nil))
		diags.ExpectWarning(t, "Adopted")
		object.Expect(t, acceptance.Values{"id": existing.ID, "first_name": "Ada"})
	})
}

// A create call whose answer was lost is sent again. The 409 that follows means that the first call succeeded.
func TestCreate_answerLost(t *testing.T) {
	t.Parallel()
	for name, block := range map[string]acceptance.Values{
		"adopt_existing = true":  nil,
		"adopt_existing = false": {"adopt_existing": false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var lost atomic.Bool
			var org *acceptance.Organization
			org = acceptance.Start(t, acceptance.UserManagement, simulator.Config{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodPost || lost.Swap(true) {
					return false
				}
				org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", Status: "invited"})
				panic(http.ErrAbortHandler) // The learner is created, and the answer is lost.
			}})
			protocol := org.Protocol(t, block)

			object, diags := protocol.Create(udemyUser, ada(nil))
			diags.ExpectNone(t)
			object.Expect(t, acceptance.Values{"status": "invited"})
			if posts := org.Writes(); !slices.Equal(posts, []string{postAda, postAda}) {
				t.Errorf("the write requests are %v", posts)
			}
		})
	}
}
