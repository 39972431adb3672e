// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"net/http"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

func TestDestroy(t *testing.T) {
	t.Parallel()
	const (
		cancel     = `DELETE /users/u1/`
		deactivate = `PATCH /users/u1/ {"status":"deactivated"}`
	)
	tests := map[string]struct {
		onDestroy string
		inState   string
		atUdemy   string // empty: gone
		writes    []string
	}{
		"deactivates an active learner":                {"deactivate", "active", "active", []string{deactivate}},
		"cancels an invitation":                        {"deactivate", "invited", "invited", []string{cancel}},
		"deactivates a learner who has accepted since": {"deactivate", "invited", "active", []string{deactivate}},
		"does not change a deactivated learner":        {"deactivate", "deactivated", "deactivated", nil},
		"deactivates a reactivated learner":            {"deactivate", "deactivated", "active", []string{deactivate}},
		"succeeds if an invited learner is gone":       {"deactivate", "invited", "", nil},
		"succeeds if an active learner is gone":        {"deactivate", "active", "", []string{deactivate}},
		"deactivates a learner with another status":    {"deactivate", "suspended", "suspended", []string{deactivate}},
		"deletes with on_destroy = delete":             {"delete", "active", "active", []string{cancel}},
		"succeeds if the learner to delete is gone":    {"delete", "active", "", []string{cancel}},
		"keeps with on_destroy = keep":                 {"keep", "active", "active", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
			if test.atUdemy != "" {
				org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", Status: test.atUdemy})
			}
			protocol := org.Protocol(t, nil)
			object, diags := protocol.Destroy(protocol.State(udemyUser, ada(acceptance.Values{
				"id": "u1", "active": true, "status": test.inState, "on_destroy": test.onDestroy,
			})))
			diags.ExpectNone(t)
			object.ExpectGone(t)
			org.ExpectWrites(t, test.writes...)
		})
	}
}

func TestDestroy_thenCreate(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Variations: simulator.Variations{AutoProvision: true}})
	protocol := org.Protocol(t, nil)
	first, _ := protocol.Create(udemyUser, ada(nil))
	_, diags := protocol.Destroy(first)
	diags.ExpectNone(t)

	second, diags := protocol.Create(udemyUser, ada(nil))
	diags.ExpectWarning(t, "Adopted", "reactivated")
	second.Expect(t, acceptance.Values{"id": first.Values["id"], "status": "active"})
}

func TestDestroy_refused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer string
		words  []string
	}{
		"not allowed":                   {`403 {"detail":"No."}`, []string{"not allowed"}},
		"not offered":                   {`405 {"detail":"No."}`, []string{"no such call", `on_destroy = "keep"`}},
		"404 for a learner that exists": {`404 {"detail":"No."}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Intercept: acceptance.Answer(http.MethodPatch, "/", test.answer)})
			org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
			protocol := org.Protocol(t, nil)
			object, diags := protocol.Destroy(protocol.State(udemyUser, ada(acceptance.Values{
				"id": "u1", "active": true, "status": "active", "on_destroy": "deactivate",
			})))
			if test.words == nil {
				diags.ExpectNone(t)
				return
			}
			diags.ExpectError(t, "", append(test.words, `Unable to destroy learner "ada@example.com"`, "stays in state")...)
			object.Expect(t, acceptance.Values{"id": "u1"})
		})
	}
}
