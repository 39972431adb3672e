// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/usermanagement"
)

const (
	eve    = `{"id": "u9", "email": "eve@example.com", "firstname": "Eve", "lastname": "Other", "externalid": "E-9", "status": "active", "groups": []}`
	strays = `{"id": "g9", "name": "Strays"}`
)

// mismatches holds every call whose response may describe a learner or a group, with a response that describes another one.
var mismatches = []struct {
	name     string
	response string
	do       func(context.Context, *usermanagement.Client) error
	// names are the names in the error: the requested object, and the one in the response.
	names []string
}{
	{"POST /users/", eve, func(ctx context.Context, c *usermanagement.Client) error {
		user, err := c.CreateUser(ctx, ada)
		return onlyError(user, err)
	}, []string{`learner "Ada@example.com"`, `learner "eve@example.com", ID u9`}},
	{"GET /users/u1/", eve, func(ctx context.Context, c *usermanagement.Client) error {
		user, err := c.User(ctx, "u1")
		return onlyError(user, err)
	}, []string{"learner u1", "learner u9"}},
	{"PATCH /users/u1/", eve, func(ctx context.Context, c *usermanagement.Client) error {
		user, err := c.UpdateUser(ctx, "u1", udemy.Change(udemy.User{LastName: "King"}, udemy.FieldLastName))
		return onlyError(user, err)
	}, []string{"learner u1", "learner u9"}},
	{"PATCH /users/u1/", `{"id": "u9"}`, func(ctx context.Context, c *usermanagement.Client) error {
		user, err := c.ActivateUser(ctx, "u1")
		return onlyError(user, err)
	}, []string{"learner u1", "learner u9"}},
	{"PATCH /users/u1/", strings.Replace(eve, "active", "deactivated", 1), func(ctx context.Context, c *usermanagement.Client) error {
		user, err := c.DeactivateUser(ctx, "u1")
		return onlyError(user, err)
	}, []string{"learner u1", "learner u9"}},
	{"DELETE /users/u1/", eve, func(ctx context.Context, c *usermanagement.Client) error {
		return c.DeleteUser(ctx, "u1")
	}, []string{"learner u1", "learner u9"}},
	{"POST /users/u1/resend-invite/", eve, func(ctx context.Context, c *usermanagement.Client) error {
		return c.ResendInvitation(ctx, "u1")
	}, []string{"learner u1", "learner u9"}},
	{"POST /groups/", strays, func(ctx context.Context, c *usermanagement.Client) error {
		group, err := c.CreateGroup(ctx, "R&D")
		return onlyError(group, err)
	}, []string{`group "R&D"`, `group "Strays", ID g9`}},
	{"GET /groups/g1/", strays, func(ctx context.Context, c *usermanagement.Client) error {
		group, err := c.Group(ctx, "g1")
		return onlyError(group, err)
	}, []string{"group g1", "group g9"}},
	{"GET /groups/g1/", `{"id": "g1x", "uuid": "g9", "name": "Strays"}`, func(ctx context.Context, c *usermanagement.Client) error {
		group, err := c.Group(ctx, "g1")
		return onlyError(group, err)
	}, []string{"group g1", "group g9"}},
	{"PATCH /groups/g1/", `{"id": "g9", "name": "R&D"}`, func(ctx context.Context, c *usermanagement.Client) error {
		group, err := c.RenameGroup(ctx, "g1", "R&D")
		return onlyError(group, err)
	}, []string{"group g1", "group g9"}},
	{"PATCH /groups/g1/", eve, func(ctx context.Context, c *usermanagement.Client) error {
		group, err := c.RenameGroup(ctx, "g1", "R&D")
		return onlyError(group, err)
	}, []string{"group g1", "group u9"}},
	{"DELETE /groups/g1/", strays, func(ctx context.Context, c *usermanagement.Client) error {
		return c.DeleteGroup(ctx, "g1")
	}, []string{"group g1", "group g9"}},
	{"POST /groups/g1/users/", strays, func(ctx context.Context, c *usermanagement.Client) error {
		return c.AddMembers(ctx, "g1", "u1")
	}, []string{"group g1", "group g9"}},
	{"POST /groups/g1/users/", eve, func(ctx context.Context, c *usermanagement.Client) error {
		return c.AddMembers(ctx, "g1", "u1", "u2")
	}, []string{"learner u1", "learner u9"}},
	{"DELETE /groups/g1/users/u1/", eve, func(ctx context.Context, c *usermanagement.Client) error {
		return c.RemoveMembers(ctx, "g1", "u1")
	}, []string{"learner u1", "learner u9"}},
	{"DELETE /groups/g1/users/u1/", strays, func(ctx context.Context, c *usermanagement.Client) error {
		return c.RemoveMembers(ctx, "g1", "u1")
	}, []string{"group g1", "group g9"}},
	{"GET /groups/g1/users/", `{"count": 2, "results": [{"id": "u8", "groups": ["g9"]}, {"id": "u9", "groups": ["g9", "g8"]}]}`, func(ctx context.Context, c *usermanagement.Client) error {
		page, err := c.MemberPage(ctx, "g1", 1, 0)
		return onlyError(page, err)
	}, []string{"group g1", "members of other groups"}},
}

// onlyError returns another error if a value is returned together with an error.
func onlyError[T any](value T, err error) error {
	if err != nil && !reflect.ValueOf(value).IsZero() {
		return fmt.Errorf("%+v together with the error %w", value, errors.New(err.Error()))
	}
	return err
}

func TestMismatch(t *testing.T) {
	t.Parallel()
	for _, test := range mismatches {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, readable.With(routes{test.name: answer(200, test.response)}))
			call := strings.NewReplacer("/u1", "/{id}", "/g1/users/u1", "/{id}/users/{user}", "/g1", "/{id}").Replace(test.name)
			failure := transporttest.WantFailure(t, test.do(t.Context(), s.client), udemy.ErrMismatch, call)
			for _, name := range test.names {
				if !strings.Contains(failure.Detail, name) {
					t.Errorf("detail = %q, want %q in it", failure.Detail, name)
				}
			}
			// No request follows.
			if len(s.Requests) != 1 {
				t.Errorf("requests: %q", s.Requests)
			}
		})
	}
}

// A response that identifies the requested object in another form is not a mismatch.
func TestMismatch_sameObject(t *testing.T) {
	t.Parallel()
	const lower, upper = "3a1f6c1e-7f43-4f0a-9d5e-0d8f6f1c2b3a", "3A1F6C1E-7F43-4F0A-9D5E-0D8F6F1C2B3A"
	s := serve(t, routes{
		"GET /groups/" + upper + "/": answer(200, `{"id": "`+lower+`", "name": "x"}`),
		"GET /groups/17/":            answer(200, `{"id": 17, "uuid": "`+lower+`", "name": "x"}`),
		"POST /groups/":              answer(201, `{"id": "g1", "name": "Zo\u00eb"}`),
		"POST /groups/g1/users/":     answer(200, `{"id": "m1", "user": "u1", "group": "g1"}`),
		"POST /groups/g2/users/":     answer(200, `{"id": "u2", "email": "grace@example.com"}`),
		"POST /users/":               answer(201, `{"id": "u1", "email": "ADA@EXAMPLE.COM"}`),
		"DELETE /users/u1/":          answer(202, `{"id": "task-7"}`),
		"GET /groups/g1/users/":      onePage(`{"id": "u1", "groups": []}`, `{"id": "u2", "groups": ["g1"]}`, `{"id": "u3", "groups": ["g9"]}`),
	})
	for name, do := range map[string]func() error{
		"a UUID in another case":             func() error { _, err := s.client.Group(t.Context(), upper); return err },
		"the numeric ID":                     func() error { _, err := s.client.Group(t.Context(), "17"); return err },
		"a normalized name":                  func() error { _, err := s.client.CreateGroup(t.Context(), "Zoe\u0308"); return err },
		"a membership":                       func() error { return s.client.AddMembers(t.Context(), "g1", "u1") },
		"one of the members":                 func() error { return s.client.AddMembers(t.Context(), "g2", "u1", "u2") },
		"an address in another case":         func() error { _, err := s.client.CreateUser(t.Context(), ada); return err },
		"the ID of a task":                   func() error { return s.client.DeleteUser(t.Context(), "u1") },
		"members with and without the group": func() error { _, err := s.client.MemberPage(t.Context(), "g1", 1, 0); return err },
	} {
		if err := do(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

const (
	seated        = `{"id": "u1", "email": "ada@example.com", "firstname": "Ada", "lastname": "King", "status": "active"}`
	deactivated   = `{"id": "u1", "email": "ada@example.com", "firstname": "Ada", "lastname": "King", "status": "deactivated"}`
	withoutStatus = `{"id": "u1", "email": "ada@example.com", "firstname": "Ada", "lastname": "King"}`
)

func TestDeactivateUser(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		patch, get http.HandlerFunc
		want       udemy.Status
		err        error
		reads      int
	}{
		"the response shows it":           {answer(200, deactivated), answer(200, seated), udemy.StatusDeactivated, nil, 0},
		"204, deactivated":                {answer(204, ""), answer(200, deactivated), udemy.StatusDeactivated, nil, 1},
		"{}, deactivated":                 {answer(200, "{}"), answer(200, deactivated), udemy.StatusDeactivated, nil, 1},
		"202, deactivated later":          {answer(202, ""), transporttest.InOrder(answer(200, seated), answer(200, seated), answer(200, deactivated)), udemy.StatusDeactivated, nil, 3},
		"still active, deactivated later": {answer(200, seated), answer(200, deactivated), udemy.StatusDeactivated, nil, 1},
		"204, no effect":                  {answer(204, ""), answer(200, seated), "", udemy.ErrNoEffect, 7},
		"202, no effect":                  {answer(202, ""), answer(200, seated), "", udemy.ErrNoEffect, 7},
		"{}, no effect":                   {answer(200, "{}"), answer(200, seated), "", udemy.ErrNoEffect, 7},
		"null for the status":             {answer(200, strings.Replace(seated, `"active"`, "null", 1)), answer(200, seated), "", udemy.ErrNoEffect, 6},
		"still active":                    {answer(200, seated), answer(200, seated), "", udemy.ErrNoEffect, 6},
		"still invited":                   {answer(204, ""), answer(200, strings.Replace(seated, "active", "invited", 1)), "", udemy.ErrNoEffect, 7},
		"the status is not returned":      {answer(204, ""), answer(200, withoutStatus), "", nil, 2},
		"deleted":                         {answer(204, ""), answer(404, ""), udemy.StatusDeactivated, nil, 1},
		"can't be read":                   {answer(204, ""), answer(405, ""), udemy.StatusDeactivated, nil, 1},
		"still active, and can't be read": {answer(200, seated), answer(405, ""), "", udemy.ErrNoEffect, 6},
		"reading is forbidden":            {answer(200, seated), answer(403, ""), "", udemy.ErrForbidden, 1},
		"another learner is read":         {answer(204, ""), answer(200, eve), "", udemy.ErrMismatch, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, readable.With(routes{"PATCH /users/u1/": test.patch, "GET /users/u1/": test.get}))
			got, err := s.client.DeactivateUser(t.Context(), "u1")
			if !transporttest.IsKind(err, test.err) || got.Status != test.want || err != nil && got.ID != "" {
				t.Errorf("got %+v, %v; want status %q, %v", got, err, test.want, test.err)
			}
			if errors.Is(err, udemy.ErrNoEffect) {
				transporttest.WantError(t, err, udemy.ErrNoEffect, "PATCH /users/{id}/")
				if !strings.Contains(err.Error(), "learner u1 still has status") {
					t.Errorf("error = %v", err)
				}
			}
			wantReads(t, s, "GET /users/u1/", test.reads)
		})
	}
}

func TestDeleteUser(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		get    http.HandlerFunc
		err    error
		reads  int
	}{
		"204":                  {204, answer(404, ""), nil, 1},
		"200":                  {200, answer(404, ""), nil, 1},
		"202, deleted later":   {202, transporttest.InOrder(answer(200, seated), answer(404, "")), nil, 2},
		"the account is kept":  {204, answer(200, deactivated), nil, 1},
		"can't be read":        {204, answer(405, ""), nil, 1},
		"204, no effect":       {204, answer(200, seated), udemy.ErrNoEffect, 6},
		"202, no effect":       {202, answer(200, seated), udemy.ErrNoEffect, 6},
		"still invited":        {204, answer(200, strings.Replace(seated, "active", "invited", 1)), udemy.ErrNoEffect, 6},
		"reading is forbidden": {204, answer(403, ""), udemy.ErrForbidden, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, readable.With(routes{"DELETE /users/u1/": answer(test.status, ""), "GET /users/u1/": test.get}))
			if err := s.client.DeleteUser(t.Context(), "u1"); !transporttest.IsKind(err, test.err) {
				t.Errorf("error = %v, want %v", err, test.err)
			}
			wantReads(t, s, "GET /users/u1/", test.reads)
		})
	}
	t.Run("an API that can't be read", func(t *testing.T) {
		t.Parallel()
		s := serve(t, routes{"DELETE /users/u1/": answer(204, "")})
		if err := s.client.DeleteUser(t.Context(), "u1"); err != nil {
			t.Error(err)
		}
	})
}

func TestDeleteGroup(t *testing.T) {
	t.Parallel()
	existing := answer(200, `{"id": "g1", "name": "x"}`)
	for name, test := range map[string]struct {
		status int
		get    http.HandlerFunc
		err    error
		reads  int
	}{
		"204":                  {204, answer(404, ""), nil, 1},
		"202, deleted later":   {202, transporttest.InOrder(existing, existing, existing, answer(404, "")), nil, 4},
		"can't be read":        {204, answer(405, ""), nil, 1},
		"204, no effect":       {204, existing, udemy.ErrNoEffect, 6},
		"reading is forbidden": {204, answer(403, ""), udemy.ErrForbidden, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, readable.With(routes{"DELETE /groups/g1/": answer(test.status, ""), "GET /groups/g1/": test.get}))
			if err := s.client.DeleteGroup(t.Context(), "g1"); !transporttest.IsKind(err, test.err) {
				t.Errorf("error = %v, want %v", err, test.err)
			}
			wantReads(t, s, "GET /groups/g1/", test.reads)
		})
	}
}

func wantReads(t *testing.T, s *server, request string, want int) {
	t.Helper()
	got := 0
	for _, sent := range s.Requests {
		if sent == request {
			got++
		}
	}
	if got != want {
		t.Errorf("%s was sent %d times, want %d", request, got, want)
	}
}

// The API can't create a learner without a seat. It sends an invitation, and the response shows the status invited.
func TestCreateDeactivatedUser(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"POST /users/": answer(201, `{"id": "u1", "status": "invited"}`)})
	leaver := ada
	leaver.Status = udemy.StatusDeactivated
	got, err := s.client.CreateUser(t.Context(), leaver)
	if err != nil || got.Status != udemy.StatusInvited {
		t.Errorf("got %+v, %v", got, err)
	}
	if strings.Contains(s.Bodies[0], "status") {
		t.Errorf("body = %s", s.Bodies[0])
	}
}
