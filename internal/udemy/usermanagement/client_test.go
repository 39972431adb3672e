// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/usermanagement"
)

const (
	token        = "pat-0123456789"
	organization = "/organizations/0f8fad5b-d9cb-469f-a165-70867728950e"
)

type routes = transporttest.Routes

// server is an organization with the routes of a test. It records the requests.
type server struct {
	*transporttest.Server
	client *usermanagement.Client
}

func serve(t *testing.T, offered routes) *server {
	t.Helper()
	called := func(r *http.Request) string { return r.Method + " " + strings.TrimPrefix(r.RequestURI, organization) }
	exactly := routes{}
	for route, handler := range offered {
		exactly[route+"{$}"] = handler
	}
	s := &server{Server: transporttest.Serve(t, organization, exactly, called)}
	endpoint, err := transport.ParseBaseURL(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	s.client = usermanagement.New(transport.New(transport.Config{
		BaseURL:     usermanagement.BaseURL(endpoint, strings.TrimPrefix(organization, "/organizations/")),
		Credential:  transport.BasicToken(token),
		Accept:      usermanagement.MediaType,
		ContentType: usermanagement.MediaType,
		UserAgent:   "test",
		MaxRetries:  1,
		Backoff:     func(int, *http.Response) time.Duration { return 0 },
	}))
	return s
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}
}

// onePage responds to every request with the same collection, which fits on one page.
func onePage(objects ...string) http.HandlerFunc {
	return answer(http.StatusOK, fmt.Sprintf(`{"count": %d, "next": null, "previous": null, "results": [%s]}`,
		len(objects), strings.Join(objects, ",")))
}

// pages responds to page=1 with the first page, and so on, and with 404 after the last page.
func pages(all ...[]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		number := 0
		_, _ = fmt.Sscan(r.URL.Query().Get("page"), &number)
		if number < 1 || number > len(all) {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		next := "null"
		if number < len(all) {
			next = `"https://elsewhere.example.com/?page=7"`
		}
		_, _ = fmt.Fprintf(w, `{"next": %s, "results": [%s]}`, next, strings.Join(all[number-1], ","))
	}
}

const (
	probeUsers  = "GET /users/?page=1&page_size=1"
	probeGroups = "GET /groups/?page=1&page_size=1"
)

var readable = routes{"GET /users/": onePage(), "GET /groups/": onePage()}

// byID holds every call for one learner or one group, by the route of its request, with the request that checks the collection.
var byID = map[string]struct {
	probe string
	do    func(*testing.T, *usermanagement.Client) error
}{
	"GET /users/{id}/": {probeUsers, func(t *testing.T, c *usermanagement.Client) error {
		t.Helper()
		_, err := c.User(t.Context(), "u1")
		return err
	}},
	"PATCH /users/{id}/": {probeUsers, func(t *testing.T, c *usermanagement.Client) error {
		t.Helper()
		_, err := c.DeactivateUser(t.Context(), "u1")
		return err
	}},
	"DELETE /users/{id}/": {probeUsers, func(t *testing.T, c *usermanagement.Client) error {
		t.Helper()
		return c.DeleteUser(t.Context(), "u1")
	}},
	"POST /users/{id}/resend-invite/": {probeUsers, func(t *testing.T, c *usermanagement.Client) error {
		t.Helper()
		return c.ResendInvitation(t.Context(), "u1")
	}},
	"GET /groups/{id}/": {probeGroups, func(t *testing.T, c *usermanagement.Client) error {
		t.Helper()
		_, err := c.Group(t.Context(), "g1")
		return err
	}},
	"PATCH /groups/{id}/": {probeGroups, func(t *testing.T, c *usermanagement.Client) error {
		t.Helper()
		_, err := c.RenameGroup(t.Context(), "g1", "x")
		return err
	}},
	"DELETE /groups/{id}/": {probeGroups, func(t *testing.T, c *usermanagement.Client) error {
		t.Helper()
		return c.DeleteGroup(t.Context(), "g1")
	}},
	"POST /groups/{id}/users/": {probeGroups, func(t *testing.T, c *usermanagement.Client) error {
		t.Helper()
		return c.AddMembers(t.Context(), "g1", "u1")
	}},
	"DELETE /groups/{id}/users/{user}/": {probeGroups, func(t *testing.T, c *usermanagement.Client) error {
		t.Helper()
		return c.RemoveMembers(t.Context(), "g1", "u1")
	}},
}

// A 404 on a list may mean that the base URL is wrong, until a response has shown that it is right.
func TestNoCollection(t *testing.T) {
	t.Parallel()
	created := answer(201, `{"id": "u1"}`)
	for name, test := range map[string]struct {
		offered routes
		isWrong bool
	}{
		"nothing there":         {routes{}, true},
		"a refused list":        {routes{"GET /users/": answer(405, "")}, false},
		"only creation":         {routes{"POST /users/": created}, false},
		"only a conflict":       {routes{"POST /users/": answer(409, `{"id": "u1"}`)}, false},
		"creation is forbidden": {routes{"POST /users/": answer(403, "")}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, test.offered)
			if test.offered["POST /users/"] != nil {
				_, _ = s.client.CreateUser(t.Context(), ada)
			}
			_, err := s.client.User(t.Context(), "u1")
			failure := transporttest.WantFailure(t, err, udemy.ErrNotOffered, "GET /users/{id}/")
			if errors.Is(err, udemy.ErrNoCollection) != test.isWrong || !strings.Contains(failure.Detail, "the base URL is http") {
				t.Errorf("error = %v, want ErrNoCollection: %t", err, test.isWrong)
			}
		})
	}
}

// A missing call is neither an absent object nor a success.
func TestNotOffered(t *testing.T) {
	t.Parallel()
	for call, test := range byID {
		for name, offered := range map[string]routes{
			"no route, and no collection":    {},
			"the collection can't be listed": {"GET /users/": answer(405, ""), "GET /groups/": answer(501, "")},
			"405 on the call":                readable.With(routes{call: answer(405, "")}),
			"501 on the call":                readable.With(routes{call: answer(501, "")}),
		} {
			t.Run(call+": "+name, func(t *testing.T) {
				t.Parallel()
				transporttest.WantError(t, test.do(t, serve(t, offered).client), udemy.ErrNotOffered, call)
			})
		}
	}
	collections := map[string]func(*testing.T, *usermanagement.Client) error{
		"POST /users/": func(t *testing.T, c *usermanagement.Client) error {
			t.Helper()
			_, err := c.CreateUser(t.Context(), udemy.User{Email: "ada@example.com"})
			return err
		},
		"GET /users/": func(t *testing.T, c *usermanagement.Client) error {
			t.Helper()
			_, err := c.UserByEmail(t.Context(), "ada@example.com")
			return err
		},
		"POST /groups/": func(t *testing.T, c *usermanagement.Client) error {
			t.Helper()
			_, err := c.CreateGroup(t.Context(), "x")
			return err
		},
		"GET /groups/": func(t *testing.T, c *usermanagement.Client) error {
			t.Helper()
			_, err := c.GroupByName(t.Context(), "x")
			return err
		},
	}
	for call, do := range collections {
		for _, status := range []int{404, 405, 501} {
			t.Run(fmt.Sprintf("%s: %d", call, status), func(t *testing.T) {
				t.Parallel()
				transporttest.WantError(t, do(t, serve(t, routes{call: answer(status, "")}).client), udemy.ErrNotOffered, call)
			})
		}
	}
}

func TestAbsent(t *testing.T) {
	t.Parallel()
	// Deleting an absent object succeeds. Any other call returns ErrNotFound.
	done := []string{"DELETE /users/{id}/", "DELETE /groups/{id}/", "DELETE /groups/{id}/users/{user}/"}
	for call, test := range byID {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			err := test.do(t, serve(t, readable).client)
			if slices.Contains(done, call) {
				if err != nil {
					t.Errorf("error = %v, want none", err)
				}
				return
			}
			transporttest.WantError(t, err, udemy.ErrNotFound, call)
		})
	}
	t.Run("410", func(t *testing.T) {
		t.Parallel()
		gone := routes{"GET /users/u1/": answer(http.StatusGone, "")}
		_, err := serve(t, readable.With(gone)).client.User(t.Context(), "u1")
		transporttest.WantError(t, err, udemy.ErrNotFound, "GET /users/{id}/")
		_, err = serve(t, gone.With(routes{"GET /users/": answer(http.StatusGone, "")})).client.User(t.Context(), "u1")
		transporttest.WantError(t, err, udemy.ErrNotOffered, "GET /users/{id}/")
	})
}

func TestCollectionIsCheckedOnce(t *testing.T) {
	t.Parallel()
	for name, offered := range map[string]routes{"readable": readable, "not offered": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, offered)
			for range 2 {
				if _, err := s.client.User(t.Context(), "u1"); err == nil {
					t.Error("error = nil, but u1 does not exist")
				}
			}
			s.WantRequests(t, "GET /users/u1/", probeUsers, "GET /users/u1/")
		})
	}
	t.Run("by parallel calls", func(t *testing.T) {
		t.Parallel()
		s := serve(t, readable)
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() { _, _ = s.client.User(t.Context(), "u1") })
		}
		all.Wait()
		if n := len(s.Requests); n != 11 {
			t.Errorf("%d requests, want 10 and 1 check", n)
		}
	})
}

func TestFailedCheckIsNotStored(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		check http.HandlerFunc
		want  error
	}{
		"401":                      {answer(401, ""), udemy.ErrUnauthorized},
		"403":                      {answer(403, ""), udemy.ErrForbidden},
		"400":                      {answer(400, ""), udemy.ErrInvalid},
		"JSON without the results": {answer(200, `{"hello": "world"}`), udemy.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{"GET /users/": transporttest.InOrder(test.check, onePage())})
			transporttest.WantError(t, s.client.DeleteUser(t.Context(), "u1"), test.want, "GET /users/")
			if err := s.client.DeleteUser(t.Context(), "u1"); err != nil {
				t.Errorf("second call: %v", err)
			}
		})
	}
}

// A 404 for an existing object concerns the call.
func TestNotFoundForExistingObject(t *testing.T) {
	t.Parallel()
	for call, object := range map[string]routes{
		"DELETE /users/{id}/":               {"GET /users/{id}/": answer(200, `{"id": "u1", "email": "ada@example.com"}`)},
		"POST /users/{id}/resend-invite/":   {"GET /users/{id}/": answer(200, `{"id": "u1", "email": "ada@example.com"}`)},
		"DELETE /groups/{id}/":              {"GET /groups/{id}/": answer(200, `{"id": "g1", "name": "x"}`)},
		"DELETE /groups/{id}/users/{user}/": {"GET /users/{id}/": answer(200, `{"id": "u1", "email": "a@example.com", "groups": ["g1"]}`)},
	} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			s := serve(t, readable.With(object))
			transporttest.WantError(t, byID[call].do(t, s.client), udemy.ErrNotOffered, call)
		})
		t.Run(call+": the object can't be read", func(t *testing.T) {
			t.Parallel()
			forbidden := routes{}
			for route := range object {
				forbidden[route] = answer(403, "")
			}
			if err := byID[call].do(t, serve(t, readable.With(forbidden)).client); !errors.Is(err, udemy.ErrForbidden) {
				t.Errorf("error = %v, want %v", err, udemy.ErrForbidden)
			}
		})
	}
}

func TestIDsAreEscaped(t *testing.T) {
	t.Parallel()
	s := serve(t, readable)
	if err := s.client.RemoveMembers(t.Context(), "g/users", "a/b?c"); err != nil {
		t.Fatal(err)
	}
	if got, want := s.Requests[0], "DELETE /groups/g%2Fusers/users/a%2Fb%3Fc/"; got != want {
		t.Errorf("request = %s, want %s", got, want)
	}
	if err := s.client.DeleteUser(t.Context(), ".."); !errors.Is(err, udemy.ErrInvalid) {
		t.Errorf("error = %v, want %v", err, udemy.ErrInvalid)
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ endpoint, organization, want string }{
		{usermanagement.DefaultEndpoint, "0f8f-ad5b", "https://usermanagement.udemy.com/api-2.0/organizations/0f8f-ad5b"},
		{"http://127.0.0.1:8080/api-2.0/", "o", "http://127.0.0.1:8080/api-2.0/organizations/o"},
		{usermanagement.DefaultEndpoint, "../x", "https://usermanagement.udemy.com/api-2.0/organizations/..%2Fx"},
	} {
		endpoint, err := transport.ParseBaseURL(test.endpoint)
		if err != nil {
			t.Fatal(err)
		}
		if got := usermanagement.BaseURL(endpoint, test.organization).String(); got != test.want {
			t.Errorf("%s, %q: got %s, want %s", test.endpoint, test.organization, got, test.want)
		}
	}
}
