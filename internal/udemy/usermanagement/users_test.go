// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
)

var ada = udemy.User{
	Email: "Ada@example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1001",
	GroupIDs: []string{"g1", "g2"}, Role: udemy.RoleLearner,
}

func TestCreateUserRequest(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		user udemy.User
		want string
	}{
		"everything": {ada, `{"email":"Ada@example.com","firstname":"Ada","lastname":"Lovelace",` +
			`"externalid":"E-1001","groups":["g1","g2"],"role":"learner"}`},
		"what is required": {
			udemy.User{Email: "r&d@example.com", FirstName: "R", LastName: "D"},
			`{"email":"r&d@example.com","firstname":"R","lastname":"D"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{"POST /users/": answer(201, `{"id": "u1"}`)})
			if _, err := s.client.CreateUser(t.Context(), test.user); err != nil {
				t.Fatal(err)
			}
			s.WantRequests(t, "POST /users/")
			if s.Bodies[0] != test.want {
				t.Errorf("body = %s\nwant   %s", s.Bodies[0], test.want)
			}
			for header, want := range map[string]string{
				"Authorization": "Basic cGF0LTAxMjM0NTY3ODk6", // base64 of "pat-0123456789:"
				"Accept":        "application/json",
				"Content-Type":  "application/json",
			} {
				if got := s.Headers[0][header]; !reflect.DeepEqual(got, []string{want}) {
					t.Errorf("%s = %q, want %q", header, got, want)
				}
			}
		})
	}
}

func TestCreateUserAnswer(t *testing.T) {
	t.Parallel()
	asSent := udemy.User{
		ID: "u1", Email: "Ada@example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1001",
		Role: udemy.RoleLearner, Status: udemy.StatusInvited, GroupIDs: []string{"g1", "g2"},
	}
	for name, test := range map[string]struct {
		user   udemy.User
		status int
		body   string
		want   udemy.User
	}{
		"documented response": {ada, 201, `{"id": "u1", "status": "invited", "groups": ["g1", "g2"]}`, asSent},
		"without groups":      {ada, 201, `{"id": "u1", "status": "invited"}`, asSent},
		"200":                 {ada, 200, `{"id": "u1", "status": "invited"}`, asSent},
		"nulls":               {ada, 201, `{"id": "u1", "status": "invited", "email": null, "externalid": null, "groups": null, "role": null}`, asSent},
		"other values than requested": {
			ada, 201, `{"id": "u1", "status": "active", "email": "ada@example.com", "firstname": "A.", "lastname": "L.", "externalid": "", "groups": [], "role": "admin"}`,
			udemy.User{
				ID: "u1", Email: "ada@example.com", FirstName: "A.", LastName: "L.",
				Role: udemy.RoleAdmin, Status: udemy.StatusActive, GroupIDs: []string{},
			},
		},
		"status in upper case": {ada, 201, `{"id": "u1", "status": "INVITED", "groups": ["g1", "g2"]}`, asSent},
		"byte order mark":      {ada, 201, "\ufeff" + `{"id": "u1", "status": "invited"}`, asSent},
		"one ID twice":         {ada, 201, `{"id": "u1", "ID": "u1", "status": "invited"}`, asSent},
		"only the ID": {
			udemy.User{Email: "ada@example.com"},
			201, `{"id": "u1"}`,
			udemy.User{ID: "u1", Email: "ada@example.com", GroupIDs: []string{}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{"POST /users/": answer(test.status, test.body)})
			got, err := s.client.CreateUser(t.Context(), test.user)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
}

func TestCreateUserWithoutID(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"status": "invited"}`, `{"id": null}`, `{"id": ""}`, `{"id": {}}`, `{"id": "."}`, `{"id": ".."}`, `{"id": "u1", "ID": "u2"}`, "", "null"} {
		s := serve(t, routes{"POST /users/": answer(201, body)})
		_, err := s.client.CreateUser(t.Context(), ada)
		failure := transporttest.WantFailure(t, err, udemy.ErrUnavailable, "POST /users/")
		if !strings.Contains(failure.Detail, "probably invited") || !strings.Contains(failure.Detail, ada.Email) {
			t.Errorf("body %q: detail = %q", body, failure.Detail)
		}
	}
}

// Some servers answer a creation with only the address of the new object.
func TestCreateUserWithLocation(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status         int
		location, body string
		want           string
	}{
		"empty":                {201, "/users/u1/", "", "u1"},
		"204":                  {204, "/users/u1/", "", "u1"},
		"absolute":             {201, "https://elsewhere.example.com/api/users/a%20b", "", "a b"},
		"body without an ID":   {201, "/users/u1/", `{"status": "active"}`, "u1"},
		"body with an ID":      {201, "/users/u2/", `{"id": "u1"}`, "u1"},
		"of another object":    {201, "/groups/g1/", "", ""},
		"of the collection":    {201, "/users/", "", ""},
		"leads somewhere else": {201, "/users/..", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{"POST /users/": func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", test.location)
				answer(test.status, test.body)(w, r)
			}})
			got, err := s.client.CreateUser(t.Context(), ada)
			if got.ID != test.want || (err == nil) != (test.want != "") || err == nil && got.Email != ada.Email {
				t.Errorf("got %+v, %v; want ID %q", got, err, test.want)
			}
		})
	}
}

func TestCreateUserConflict(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		handler    http.HandlerFunc
		wantID     string
		resent     bool
		wantDetail string
	}{
		"string ID":                           {answer(409, `{"id": "u1", "detail": "taken"}`), "u1", false, "taken"},
		"number ID":                           {answer(409, `{"id": 12345678901234567890, "detail": "taken"}`), "12345678901234567890", false, "taken"},
		"no ID":                               {answer(409, `{"detail": "taken"}`), "", false, "taken"},
		"invalid ID":                          {answer(409, `{"id": ["u1"], "detail": "taken"}`), "", false, "taken"},
		"plain text":                          {answer(409, "taken"), "", false, "HTTP status 409: taken"},
		"conflict with its own first attempt": {transporttest.InOrder(answer(502, ""), answer(409, `{"id": "u1"}`)), "u1", true, ""},
		"conflict with its own first attempt, incomplete response": {transporttest.InOrder(answer(502, ""), answer(409, `{"id": "u`)), "", true, `HTTP status 409: {"id": "u`},
		"conflict after a rate limit":                              {transporttest.InOrder(answer(429, ""), answer(409, `{"id": "u1"}`)), "u1", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := serve(t, routes{"POST /users/": test.handler}).client.CreateUser(t.Context(), ada)
			failure := transporttest.WantFailure(t, err, udemy.ErrConflict, "POST /users/")
			if failure.ExistingID != test.wantID || failure.Resent != test.resent {
				t.Errorf("existing ID %q, resent %t; want %q, %t", failure.ExistingID, failure.Resent, test.wantID, test.resent)
			}
			if failure.Detail != test.wantDetail {
				t.Errorf("detail = %q, want %q", failure.Detail, test.wantDetail)
			}
		})
	}
}

func TestUserResponseForms(t *testing.T) {
	t.Parallel()
	base := udemy.User{ID: "u1", Email: "ada@example.com"}
	with := func(change func(*udemy.User)) udemy.User {
		user := base
		change(&user)
		return user
	}
	for members, want := range map[string]udemy.User{
		``:                             base,
		`, "id": null`:                 base,
		`, "id": "u1"`:                 base,
		`, "externalid": null`:         base,
		`, "externalid": 1001`:         with(func(u *udemy.User) { u.ExternalID = "1001" }),
		`, "externalid": "E-1"`:        with(func(u *udemy.User) { u.ExternalID = "E-1" }),
		`, "firstname": "A"`:           with(func(u *udemy.User) { u.FirstName = "A" }),
		`, "lastname": "L"`:            with(func(u *udemy.User) { u.LastName = "L" }),
		`, "role": null`:               base,
		`, "role": "learner"`:          with(func(u *udemy.User) { u.Role = udemy.RoleLearner }),
		`, "role": "student"`:          with(func(u *udemy.User) { u.Role = udemy.RoleLearner }),
		`, "role": "user"`:             with(func(u *udemy.User) { u.Role = udemy.RoleLearner }),
		`, "role": "member"`:           with(func(u *udemy.User) { u.Role = udemy.RoleLearner }),
		`, "role": "admin"`:            with(func(u *udemy.User) { u.Role = udemy.RoleAdmin }),
		`, "role": "group_admin"`:      with(func(u *udemy.User) { u.Role = "group_admin" }),
		`, "status": "deactivated"`:    with(func(u *udemy.User) { u.Status = udemy.StatusDeactivated }),
		`, "status": "pending"`:        with(func(u *udemy.User) { u.Status = "pending" }),
		`, "groups": null`:             base,
		`, "groups": []`:               with(func(u *udemy.User) { u.GroupIDs = []string{} }),
		`, "groups": ["g1", 2]`:        with(func(u *udemy.User) { u.GroupIDs = []string{"g1", "2"} }),
		`, "groups": [{"id": "g1"}]`:   with(func(u *udemy.User) { u.GroupIDs = []string{"g1"} }),
		`, "groups": [{"uuid": "g1"}]`: with(func(u *udemy.User) { u.GroupIDs = []string{"g1"} }),
		`, "groups": [{"id": 7, "uuid": "g1", "name": "x"}]`: with(func(u *udemy.User) { u.GroupIDs = []string{"g1"} }),
		`, "licenses": {"a": [1]}, "x": null`:                base,
	} {
		t.Run(members, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{"GET /users/u1/": answer(200, `{"email": "ada@example.com"`+members+`}`)})
			got, err := s.client.User(t.Context(), "u1")
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %#v\nwant %#v", got, want)
			}
		})
	}
}

func TestNumericIDKeepsAllDigits(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"7", "9007199254740993", "123456789012345678901"} {
		s := serve(t, routes{"GET /users/" + id + "/": answer(200, `{"email": "ada@example.com", "id": `+id+`}`)})
		got, err := s.client.User(t.Context(), id)
		if err != nil || got.ID != id {
			t.Errorf("got %+v, %v; want ID %s", got, err, id)
		}
	}
}

func TestUnusableUser(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", "<html>Please log in</html>", "null", "[]", `{}`, `{"id": "u1"}`, `{"email": "a@example.com", "id": true}`,
		`{"email": "a@example.com", "groups": [{}]}`, `{"email": "a@example.com", "groups": [null]}`,
	} {
		s := serve(t, routes{"GET /users/u1/": answer(200, body)})
		_, err := s.client.User(t.Context(), "u1")
		transporttest.WantError(t, err, udemy.ErrUnavailable, "GET /users/{id}/")
	}
}

func user(id, email, externalID string) string {
	return fmt.Sprintf(`{"id": %q, "email": %q, "externalid": %q}`, id, email, externalID)
}

func TestUserByEmail(t *testing.T) {
	t.Parallel()
	t.Run("on the first page", func(t *testing.T) {
		t.Parallel()
		s := serve(t, routes{"GET /users/": onePage(user("u1", "ADA@example.com", ""))})
		got, err := s.client.UserByEmail(t.Context(), "ada@example.com")
		if err != nil || got.ID != "u1" || got.Email != "ADA@example.com" {
			t.Errorf("got %+v, %v", got, err)
		}
		s.WantRequests(t, "GET /users/?email=ada%40example.com&page=1&page_size=100")
	})
	t.Run("the filter is ignored", func(t *testing.T) {
		t.Parallel()
		s := serve(t, routes{"GET /users/": pages(
			[]string{user("u1", "a@example.com", ""), user("u2", "b@example.com", "")},
			[]string{user("u2", "b@example.com", ""), user("u3", "ada@example.com", "")},
			[]string{user("u4", "d@example.com", "")},
		)})
		got, err := s.client.UserByEmail(t.Context(), "ada@example.com")
		if err != nil || got.ID != "u3" {
			t.Errorf("got %+v, %v", got, err)
		}
		s.WantRequests(t, "GET /users/?email=ada%40example.com&page=1&page_size=100",
			"GET /users/?email=ada%40example.com&page=2&page_size=100")
	})
}

// A filter may find nothing, or be refused, although the learner exists.
func TestUserByEmail_filterFails(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]http.HandlerFunc{
		"empty result": onePage(), "400": answer(400, `{"detail": "unknown filter"}`), "422": answer(422, ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{"GET /users/": transporttest.InOrder(failure, onePage(user("u1", "a@example.com", ""), user("u2", "ada@example.com", "")))})
			if got, err := s.client.UserByEmail(t.Context(), "ada@example.com"); err != nil || got.ID != "u2" {
				t.Errorf("got %+v, %v", got, err)
			}
			s.WantRequests(t, "GET /users/?email=ada%40example.com&page=1&page_size=100", "GET /users/?page=1&page_size=100")
		})
	}
}

func TestSearchFindsNothing(t *testing.T) {
	t.Parallel()
	others := []string{user("u1", "a@example.com", "e-1"), user("u2", "b@example.com", "E-10")}
	endless := answer(200, `{"next": "https://example.com/?page=2", "results": [`+strings.Join(others, ",")+`]}`)
	for name, test := range map[string]struct {
		handler  http.HandlerFunc
		requests int
		err      error
	}{
		"empty collection":        {onePage(), 1, udemy.ErrNotFound},
		"other learners":          {pages(others, others[:1]), 2, udemy.ErrNotFound},
		"page= is ignored":        {endless, 2, udemy.ErrIncomplete},
		"404 after the last page": {transporttest.InOrder(endless, answer(404, "")), 2, udemy.ErrNotFound},
		"next, but no results":    {answer(200, `{"next": "https://example.com/", "results": []}`), 1, udemy.ErrNotFound},
		"next is empty":           {answer(200, `{"next": "", "results": [`+others[0]+`]}`), 1, udemy.ErrNotFound},
		"next is absent":          {answer(200, `{"results": [`+others[0]+`]}`), 2, udemy.ErrNotFound},
		"next is null, no count":  {answer(200, `{"next": null, "results": [`+others[0]+`]}`), 1, udemy.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{"GET /users/": test.handler})
			_, err := s.client.UserByExternalID(t.Context(), "E-1")
			transporttest.WantError(t, err, test.err, "GET /users/")
			if len(s.Requests) != test.requests {
				t.Errorf("%d requests, want %d", len(s.Requests), test.requests)
			}
		})
	}
}

// An unusable response does not prove that a learner does not exist.
func TestUnusableSearch(t *testing.T) {
	t.Parallel()
	next := answer(200, `{"next": "https://example.com/?page=2", "results": [`+user("u1", "a@example.com", "")+`]}`)
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    error
	}{
		"a web page":                   {answer(200, "<html>"), udemy.ErrUnavailable},
		"no results":                   {answer(200, `{"count": 0}`), udemy.ErrUnavailable},
		"a list":                       {answer(200, `[]`), udemy.ErrUnavailable},
		"a result without an ID":       {onePage(`{"email": "ada@example.com"}`), udemy.ErrUnavailable},
		"the second page is forbidden": {transporttest.InOrder(next, answer(403, "")), udemy.ErrForbidden},
		"503":                          {answer(503, ""), udemy.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := serve(t, routes{"GET /users/": test.handler}).client.UserByEmail(t.Context(), "ada@example.com")
			transporttest.WantError(t, err, test.want, "GET /users/")
		})
	}
}

func TestUserByExternalID(t *testing.T) {
	t.Parallel()
	t.Run("one exact match", func(t *testing.T) {
		t.Parallel()
		s := serve(t, routes{"GET /users/": pages(
			[]string{user("u1", "a@example.com", "e-1"), user("u2", "b@example.com", "E-1")},
			[]string{user("u2", "b@example.com", "E-1"), user("u3", "c@example.com", "E-11")},
		)})
		got, err := s.client.UserByExternalID(t.Context(), "E-1")
		if err != nil || got.ID != "u2" {
			t.Errorf("got %+v, %v", got, err)
		}
		s.WantRequests(t, "GET /users/?externalid=E-1&page=1&page_size=100", "GET /users/?externalid=E-1&page=2&page_size=100")
	})
	t.Run("two matches", func(t *testing.T) {
		t.Parallel()
		s := serve(t, routes{"GET /users/": onePage(user("u1", "a@example.com", "E-1"), user("u2", "b@example.com", "E-1"))})
		_, err := s.client.UserByExternalID(t.Context(), "E-1")
		failure := transporttest.WantFailure(t, err, udemy.ErrConflict, "GET /users/")
		if !strings.Contains(failure.Detail, "u1") || !strings.Contains(failure.Detail, "u2") {
			t.Errorf("detail = %q", failure.Detail)
		}
	})
	t.Run("empty external ID", func(t *testing.T) {
		t.Parallel()
		s := serve(t, routes{"GET /users/": onePage(user("u1", "a@example.com", ""))})
		_, err := s.client.UserByExternalID(t.Context(), "")
		transporttest.WantError(t, err, udemy.ErrInvalid, "GET /users/")
	})
}

func TestUpdateRequests(t *testing.T) {
	t.Parallel()
	const (
		full            = `{"id": "u1", "email": "ada@example.com", "firstname": "Ada", "lastname": "King", "externalid": null, "role": "admin", "status": "active"}`
		fullDeactivated = `{"id": "u1", "email": "ada@example.com", "firstname": "Ada", "lastname": "King", "externalid": null, "role": "admin", "status": "deactivated"}`
	)
	admin := udemy.RoleAdmin
	for name, test := range map[string]struct {
		do   func(*testing.T, udemy.API) (udemy.User, error)
		want string
	}{
		"one name": {func(t *testing.T, c udemy.API) (udemy.User, error) {
			t.Helper()
			return c.UpdateUser(t.Context(), "u1", udemy.Change(udemy.User{LastName: "King"}, udemy.FieldLastName))
		}, `{"lastname":"King"}`},
		"everything": {func(t *testing.T, c udemy.API) (udemy.User, error) {
			t.Helper()
			return c.UpdateUser(t.Context(), "u1", udemy.Change(udemy.User{
				Email: "ada@example.com", FirstName: "Ada", LastName: "King", ExternalID: "E-1", Role: admin,
			}, udemy.FieldEmail, udemy.FieldFirstName, udemy.FieldLastName, udemy.FieldExternalID, udemy.FieldRole))
		}, `{"email":"ada@example.com","externalid":"E-1","firstname":"Ada","lastname":"King","role":"admin"}`},
		"external ID cleared": {func(t *testing.T, c udemy.API) (udemy.User, error) {
			t.Helper()
			return c.UpdateUser(t.Context(), "u1", udemy.Change(udemy.User{ExternalID: ""}, udemy.FieldExternalID))
		}, `{"externalid":null}`},
		"activated": {func(t *testing.T, c udemy.API) (udemy.User, error) {
			t.Helper()
			return c.ActivateUser(t.Context(), "u1")
		}, `{"status":"active"}`},
		"deactivated": {func(t *testing.T, c udemy.API) (udemy.User, error) {
			t.Helper()
			return c.DeactivateUser(t.Context(), "u1")
		}, `{"status":"deactivated"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, status := full, udemy.StatusActive
			if name == "deactivated" {
				body, status = fullDeactivated, udemy.StatusDeactivated
			}
			s := serve(t, routes{"PATCH /users/u1/": answer(200, body)})
			got, err := test.do(t, s.client)
			if err != nil {
				t.Fatal(err)
			}
			// The result comes from the response, not from the request.
			want := udemy.User{
				ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "King", Role: udemy.RoleAdmin, Status: status,
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			s.WantRequests(t, "PATCH /users/u1/")
			if s.Bodies[0] != test.want {
				t.Errorf("body = %s, want %s", s.Bodies[0], test.want)
			}
		})
	}
	t.Run("no fields", func(t *testing.T) {
		t.Parallel()
		s := serve(t, routes{"GET /users/u1/": answer(200, full)})
		if got, err := s.client.UpdateUser(t.Context(), "u1", udemy.UserChange{}); err != nil || got.LastName != "King" {
			t.Errorf("got %+v, %v", got, err)
		}
		s.WantRequests(t, "GET /users/u1/")
	})
}

func TestUpdateWithPartialResponse(t *testing.T) {
	t.Parallel()
	change := udemy.Change(udemy.User{LastName: "King", ExternalID: "E-1"}, udemy.FieldLastName, udemy.FieldExternalID)
	known := udemy.User{ID: "u1", LastName: "King", ExternalID: "E-1"}
	read := answer(200, `{"id": "u1", "email": "ada@example.com", "firstname": "Ada", "lastname": "King", "externalid": "as read"}`)
	asRead := udemy.User{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "King", ExternalID: "as read"}
	for name, test := range map[string]struct {
		patch, get http.HandlerFunc
		want       udemy.User
	}{
		"204":                           {answer(204, ""), read, asRead},
		"no e-mail address":             {answer(200, `{"id": "u1", "firstname": "Ada", "lastname": "King", "externalid": "E-1"}`), read, asRead},
		"null for the e-mail address":   {answer(200, `{"email": null, "firstname": "Ada", "lastname": "King", "externalid": "E-1"}`), read, asRead},
		"no first name":                 {answer(200, `{"email": "ada@example.com", "lastname": "King", "externalid": "E-1"}`), read, asRead},
		"without the changed member":    {answer(200, `{"email": "ada@example.com", "firstname": "Ada", "lastname": "King"}`), read, asRead},
		"can't be read":                 {answer(204, ""), answer(405, ""), known},
		"can't be read by this ID":      {answer(204, ""), answer(404, ""), known},
		"another member, can't be read": {answer(200, `{"id": "u1", "status": "active"}`), answer(405, ""), udemy.User{ID: "u1", LastName: "King", ExternalID: "E-1", Status: udemy.StatusActive}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, readable.With(routes{"PATCH /users/u1/": test.patch, "GET /users/u1/": test.get}))
			got, err := s.client.UpdateUser(t.Context(), "u1", change)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
	t.Run("status, and can't be read", func(t *testing.T) {
		t.Parallel()
		s := serve(t, routes{"PATCH /users/u1/": answer(204, "")})
		got, err := s.client.DeactivateUser(t.Context(), "u1")
		if want := (udemy.User{ID: "u1", Status: udemy.StatusDeactivated}); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	})
	t.Run("reading is forbidden", func(t *testing.T) {
		t.Parallel()
		s := serve(t, routes{"PATCH /users/u1/": answer(204, ""), "GET /users/u1/": answer(403, "")})
		_, err := s.client.UpdateUser(t.Context(), "u1", change)
		transporttest.WantError(t, err, udemy.ErrForbidden, "GET /users/{id}/")
	})
	t.Run("not JSON", func(t *testing.T) {
		t.Parallel()
		s := serve(t, routes{"PATCH /users/u1/": answer(200, "<html>")})
		_, err := s.client.UpdateUser(t.Context(), "u1", change)
		transporttest.WantError(t, err, udemy.ErrUnavailable, "PATCH /users/{id}/")
	})
}

func TestUpdateUserConflict(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"PATCH /users/u1/": answer(409, `{"id": "u2"}`)})
	_, err := s.client.UpdateUser(t.Context(), "u1", udemy.Change(udemy.User{Email: "bob@example.com"}, udemy.FieldEmail))
	if failure := transporttest.WantFailure(t, err, udemy.ErrConflict, "PATCH /users/{id}/"); failure.ExistingID != "u2" {
		t.Errorf("existing ID = %q", failure.ExistingID)
	}
}

func TestResendInvitation(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{202: nil, 204: nil, 409: udemy.ErrConflict, 403: udemy.ErrForbidden} {
		s := serve(t, routes{"POST /users/u1/resend-invite/": answer(status, "")})
		if err := s.client.ResendInvitation(t.Context(), "u1"); !transporttest.IsKind(err, want) {
			t.Errorf("%d: %v, want %v", status, err, want)
		}
		s.WantRequests(t, "POST /users/u1/resend-invite/")
		if s.Bodies[0] != "" {
			t.Errorf("body = %s, want none", s.Bodies[0])
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1000)
	for name, test := range map[string]struct {
		status     int
		body       string
		wantKind   error
		wantDetail string
		wantFields map[string]string
	}{
		"every field": {
			400, `{"email": ["a", "b"], "firstname": ["c"], "lastname": "d", "externalid": ["e"], "groups": {"1": ["f"]}, "role": ["g"], "status": ["h"]}`,
			udemy.ErrInvalid, "",
			map[string]string{
				"email": "a b", "first_name": "c", "last_name": "d", "external_id": "e", "group_ids": `{"1":["f"]}`, "role": "g", "active": "h",
			},
		},
		"422":             {422, `{"email": ["a"]}`, udemy.ErrInvalid, "", map[string]string{"email": "a"}},
		"unknown members": {400, `{"fristname": ["Unknown field."], "name": "x", "nothing": null}`, udemy.ErrInvalid, "fristname: Unknown field.; name: x", map[string]string{}},
		"status of the call": {
			400, `{"status": "error", "message": "Bad"}`, udemy.ErrInvalid, "Bad; status: error", map[string]string{},
		},
		"field and detail": {400, `{"email": ["a"], "detail": "Look at it."}`, udemy.ErrInvalid, "Look at it.", map[string]string{"email": "a"}},
		"detail":           {400, `{"detail": "Look  at\nit."}`, udemy.ErrInvalid, "Look at it.", map[string]string{}},
		"error":            {403, `{"error": "Plan"}`, udemy.ErrForbidden, "Plan", nil},
		"non-field errors": {400, `{"non_field_errors": ["a", "b"]}`, udemy.ErrInvalid, "a b", map[string]string{}},
		"401":              {401, `{"detail": "Token."}`, udemy.ErrUnauthorized, "Token.", nil},
		"a list":           {400, `["a"]`, udemy.ErrInvalid, `HTTP status 400: ["a"]`, nil},
		"an empty object":  {400, `{}`, udemy.ErrInvalid, "HTTP status 400: {}", map[string]string{}},
		"plain text":       {400, "no\nway", udemy.ErrInvalid, "HTTP status 400: no way", nil},
		"empty":            {403, "", udemy.ErrForbidden, "HTTP status 403", nil},
		"HTML":             {502, "<!doctype html><p>" + long, udemy.ErrUnavailable, "HTTP status 502: an HTML page", nil},
		"503":              {503, `{"detail": "later"}`, udemy.ErrUnavailable, "HTTP status 503: later", nil},
		"teapot":           {418, `{"detail": "tea"}`, udemy.ErrRefused, "HTTP status 418: tea", nil},
		"a redirect":       {302, "<a href=\"https://elsewhere.example.com\">", udemy.ErrUnavailable, "HTTP status 302, a redirect, which is not followed", nil},
		"a moved address":  {308, "", udemy.ErrRefused, "HTTP status 308, a redirect, which is not followed", nil},
		"304":              {304, "", udemy.ErrUnavailable, "HTTP status 304", nil},
		"a field of null":  {400, `{"firstname": null, "detail": "Bad"}`, udemy.ErrInvalid, "Bad", map[string]string{}},
		"long":             {400, `{"email": "` + long + `"}`, udemy.ErrInvalid, "", map[string]string{"email": long[:299] + "…"}},
		"long detail":      {400, `{"detail": "` + long + `"}`, udemy.ErrInvalid, long[:299] + "…", map[string]string{}},
		"the credential": {
			400, `{"email": "` + token + `", "detail": "Basic ` + base64.StdEncoding.EncodeToString([]byte(token+":")) + `"}`,
			udemy.ErrInvalid, "[redacted]",
			map[string]string{"email": "[redacted]"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := serve(t, routes{"POST /users/": answer(test.status, test.body)}).client.CreateUser(t.Context(), ada)
			failure := transporttest.WantFailure(t, err, test.wantKind, "POST /users/")
			if failure.Detail != test.wantDetail {
				t.Errorf("detail = %q\nwant     %q", failure.Detail, test.wantDetail)
			}
			if !reflect.DeepEqual(failure.Fields, test.wantFields) {
				t.Errorf("fields = %q\nwant     %q", failure.Fields, test.wantFields)
			}
		})
	}
	t.Run("group", func(t *testing.T) {
		t.Parallel()
		_, err := serve(t, routes{"POST /groups/": answer(400, `{"name": ["Too long."]}`)}).client.CreateGroup(t.Context(), "x")
		if failure := transporttest.WantFailure(t, err, udemy.ErrInvalid, "POST /groups/"); failure.Fields[udemy.FieldName] != "Too long." {
			t.Errorf("fields = %q", failure.Fields)
		}
	})
	t.Run("members", func(t *testing.T) {
		t.Parallel()
		err := serve(t, routes{"POST /groups/g1/users/": answer(400, `{"users": ["u9 is unknown"]}`)}).client.AddMembers(t.Context(), "g1", "u9")
		if failure := transporttest.WantFailure(t, err, udemy.ErrInvalid, "POST /groups/{id}/users/"); failure.Detail != "users: u9 is unknown" {
			t.Errorf("detail = %q", failure.Detail)
		}
	})
	t.Run("no response", func(t *testing.T) {
		t.Parallel()
		hangUp := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
		_, err := serve(t, routes{"POST /users/": hangUp}).client.CreateUser(t.Context(), ada)
		transporttest.WantError(t, err, udemy.ErrUnavailable, "POST /users/")
		if strings.Contains(err.Error(), token) || errors.Is(err, udemy.ErrNotFound) {
			t.Errorf("error = %v", err)
		}
	})
}
