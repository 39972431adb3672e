// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/scim"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
)

const (
	basePath = "/scim/v2"

	userURN    = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupURN   = "urn:ietf:params:scim:schemas:core:2.0:Group"
	licenseURN = "urn:ietf:params:scim:schemas:extension:udemy:2.0:User"
)

type routes = transporttest.Routes

// server is an organization with the routes of a test. It records the requests.
type server struct {
	*transporttest.Server
	client *scim.Client
}

func serve(t *testing.T, offered routes) *server {
	t.Helper()
	return serveWith(t, scim.LicenseTypes, offered)
}

func serveWith(t *testing.T, key scim.LicenseKey, offered routes) *server {
	t.Helper()
	s := &server{Server: transporttest.Serve(t, basePath, offered, called)}
	s.client = connect(t, s.URL+basePath, key)
	return s
}

func connect(t *testing.T, endpoint string, key scim.LicenseKey) *scim.Client {
	t.Helper()
	base, err := transport.ParseBaseURL(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	return scim.New(transport.New(transport.Config{
		BaseURL:     base,
		Credential:  transport.BearerToken("simulator-token"),
		Accept:      scim.Accept,
		ContentType: scim.ContentType,
		UserAgent:   "test",
		MaxRetries:  1,
		Backoff:     func(int, *http.Response) time.Duration { return 0 },
	}), key)
}

// called returns a request as tests write it, with the query decoded.
func called(r *http.Request) string {
	path := r.Method + " " + strings.TrimPrefix(r.URL.EscapedPath(), basePath)
	var query []string
	for _, name := range slices.Sorted(maps.Keys(r.URL.Query())) {
		query = append(query, name+"="+r.URL.Query().Get(name))
	}
	if query == nil {
		return path
	}
	return path + "?" + strings.Join(query, "&")
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/scim+json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// refuse responds with a SCIM error.
func refuse(status int, scimType string) http.HandlerFunc {
	return answer(status, fmt.Sprintf(
		`{"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "%d", "scimType": %q, "detail": "no"}`, status, scimType))
}

// onePage responds to every request with the same list, which fits on one page.
func onePage(resources ...string) http.HandlerFunc {
	return answer(http.StatusOK, page(len(resources), resources...))
}

func page(total int, resources ...string) string {
	return fmt.Sprintf(`{"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": %d, "Resources": [%s]}`,
		total, strings.Join(resources, ","))
}

const (
	probeUsers  = "GET /Users?count=1&startIndex=1"
	probeGroups = "GET /Groups?count=1&startIndex=1"
)

var readable = routes{"GET /Users": onePage(), "GET /Groups": onePage()}

// call is a call for one learner or one group.
type call struct {
	name string
	do   func(*testing.T, *scim.Client) error
}

var calls = []call{
	{"POST /Users", func(t *testing.T, c *scim.Client) error {
		t.Helper()
		_, err := c.CreateUser(t.Context(), ada)
		return err
	}},
	{"POST /Groups", func(t *testing.T, c *scim.Client) error {
		t.Helper()
		_, err := c.CreateGroup(t.Context(), "x")
		return err
	}},
	{"GET /Users/{id}", func(t *testing.T, c *scim.Client) error {
		t.Helper()
		_, err := c.User(t.Context(), "u1")
		return err
	}},
	{"PATCH /Users/{id}", func(t *testing.T, c *scim.Client) error {
		t.Helper()
		_, err := c.DeactivateUser(t.Context(), "u1")
		return err
	}},
	{"GET /Groups/{id}", func(t *testing.T, c *scim.Client) error {
		t.Helper()
		_, err := c.Group(t.Context(), "g1")
		return err
	}},
	{"PATCH /Groups/{id}", func(t *testing.T, c *scim.Client) error {
		t.Helper()
		return c.AddMembers(t.Context(), "g1", "u1")
	}},
	{"PATCH /Groups/{id}", func(t *testing.T, c *scim.Client) error {
		t.Helper()
		return c.RemoveMembers(t.Context(), "g1", "u1")
	}},
	{"DELETE /Groups/{id}", func(t *testing.T, c *scim.Client) error {
		t.Helper()
		return c.DeleteGroup(t.Context(), "g1")
	}},
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"POST /Users": answer(201, `{"id": "u1"}`), "GET /Users/u1": answer(200, adaShort)})
	if _, err := s.client.CreateUser(t.Context(), ada); err != nil {
		t.Fatal(err)
	}
	if _, err := s.client.User(t.Context(), "u1"); err != nil {
		t.Fatal(err)
	}
	for i, contentType := range [][]string{{"application/scim+json"}, nil} {
		for header, want := range map[string][]string{
			"Authorization": {"Bearer simulator-token"},
			"Accept":        {"application/scim+json, application/json"},
			"Content-Type":  contentType,
		} {
			if got := s.Headers[i][header]; !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s = %q, want %q", s.Requests[i], header, got, want)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status int
		body   string
		kind   error
		detail string
	}{
		{400, `{"status": "400", "scimType": "invalidValue", "detail": "too long"}`, udemy.ErrInvalid, "HTTP status 400: too long"},
		{400, `{"status": 400, "scimType": null, "detail": "too long"}`, udemy.ErrInvalid, "HTTP status 400: too long"},
		{400, `{"STATUS": "400", "DETAIL": "too long"}`, udemy.ErrInvalid, "HTTP status 400: too long"},
		{400, `{"status": "409", "scimType": "Uniqueness", "detail": "taken"}`, udemy.ErrConflict, "HTTP status 400: taken"},
		{401, ``, udemy.ErrUnauthorized, "HTTP status 401"},
		{403, `{"status": "403", "detail": {}}`, udemy.ErrForbidden, `HTTP status 403: {"status": "403", "detail": {}}`},
		{405, ``, udemy.ErrNotOffered, "HTTP status 405"},
		{409, `{"status": "409", "scimType": "uniqueness", "detail": "taken"}`, udemy.ErrConflict, "HTTP status 409: taken"},
		{409, `{"status": 409, "detail": "taken"}`, udemy.ErrConflict, "HTTP status 409: taken"},
		{409, `taken`, udemy.ErrConflict, "HTTP status 409: taken"},
		{402, `{"status": "402", "detail": "Not enough licenses."}`, udemy.ErrRefused, "HTTP status 402: Not enough licenses."},
		{423, ``, udemy.ErrRefused, "HTTP status 423"},
		{501, ``, udemy.ErrNotOffered, "HTTP status 501"},
		{503, `<html>later</html>`, udemy.ErrUnavailable, "HTTP status 503: an HTML page"},
	} {
		t.Run(fmt.Sprint(test.status, " ", test.body), func(t *testing.T) {
			t.Parallel()
			_, err := serve(t, routes{"POST /Users": answer(test.status, test.body)}).client.CreateUser(t.Context(), ada)
			if failure := transporttest.WantFailure(t, err, test.kind, "POST /Users"); failure.Detail != test.detail || failure.ExistingID != "" {
				t.Errorf("detail = %q, want %q", failure.Detail, test.detail)
			}
		})
	}
}

func TestConflictAfterLostResponse(t *testing.T) {
	t.Parallel()
	_, err := serve(t, routes{"POST /Users": transporttest.InOrder(answer(502, ""), refuse(409, "uniqueness"))}).client.CreateUser(t.Context(), ada)
	if failure := transporttest.WantFailure(t, err, udemy.ErrConflict, "POST /Users"); !failure.Resent {
		t.Error("Resent = false, want true")
	}
}

// A web page, such as a login form, proves neither a success nor an empty collection nor an absent object.
func TestWebPageInsteadOfResponse(t *testing.T) {
	t.Parallel()
	for _, test := range calls {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := test.do(t, serve(t, routes{test.name: answer(200, "<!DOCTYPE html><title>Log in</title>")}).client)
			transporttest.WantError(t, err, udemy.ErrUnavailable, test.name)
		})
	}
	everywhere := routes{}
	for _, method := range []string{"GET", "POST", "PATCH", "DELETE"} {
		everywhere[method+" /"] = answer(200, "<html></html>")
	}
	for name, do := range map[string]func(*testing.T, *scim.Client) error{
		"UserByEmail": func(t *testing.T, c *scim.Client) error {
			t.Helper()
			_, err := c.UserByEmail(t.Context(), "ada@example.com")
			return err
		},
		"UserByExternalID": func(t *testing.T, c *scim.Client) error {
			t.Helper()
			_, err := c.UserByExternalID(t.Context(), "1")
			return err
		},
		"GroupByName": func(t *testing.T, c *scim.Client) error {
			t.Helper()
			_, err := c.GroupByName(t.Context(), "x")
			return err
		},
		"UserGroups": func(t *testing.T, c *scim.Client) error {
			t.Helper()
			_, err := c.UserGroups(t.Context(), "u1")
			return err
		},
		"IsMember": func(t *testing.T, c *scim.Client) error {
			t.Helper()
			_, err := c.IsMember(t.Context(), "g1", "u1")
			return err
		},
		"MemberPage": func(t *testing.T, c *scim.Client) error {
			t.Helper()
			_, err := c.MemberPage(t.Context(), "g1", 1, 0)
			return err
		},
		"UserPage": func(t *testing.T, c *scim.Client) error {
			t.Helper()
			_, err := c.UserPage(t.Context(), 1, 0)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := do(t, serve(t, everywhere).client); !errors.Is(err, udemy.ErrUnavailable) {
				t.Errorf("error = %v, want %v", err, udemy.ErrUnavailable)
			}
		})
	}
}

func TestAbsentOrNotOffered(t *testing.T) {
	t.Parallel()
	for _, test := range calls {
		t.Run("no route: "+test.name, func(t *testing.T) {
			t.Parallel()
			failure := transporttest.WantFailure(t, test.do(t, serve(t, routes{}).client), udemy.ErrNotOffered, test.name)
			if !strings.Contains(failure.Detail, "the API's address is wrong") {
				t.Errorf("detail = %q", failure.Detail)
			}
		})
		if !strings.Contains(test.name, "{id}") {
			continue
		}
		t.Run("deleted: "+test.name, func(t *testing.T) {
			t.Parallel()
			err := test.do(t, serve(t, readable).client)
			// A deleted group need not be deleted and has no members.
			if err == nil {
				if !strings.HasPrefix(test.name, "DELETE") && test.name != "PATCH /Groups/{id}" {
					t.Errorf("error = nil, want %v", udemy.ErrNotFound)
				}
				return
			}
			transporttest.WantError(t, err, udemy.ErrNotFound, test.name)
		})
	}
	t.Run("adding to a deleted group", func(t *testing.T) {
		t.Parallel()
		err := serve(t, readable).client.AddMembers(t.Context(), "g1", "u1")
		transporttest.WantError(t, err, udemy.ErrNotFound, "PATCH /Groups/{id}")
	})
	for name, check := range map[string]struct {
		answer http.HandlerFunc
		kind   error
	}{
		"401":               {answer(401, ""), udemy.ErrUnauthorized},
		"unrelated JSON":    {answer(200, `{"hello": "world"}`), udemy.ErrUnavailable},
		"a SCIM error":      {answer(200, `{"status": "404", "detail": "no"}`), udemy.ErrUnavailable},
		"an array":          {answer(200, `[]`), udemy.ErrUnavailable},
		"null":              {answer(200, `null`), udemy.ErrUnavailable},
		"invalid total":     {answer(200, `{"totalResults": "many", "Resources": []}`), udemy.ErrUnavailable},
		"405":               {answer(405, ""), udemy.ErrNotOffered},
		"lower-case list":   {answer(200, `{"totalresults": 0}`), udemy.ErrNotFound},
		"no total":          {answer(200, `{"resources": []}`), udemy.ErrNotFound},
		"the total is text": {answer(200, `{"totalResults": "0"}`), udemy.ErrNotFound},
	} {
		t.Run("collection responds with "+name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{"GET /Users": check.answer})
			if _, err := s.client.User(t.Context(), "u1"); !errors.Is(err, check.kind) {
				t.Errorf("error = %v, want %v", err, check.kind)
			}
			s.WantRequests(t, "GET /Users/u1", probeUsers)
		})
	}
	t.Run("a group is checked in the collection of groups", func(t *testing.T) {
		t.Parallel()
		s := serve(t, routes{"GET /Users": onePage()})
		_, err := s.client.Group(t.Context(), "g1")
		transporttest.WantError(t, err, udemy.ErrNotOffered, "GET /Groups/{id}")
		s.WantRequests(t, "GET /Groups/g1?excludedAttributes=members", probeGroups)
	})
}

// A 404 for a change of an existing object concerns the call.
func TestNotFoundForExistingObject(t *testing.T) {
	t.Parallel()
	existing := readable.With(routes{
		"GET /Users/u1":  answer(200, adaShort),
		"GET /Groups/g1": answer(200, `{"id": "g1", "displayName": "x", "members": [{"value": "u1"}]}`),
	})
	for _, test := range calls {
		if !strings.HasPrefix(test.name, "PATCH") && !strings.HasPrefix(test.name, "DELETE") {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := test.do(t, serve(t, existing).client)
			if !errors.Is(err, udemy.ErrNotOffered) && !errors.Is(err, udemy.ErrNotFound) {
				t.Errorf("error = %v, want %v", err, udemy.ErrNotOffered)
			}
		})
	}
	s := serve(t, existing)
	_, err := s.client.ActivateUser(t.Context(), "u1")
	transporttest.WantError(t, err, udemy.ErrNotOffered, "PATCH /Users/{id}")
	transporttest.WantError(t, s.client.DeleteGroup(t.Context(), "g1"), udemy.ErrNotOffered, "DELETE /Groups/{id}")
	transporttest.WantError(t, s.client.RemoveMembers(t.Context(), "g1", "u1"), udemy.ErrNotOffered, "PATCH /Groups/{id}")

	forbidden := serve(t, readable.With(routes{"GET /Users/u1": answer(403, "")}))
	_, err = forbidden.client.ActivateUser(t.Context(), "u1")
	transporttest.WantError(t, err, udemy.ErrForbidden, "GET /Users/{id}")
}

func TestCallsWithoutRequest(t *testing.T) {
	t.Parallel()
	s := serve(t, readable)
	transporttest.WantError(t, s.client.DeleteUser(t.Context(), "u1"), udemy.ErrNotOffered, "DELETE /Users/{id}")
	transporttest.WantError(t, s.client.ResendInvitation(t.Context(), "u1"), udemy.ErrNotOffered, "resending an invitation")
	_, err := s.client.UpdateUser(t.Context(), "u1", udemy.Change(udemy.User{Role: udemy.RoleAdmin, Email: "a@example.com"}, udemy.FieldRole, udemy.FieldEmail))
	transporttest.WantError(t, err, udemy.ErrNotOffered, "PATCH /Users/{id}")
	for _, id := range []string{"", ".", ".."} {
		_, err = s.client.User(t.Context(), id)
		transporttest.WantError(t, err, udemy.ErrInvalid, "GET /Users/{id}")
	}
	s.WantRequests(t)
}

func TestIDsAreEscaped(t *testing.T) {
	t.Parallel()
	s := serve(t, readable)
	_, err := s.client.User(t.Context(), "u/Groups/a?b#c")
	transporttest.WantError(t, err, udemy.ErrNotFound, "GET /Users/{id}")
	s.WantRequests(t, "GET /Users/u%2FGroups%2Fa%3Fb%23c", probeUsers)
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	want := udemy.Capabilities{
		Name:           "SCIM",
		Fields:         []string{udemy.FieldExternalID, udemy.FieldFirstName, udemy.FieldLastName, udemy.FieldLicensePool, udemy.FieldLicenses, udemy.FieldEmail},
		RemoveTogether: true,
	}
	if got := serve(t, routes{}).client.Capabilities(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestEndpoint(t *testing.T) {
	t.Parallel()
	if got, want := scim.Endpoint("acme"), "https://acme.udemy.com/scim/v2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for subdomain, want := range map[string]bool{
		"acme": true, "a": true, "Acme-2": true, "4you": true, strings.Repeat("a", 63): true,
		"": false, "-a": false, "a-": false, "a.b": false, "a/b": false, "a b": false, "a\n": false, "é": false, strings.Repeat("a", 64): false,
	} {
		if got := scim.Subdomain.MatchString(subdomain); got != want {
			t.Errorf("%q: %t, want %t", subdomain, got, want)
		}
	}
}
