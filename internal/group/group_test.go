// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package group_test

import (
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const udemyGroup = "udemy_group"

var mathematics = acceptance.Values{"name": "Mathematics"}

func TestCreate(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	protocol := org.Protocol(t, nil)

	object, diags := protocol.Create(udemyGroup, mathematics)
	diags.ExpectNone(t)
	org.ExpectWrites(t, `POST /groups/ {"name":"Mathematics"}`)
	object.Expect(t, acceptance.Values{"id": org.Groups()[0].ID, "name": "Mathematics", "on_destroy": nil})
	if object.Identity["id"] != object.Values["id"] {
		t.Errorf("the identity is %v", object.Identity)
	}
	protocol.ExpectCleanPlan(object, mathematics)
}

func TestCreate_refused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer, attribute, words string
	}{
		"name":        {`400 {"name":["Too long."]}`, "name", "Too long."},
		"not offered": {`405`, "", "no such call"},
		"not allowed": {`403`, "", "not allow this call"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Intercept: acceptance.Answer(http.MethodPost, "/groups/", test.answer)})
			object, diags := org.Protocol(t, nil).Create(udemyGroup, mathematics)
			diags.ExpectError(t, test.attribute, `Unable to create group "Mathematics"`, test.words)
			object.ExpectGone(t)
		})
	}
}

func TestAdopt(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	member := org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
	existing := org.AddGroup("Mathematics", member.ID)
	protocol := org.Protocol(t, nil)

	object, diags := protocol.Create(udemyGroup, mathematics)
	diags.ExpectWarning(t, `Adopted existing group "Mathematics"`, existing.ID, "members were not changed")
	object.Expect(t, acceptance.Values{"id": existing.ID})
	org.ExpectWrites(t)
	protocol.ExpectCleanPlan(object, mathematics)
}

func TestAdopt_refused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		existing string
		block    acceptance.Values
		words    []string
	}{
		"adopt_existing is false":                          {"Mathematics", acceptance.Values{"adopt_existing": false}, []string{"exists already", "terraform import udemy_group.NAME "}},
		"adopt_existing is false, and another letter case": {"mathematics", acceptance.Values{"adopt_existing": false}, []string{`"mathematics" exists already`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
			protocol := org.Protocol(t, test.block)
			plan := protocol.Plan(nil, udemyGroup, mathematics)
			plan.Diagnostics.ExpectNone(t)
			existing := org.AddGroup(test.existing)
			object, diags := protocol.Apply(plan)
			diags.ExpectError(t, "name", append(test.words, existing.ID)...)
			object.ExpectGone(t)
		})
	}
}

func TestPlan_existing(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		existing := org.AddGroup("Mathematics")
		protocol := org.Protocol(t, nil)
		protocol.Plan(nil, udemyGroup, mathematics).Diagnostics.ExpectWarning(t, `"Mathematics" exists already and will be adopted`, existing.ID)
		protocol.Plan(nil, udemyGroup, acceptance.Values{"name": "Physics"}).Diagnostics.ExpectNone(t)
		protocol.Plan(nil, udemyGroup, acceptance.Values{"name": acceptance.Unknown}).Diagnostics.ExpectNone(t)

		refusing := org.Protocol(t, acceptance.Values{"adopt_existing": false})
		refusing.Plan(nil, udemyGroup, mathematics).Diagnostics.ExpectError(t, "name", "exists already", "terraform import udemy_group.NAME "+existing.ID)
	})
}

// If two groups have the name, an error lists both IDs. It does not depend on whether the groups have been listed before.
func TestPlan_ambiguous(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Variations: simulator.Variations{SameGroupNames: true}})
	one, other := org.AddGroup("Mathematics"), org.AddGroup("Mathematics")
	protocol := org.Protocol(t, nil)
	protocol.Plan(nil, udemyGroup, mathematics).Diagnostics.ExpectError(t, "", "Mathematics", one.ID, other.ID)
	for _, name := range []string{"Physics", "Chemistry", "Biology"} {
		protocol.PlanToo(nil, udemyGroup, acceptance.Values{"name": name}).Diagnostics.ExpectNone(t)
	}
	protocol.PlanToo(nil, udemyGroup, mathematics).Diagnostics.ExpectError(t, "", "Mathematics", one.ID, other.ID)
	org.ExpectWrites(t)
}

func TestPlan_twice(t *testing.T) {
	t.Parallel()
	protocol := acceptance.Start(t, acceptance.UserManagement, simulator.Config{}).Protocol(t, nil)
	protocol.Plan(nil, udemyGroup, mathematics).Diagnostics.ExpectNone(t)
	protocol.PlanToo(nil, udemyGroup, acceptance.Values{"name": "Physics"}).Diagnostics.ExpectNone(t)
	protocol.PlanToo(nil, udemyGroup, mathematics).Diagnostics.ExpectError(t, "name", `Two resources for group "Mathematics"`)
}

func TestAdopt_conflictWithoutID(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{"no ID": `409 {"detail":"taken"}`, "ID of a deleted group": `409 {"id":"gone"}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Intercept: acceptance.Answer(http.MethodPost, "/groups/", answer)})
			existing := org.AddGroup("Mathematics")
			object, diags := org.Protocol(t, nil).Create(udemyGroup, mathematics)
			diags.ExpectWarning(t, "Adopted")
			object.Expect(t, acceptance.Values{"id": existing.ID})
		})
	}
}

// After a create call whose answer was lost, the group of the call is used and not treated as an existing group. If names
// are not unique, no second group is created.
func TestCreate_answerLost(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		var lost atomic.Bool
		var org *acceptance.Organization
		org = acceptance.Start(t, api, simulator.Config{
			Variations: simulator.Variations{SameGroupNames: api == acceptance.SCIM},
			Intercept: func(_ http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodPost || lost.Swap(true) {
					return false
				}
				org.AddGroup("Mathematics")
				panic(http.ErrAbortHandler) // The group is created, and the answer is lost.
			},
		})
		object, diags := org.Protocol(t, acceptance.Values{"adopt_existing": false}).Create(udemyGroup, mathematics)
		diags.ExpectNone(t)
		object.Expect(t, acceptance.Values{"id": org.Groups()[0].ID})
		if groups := org.Groups(); len(groups) != 1 {
			t.Errorf("the groups are %+v, want 1", groups)
		}
	})
}

// A group with members is an existing group, even if an answer was lost.
func TestAdopt_answerLost(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		route := map[acceptance.API]string{acceptance.UserManagement: "/groups/", acceptance.SCIM: "/Groups"}[api]
		org := acceptance.Start(t, api, simulator.Config{Intercept: acceptance.Answer(http.MethodPost, route, "500 {}")})
		member := org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
		existing := org.AddGroup("Mathematics", member.ID)
		object, diags := org.Protocol(t, nil).Create(udemyGroup, mathematics)
		diags.ExpectWarning(t, `Adopted existing group "Mathematics"`, existing.ID)
		object.Expect(t, acceptance.Values{"id": existing.ID})
	})
}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		variations simulator.Variations
		drift      func(org *acceptance.Organization, id string)
		name       string // empty: gone
		warning    string
	}{
		"renamed":        {drift: func(org *acceptance.Organization, id string) { org.RenameGroup(id, "Maths") }, name: "Maths"},
		"deleted":        {drift: func(org *acceptance.Organization, id string) { org.RemoveGroup(id) }},
		"no reading":     {variations: simulator.Variations{ReadStatus: http.StatusNotFound}, name: "Mathematics", warning: "does not offer reading"},
		"no such method": {variations: simulator.Variations{ReadStatus: http.StatusMethodNotAllowed}, name: "Mathematics", warning: "does not offer reading"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Variations: test.variations})
			protocol := org.Protocol(t, nil)
			object, diags := protocol.Create(udemyGroup, mathematics)
			diags.ExpectNone(t)
			if test.drift != nil {
				test.drift(org, org.Groups()[0].ID)
			}

			object, diags = protocol.NextRun().Read(object)
			switch {
			case test.warning != "":
				diags.ExpectWarning(t, test.warning)
			default:
				diags.ExpectNone(t)
			}
			if test.name == "" {
				object.ExpectGone(t)
				return
			}
			object.Expect(t, acceptance.Values{"name": test.name})
		})
	}
}

func forbid(w http.ResponseWriter, _ *http.Request) bool {
	w.WriteHeader(http.StatusForbidden)
	return true
}

// A first plan reports that it could not look for an existing group.
func TestPlan_lookupFails(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Intercept: forbid})
		protocol := org.Protocol(t, nil)
		protocol.PlanToo(nil, udemyGroup, mathematics).Diagnostics.ExpectError(t, "", `Unable to plan group "Mathematics"`, "not allow this call")
		protocol.PlanToo(nil, udemyGroup, acceptance.Values{"name": "Physics"}).Diagnostics.ExpectNone(t) // The error appears once per run.
	})
}

func TestRead_refused(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for name, test := range map[string]struct {
			intercept func(http.ResponseWriter, *http.Request) bool
			path      string
			words     string
		}{
			"not allowed":   {intercept: forbid, words: `Unable to read group "Mathematics"`},
			"wrong address": {path: "/wrong", words: "Nothing was found at the address of the API"},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				org := acceptance.Start(t, api, simulator.Config{Intercept: test.intercept})
				protocol := org.Protocol(t, acceptance.Values{"endpoint": org.Endpoint + test.path})
				object, diags := protocol.Read(protocol.State(udemyGroup, acceptance.Values{"id": "g1", "name": "Mathematics"}))
				diags.ExpectError(t, "", test.words, "State is unchanged")
				object.Expect(t, acceptance.Values{"id": "g1", "name": "Mathematics"})
			})
		}
	})
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	protocol := org.Protocol(t, nil)
	object, _ := protocol.Create(udemyGroup, mathematics)
	id := object.Values["id"].(string)
	org.ResetRequests()

	renamed := acceptance.Values{"name": "Maths", "on_destroy": "keep"}
	plan := protocol.Plan(object, udemyGroup, renamed)
	if plan.Replaces {
		t.Error("the plan replaces the group")
	}
	object, diags := protocol.Apply(plan)
	diags.ExpectNone(t)
	object.Expect(t, acceptance.Values{"id": id, "name": "Maths", "on_destroy": "keep"})
	org.ExpectWrites(t, `PATCH /groups/`+id+`/ {"name":"Maths"}`)
	protocol.ExpectCleanPlan(object, renamed)

	physics := acceptance.Values{"name": "Physics", "on_destroy": "keep"}
	plan = protocol.Plan(object, udemyGroup, physics)
	other := org.AddGroup("Physics")
	protocol.Plan(object, udemyGroup, physics).Diagnostics.ExpectError(t, "name", `"Physics" belongs to another group`, id, other.ID)
	object, diags = protocol.Apply(plan)
	diags.ExpectError(t, "", `Unable to rename group "Maths"`, "keeps its name")
	object.Expect(t, acceptance.Values{"name": "Maths"})
}

func TestDestroy(t *testing.T) {
	t.Parallel()
	for onDestroy, left := range map[string]int{"delete": 0, "keep": 1} {
		t.Run(onDestroy, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
			protocol := org.Protocol(t, nil)
			object, _ := protocol.Create(udemyGroup, acceptance.Values{"name": "Mathematics", "on_destroy": onDestroy})
			object, diags := protocol.Destroy(object)
			diags.ExpectNone(t)
			object.ExpectGone(t)
			if groups := org.Groups(); len(groups) != left {
				t.Errorf("there are %d groups left, want %d", len(groups), left)
			}
		})
	}
	t.Run("already deleted", func(t *testing.T) {
		t.Parallel()
		org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
		protocol := org.Protocol(t, nil)
		object, _ := protocol.Create(udemyGroup, mathematics)
		org.RemoveGroup(org.Groups()[0].ID)
		object, diags := protocol.Destroy(object)
		diags.ExpectNone(t)
		object.ExpectGone(t)
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Intercept: acceptance.Answer(http.MethodDelete, "/", `405`)})
		protocol := org.Protocol(t, nil)
		object, _ := protocol.Create(udemyGroup, mathematics)
		object, diags := protocol.Destroy(object)
		diags.ExpectError(t, "", `Unable to delete group "Mathematics"`, "no such call", "stays in state")
		object.Expect(t, acceptance.Values{"name": "Mathematics"})
	})
}

func TestImport(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	group := org.AddGroup("Mathematics")
	protocol := org.Protocol(t, nil)
	for _, id := range []string{group.ID, "name:Mathematics"} {
		object, diags := protocol.Import(udemyGroup, id)
		diags.ExpectNone(t)
		object.Expect(t, acceptance.Values{"id": group.ID, "name": "Mathematics", "on_destroy": nil})
		protocol.ExpectCleanPlan(object, mathematics)
	}
	object, diags := protocol.ImportByIdentity(udemyGroup, acceptance.Values{"id": group.ID})
	diags.ExpectNone(t)
	object.Expect(t, acceptance.Values{"name": "Mathematics"})

	for id, words := range map[string]string{
		"name:":         "Malformed import ID",
		"name:Math":     "not found",
		"no-such-group": "not found",
	} {
		object, diags := protocol.Import(udemyGroup, id)
		diags.ExpectError(t, "", words, "name:Engineering")
		object.ExpectGone(t)
	}
	for _, name := range []string{"Mathematics", "mathematics"} {
		_, diags := protocol.Import(udemyGroup, name)
		diags.ExpectError(t, "", "Mathematics is the name of the group with ID "+group.ID, "name:Engineering")
	}
}

func TestDataSource(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	group := org.AddGroup("Mathematics")
	protocol := org.Protocol(t, nil)
	for _, config := range []acceptance.Values{{"id": group.ID}, mathematics} {
		values, diags := protocol.ReadData(udemyGroup, config)
		diags.ExpectNone(t)
		(&acceptance.Object{Values: values}).Expect(t, acceptance.Values{"id": group.ID, "name": "Mathematics"})
	}
	_, diags := protocol.ReadData(udemyGroup, acceptance.Values{"name": "Physics"})
	diags.ExpectError(t, "name", `with name "Physics"`, "not found")
	_, diags = protocol.ReadData(udemyGroup, acceptance.Values{"id": "Mathematics"})
	diags.ExpectError(t, "id", "Mathematics is the name of the group with ID "+group.ID, "set name instead of id")
	_, diags = protocol.ReadData(udemyGroup, nil)
	diags.ExpectError(t, "", "id,name")
}

func TestValidate(t *testing.T) {
	t.Parallel()
	protocol := acceptance.Start(t, acceptance.UserManagement, simulator.Config{}).Protocol(t, nil)
	for _, name := range []string{"", " ", "Mathematics ", "Mathe\nmatics"} {
		protocol.Validate(udemyGroup, acceptance.Values{"name": name}).ExpectError(t, "name")
	}
	protocol.Validate(udemyGroup, acceptance.Values{"name": "R&D: \"Köln\" 🚀"}).ExpectNone(t)
}
