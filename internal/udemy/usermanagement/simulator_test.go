// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement_test

import (
	"errors"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/usermanagement"
)

// The simulator implements the same contract independently, so it shows what the client gets wrong.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{
		"plain":             {},
		"filters ignored":   {IgnoreFilters: true, PageSize: 7},
		"sparse responses":  {SparseAnswers: true},
		"other value types": {NumericIDs: true, GroupObjects: true, FoldEmails: true, AutoProvision: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			web := httptest.NewServer(simulator.New(simulator.Config{Learners: 40, Variations: variations}))
			t.Cleanup(web.Close)
			endpoint, err := transport.ParseBaseURL(web.URL + "/api-2.0")
			if err != nil {
				t.Fatal(err)
			}
			lifecycle(t, usermanagement.New(transport.New(transport.Config{
				BaseURL:     usermanagement.BaseURL(endpoint, simulator.DefaultOrganization),
				Credential:  transport.BasicToken(simulator.DefaultToken),
				Accept:      usermanagement.MediaType,
				ContentType: usermanagement.MediaType,
			})))
		})
	}
}

func lifecycle(t *testing.T, client udemy.API) {
	t.Helper()
	ctx := t.Context()
	succeeds := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}

	group, err := client.CreateGroup(ctx, "Analysts")
	succeeds(err)
	created, err := client.CreateUser(ctx, udemy.User{
		Email: "Grace.Hopper@example.com", FirstName: "Grace", LastName: "Hopper", ExternalID: "N-1", GroupIDs: []string{group.ID},
	})
	succeeds(err)
	if created.ID == "" || !slices.Equal(created.GroupIDs, []string{group.ID}) || !udemy.SameEmail(created.Email, "grace.hopper@example.com") {
		t.Errorf("created %+v", created)
	}

	_, err = client.CreateUser(ctx, udemy.User{Email: "grace.hopper@EXAMPLE.com", FirstName: "G", LastName: "H"})
	if failure := transporttest.WantFailure(t, err, udemy.ErrConflict, "POST /users/"); failure.ExistingID != created.ID {
		t.Errorf("existing ID = %q, want %q", failure.ExistingID, created.ID)
	}
	_, err = client.CreateGroup(ctx, "Analysts")
	if failure := transporttest.WantFailure(t, err, udemy.ErrConflict, "POST /groups/"); failure.ExistingID != group.ID {
		t.Errorf("existing ID = %q, want %q", failure.ExistingID, group.ID)
	}

	found, err := client.UserByEmail(ctx, "GRACE.hopper@example.com")
	succeeds(err)
	byExternalID, err := client.UserByExternalID(ctx, "N-1")
	succeeds(err)
	byName, err := client.GroupByName(ctx, "Analysts")
	succeeds(err)
	if found.ID != created.ID || byExternalID.ID != created.ID || byName != group {
		t.Errorf("found %+v, %+v, %+v", found, byExternalID, byName)
	}

	changed, err := client.UpdateUser(ctx, created.ID, udemy.Change(udemy.User{LastName: "Murray", ExternalID: ""}, udemy.FieldLastName, udemy.FieldExternalID))
	succeeds(err)
	if changed.LastName != "Murray" || changed.ExternalID != "" || changed.FirstName != "Grace" {
		t.Errorf("changed %+v", changed)
	}
	deactivated, err := client.DeactivateUser(ctx, created.ID)
	succeeds(err)
	activated, err := client.ActivateUser(ctx, created.ID)
	succeeds(err)
	if deactivated.Status != udemy.StatusDeactivated || !activated.Status.Seated() {
		t.Errorf("statuses %q, %q", deactivated.Status, activated.Status)
	}

	member := func(want bool) {
		t.Helper()
		got, err := client.IsMember(ctx, group.ID, created.ID)
		succeeds(err)
		if got != want {
			t.Errorf("IsMember = %t, want %t", got, want)
		}
	}
	member(true)
	succeeds(client.RemoveMembers(ctx, group.ID, created.ID))
	member(false)
	succeeds(client.RemoveMembers(ctx, group.ID, created.ID))
	succeeds(client.AddMembers(ctx, group.ID, created.ID))
	succeeds(client.AddMembers(ctx, group.ID, created.ID))
	member(true)
	groups, err := client.UserGroups(ctx, created.ID)
	succeeds(err)
	if !slices.Equal(groups, []string{group.ID}) {
		t.Errorf("groups = %q, want %q", groups, group.ID)
	}

	renamed, err := client.RenameGroup(ctx, group.ID, "Data analysts")
	succeeds(err)
	if renamed != (udemy.Group{ID: group.ID, Name: "Data analysts"}) {
		t.Errorf("renamed %+v", renamed)
	}
	for range 2 { // The second time, both are already gone.
		succeeds(client.DeleteGroup(ctx, group.ID))
		succeeds(client.DeleteUser(ctx, created.ID))
	}
	member(false)
	if _, err := client.User(ctx, created.ID); !errors.Is(err, udemy.ErrNotFound) {
		t.Errorf("error = %v, want %v", err, udemy.ErrNotFound)
	}
	if _, err := client.Group(ctx, group.ID); !errors.Is(err, udemy.ErrNotFound) {
		t.Errorf("error = %v, want %v", err, udemy.ErrNotFound)
	}
}
