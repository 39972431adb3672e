// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const newUser = `{"email":"New@Example.com","firstname":"New","lastname":"User"}`

func vary(t *testing.T, variations simulator.Variations) *harness {
	t.Helper()
	return start(t, simulator.Config{Variations: variations})
}

func TestSparseAnswers(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{SparseAnswers: true})
	got := h.want(201, "POST", "/users/", newUser).object(t)
	equal(t, "created", got, map[string]any{"id": h.Learners()[0].ID, "status": "invited"})
	read := h.want(200, "GET", fmt.Sprintf("/users/%s/", got["id"]), "").object(t)
	equal(t, "read", read["firstname"], any("New"))
}

func TestNamesTyped(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{NamesTyped: true})
	got := h.want(201, "POST", "/users/", newUser).object(t)
	equal(t, "invited", []any{got["firstname"], got["lastname"], got["status"]}, []any{"", "", "invited"})
	h.Accept("new@example.com", "Typed", "Name")
	read := h.want(200, "GET", fmt.Sprintf("/users/%s/", got["id"]), "").object(t)
	equal(t, "accepted", []any{read["firstname"], read["lastname"], read["status"]}, []any{"Typed", "Name", "active"})
}

func TestWriteOnly(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{WriteOnly: true})
	id, group := h.create("ada@example.com"), h.AddGroup("Group").ID
	h.want(409, "POST", "/users/", `{"email":"ada@example.com","firstname":"A","lastname":"B"}`)
	h.want(400, "POST", "/users/", `{}`)
	for _, call := range []struct{ method, path, body string }{
		{"GET", "/users/", ""},
		{"GET", "/users/" + id + "/", ""},
		{"PATCH", "/users/" + id + "/", `{"firstname":"B"}`},
		{"DELETE", "/users/" + id + "/", ""},
		{"POST", "/users/" + id + "/resend-invite/", ""},
		{"PUT", "/users/", "{}"},
		{"GET", "/groups/", ""},
		{"POST", "/groups/", `{"name":"A"}`},
		{"DELETE", "/groups/" + group + "/", ""},
		{"POST", "/groups/" + group + "/users/", `{"users":["` + id + `"]}`},
	} {
		got := h.want(404, call.method, call.path, call.body)
		equal(t, "answer", got.object(t), map[string]any{"detail": "Not found."})
	}
	equal(t, "learners", h.Learners()[0].FirstName, "Ada")
}

func TestReadStatus(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented} {
		h := vary(t, simulator.Variations{ReadStatus: status})
		id, group := h.create("ada@example.com"), h.AddGroup("Group").ID
		for _, path := range []string{"/users/", "/users/" + id + "/", "/groups/", "/groups/" + group + "/", "/groups/" + group + "/users/"} {
			h.want(status, "GET", path, "")
		}
		h.want(200, "PATCH", "/users/"+id+"/", `{"firstname":"B"}`)
		h.want(204, "DELETE", "/users/"+id+"/", "")
	}
}

func TestFoldEmails(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{FoldEmails: true})
	got := h.want(201, "POST", "/users/", newUser).object(t)
	equal(t, "created", got["email"], any("new@example.com"))
	got = h.want(200, "PATCH", fmt.Sprintf("/users/%s/", got["id"]), `{"email":"Other@Example.com"}`).object(t)
	equal(t, "updated", got["email"], any("other@example.com"))
}

func TestNumericIDs(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{NumericIDs: true})
	got := h.want(201, "POST", "/users/", newUser).object(t)
	number, ok := got["id"].(float64)
	if !ok {
		t.Fatalf("ID %#v is not a number", got["id"])
	}
	id := fmt.Sprint(int(number))
	equal(t, "in Go", h.Learners()[0].ID, id)
	equal(t, "read", h.want(200, "GET", "/users/"+id+"/", "").object(t)["id"], any(number))
	equal(t, "conflict", h.want(409, "POST", "/users/", newUser).object(t)["id"], any(number))

	group := h.AddGroup("Group").ID
	path := "/groups/" + group + "/users/"
	h.want(204, "POST", path, `{"users":["`+id+`"]}`)
	h.want(204, "DELETE", path+id+"/", "")
	h.want(204, "POST", path, `{"users":[`+id+`]}`)
	equal(t, "members", h.Groups()[0].Members, []string{id})
	h.want(400, "POST", path, `{"users":[null]}`)
	h.want(400, "POST", path, `{"users":[true]}`)
	equal(t, "group conflict", h.want(409, "POST", "/groups/", `{"name":"Group"}`).object(t)["id"], any(group))

	h.Add(simulator.Learner{ID: "not-a-number", Email: "odd@example.com"})
	equal(t, "odd id", h.want(200, "GET", "/users/not-a-number/", "").object(t)["id"], any("not-a-number"))
}

func TestGroupObjects(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{GroupObjects: true})
	group := h.AddGroup("Group").ID
	got := h.want(201, "POST", "/users/", `{"email":"a@example.com","firstname":"A","lastname":"B","groups":["`+group+`"]}`).object(t)
	equal(t, "groups", got["groups"], any([]any{map[string]any{"id": group, "name": "Group"}}))
}

func TestIgnoreFilters(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{IgnoreFilters: true})
	h.create("ada@example.com")
	h.create("ben@example.com")
	h.AddGroup("Group")
	equal(t, "users", h.want(200, "GET", "/users/?email=ben@example.com&externalid=x", "").object(t)["count"], any(2.0))
	equal(t, "groups", h.want(200, "GET", "/groups/?name=other", "").object(t)["count"], any(1.0))
}

func TestPageSize(t *testing.T) {
	t.Parallel()
	for configured, served := range map[int]int{7: 7, 500: 100} {
		h := start(t, simulator.Config{Learners: 150, Variations: simulator.Variations{PageSize: configured}})
		got := h.want(200, "GET", "/users/?page_size=100", "").object(t)
		equal(t, "results", len(got["results"].([]any)), served)
		seen := map[string]bool{}
		for {
			for _, email := range emails(t, got) {
				seen[email] = true
			}
			next, ok := got["next"].(string)
			if !ok {
				break
			}
			got = h.want(200, "GET", next, "").object(t)
		}
		equal(t, "learners on all pages", len(seen), 150)
	}
}

func TestAutoProvision(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{AutoProvision: true})
	equal(t, "status", h.want(201, "POST", "/users/", newUser).object(t)["status"], any("active"))
}

func TestEmptySearches(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{EmptySearches: true})
	h.create("ada@example.com")
	h.AddGroup("Group")
	for path, count := range map[string]float64{
		"/users/": 1, "/users/?email=ada@example.com": 0, "/users/?externalid=x": 0, "/groups/": 1, "/groups/?name=Group": 0,
	} {
		equal(t, path, h.want(200, "GET", path, "").object(t)["count"], any(count))
	}
	for path, total := range map[string]float64{
		"/Users": 1, "/Users?filter=" + url.QueryEscape(`userName eq "ada@example.com"`): 0,
		"/Groups": 1, "/Groups?filter=" + url.QueryEscape(`displayName eq "Group"`): 0,
	} {
		equal(t, path, h.wantSCIM(200, "GET", path, "").object(t)["totalResults"], any(total))
	}
}

func TestSameEmails(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{SameEmails: true})
	h.Add(simulator.Learner{Email: "ada@example.com", UserName: "ada"})
	second := h.wantSCIM(201, "POST", "/Users", scimUser("ada@example.com", "")).object(t)["id"].(string)
	h.refused(409, "uniqueness", "POST", "/Users", scimUser("ADA", `,"emails":[{"value":"other@example.com"}]`))
	h.Edit("ada@example.com", func(l *simulator.Learner) { l.Email = "moved@example.com" })
	equal(t, "moved", second, h.Learners()[1].ID)
}

func TestOpaqueIDs(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{OpaqueIDs: true})
	id, group := h.create("ada@example.com"), h.AddGroup("Group").ID
	equal(t, "lengths", []int{len(id), len(group)}, []int{300, 300})
	user := h.wantSCIM(200, "GET", "/Users/"+url.PathEscape(id), "").object(t)
	equal(t, "SCIM", user["id"], any(id))
	equal(t, "REST", h.want(200, "GET", "/groups/"+url.PathEscape(group)+"/", "").object(t)["id"], any(group))
	h.want(404, "DELETE", "/groups/"+url.PathEscape(group)+"/users/"+url.PathEscape(id)+"/", "")
}

func TestUserNames(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Learners: 1, Variations: simulator.Variations{UserNames: true}})
	equal(t, "seeded", h.Learners()[0].UserName, "ada.abara@upn.example.com")
	created := h.wantSCIM(201, "POST", "/Users", scimUser("new@example.com", "")).object(t)
	equal(t, "created", created["userName"], any("new@upn.example.com"))
	equal(t, "e-mail", h.Learners()[1].Email, "new@example.com")
	own := h.wantSCIM(201, "POST", "/Users", scimUser("own", `,"emails":[{"value":"own@example.com"}]`)).object(t)
	equal(t, "own user name", own["userName"], any("own"))
}

func TestUntypedEmails(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{UntypedEmails: true})
	id := h.create("ada@example.com")
	user := h.wantSCIM(200, "GET", "/Users/"+id, "").object(t)
	equal(t, "emails", user["emails"], any([]any{
		map[string]any{"value": "alias.ada@example.com"}, map[string]any{"value": "ada@example.com"},
	}))
	h.refused(400, "noTarget", "PATCH", "/Users/"+id,
		patch(`{"op":"replace","path":"emails[primary eq true].value","value":"b@example.com"}`))
}
