// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

func TestLies(t *testing.T) {
	t.Parallel()
	prepare := func(t *testing.T, lie simulator.Fault) (h *harness, ada, group string) {
		t.Helper()
		h = start(t, simulator.Config{})
		h.Add(simulator.Learner{ID: "eve", Email: "eve@example.com", FirstName: "Eve", LastName: "Other", SCIM: true})
		h.AddGroup("Strays")
		h.Add(simulator.Learner{ID: "ada", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", SCIM: true})
		group = h.AddGroup("Analysts").ID
		h.SetFaults(simulator.Faults{Rate: 1, Kinds: []simulator.Fault{lie}})
		return h, "ada", group
	}
	t.Run("another learner", func(t *testing.T) {
		t.Parallel()
		h, ada, group := prepare(t, simulator.FaultOtherObject)
		for what, got := range map[string]answer{
			"GET":      h.call("GET", "/users/"+ada+"/", ""),
			"PATCH":    h.call("PATCH", "/users/"+ada+"/", `{"lastname": "King"}`),
			"SCIM GET": h.scim("GET", "/Users/"+ada, ""),
		} {
			equal(t, what, []any{got.status, got.object(t)["id"]}, []any{http.StatusOK, "eve"})
		}
		created := h.call("POST", "/users/", `{"email": "bob@example.com", "firstname": "Bob", "lastname": "New"}`)
		equal(t, "POST", []any{created.status, created.object(t)["id"] == "bob@example.com"}, []any{http.StatusCreated, false})
		if _, ok := h.Learner("bob@example.com"); !ok {
			t.Error("the POST was not executed")
		}
		renamed := h.call("PATCH", "/groups/"+group+"/", `{"name": "Chemists"}`)
		equal(t, "PATCH of a group", renamed.object(t)["name"], any("Strays"))
		deleted := h.call("DELETE", "/groups/"+group+"/", "")
		equal(t, "DELETE of a group", []any{deleted.status, deleted.object(t)["name"]}, []any{http.StatusOK, "Strays"})
		equal(t, "groups left", len(h.Groups()), 1)
		equal(t, "a list", h.call("GET", "/users/", "").status, http.StatusOK)
	})
	t.Run("no other learner", func(t *testing.T) {
		t.Parallel()
		h := start(t, simulator.Config{Faults: simulator.Faults{Rate: 1, Kinds: []simulator.Fault{simulator.FaultOtherObject}}})
		equal(t, "id", h.call("GET", "/users/"+h.Add(simulator.Learner{ID: "ada", Email: "ada@example.com"}).ID+"/", "").object(t)["id"], any("ada"))
	})
	t.Run("no effect", func(t *testing.T) {
		t.Parallel()
		h, ada, group := prepare(t, simulator.FaultNoEffect)
		h.want(204, "PATCH", "/users/"+ada+"/", `{"status": "deactivated"}`)
		h.want(204, "DELETE", "/users/"+ada+"/", "")
		h.want(204, "DELETE", "/groups/"+group+"/", "")
		if learner, ok := h.Learner("ada@example.com"); !ok || learner.Status != "active" {
			t.Errorf("learner %+v, exists: %t", learner, ok)
		}
		equal(t, "groups", len(h.Groups()), 2)
		h.want(200, "GET", "/users/"+ada+"/", "")
	})
	for _, lie := range simulator.Lies() {
		if slices.Contains(simulator.AllFaults(), lie) {
			t.Errorf("AllFaults contains %s", lie)
		}
	}
}
