// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

func TestCreateUser(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	first, second := h.AddGroup("First").ID, h.AddGroup("Second").ID
	tests := map[string]struct {
		body string
		want map[string]any // without the ID
	}{
		"least": {
			`{"email":"Least@Example.com","firstname":"Ada","lastname":"Lovelace"}`,
			map[string]any{
				"email": "Least@Example.com", "firstname": "Ada", "lastname": "Lovelace",
				"externalid": nil, "role": "learner", "status": "invited", "groups": []any{},
			},
		},
		"everything": {
			`{"email":"all@example.com","firstname":"Zoë","lastname":"O'<b>","externalid":"E-1","role":"admin",` +
				`"groups":["` + second + `","` + first + `","` + second + `"]}`,
			map[string]any{
				"email": "all@example.com", "firstname": "Zoë", "lastname": "O'<b>",
				"externalid": "E-1", "role": "admin", "status": "invited", "groups": []any{first, second},
			},
		},
		"null external ID": {
			`{"email":"null@example.com","firstname":"A","lastname":"B","externalid":null,"groups":[]}`,
			map[string]any{
				"email": "null@example.com", "firstname": "A", "lastname": "B",
				"externalid": nil, "role": "learner", "status": "invited", "groups": []any{},
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			created := h.want(201, "POST", "/users/", test.body).object(t)
			read := h.want(200, "GET", fmt.Sprintf("/users/%s/", created["id"]), "").object(t)
			equal(t, "read after create", read, created)
			delete(created, "id")
			equal(t, "created", created, test.want)
		})
	}
}

func TestCreateUserRefusals(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	// with returns a valid body with one member added or replaced.
	with := func(member, value string) string {
		body := map[string]json.RawMessage{
			"email": json.RawMessage(`"ada@example.com"`), "firstname": json.RawMessage(`"Ada"`), "lastname": json.RawMessage(`"L"`),
		}
		body[member] = json.RawMessage(value)
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	valid := with("email", `"ada@example.com"`)
	tests := map[string]struct {
		body   string
		fields []string // of the answer, sorted
	}{
		"nothing":               {`{}`, []string{"email", "firstname", "lastname"}},
		"several":               {`{"email":"x","role":"boss","firstname":"A","extra":1}`, []string{"email", "extra", "lastname", "role"}},
		"unknown member":        {with("color", `"red"`), []string{"color"}},
		"other case":            {with("firstName", `"Ada"`), []string{"firstName"}},
		"status":                {with("status", `"active"`), []string{"status"}},
		"id":                    {with("id", `"1"`), []string{"id"}},
		"e-mail without at":     {with("email", `"ada.example.com"`), []string{"email"}},
		"e-mail without dot":    {with("email", `"ada@localhost"`), []string{"email"}},
		"e-mail with name":      {with("email", `"Ada <ada@example.com>"`), []string{"email"}},
		"e-mail with space":     {with("email", `" ada@example.com"`), []string{"email"}},
		"two e-mails":           {with("email", `"a@example.com, b@example.com"`), []string{"email"}},
		"empty e-mail":          {with("email", `""`), []string{"email"}},
		"null e-mail":           {with("email", `null`), []string{"email"}},
		"blank first name":      {with("firstname", `"  "`), []string{"firstname"}},
		"empty last name":       {with("lastname", `""`), []string{"lastname"}},
		"number as name":        {with("lastname", `1`), []string{"lastname"}},
		"blank external ID":     {with("externalid", `""`), []string{"externalid"}},
		"number as external ID": {with("externalid", `17`), []string{"externalid"}},
		"unknown role":          {with("role", `"owner"`), []string{"role"}},
		"role in capitals":      {with("role", `"Admin"`), []string{"role"}},
		"null role":             {with("role", `null`), []string{"role"}},
		"unknown group":         {with("groups", `["3a1f6c1e-7f43-4f0a-9d5e-0d8f6f1c2b3a"]`), []string{"groups"}},
		"null groups":           {with("groups", `null`), []string{"groups"}},
		"groups as text":        {with("groups", `"x"`), []string{"groups"}},
		"group as number":       {with("groups", `[1]`), []string{"groups"}},
		"group as null":         {with("groups", `[null]`), []string{"groups"}},
		"list":                  {`[]`, []string{"non_field_errors"}},
		"null":                  {`null`, []string{"non_field_errors"}},
		"text":                  {`"x"`, []string{"non_field_errors"}},
		"not JSON":              {`email=ada@example.com`, []string{"detail"}},
		"truncated":             {strings.TrimSuffix(valid, "}"), []string{"detail"}},
		"trailing garbage":      {valid + "x", []string{"detail"}},
		"second value":          {valid + valid, []string{"detail"}},
		"invalid UTF-8":         {strings.Replace(valid, "Ada", "A\xffa", 1), []string{"detail"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := h.want(400, "POST", "/users/", test.body).object(t)
			var fields []string
			for field, messages := range got {
				fields = append(fields, field)
				if list, ok := messages.([]any); field != "detail" && (!ok || len(list) != 1) {
					t.Errorf("%s is %v, want one message in a list", field, messages)
				}
			}
			slices.Sort(fields)
			equal(t, "fields", fields, test.fields)
		})
	}
	t.Cleanup(func() { // after the parallel tests
		equal(t, "learners", len(h.Learners()), 0)
	})
}

func TestCreateUserConflict(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	id := h.create("Ada@Example.com")
	deactivated := h.Add(simulator.Learner{Email: "gone@example.com", Status: simulator.StatusDeactivated})
	for email, want := range map[string]string{"ADA@example.COM": id, "gone@example.com": deactivated.ID} {
		body := `{"email":"` + email + `","firstname":"A","lastname":"B"}`
		got := h.want(409, "POST", "/users/", body).object(t)
		equal(t, email, got["id"], any(want))
		if got["detail"] == "" || got["detail"] == nil {
			t.Error("no detail")
		}
	}
	equal(t, "learners", len(h.Learners()), 2)

	// A malformed body is reported before the conflict.
	h.want(400, "POST", "/users/", `{"email":"ada@example.com"}`)

	h.want(204, "DELETE", "/users/"+id+"/", "")
	if again := h.create("ada@example.com"); again == id {
		t.Error("an ID was used twice")
	}
}

func TestUpdateUser(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before simulator.Learner // e-mail and names are filled in
		body   string
		status int
		field  string                   // the only field in an error
		after  func(*simulator.Learner) // the expected change; nil for none
	}{
		"nothing":           {body: `{}`, status: 200},
		"e-mail":            {body: `{"email":"New@example.com"}`, status: 200, after: func(l *simulator.Learner) { l.Email = "New@example.com" }},
		"case of e-mail":    {body: `{"email":"ADA@example.com"}`, status: 200, after: func(l *simulator.Learner) { l.Email = "ADA@example.com" }},
		"names":             {body: `{"firstname":"B","lastname":"C"}`, status: 200, after: func(l *simulator.Learner) { l.FirstName, l.LastName = "B", "C" }},
		"external ID":       {body: `{"externalid":"E-2"}`, status: 200, after: func(l *simulator.Learner) { l.ExternalID = "E-2" }},
		"clear external ID": {body: `{"externalid":null}`, status: 200, after: func(l *simulator.Learner) { l.ExternalID = "" }},
		"role":              {body: `{"role":"admin"}`, status: 200, after: func(l *simulator.Learner) { l.Role = "admin" }},
		"role of an invited": {
			before: simulator.Learner{Status: "invited"}, body: `{"role":"admin"}`, status: 200,
			after: func(l *simulator.Learner) { l.Role = "admin" },
		},

		"taken e-mail":           {body: `{"email":"OTHER@example.com"}`, status: 409, field: "detail"},
		"malformed e-mail":       {body: `{"email":"x"}`, status: 400, field: "email"},
		"null e-mail":            {body: `{"email":null}`, status: 400, field: "email"},
		"blank name":             {body: `{"firstname":" "}`, status: 400, field: "firstname"},
		"null name":              {body: `{"lastname":null}`, status: 400, field: "lastname"},
		"blank external ID":      {body: `{"externalid":""}`, status: 400, field: "externalid"},
		"unknown role":           {body: `{"role":"owner"}`, status: 400, field: "role"},
		"groups":                 {body: `{"groups":[]}`, status: 400, field: "groups"},
		"id":                     {body: `{"id":"x"}`, status: 400, field: "id"},
		"unknown member":         {body: `{"first_name":"B"}`, status: 400, field: "first_name"},
		"one valid, one invalid": {body: `{"firstname":"B","role":"x"}`, status: 400, field: "role"},
		"names, taken email":     {body: `{"firstname":"B","email":"other@example.com"}`, status: 409, field: "detail"},

		"deactivate": {body: `{"status":"deactivated"}`, status: 200, after: func(l *simulator.Learner) { l.Status = "deactivated" }},
		"rename and deactivate": {
			body: `{"firstname":"B","status":"deactivated"}`, status: 200,
			after: func(l *simulator.Learner) { l.FirstName, l.Status = "B", "deactivated" },
		},
		"activate the active":  {body: `{"status":"active"}`, status: 200},
		"write invited":        {body: `{"status":"invited"}`, status: 400, field: "status"},
		"write another status": {body: `{"status":"suspended"}`, status: 400, field: "status"},
		"activate the invited": {before: simulator.Learner{Status: "invited"}, body: `{"status":"active"}`, status: 200},
		"deactivate the invited": {
			before: simulator.Learner{Status: "invited"}, body: `{"status":"deactivated"}`, status: 200,
			after: func(l *simulator.Learner) { l.Status = "deactivated" },
		},
		"reactivate": {
			before: simulator.Learner{Status: "deactivated"}, body: `{"status":"active"}`, status: 200,
			after: func(l *simulator.Learner) { l.Status = "active" },
		},
		"deactivate twice":           {before: simulator.Learner{Status: "deactivated"}, body: `{"status":"deactivated"}`, status: 200},
		"rename deactivated":         {before: simulator.Learner{Status: "deactivated"}, body: `{"firstname":"B"}`, status: 400, field: "detail"},
		"role of deactivated":        {before: simulator.Learner{Status: "deactivated"}, body: `{"role":"admin"}`, status: 400, field: "detail"},
		"external ID of deactivated": {before: simulator.Learner{Status: "deactivated"}, body: `{"externalid":null}`, status: 400, field: "detail"},
		"reactivate and rename":      {before: simulator.Learner{Status: "deactivated"}, body: `{"status":"active","lastname":"B"}`, status: 400, field: "detail"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, simulator.Config{})
			other := h.Add(simulator.Learner{Email: "other@example.com"})
			want := test.before
			want.Email, want.FirstName, want.LastName, want.ExternalID = "ada@example.com", "Ada", "Lovelace", "E-1"
			want.Groups = []string{h.AddGroup("Group").ID}
			want = h.Add(want)
			path := "/users/" + want.ID + "/"

			got := h.want(test.status, "PATCH", path, test.body).object(t)
			if test.after != nil {
				test.after(&want)
			}
			equal(t, "learner", h.Learners()[1], want)
			switch test.status {
			case 200:
				equal(t, "answer", got, h.want(200, "GET", path, "").object(t))
				equal(t, "status in the answer", got["status"], any(want.Status))
				if found, ok := h.Learner(strings.ToUpper(want.Email)); !ok || found.ID != want.ID {
					t.Error("the learner is not found by the current e-mail address")
				}
			case 409:
				equal(t, "id in the answer", got["id"], any(other.ID))
			case 400:
				equal(t, "fields in the answer", len(got), 1)
				if got[test.field] == nil {
					t.Errorf("no %q in the answer %v", test.field, got)
				}
			}
		})
	}
}

func TestUpdatedEmailCanBeReused(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	id := h.create("old@example.com")
	h.want(200, "PATCH", "/users/"+id+"/", `{"email":"new@example.com"}`)
	h.create("old@example.com")
}

func TestDeactivatedLearnersKeepGroups(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	id := h.create("ada@example.com")
	group := h.AddGroup("Group", id)
	h.want(200, "PATCH", "/users/"+id+"/", `{"status":"deactivated"}`)
	got := h.want(200, "PATCH", "/users/"+id+"/", `{"status":"active"}`).object(t)
	equal(t, "groups", got["groups"], any([]any{group.ID}))
}

func TestDeleteUser(t *testing.T) {
	t.Parallel()
	for _, status := range []string{simulator.StatusInvited, simulator.StatusActive, simulator.StatusDeactivated} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			h := start(t, simulator.Config{})
			stays := h.Add(simulator.Learner{Email: "stays@example.com"}).ID
			id := h.Add(simulator.Learner{Email: "goes@example.com", Status: status}).ID
			h.AddGroup("Group", id, stays)
			path := "/users/" + id + "/"
			equal(t, "body", h.want(204, "DELETE", path, "").body, "")
			h.want(404, "DELETE", path, "")
			h.want(404, "GET", path, "")
			h.want(404, "PATCH", path, `{}`)
			h.want(404, "POST", path+"resend-invite/", "")
			equal(t, "members", h.Groups()[0].Members, []string{stays})
			equal(t, "learners", len(h.Learners()), 1)
		})
	}
}

func TestResendInvite(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	for status, want := range map[string]int{"invited": 202, "active": 409, "deactivated": 409} {
		id := h.Add(simulator.Learner{Email: status + "@example.com", Status: status}).ID
		h.want(want, "POST", "/users/"+id+"/resend-invite/", "")
		h.want(want, "POST", "/users/"+id+"/resend-invite/", "{}")
	}
	h.want(404, "POST", "/users/unknown/resend-invite/", "")
}

// emails returns the e-mail addresses on a page.
func emails(t *testing.T, page map[string]any) []string {
	t.Helper()
	list := []string{}
	for _, result := range page["results"].([]any) {
		list = append(list, result.(map[string]any)["email"].(string))
	}
	return list
}

func TestListUsersPages(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Learners: 250})
	tests := map[string]struct {
		query          string
		status         int
		first, last    int    // indexes of the learners on the page
		next, previous string // queries of the links; may be empty
	}{
		"default":          {"", 200, 0, 19, "page=2", ""},
		"first":            {"?page=1&page_size=100", 200, 0, 99, "page=2&page_size=100", ""},
		"middle":           {"?page=2&page_size=100", 200, 100, 199, "page=3&page_size=100", "page=1&page_size=100"},
		"last":             {"?page=3&page_size=100", 200, 200, 249, "", "page=2&page_size=100"},
		"full last":        {"?page=5&page_size=50", 200, 200, 249, "", "page=4&page_size=50"},
		"capped":           {"?page_size=1000", 200, 0, 99, "page=2&page_size=1000", ""},
		"one":              {"?page=250&page_size=1", 200, 249, 249, "", "page=249&page_size=1"},
		"empty values":     {"?page=&page_size=", 200, 0, 19, "page=2&page_size=", ""},
		"unknown query":    {"?color=red", 200, 0, 19, "color=red&page=2", ""},
		"beyond the end":   {"?page=4&page_size=100", 404, 0, 0, "", ""},
		"just beyond":      {"?page=6&page_size=50", 404, 0, 0, "", ""},
		"zero":             {"?page=0", 404, 0, 0, "", ""},
		"negative":         {"?page=-1", 404, 0, 0, "", ""},
		"huge":             {"?page=99999999999999999999999", 404, 0, 0, "", ""},
		"very negative":    {"?page=-99999999999999999999999", 404, 0, 0, "", ""},
		"word":             {"?page=last", 400, 0, 0, "", ""},
		"word as size":     {"?page_size=all", 400, 0, 0, "", ""},
		"zero as size":     {"?page_size=0", 400, 0, 0, "", ""},
		"negative as size": {"?page_size=-5", 400, 0, 0, "", ""},
	}
	all := h.Learners()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := h.want(test.status, "GET", "/users/"+test.query, "").object(t)
			switch test.status {
			case 404:
				equal(t, "answer", got, map[string]any{"detail": "Invalid page."})
				return
			case 400:
				equal(t, "fields", len(got), 1)
				return
			}
			link := func(query string) any {
				if query == "" {
					return nil
				}
				return h.base + "/users/?" + query
			}
			equal(t, "count", got["count"], any(250.0))
			equal(t, "next", got["next"], link(test.next))
			equal(t, "previous", got["previous"], link(test.previous))
			var want []string
			for _, l := range all[test.first : test.last+1] {
				want = append(want, l.Email)
			}
			equal(t, "results", emails(t, got), want)
			if next, ok := got["next"].(string); ok {
				h.want(200, "GET", next, "")
			}
		})
	}
}

func TestListUsersEmpty(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	want := map[string]any{"count": 0.0, "next": nil, "previous": nil, "results": []any{}}
	equal(t, "page", h.want(200, "GET", "/users/?page=1", "").object(t), want)
	h.want(404, "GET", "/users/?page=2", "")
}

func TestListUsersFilters(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	for i := range 5 {
		h.Add(simulator.Learner{Email: fmt.Sprintf("U+%d@example.com", i), ExternalID: fmt.Sprintf("E-%d", i%2)})
	}
	tests := map[string]struct {
		query string
		count float64
		want  []string
	}{
		"e-mail":            {"email=u%2B1@EXAMPLE.com", 1, []string{"U+1@example.com"}},
		"part of an e-mail": {"email=example.com", 0, []string{}},
		"external ID":       {"externalid=E-1", 2, []string{"U+1@example.com", "U+3@example.com"}},
		"case-exact":        {"externalid=e-1", 0, []string{}},
		"both":              {"email=u%2B1@example.com&externalid=E-1", 1, []string{"U+1@example.com"}},
		"both, no match":    {"email=u%2B1@example.com&externalid=E-0", 0, []string{}},
		"empty":             {"email=&externalid=&page_size=1", 5, []string{"U+0@example.com"}},
		"with pages":        {"externalid=E-0&page=2&page_size=2", 3, []string{"U+4@example.com"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := h.want(200, "GET", "/users/?"+test.query, "").object(t)
			equal(t, "count", got["count"], any(test.count))
			equal(t, "results", emails(t, got), test.want)
		})
	}
	got := h.want(200, "GET", "/users/?externalid=E-0&page_size=2", "").object(t)
	got = h.want(200, "GET", got["next"].(string), "").object(t)
	equal(t, "the next link keeps the filter", emails(t, got), []string{"U+4@example.com"})
}
