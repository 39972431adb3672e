// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

func TestRead(t *testing.T) {
	t.Parallel()
	const (
		kept = iota // state is unchanged
		gone        // state is empty
		read        // state has the values at Udemy
	)
	tests := map[string]struct {
		variations simulator.Variations
		drift      func(*acceptance.Organization)
		intercept  func(http.ResponseWriter, *http.Request) bool
		outcome    int
		want       acceptance.Values
		warning    []string
		failure    []string
	}{
		"changed outside Terraform": {
			drift: func(org *acceptance.Organization) {
				org.Edit("ada@example.com", func(l *simulator.Learner) { l.LastName, l.Status, l.Role = "King", "active", "admin" })
			},
			outcome: read,
			want:    acceptance.Values{"last_name": "King", "status": "active", "role": "admin"},
		},
		"changed address": {
			drift: func(org *acceptance.Organization) {
				org.Edit("ada@example.com", func(l *simulator.Learner) { l.Email = "countess@example.com" })
			},
			outcome: read,
			want:    acceptance.Values{"email": "countess@example.com"},
		},
		"undocumented role and status": {
			intercept: acceptance.Answer(http.MethodGet, "/u1/", `200 {"id":"u1","email":"ada@example.com","firstname":"Ada","lastname":"Lovelace","role":"group_admin","status":"suspended","groups":[]}`),
			outcome:   read,
			want:      acceptance.Values{"role": "group_admin", "status": "suspended", "active": true},
		},
		"role student": {
			intercept: acceptance.Answer(http.MethodGet, "/u1/", `200 {"id":"u1","email":"ada@example.com","firstname":"Ada","lastname":"Lovelace","role":"student","status":"active","groups":[]}`),
			outcome:   read,
			want:      acceptance.Values{"role": "learner"},
		},
		"deleted": {
			drift:   func(org *acceptance.Organization) { org.Remove("ada@example.com") },
			outcome: gone,
		},
		"invited again with another ID": {
			drift: func(org *acceptance.Organization) {
				org.Remove("ada@example.com")
				org.Add(simulator.Learner{ID: "u2", Email: "Ada@example.com", FirstName: "Ada", LastName: "Lovelace", Status: "active"})
			},
			outcome: read,
			want:    acceptance.Values{"id": "u2", "email": "ada@example.com", "status": "active"},
		},
		"no reading: 404 everywhere": {
			variations: simulator.Variations{ReadStatus: http.StatusNotFound},
			outcome:    kept,
			failure:    []string{"Nothing was found at the address of the API", "http://127.0.0.1:", "State is unchanged", "-refresh=false"},
		},
		"no reading: 405": {
			variations: simulator.Variations{ReadStatus: http.StatusMethodNotAllowed},
			outcome:    kept,
			warning:    []string{"does not offer reading"},
		},
		"no reading: 501": {
			variations: simulator.Variations{ReadStatus: http.StatusNotImplemented},
			outcome:    kept,
			warning:    []string{"does not offer reading"},
		},
		"not allowed": {
			variations: simulator.Variations{ReadStatus: http.StatusForbidden},
			outcome:    kept,
			failure:    []string{`Unable to read learner "ada@example.com"`, "State is unchanged"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Variations: test.variations, Intercept: test.intercept})
			org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", Status: "invited"})
			protocol := org.Protocol(t, nil)
			state := protocol.State(udemyUser, ada(acceptance.Values{
				"id": "u1", "active": true, "status": "invited", "role": "learner", "on_destroy": "deactivate",
			}))
			if test.drift != nil {
				test.drift(org)
			}

			object, diags := protocol.Read(state)
			switch {
			case test.warning != nil:
				diags.ExpectWarning(t, test.warning...)
			case test.failure != nil:
				diags.ExpectError(t, "", test.failure...)
			default:
				diags.ExpectNone(t)
			}
			switch test.outcome {
			case gone:
				object.ExpectGone(t)
			case kept:
				object.Expect(t, state.Values)
			case read:
				object.Expect(t, test.want)
				if object.Identity["id"] != object.Values["id"] {
					t.Errorf("the identity is %v", object.Identity)
				}
			}
			org.ExpectWrites(t)
		})
	}
}

// An active learner whose ID is not found is deleted. State does not follow the address to another account.
func TestRead_activeLearnerGone(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	org.Add(simulator.Learner{ID: "u2", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
	protocol := org.Protocol(t, nil)

	object, diags := protocol.Read(protocol.State(udemyUser, ada(acceptance.Values{"id": "u1", "active": true, "status": "active"})))
	diags.ExpectWarning(t, `"ada@example.com" is gone`, "another learner, ID u2", "the plan adopts the account")
	object.ExpectGone(t)
}

func TestRead_groups(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	group := org.AddGroup("Mathematics")
	org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", Groups: []string{group.ID}})
	protocol := org.Protocol(t, nil)
	known := ada(acceptance.Values{"id": "u1", "active": true, "status": "active"})

	object, diags := protocol.Read(protocol.State(udemyUser, known))
	diags.ExpectNone(t)
	object.Expect(t, acceptance.Values{"group_ids": nil}) // Not managed, so not drift.

	known["group_ids"] = []string{}
	object, diags = protocol.Read(protocol.State(udemyUser, known))
	diags.ExpectNone(t)
	object.Expect(t, acceptance.Values{"group_ids": []string{group.ID}})
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	group := func(org *acceptance.Organization, name string) string {
		index := slices.IndexFunc(org.Groups(), func(g simulator.Group) bool { return g.Name == name })
		return org.Groups()[index].ID
	}
	tests := map[string]struct {
		before, after acceptance.Values
		changes       []string // attributes that the plan shows
		writes        []string // {id}, {old} and {new} are the IDs of the learner and the groups
	}{
		"e-mail":     {nil, acceptance.Values{"email": "countess@example.com"}, []string{"email"}, []string{`PATCH /users/{id}/ {"email":"countess@example.com"}`}},
		"first name": {nil, acceptance.Values{"first_name": "Augusta"}, []string{"first_name"}, []string{`PATCH /users/{id}/ {"firstname":"Augusta"}`}},
		"last name":  {nil, acceptance.Values{"last_name": "King"}, []string{"last_name"}, []string{`PATCH /users/{id}/ {"lastname":"King"}`}},
		"external ID, added": {
			nil, acceptance.Values{"external_id": "E-1001"}, []string{"external_id"}, []string{`PATCH /users/{id}/ {"externalid":"E-1001"}`},
		},
		"external ID, removed": {
			acceptance.Values{"external_id": "E-1001"}, nil, []string{"external_id"}, []string{`PATCH /users/{id}/ {"externalid":null}`},
		},
		"role": {nil, acceptance.Values{"role": "admin"}, []string{"role"}, []string{`PATCH /users/{id}/ {"role":"admin"}`}},
		"role, removed": {
			acceptance.Values{"role": "admin"}, nil, nil, nil,
		},
		"letter case of the e-mail": {nil, acceptance.Values{"email": "ADA@Example.com"}, nil, nil},
		"several at once": {
			nil,
			acceptance.Values{"first_name": "Augusta", "role": "admin"},
			[]string{"first_name", "role"},
			[]string{`PATCH /users/{id}/ {"firstname":"Augusta","role":"admin"}`},
		},
		"deactivation, after everything else": {
			nil,
			acceptance.Values{"active": false, "last_name": "King"},
			[]string{"active", "last_name", "status"},
			[]string{`PATCH /users/{id}/ {"lastname":"King"}`, `PATCH /users/{id}/ {"status":"deactivated"}`},
		},
		"reactivation, before everything else": {
			acceptance.Values{"active": false},
			acceptance.Values{"last_name": "King"},
			[]string{"active", "last_name", "status"},
			[]string{`PATCH /users/{id}/ {"status":"active"}`, `PATCH /users/{id}/ {"lastname":"King"}`},
		},
		"groups": {
			acceptance.Values{"group_ids": []string{"{old}"}},
			acceptance.Values{"group_ids": []string{"{new}"}},
			[]string{"group_ids"},
			[]string{`POST /groups/{new}/users/ {"users":["{id}"]}`, `DELETE /groups/{old}/users/{id}/`},
		},
		"empty set of groups": {
			acceptance.Values{"group_ids": []string{"{old}"}},
			acceptance.Values{"group_ids": []string{}},
			[]string{"group_ids"},
			[]string{`DELETE /groups/{old}/users/{id}/`},
		},
		"groups, no longer managed": {
			acceptance.Values{"group_ids": []string{"{old}"}}, nil, []string{"group_ids"}, nil,
		},
		"settings": {
			nil, acceptance.Values{"on_destroy": "keep", "adopt_existing": false}, []string{"adopt_existing", "on_destroy"}, nil,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Variations: simulator.Variations{AutoProvision: true}})
			org.AddGroup("old")
			org.AddGroup("new")
			fill := func(values acceptance.Values) acceptance.Values {
				filled := ada(values)
				if ids, ok := filled["group_ids"].([]string); ok && len(ids) > 0 {
					filled["group_ids"] = []string{group(org, ids[0][1:4])}
				}
				return filled
			}
			protocol := org.Protocol(t, nil)
			object, diags := protocol.Create(udemyUser, fill(test.before))
			diags.ExpectNone(t)
			org.ResetRequests()

			plan := protocol.Plan(object, udemyUser, fill(test.after))
			plan.Diagnostics.ExpectNone(t)
			if plan.Replaces {
				t.Error("the plan replaces the learner")
			}
			if changes := plan.Changes(); !slices.Equal(changes, test.changes) {
				t.Errorf("the plan shows changes of %v, want %v", changes, test.changes)
			}
			updated, diags := protocol.Apply(plan)
			diags.ExpectNone(t)
			want := []string{}
			for _, write := range test.writes {
				want = append(want, replace(write, "{id}", object.Values["id"], "{old}", group(org, "old"), "{new}", group(org, "new")))
			}
			org.ExpectWrites(t, want...)
			updated.Expect(t, acceptance.Values{"id": object.Values["id"]})
			protocol.ExpectCleanPlan(updated, fill(test.after))
		})
	}
}

// If a learner is imported and the configuration has no external ID, the external ID at Udemy is not changed.
func TestUpdate_neverConfigured(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	group := org.AddGroup("Mathematics")
	org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "King", ExternalID: "E-1001", Role: "admin", Groups: []string{group.ID}})
	protocol := org.Protocol(t, nil)
	object, diags := protocol.Import(udemyUser, "u1")
	diags.ExpectNone(t)

	plan := protocol.PlanToo(object, udemyUser, ada(nil))
	plan.Diagnostics.ExpectWarning(t, "external ID of learner", "is not managed", "E-1001", "stays at Udemy")
	updated, diags := protocol.Apply(plan)
	diags.ExpectNone(t)
	org.ExpectWrites(t, `PATCH /users/u1/ {"lastname":"Lovelace"}`)
	protocol.ExpectCleanPlan(updated, ada(nil))
}

func TestUpdate_failsHalfway(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
	protocol := org.Protocol(t, nil)
	object, _ := protocol.Import(udemyUser, "u1")
	group := org.AddGroup("Mathematics")

	plan := protocol.Plan(object, udemyUser, ada(acceptance.Values{"last_name": "King", "group_ids": []string{group.ID}}))
	plan.Diagnostics.ExpectNone(t)
	org.RemoveGroup(group.ID)
	updated, diags := protocol.Apply(plan)
	diags.ExpectError(t, "group_ids", `Unable to update learner "ada@example.com"`, `Joining group "`+group.ID, `last_name from "Lovelace" to "King"`)
	updated.Expect(t, acceptance.Values{"last_name": "King", "group_ids": []string{}})
}

func TestUpdate_addressTaken(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
	protocol := org.Protocol(t, nil)
	object, _ := protocol.Import(udemyUser, "u1")
	config := ada(acceptance.Values{"email": "grace@example.com"})
	plan := protocol.Plan(object, udemyUser, config)
	org.Add(simulator.Learner{ID: "u2", Email: "grace@example.com", FirstName: "Grace", LastName: "Hopper"})

	protocol.Plan(object, udemyUser, config).Diagnostics.ExpectError(t, "email", `"grace@example.com" belongs to another learner`, "u1", "u2")
	updated, diags := protocol.Apply(plan)
	diags.ExpectError(t, "", "Unable to update learner", "conflict", "u2")
	updated.Expect(t, acceptance.Values{"email": "ada@example.com"})
}

func TestUpdate_droppedValue(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{
		Intercept: acceptance.Answer(http.MethodPatch, "/", `200 {"id":"u1","email":"ada@example.com","firstname":"Ada","lastname":"Lovelace","role":"learner","status":"active","groups":[]}`),
	})
	org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
	protocol := org.Protocol(t, nil)
	object, _ := protocol.Import(udemyUser, "u1")

	updated, diags := protocol.Update(object, ada(acceptance.Values{"role": "admin"}))
	diags.ExpectError(t, "", "did not store these changes", `role from "learner" to "admin"`)
	updated.Expect(t, acceptance.Values{"role": "learner"})
}
