// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// operations are the operations on an existing resource. They return its state afterwards.
var operations = map[string]func(p *acceptance.Protocol, object *acceptance.Object, change acceptance.Values) (*acceptance.Object, acceptance.Diagnostics){
	"read": func(p *acceptance.Protocol, object *acceptance.Object, _ acceptance.Values) (*acceptance.Object, acceptance.Diagnostics) {
		return p.Read(object)
	},
	"update": func(p *acceptance.Protocol, object *acceptance.Object, change acceptance.Values) (*acceptance.Object, acceptance.Diagnostics) {
		return p.Update(object, change)
	},
	"destroy": func(p *acceptance.Protocol, object *acceptance.Object, _ acceptance.Values) (*acceptance.Object, acceptance.Diagnostics) {
		return p.Destroy(object)
	},
}

// A response about another object is an error. The other object does not change, and state keeps its ID.
func TestAnswersAboutAnother(t *testing.T) {
	t.Parallel()
	for resourceType, configs := range map[string][2]acceptance.Values{
		"udemy_user": {
			{"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"},
			{"email": "ada@example.com", "first_name": "Ada", "last_name": "King"},
		},
		"udemy_group": {{"name": "Analysts"}, {"name": "Chemists"}},
	} {
		for name, operate := range operations {
			t.Run(resourceType+" "+name, func(t *testing.T) {
				t.Parallel()
				acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
					t.Helper()
					org := acceptance.Start(t, api, simulator.Config{})
					org.Add(simulator.Learner{ID: "eve", Email: "eve@example.com", FirstName: "Eve", LastName: "Other", SCIM: true})
					org.AddGroup("Strays", "eve")
					before, diags := org.Protocol(t, nil).Create(resourceType, configs[0])
					diags.ExpectNoErrors(t)
					stranger, _ := org.Learner("eve@example.com")

					run := org.Protocol(t, nil)
					org.SetFaults(simulator.Faults{Rate: 1, Kinds: []simulator.Fault{simulator.FaultOtherObject}})
					after, diags := operate(run, before, configs[1])
					if !strings.Contains(diags.String(), "mismatched response") || !strings.Contains(diags.String(), "A cache or a proxy") {
						t.Errorf("the diagnostics are:\n%s", diags)
					}
					if after == nil || after.Values["id"] != before.Values["id"] {
						t.Errorf("state is %+v, want ID %v", after, before.Values["id"])
					}
					if now, _ := org.Learner("eve@example.com"); !reflect.DeepEqual(now, stranger) {
						t.Errorf("the other learner is %+v, was %+v", now, stranger)
					}
					if now := org.Groups()[0]; now.Name != "Strays" {
						t.Errorf("the other group is %+v", now)
					}
				})
			})
		}
		t.Run(resourceType+" create", func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := acceptance.Start(t, api, simulator.Config{})
				org.Add(simulator.Learner{ID: "eve", Email: "eve@example.com", FirstName: "Eve", LastName: "Other", SCIM: true})
				org.AddGroup("Strays", "eve")
				run := org.Protocol(t, nil)
				org.SetFaults(simulator.Faults{Rate: 1, Kinds: []simulator.Fault{simulator.FaultOtherObject}, Method: "POST"})
				object, diags := run.Create(resourceType, configs[0])
				if object != nil || !strings.Contains(diags.String(), "mismatched response") {
					t.Errorf("state is %+v; the diagnostics are:\n%s", object, diags)
				}
				// Only the POST: its response must not cause further requests.
				if writes := org.Writes(); len(writes) != 1 {
					t.Errorf("writes: %q", writes)
				}
			})
		})
	}
}

// If a success response changes nothing, the resource stays in state.
func TestDestroyWithoutEffect(t *testing.T) {
	t.Parallel()
	learner := acceptance.Values{"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"}
	erased := acceptance.Values{"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace", "on_destroy": "delete"}
	for name, test := range map[string]struct {
		resourceType string
		config       acceptance.Values
		apis         []acceptance.API
	}{
		"a deactivation": {"udemy_user", learner, []acceptance.API{acceptance.UserManagement, acceptance.SCIM}},
		"an erasure":     {"udemy_user", erased, []acceptance.API{acceptance.UserManagement}},
		"a group":        {"udemy_group", acceptance.Values{"name": "Analysts"}, []acceptance.API{acceptance.UserManagement, acceptance.SCIM}},
	} {
		for _, api := range test.apis {
			t.Run(fmt.Sprint(name, " ", api), func(t *testing.T) {
				t.Parallel()
				org := acceptance.Start(t, api, simulator.Config{Variations: simulator.Variations{AutoProvision: true}})
				before, diags := org.Protocol(t, nil).Create(test.resourceType, test.config)
				diags.ExpectNoErrors(t)
				run := org.Protocol(t, nil)
				org.SetFaults(simulator.Faults{Rate: 1, Kinds: []simulator.Fault{simulator.FaultNoEffect}})
				after, diags := run.Destroy(before)
				if !strings.Contains(diags.String(), "accepted without effect") || !strings.Contains(diags.String(), "No object was removed from state") || after == nil || after.Values["id"] != before.Values["id"] {
					t.Errorf("state holds %+v; the diagnostics are:\n%s", after, diags)
				}
				// If the API executes the call, the resource is removed from state.
				org.SetFaults(simulator.Faults{})
				gone, diags := org.Protocol(t, nil).Destroy(after)
				diags.ExpectNone(t)
				gone.ExpectGone(t)
			})
		}
	}
}
