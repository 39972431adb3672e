// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func TestGroupLifecycle(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	created := h.want(201, "POST", "/groups/", `{"name":"Data & Co"}`).object(t)
	id, _ := created["id"].(string)
	if !uuid.MatchString(id) {
		t.Fatalf("ID %q is not a UUID", id)
	}
	equal(t, "created", created, map[string]any{"id": id, "name": "Data & Co"})
	path := "/groups/" + id + "/"
	equal(t, "read", h.want(200, "GET", path, "").object(t), created)
	renamed := map[string]any{"id": id, "name": "DATA & CO"}
	equal(t, "renamed", h.want(200, "PATCH", path, `{"name":"DATA & CO"}`).object(t), renamed)
	equal(t, "unchanged", h.want(200, "PATCH", path, `{}`).object(t), renamed)

	h.want(200, "PATCH", path, `{"name":"Renamed"}`)
	h.AddGroup("data & co") // the old name can be reused

	member := h.create("ada@example.com")
	h.want(204, "POST", path+"users/", `{"users":["`+member+`"]}`)
	equal(t, "body", h.want(204, "DELETE", path, "").body, "")
	for _, call := range []struct{ method, path, body string }{
		{"GET", path, ""},
		{"PATCH", path, `{"name":"x"}`},
		{"DELETE", path, ""},
		{"GET", path + "users/", ""},
		{"POST", path + "users/", `{"users":["` + member + `"]}`},
		{"DELETE", path + "users/" + member + "/", ""},
	} {
		h.want(404, call.method, call.path, call.body)
	}
	read := h.want(200, "GET", "/users/"+member+"/", "").object(t)
	equal(t, "groups of the member", read["groups"], any([]any{}))
	h.want(201, "POST", "/groups/", `{"name":"renamed"}`)
}

func TestGroupRefusals(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	taken := h.AddGroup("Taken").ID
	path := "/groups/" + h.AddGroup("Other").ID + "/"
	tests := map[string]struct {
		method, path, body string
		status             int
		field              string
	}{
		"no name":             {"POST", "/groups/", `{}`, 400, "name"},
		"blank name":          {"POST", "/groups/", `{"name":" "}`, 400, "name"},
		"null name":           {"POST", "/groups/", `{"name":null}`, 400, "name"},
		"number":              {"POST", "/groups/", `{"name":1}`, 400, "name"},
		"unknown member":      {"POST", "/groups/", `{"name":"A","users":[]}`, 400, "users"},
		"taken name":          {"POST", "/groups/", `{"name":"taken"}`, 409, "id"},
		"rename blank":        {"PATCH", path, `{"name":""}`, 400, "name"},
		"rename null":         {"PATCH", path, `{"name":null}`, 400, "name"},
		"rename with id":      {"PATCH", path, `{"id":"x"}`, 400, "id"},
		"rename with unknown": {"PATCH", path, `{"title":"x"}`, 400, "title"},
		"rename to taken":     {"PATCH", path, `{"name":"TAKEN"}`, 409, "id"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := h.want(test.status, test.method, test.path, test.body).object(t)
			if got[test.field] == nil {
				t.Errorf("no %q in the answer %v", test.field, got)
			}
			if test.status == 409 {
				equal(t, "id", got["id"], any(taken))
			}
		})
	}
	t.Cleanup(func() { // after the parallel tests
		groups := h.Groups()
		equal(t, "groups", []any{len(groups), groups[0].Name, groups[1].Name}, []any{2, "Taken", "Other"})
	})
}

func TestListGroups(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	for i := range 3 {
		h.AddGroup(fmt.Sprint("Group ", i))
	}
	got := h.want(200, "GET", "/groups/?page_size=2", "").object(t)
	equal(t, "count", got["count"], any(3.0))
	equal(t, "results", len(got["results"].([]any)), 2)
	equal(t, "previous", got["previous"], nil)
	got = h.want(200, "GET", got["next"].(string), "").object(t)
	equal(t, "next", got["next"], nil)
	last := h.Groups()[2]
	equal(t, "results", got["results"], any([]any{map[string]any{"id": last.ID, "name": last.Name}}))

	got = h.want(200, "GET", "/groups/?name=group%202", "").object(t)
	equal(t, "filtered", got["results"], any([]any{map[string]any{"id": last.ID, "name": last.Name}}))
	equal(t, "part of a name", h.want(200, "GET", "/groups/?name=group", "").object(t)["count"], any(0.0))
}

func TestMembers(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	ada, ben, cy := h.create("ada@example.com"), h.create("ben@example.com"), h.create("cy@example.com")
	h.Edit("cy@example.com", func(l *simulator.Learner) { l.Status = simulator.StatusDeactivated })
	group := h.AddGroup("Group").ID
	path := "/groups/" + group + "/users/"

	empty := map[string]any{"count": 0.0, "next": nil, "previous": nil, "results": []any{}}
	equal(t, "empty", h.want(200, "GET", path, "").object(t), empty)
	equal(t, "body", h.want(204, "POST", path, `{"users":["`+ben+`"]}`).body, "")
	h.want(204, "POST", path, `{"users":["`+ada+`","`+ben+`","`+cy+`","`+ada+`"]}`)
	equal(t, "members", h.Groups()[0].Members, []string{ben, ada, cy})

	got := h.want(200, "GET", path+"?page_size=2", "").object(t)
	equal(t, "count", got["count"], any(3.0))
	equal(t, "first page", emails(t, got), []string{"ben@example.com", "ada@example.com"})
	got = h.want(200, "GET", got["next"].(string), "").object(t)
	equal(t, "user object", got["results"].([]any)[0], any(h.want(200, "GET", "/users/"+cy+"/", "").object(t)))

	equal(t, "body", h.want(204, "DELETE", path+ben+"/", "").body, "")
	h.want(404, "DELETE", path+ben+"/", "")
	h.want(404, "DELETE", path+"unknown/", "")
	h.want(404, "DELETE", "/groups/unknown/users/"+ada+"/", "")
	equal(t, "members", h.Groups()[0].Members, []string{ada, cy})
	h.want(200, "GET", "/users/"+ben+"/", "")
}

func TestAddMembersRefusals(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Learners: 101})
	var ids []string
	for _, l := range h.Learners() {
		ids = append(ids, l.ID)
	}
	body := func(ids ...string) string {
		text, err := json.Marshal(map[string]any{"users": ids})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	tests := map[string]struct {
		body    string
		status  int
		members int
	}{
		"100":             {body(ids[:100]...), 204, 100},
		"101":             {body(ids...), 400, 0},
		"none":            {`{"users":[]}`, 400, 0},
		"missing":         {`{}`, 400, 0},
		"null":            {`{"users":null}`, 400, 0},
		"text":            {`{"users":"` + ids[0] + `"}`, 400, 0},
		"number":          {`{"users":[1]}`, 400, 0},
		"unknown learner": {body(ids[0], "unknown", ids[1]), 400, 0},
		"e-mail as ID":    {body("ada.abara@example.com"), 400, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			group := h.AddGroup(name).ID
			got := h.want(test.status, "POST", "/groups/"+group+"/users/", test.body)
			if test.status == 400 {
				messages := got.object(t)
				if list, _ := messages["users"].([]any); len(messages) != 1 || len(list) != 1 {
					t.Errorf("answer %v, want one message on users", messages)
				}
			}
			for _, g := range h.Groups() {
				if g.ID == group {
					equal(t, "members", len(g.Members), test.members)
				}
			}
		})
	}
	group := h.AddGroup("unknown member").ID
	got := h.want(400, "POST", "/groups/"+group+"/users/", `{"users":["`+ids[0]+`"],"members":[]}`).object(t)
	equal(t, "answer", got, map[string]any{"members": []any{"Unknown field."}})
}
