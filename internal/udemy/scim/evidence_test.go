// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/scim"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
)

const (
	adaDeactivated = `{"schemas": ["` + userURN + `"], "id": "u1", "userName": "ada@example.com", "active": false, "name": {"givenName": "Ada"}}`
	adaActive      = `{"schemas": ["` + userURN + `"], "id": "u1", "userName": "ada@example.com", "active": true, "name": {"givenName": "Ada"}}`
	eve            = `{"schemas": ["` + userURN + `"], "id": "u9", "userName": "eve@example.com", "active": false, "name": {"givenName": "Eve"}}`
	strays         = `{"schemas": ["` + groupURN + `"], "id": "g9", "displayName": "Strays", "members": [{"value": "u8"}]}`
)

// mismatches holds every call whose response may describe a learner or a group, with a response that describes another one.
var mismatches = []struct {
	name     string
	response string
	do       func(context.Context, *scim.Client) error
	// names are the names in the error: the requested object, and the one in the response.
	names []string
}{
	{"POST /Users", eve, func(ctx context.Context, c *scim.Client) error {
		user, err := c.CreateUser(ctx, ada)
		return onlyError(user, err)
	}, []string{`learner "Ada@example.com"`, `learner "eve@example.com", ID u9`}},
	{"GET /Users/u1", eve, func(ctx context.Context, c *scim.Client) error {
		user, err := c.User(ctx, "u1")
		return onlyError(user, err)
	}, []string{"learner u1", "learner u9"}},
	{"GET /Users/u1", eve, func(ctx context.Context, c *scim.Client) error {
		user, err := c.UpdateUser(ctx, "u1", udemy.Change(udemy.User{Email: "new@example.com"}, udemy.FieldEmail))
		return onlyError(user, err)
	}, []string{"learner u1", "learner u9"}},
	{"PATCH /Users/u1", eve, func(ctx context.Context, c *scim.Client) error {
		user, err := c.UpdateUser(ctx, "u1", udemy.Change(udemy.User{LastName: "King"}, udemy.FieldLastName))
		return onlyError(user, err)
	}, []string{"learner u1", "learner u9"}},
	{"PATCH /Users/u1", `{"ID": "u9"}`, func(ctx context.Context, c *scim.Client) error {
		user, err := c.ActivateUser(ctx, "u1")
		return onlyError(user, err)
	}, []string{"learner u1", "learner u9"}},
	{"PATCH /Users/u1", eve, func(ctx context.Context, c *scim.Client) error {
		user, err := c.DeactivateUser(ctx, "u1")
		return onlyError(user, err)
	}, []string{"learner u1", "learner u9"}},
	{"POST /Groups", strays, func(ctx context.Context, c *scim.Client) error {
		group, err := c.CreateGroup(ctx, "R&D")
		return onlyError(group, err)
	}, []string{`group "R&D"`, `group "Strays", ID g9`}},
	{"GET /Groups/g1", strays, func(ctx context.Context, c *scim.Client) error {
		group, err := c.Group(ctx, "g1")
		return onlyError(group, err)
	}, []string{"group g1", "group g9"}},
	{"GET /Groups/g1", strays, func(ctx context.Context, c *scim.Client) error {
		page, err := c.MemberPage(ctx, "g1", 1, 0)
		return onlyError(page, err)
	}, []string{"group g1", "group g9"}},
	{"GET /Groups/g1", strays, func(ctx context.Context, c *scim.Client) error {
		_, err := c.IsMember(ctx, "g1", "u8")
		return err
	}, []string{"group g1", "group g9"}},
	{"PATCH /Groups/g1", strays, func(ctx context.Context, c *scim.Client) error {
		group, err := c.RenameGroup(ctx, "g1", "R&D")
		return onlyError(group, err)
	}, []string{"group g1", "group g9"}},
	{"PATCH /Groups/g1", strays, func(ctx context.Context, c *scim.Client) error {
		return c.AddMembers(ctx, "g1", "u1")
	}, []string{"group g1", "group g9"}},
	{"PATCH /Groups/g1", strays, func(ctx context.Context, c *scim.Client) error {
		return c.RemoveMembers(ctx, "g1", "u1")
	}, []string{"group g1", "group g9"}},
	{"DELETE /Groups/g1", strays, func(ctx context.Context, c *scim.Client) error {
		return c.DeleteGroup(ctx, "g1")
	}, []string{"group g1", "group g9"}},
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
			call := strings.NewReplacer("/u1", "/{id}", "/g1", "/{id}").Replace(test.name)
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
	t.Run("reading after a change", func(t *testing.T) {
		t.Parallel()
		s := serve(t, routes{"PATCH /Groups/g1": answer(204, ""), "GET /Groups/g1": answer(200, strays)})
		_, err := s.client.RenameGroup(t.Context(), "g1", "R&D")
		transporttest.WantError(t, err, udemy.ErrMismatch, "GET /Groups/{id}")
	})
}

// A response with the address as user name or as further address describes the learner that was created.
func TestCreateUserWithSeveralAddresses(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		person("u1", "ADA@example.com", "", "countess@example.com"),
		person("u1", "ada", "", "countess@example.com", "ada@EXAMPLE.com"),
	} {
		got, err := serve(t, routes{"POST /Users": answer(201, body)}).client.CreateUser(t.Context(), ada)
		if err != nil || got.ID != "u1" {
			t.Errorf("%s: got %+v, %v", body, got, err)
		}
	}
}

func TestDeactivateUser(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		patch, get http.HandlerFunc
		want       udemy.Status
		err        error
		reads      int
	}{
		"the response shows it":           {answer(200, adaDeactivated), answer(200, adaActive), udemy.StatusDeactivated, nil, 0},
		"204, deactivated":                {answer(204, ""), answer(200, adaDeactivated), udemy.StatusDeactivated, nil, 1},
		"{}, deactivated":                 {answer(200, "{}"), answer(200, adaDeactivated), udemy.StatusDeactivated, nil, 1},
		"202, deactivated later":          {answer(202, ""), transporttest.InOrder(answer(200, adaActive), answer(200, adaActive), answer(200, adaDeactivated)), udemy.StatusDeactivated, nil, 3},
		"still active, deactivated later": {answer(200, adaActive), answer(200, adaDeactivated), udemy.StatusDeactivated, nil, 1},
		"204, no effect":                  {answer(204, ""), answer(200, adaActive), "", udemy.ErrNoEffect, 7},
		"202, no effect":                  {answer(202, ""), answer(200, adaActive), "", udemy.ErrNoEffect, 7},
		"{}, no effect":                   {answer(200, "{}"), answer(200, adaActive), "", udemy.ErrNoEffect, 7},
		"still active":                    {answer(200, adaActive), answer(200, adaActive), "", udemy.ErrNoEffect, 6},
		"active is not returned":          {answer(204, ""), answer(200, adaShort), udemy.StatusActive, nil, 2},
		"deleted":                         {answer(204, ""), answer(404, ""), "", udemy.ErrNotFound, 1},
		"reading is forbidden":            {answer(200, adaActive), answer(403, ""), "", udemy.ErrForbidden, 1},
		"another learner is read":         {answer(204, ""), answer(200, eve), "", udemy.ErrMismatch, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, readable.With(routes{"PATCH /Users/u1": test.patch, "GET /Users/u1": test.get}))
			got, err := s.client.DeactivateUser(t.Context(), "u1")
			if !transporttest.IsKind(err, test.err) || got.Status != test.want {
				t.Errorf("got %+v, %v; want status %q, %v", got, err, test.want, test.err)
			}
			if errors.Is(err, udemy.ErrNoEffect) {
				transporttest.WantError(t, err, udemy.ErrNoEffect, "PATCH /Users/{id}")
				if !strings.Contains(err.Error(), "learner u1 is still active") {
					t.Errorf("error = %v", err)
				}
			}
			if reads := strings.Count(strings.Join(s.Requests, "\n"), "GET /Users/u1"); reads != test.reads {
				t.Errorf("%d reads, want %d", reads, test.reads)
			}
		})
	}
}

func TestDeleteGroupIsConfirmed(t *testing.T) {
	t.Parallel()
	existing := answer(200, `{"id": "g1", "displayName": "x"}`)
	for name, test := range map[string]struct {
		status int
		get    http.HandlerFunc
		err    error
		reads  int
	}{
		"202, deleted later":   {202, transporttest.InOrder(existing, existing, existing, answer(404, "")), nil, 4},
		"can't be read":        {204, answer(405, ""), nil, 1},
		"no effect":            {204, existing, udemy.ErrNoEffect, 6},
		"reading is forbidden": {204, answer(403, ""), udemy.ErrForbidden, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, readable.With(routes{"DELETE /Groups/g1": answer(test.status, ""), "GET /Groups/g1": test.get}))
			if err := s.client.DeleteGroup(t.Context(), "g1"); !transporttest.IsKind(err, test.err) {
				t.Errorf("error = %v, want %v", err, test.err)
			}
			if reads := strings.Count(strings.Join(s.Requests, "\n"), readG1); reads != test.reads {
				t.Errorf("%d reads, want %d", reads, test.reads)
			}
		})
	}
}

func TestCreateDeactivatedUser(t *testing.T) {
	t.Parallel()
	leaver := udemy.User{Email: "ada@example.com", FirstName: "Ada", LastName: "King", Status: udemy.StatusDeactivated}
	for body, want := range map[string]udemy.Status{
		adaDeactivated: udemy.StatusDeactivated,
		`{"id": "u1"}`: udemy.StatusDeactivated,
		adaShort:       udemy.StatusDeactivated,
		adaActive:      udemy.StatusActive, // The server ignored the attribute, and the caller must see that.
	} {
		s := serve(t, routes{"POST /Users": answer(201, body)})
		got, err := s.client.CreateUser(t.Context(), leaver)
		if err != nil || got.Status != want {
			t.Errorf("%s: got %+v, %v; want status %q", body, got, err, want)
		}
		s.WantRequests(t, "POST /Users")
	}
}

// A member without an ID must not count as absent.
func TestMembersWithoutID(t *testing.T) {
	t.Parallel()
	for _, members := range []string{`[{"display": "Ada"}]`, `[{"value": "u2"}, {"value": null}]`, `[null]`} {
		s := serve(t, routes{"GET /Groups/g1": answer(200, group("g1", members)), "GET /Users/u1": answer(200, adaShort), "GET /Groups": onePage(group("g1", members)), "GET /Users": onePage(adaInG1)})
		_, err := s.client.MemberPage(t.Context(), "g1", 1, 0)
		transporttest.WantError(t, err, udemy.ErrUnavailable, "GET /Groups/{id}")
		_, err = s.client.IsMember(t.Context(), "g1", "u1")
		transporttest.WantError(t, err, udemy.ErrUnavailable, "GET /Groups/{id}")
		_, err = s.client.UserGroups(t.Context(), "u1")
		transporttest.WantError(t, err, udemy.ErrUnavailable, "GET /Groups/{id}")
	}
}

// If two groups have the name after a lost response, a third one is not created.
func TestCreateGroupAfterLostResponse_two(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"POST /Groups": answer(502, ""), "GET /Groups": onePage(group("g1", ""), strings.Replace(group("g2", ""), `"displayName": "g2"`, `"displayName": "g1"`, 1))})
	_, err := s.client.CreateGroup(t.Context(), "g1")
	failure := transporttest.WantFailure(t, err, udemy.ErrConflict, "GET /Groups")
	if want := `the groups g1 and g2 both have the name "g1"`; failure.Detail != want {
		t.Errorf("detail = %q, want %q", failure.Detail, want)
	}
}
