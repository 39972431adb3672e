// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/usermanagement"
)

// What was just written may be unknown to the next calls. What does not exist is not waited for.
func TestLateReads(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{
		"late":       {LagReads: 4, SparseAnswers: true},
		"opaque IDs": {OpaqueIDs: true},
		"on time":    {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := simulator.New(simulator.Config{Learners: 3, Variations: variations})
			web := httptest.NewServer(sim)
			t.Cleanup(web.Close)
			endpoint, err := transport.ParseBaseURL(web.URL + "/api-2.0")
			if err != nil {
				t.Fatal(err)
			}
			waits := 0
			c := usermanagement.New(transport.New(transport.Config{
				BaseURL:    usermanagement.BaseURL(endpoint, simulator.DefaultOrganization),
				Credential: transport.BasicToken(simulator.DefaultToken), Accept: usermanagement.MediaType, ContentType: usermanagement.MediaType,
				Backoff: func(int, *http.Response) time.Duration { waits++; return time.Microsecond },
			}))
			ctx := t.Context()
			succeeds := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}

			group, err := c.CreateGroup(ctx, "Analysts")
			succeeds(err)
			user, err := c.CreateUser(ctx, udemy.User{Email: "grace@example.com", FirstName: "Grace", LastName: "Hopper", GroupIDs: []string{group.ID}})
			succeeds(err)
			other, err := c.CreateGroup(ctx, "Pilots")
			succeeds(err)
			succeeds(c.AddMembers(ctx, other.ID, user.ID))
			members, err := c.MemberPage(ctx, other.ID, 1, 0)
			succeeds(err)
			if variations.LagReads == 0 && !slices.Equal(members.Items, []string{user.ID}) {
				t.Errorf("the members are %v", members.Items)
			}
			got, err := c.User(ctx, user.ID)
			succeeds(err)
			if got.Email != "grace@example.com" {
				t.Errorf("got %+v", got)
			}
			got, err = c.UpdateUser(ctx, user.ID, udemy.Change(udemy.User{LastName: "Murray"}, udemy.FieldLastName))
			succeeds(err)
			if got.LastName != "Murray" {
				t.Errorf("changed %+v", got)
			}
			if isLate := variations.LagReads > 0; isLate != (waits > 0) {
				t.Errorf("%d waits", waits)
			}

			waits = 0
			if _, err := c.User(ctx, "no-such"); !errors.Is(err, udemy.ErrNotFound) {
				t.Error(err)
			}
			if err := c.AddMembers(ctx, "no-such", user.ID); !errors.Is(err, udemy.ErrNotFound) {
				t.Error(err)
			}
			succeeds(c.RemoveMembers(ctx, group.ID, sim.Learners()[0].ID, sim.Learners()[1].ID))
			succeeds(c.DeleteGroup(ctx, group.ID))
			if _, err := c.Group(ctx, group.ID); !errors.Is(err, udemy.ErrNotFound) {
				t.Error(err)
			}
			if waits > 0 {
				t.Errorf("%d waits for objects that don't exist", waits)
			}
		})
	}
}

// A response without a body shows nothing, so the learner is read until the change shows.
func TestUpdateUser_late(t *testing.T) {
	t.Parallel()
	named := func(name, status string) http.HandlerFunc {
		return answer(200, `{"id": "u1", "email": "ada@example.com", "firstname": "Ada", "lastname": "`+name+`", "status": "`+status+`"}`)
	}
	s := serve(t, routes{
		"PATCH /users/u1/": answer(204, ""),
		"GET /users/u1/":   transporttest.InOrder(named("King", "active"), named("King", "active"), named("Byron", "active")),
	})
	got, err := s.client.UpdateUser(t.Context(), "u1", udemy.Change(udemy.User{LastName: "Byron"}, udemy.FieldLastName))
	if err != nil || got.LastName != "Byron" {
		t.Errorf("got %+v, %v", got, err)
	}
	s = serve(t, routes{
		"PATCH /users/u1/": answer(204, ""),
		"GET /users/u1/":   transporttest.InOrder(named("King", "deactivated"), named("King", "active")),
	})
	got, err = s.client.ActivateUser(t.Context(), "u1")
	if err != nil || !got.Status.Seated() {
		t.Errorf("got %+v, %v", got, err)
	}
}
