// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/scim"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
)

// What was just written may be unknown to the next reads, or be read as it was before.
func TestLateReads(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{
		"with a body":    {LagReads: 4},
		"without a body": {LagReads: 4, PatchNoContent: true},
		"few filters":    {LagReads: 4, PatchNoContent: true, FewFilters: true, NoListedMembers: true},
		"opaque IDs":     {OpaqueIDs: true, PatchNoContent: true},
		"on time":        {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := simulator.New(simulator.Config{Learners: 3, Variations: variations})
			web := httptest.NewServer(sim)
			t.Cleanup(web.Close)
			base, err := transport.ParseBaseURL(web.URL + "/scim/v2")
			succeeds(t, err)
			waits := 0
			c := scim.New(transport.New(transport.Config{
				BaseURL: base, Credential: transport.BearerToken(simulator.DefaultToken), Accept: scim.Accept, ContentType: scim.ContentType,
				Backoff: func(int, *http.Response) time.Duration { waits++; return time.Microsecond },
			}), scim.LicenseTypes)
			ctx := t.Context()

			group, err := c.CreateGroup(ctx, "Analysts")
			succeeds(t, err)
			user, err := c.CreateUser(ctx, udemy.User{Email: "grace@example.com", FirstName: "Grace", LastName: "Hopper"})
			succeeds(t, err)
			succeeds(t, c.AddMembers(ctx, group.ID, sim.Learners()[0].ID, user.ID))
			got, err := c.User(ctx, user.ID)
			succeeds(t, err)
			if got.Email != "grace@example.com" {
				t.Errorf("got %+v", got)
			}

			change := udemy.Change(udemy.User{LastName: "Murray", ExternalID: "N-1", LicenseTypes: []string{"Pro"}}, udemy.FieldLastName, udemy.FieldExternalID, udemy.FieldLicenses)
			got, err = c.UpdateUser(ctx, user.ID, change)
			succeeds(t, err)
			if got.LastName != "Murray" || got.ExternalID != "N-1" || !slices.Equal(got.LicenseTypes, []string{"Pro"}) {
				t.Errorf("changed %+v", got)
			}
			got, err = c.DeactivateUser(ctx, user.ID)
			succeeds(t, err)
			if got.Status.Seated() {
				t.Errorf("deactivated %+v", got)
			}
			got, err = c.ActivateUser(ctx, user.ID)
			succeeds(t, err)
			if !got.Status.Seated() {
				t.Errorf("activated %+v", got)
			}
			renamed, err := c.RenameGroup(ctx, group.ID, "Data analysts")
			succeeds(t, err)
			if renamed.Name != "Data analysts" {
				t.Errorf("renamed %+v", renamed)
			}
			if members := sim.Groups()[3].Members; len(members) != 2 {
				t.Errorf("the members are %v", members)
			}
			if isLate := variations.LagReads > 0; isLate != (waits > 0) {
				t.Errorf("%d waits", waits)
			}

			// What does not exist is not waited for.
			waits = 0
			if _, err := c.User(ctx, "no-such"); !errors.Is(err, udemy.ErrNotFound) {
				t.Error(err)
			}
			if err := c.AddMembers(ctx, "no-such", user.ID); !errors.Is(err, udemy.ErrNotFound) {
				t.Error(err)
			}
			succeeds(t, c.DeleteGroup(ctx, group.ID))
			if _, err := c.Group(ctx, group.ID); !errors.Is(err, udemy.ErrNotFound) {
				t.Error(err)
			}
			if waits > 0 {
				t.Errorf("%d waits for objects that don't exist", waits)
			}
		})
	}
}

// An object that stays unknown is waited for once.
func TestUnknownForEver(t *testing.T) {
	t.Parallel()
	s := serve(t, readable.With(routes{"POST /Groups": answer(201, `{"id": "g1", "displayName": "R&D"}`)}))
	group, err := s.client.CreateGroup(t.Context(), "R&D")
	succeeds(t, err)
	for range 2 {
		_, err = s.client.Group(t.Context(), group.ID)
		transporttest.WantError(t, err, udemy.ErrNotFound, "GET /Groups/{id}")
	}
	reads := 0
	for _, request := range s.Requests {
		if request == readG1 {
			reads++
		}
	}
	if reads != 6+1 {
		t.Errorf("%d reads, want 7", reads)
	}
}

// hangUp closes the connection without a response.
func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// A group may exist although its response was lost and searches don't find it yet. A second one would have the same name.
func TestCreateGroup_lateAfterLostResponse(t *testing.T) {
	t.Parallel()
	search := transporttest.InOrder(onePage(), onePage(), onePage(), onePage(`{"id": "g1", "displayName": "R&D"}`))
	s := serve(t, routes{"POST /Groups": hangUp, "GET /Groups": search})
	_, err := s.client.CreateGroup(t.Context(), "R&D")
	conflict := transporttest.WantFailure(t, err, udemy.ErrConflict, "POST /Groups")
	if conflict.ExistingID != "g1" || !conflict.Resent {
		t.Errorf("got %+v", conflict)
	}
}

// The conflict of a request that was sent again is with the learner of the first attempt, and searches don't find this learner yet.
func TestCreateUser_lateAfterLostResponse(t *testing.T) {
	t.Parallel()
	const found = `{"id": "u1", "userName": "ada@example.com"}`
	search := transporttest.InOrder(onePage(), onePage(), onePage(), onePage(found))
	s := serve(t, routes{
		"POST /Users":   transporttest.InOrder(hangUp, refuse(409, "uniqueness")),
		"GET /Users":    search,
		"GET /Users/u1": transporttest.InOrder(answer(404, ""), answer(404, ""), answer(200, found)),
	})
	_, err := s.client.CreateUser(t.Context(), ada)
	conflict := transporttest.WantFailure(t, err, udemy.ErrConflict, "POST /Users")
	if conflict.ExistingID != "u1" || !conflict.Resent {
		t.Errorf("got %+v", conflict)
	}
}
