// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

func TestCreate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		variations simulator.Variations
		config     acceptance.Values
		body       string
		want       acceptance.Values
	}{
		"required attributes only": {
			body: `{"email":"ada@example.com","firstname":"Ada","lastname":"Lovelace"}`,
			want: acceptance.Values{"status": "invited", "active": true, "role": "learner", "external_id": nil, "group_ids": nil, "on_destroy": "deactivate"},
		},
		"all attributes": {
			config: acceptance.Values{"external_id": "E-1001", "role": "admin", "on_destroy": "keep"},
			body:   `{"email":"ada@example.com","firstname":"Ada","lastname":"Lovelace","externalid":"E-1001","role":"admin"}`,
			want:   acceptance.Values{"status": "invited", "role": "admin", "external_id": "E-1001", "on_destroy": "keep"},
		},
		"account without an invitation": {
			variations: simulator.Variations{AutoProvision: true},
			body:       `{"email":"ada@example.com","firstname":"Ada","lastname":"Lovelace"}`,
			want:       acceptance.Values{"status": "active", "active": true},
		},
		"answer with ID and status only": {
			variations: simulator.Variations{SparseAnswers: true},
			config:     acceptance.Values{"external_id": "E-1001"},
			body:       `{"email":"ada@example.com","firstname":"Ada","lastname":"Lovelace","externalid":"E-1001"}`,
			want:       acceptance.Values{"status": "invited", "first_name": "Ada", "external_id": "E-1001", "role": "learner"},
		},
		"numeric ID": {
			variations: simulator.Variations{NumericIDs: true},
			body:       `{"email":"ada@example.com","firstname":"Ada","lastname":"Lovelace"}`,
			want:       acceptance.Values{"status": "invited"},
		},
		"different letter case": {
			variations: simulator.Variations{FoldEmails: true},
			config:     acceptance.Values{"email": "Ada@Example.com"},
			body:       `{"email":"Ada@Example.com","firstname":"Ada","lastname":"Lovelace"}`,
			want:       acceptance.Values{"email": "Ada@Example.com"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Variations: test.variations})
			protocol := org.Protocol(t, nil)

			object, diags := protocol.Create(udemyUser, ada(test.config))
			diags.ExpectNone(t)
			object.Expect(t, test.want)
			org.ExpectWrites(t, "POST /users/ "+test.body)
			learner, _ := org.Learner("ada@example.com")
			if object.Values["id"] != learner.ID || object.Identity["id"] != learner.ID {
				t.Errorf("id %v and identity %v, want %s", object.Values["id"], object.Identity, learner.ID)
			}
			protocol.ExpectCleanPlan(object, ada(test.config))
		})
	}
}

func TestCreate_withGroups(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{
		"IDs":               {},
		"objects":           {GroupObjects: true},
		"not in the answer": {SparseAnswers: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Variations: variations})
			group := org.AddGroup("Mathematics")
			protocol := org.Protocol(t, nil)
			config := ada(acceptance.Values{"role": "learner", "group_ids": []string{group.ID}})

			object, diags := protocol.Create(udemyUser, config)
			diags.ExpectNone(t)
			// The invitation contains the groups, so there is only one request.
			org.ExpectWrites(t, `POST /users/ {"email":"ada@example.com","firstname":"Ada","lastname":"Lovelace","groups":["`+group.ID+`"],"role":"learner"}`)
			protocol.ExpectCleanPlan(object, config)
		})
	}
}

func TestCreate_inactive(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	protocol := org.Protocol(t, nil)
	config := ada(acceptance.Values{"active": false})

	object, diags := protocol.Create(udemyUser, config)
	diags.ExpectNone(t)
	object.Expect(t, acceptance.Values{"active": false, "status": "deactivated"})
	protocol.ExpectCleanPlan(object, config)
}

func TestCreate_laterStepFails(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{
		Intercept: acceptance.Answer(http.MethodPatch, "/", `403 {"detail":"No."}`),
	})
	protocol := org.Protocol(t, nil)

	object, diags := protocol.Create(udemyUser, ada(acceptance.Values{"active": false}))
	learner, _ := org.Learner("ada@example.com")
	diags.ExpectError(t, "active", `Unable to finish creating learner "ada@example.com"`, learner.ID, "No.", "untaint")
	object.Expect(t, acceptance.Values{"id": learner.ID, "status": "invited", "active": true})
}

func TestCreate_writeOnlyAPI(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Variations: simulator.Variations{WriteOnly: true, SparseAnswers: true}})
	protocol := org.Protocol(t, nil)
	config := ada(acceptance.Values{"external_id": "E-1001"})

	object, diags := protocol.Create(udemyUser, config)
	diags.ExpectNone(t)
	object.Expect(t, acceptance.Values{"status": "invited", "external_id": "E-1001", "role": nil})

	refreshed, diags := protocol.Read(object)
	diags.ExpectWarning(t, "does not offer reading", "State is kept")
	refreshed.Expect(t, object.Values)
	_, diags = protocol.Read(refreshed)
	diags.ExpectNone(t) // The warning appears once per run.
	plan := protocol.Plan(refreshed, udemyUser, config)
	plan.Object.Expect(t, refreshed.Values)

	kept, diags := protocol.Destroy(refreshed)
	diags.ExpectError(t, "", `Unable to destroy learner "ada@example.com"`, "no such call", "stays in state")
	kept.Expect(t, object.Values)
}

func TestCreate_refused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer    string
		attribute string
		words     []string
	}{
		"e-mail":             {`400 {"email":["Domain is not allowed."]}`, "email", []string{"Domain is not allowed."}},
		"first name":         {`400 {"firstname":["Too long."]}`, "first_name", []string{"Too long."}},
		"last name":          {`400 {"lastname":["Too long."]}`, "last_name", []string{"Too long."}},
		"external ID":        {`400 {"externalid":["Not unique."]}`, "external_id", []string{"Not unique."}},
		"role":               {`400 {"role":["Not yours to give."]}`, "role", []string{"Not yours to give."}},
		"groups":             {`400 {"groups":["No such group."]}`, "group_ids", []string{"No such group."}},
		"no attribute":       {`400 {"detail":"No more seats."}`, "", []string{"No more seats."}},
		"conflict in detail": {`400 {"detail":"User already exists, conflict 409."}`, "", []string{"already exists"}},
		"wrong token":        {`401 {"detail":"Invalid token."}`, "", []string{"UDEMY_TOKEN"}},
		"not allowed":        {`403 {"detail":"Not your plan."}`, "", []string{"Not your plan.", "plan includes this API"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Intercept: acceptance.Answer(http.MethodPost, "/users/", test.answer)})
			protocol := org.Protocol(t, nil)
			group := org.AddGroup("Mathematics")

			object, diags := protocol.Create(udemyUser, ada(acceptance.Values{"group_ids": []string{group.ID}}))
			diags.ExpectError(t, test.attribute, append(test.words, `Unable to create learner "ada@example.com"`)...)
			object.ExpectGone(t)
			if strings.Contains(diags.String(), simulator.DefaultToken) {
				t.Errorf("a diagnostic contains the token: %s", diags)
			}
		})
	}
}

func TestCreate_storedDifferently(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Intercept: acceptance.Answer(http.MethodPatch, "/", `200 {"id":"x1","email":"ada@example.com","firstname":"ada","lastname":"Lovelace","role":"learner","status":"invited"}`)})
	protocol := org.Protocol(t, nil)
	org.Add(simulator.Learner{ID: "x1", Email: "ada@example.com", FirstName: "ada", LastName: "Lovelace"})

	_, diags := protocol.Create(udemyUser, ada(nil))
	if !strings.Contains(diags.String(), `still differs: first_name from "ada" to "Ada"`) {
		t.Errorf("no diagnostic names the value that was not stored:\n%s", diags)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config    acceptance.Values
		attribute string
	}{
		"not an e-mail address":  {acceptance.Values{"email": "ada"}, "email"},
		"e-mail with a name":     {acceptance.Values{"email": "Ada <ada@example.com>"}, "email"},
		"e-mail with a newline":  {acceptance.Values{"email": "ada@example.com\n"}, "email"},
		"blank name":             {acceptance.Values{"first_name": " "}, "first_name"},
		"blank at the end":       {acceptance.Values{"last_name": "Lovelace "}, "last_name"},
		"control character":      {acceptance.Values{"last_name": "Love\x00lace"}, "last_name"},
		"right-to-left override": {acceptance.Values{"first_name": "A\u202eda"}, "first_name"},
		"empty external ID":      {acceptance.Values{"external_id": ""}, "external_id"},
		"unknown on_destroy":     {acceptance.Values{"on_destroy": "forget"}, "on_destroy"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			protocol := acceptance.Start(t, acceptance.UserManagement, simulator.Config{}).Protocol(t, nil)
			protocol.Validate(udemyUser, ada(test.config)).ExpectError(t, test.attribute)
		})
	}
	t.Run("valid", func(t *testing.T) {
		t.Parallel()
		protocol := acceptance.Start(t, acceptance.UserManagement, simulator.Config{}).Protocol(t, nil)
		protocol.Validate(udemyUser, ada(acceptance.Values{"first_name": "Zoë 👩‍🎓", "last_name": "O'Neill-Šarić", "group_ids": []string{}})).ExpectNone(t)
		protocol.Validate(udemyUser, acceptance.Values{
			"email": acceptance.Unknown, "first_name": acceptance.Unknown, "last_name": acceptance.Unknown, "role": acceptance.Unknown,
		}).ExpectNone(t)
	})
}
