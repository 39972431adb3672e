// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim_test

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/scim"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
)

// variations are the differences between servers, each on its own and then together.
var variations = map[string]simulator.Variations{
	"plain":                    {},
	"204 after PATCH":          {PatchNoContent: true},
	"no scimType":              {NoSCIMType: true, RemoveNoTarget: true, FewFilters: true},
	"numeric status":           {NumericStatus: true},
	"text booleans":            {TextBooleans: true},
	"lower-case names":         {LowerCaseNames: true},
	"no listed members":        {NoListedMembers: true},
	"no members":               {NoMembers: true},
	"no user groups":           {NoUserGroups: true},
	"neither in lists":         {NoListedMembers: true, NoUserGroups: true},
	"noTarget":                 {RemoveNoTarget: true},
	"created by SCIM":          {SCIMMadeOnly: true},
	"licenseType":              {LicenseType: true},
	"few filters":              {FewFilters: true},
	"filters ignored":          {IgnoreFilters: true},
	"folded e-mails":           {FoldEmails: true},
	"small pages":              {PageSize: 20, IgnoreFilters: true},
	"empty left out":           {OmitEmpty: true},
	"no empty, no user groups": {OmitEmpty: true, NoUserGroups: true, NoListedMembers: true},
	"no exclusion":             {NoExcluding: true},
	"versions":                 {RequireVersion: true},
	"versions, 204":            {RequireVersion: true, PatchNoContent: true, NoExcluding: true},
	"all together": {
		PatchNoContent: true, NoSCIMType: true, NumericStatus: true, TextBooleans: true, LowerCaseNames: true, NoListedMembers: true,
		NoUserGroups: true, RemoveNoTarget: true, SCIMMadeOnly: true, LicenseType: true, FewFilters: true, FoldEmails: true, PageSize: 7,
		OmitEmpty: true, NoExcluding: true, RequireVersion: true,
	},
}

// simulate returns a Client of a simulator. The simulator implements the same contract independently, so it shows what the client
// gets wrong.
func simulate(t *testing.T, config simulator.Config) *scim.Client {
	t.Helper()
	web := httptest.NewServer(simulator.New(config))
	t.Cleanup(web.Close)
	key := scim.LicenseTypes
	if config.Variations.LicenseType {
		key = scim.LicenseType
	}
	return connect(t, web.URL+"/scim/v2", key)
}

func succeeds(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestLearnerLifecycle(t *testing.T) {
	t.Parallel()
	for name, varied := range variations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			learnerLifecycle(t, simulate(t, simulator.Config{Learners: 45, Variations: varied}))
		})
	}
}

func learnerLifecycle(t *testing.T, c *scim.Client) {
	t.Helper()
	ctx := t.Context()
	created, err := c.CreateUser(ctx, udemy.User{
		Email: "Grace.O'Hopper+1@example.com", FirstName: "Grace", LastName: `"<R&D>" \ é`, ExternalID: `N "1" \`, LicenseTypes: []string{"Pro"},
	})
	succeeds(t, err)
	if created.ID == "" || created.LastName != `"<R&D>" \ é` || created.Status != udemy.StatusActive ||
		!slices.Equal(created.LicenseTypes, []string{"Pro"}) || !udemy.SameEmail(created.Email, "grace.o'hopper+1@example.com") {
		t.Errorf("created %+v", created)
	}
	_, err = c.CreateUser(ctx, udemy.User{Email: "grace.o'hopper+1@EXAMPLE.com", FirstName: "G", LastName: "H"})
	transporttest.WantError(t, err, udemy.ErrConflict, "POST /Users")

	found, err := c.UserByEmail(ctx, "GRACE.o'hopper+1@example.com")
	succeeds(t, err)
	byExternalID, err := c.UserByExternalID(ctx, `N "1" \`)
	succeeds(t, err)
	if found.ID != created.ID || byExternalID.ID != created.ID {
		t.Errorf("found %+v, %+v", found, byExternalID)
	}
	_, err = c.UserByEmail(ctx, "absent@example.com")
	transporttest.WantError(t, err, udemy.ErrNotFound, "GET /Users")
	_, err = c.UserByExternalID(ctx, `n "1" \`)
	transporttest.WantError(t, err, udemy.ErrNotFound, "GET /Users")
	_, err = c.User(ctx, "absent")
	transporttest.WantError(t, err, udemy.ErrNotFound, "GET /Users/{id}")

	changed, err := c.UpdateUser(ctx, created.ID, udemy.Change(udemy.User{
		Email: "g.murray@example.com", FirstName: "G.", LastName: "Murray", ExternalID: "N-2", LicenseTypes: []string{"Enterprise", "Pro"},
	}, udemy.FieldEmail, udemy.FieldFirstName, udemy.FieldLastName, udemy.FieldExternalID, udemy.FieldLicenses))
	succeeds(t, err)
	slices.Sort(changed.LicenseTypes)
	if changed.Email != "g.murray@example.com" || changed.FirstName != "G." || changed.LastName != "Murray" || changed.ExternalID != "N-2" ||
		!slices.Equal(changed.LicenseTypes, []string{"Enterprise", "Pro"}) {
		t.Errorf("changed %+v", changed)
	}
	if found, err = c.UserByEmail(ctx, "g.murray@example.com"); err != nil || found.ID != created.ID {
		t.Errorf("found %+v, error %v", found, err)
	}
	for range 2 { // The second time, the attribute is already absent.
		changed, err = c.UpdateUser(ctx, created.ID, udemy.Change(udemy.User{ExternalID: "", FirstName: "Grace"}, udemy.FieldExternalID, udemy.FieldFirstName))
		succeeds(t, err)
		if changed.ExternalID != "" || changed.FirstName != "Grace" || changed.LastName != "Murray" || len(changed.LicenseTypes) != 2 {
			t.Errorf("changed %+v", changed)
		}
	}
	for range 2 {
		deactivated, err := c.DeactivateUser(ctx, created.ID)
		succeeds(t, err)
		read, err := c.User(ctx, created.ID)
		succeeds(t, err)
		if deactivated.Status != udemy.StatusDeactivated || read.Status != udemy.StatusDeactivated {
			t.Errorf("statuses %q, %q", deactivated.Status, read.Status)
		}
	}
	activated, err := c.ActivateUser(ctx, created.ID)
	succeeds(t, err)
	if activated.Status != udemy.StatusActive || activated.FirstName != "Grace" {
		t.Errorf("activated %+v", activated)
	}
}

func TestGroupLifecycle(t *testing.T) {
	t.Parallel()
	for name, varied := range variations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			groupLifecycle(t, simulate(t, simulator.Config{Variations: varied}))
		})
	}
}

func groupLifecycle(t *testing.T, c *scim.Client) {
	t.Helper()
	ctx := t.Context()
	learner, err := c.CreateUser(ctx, udemy.User{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
	succeeds(t, err)
	other, err := c.CreateUser(ctx, udemy.User{Email: "bob@example.com", FirstName: "Bob", LastName: "Other"})
	succeeds(t, err)
	group, err := c.CreateGroup(ctx, `R&D "1"`)
	succeeds(t, err)
	_, err = c.CreateGroup(ctx, `R&D "1"`)
	transporttest.WantError(t, err, udemy.ErrConflict, "POST /Groups")
	byName, err := c.GroupByName(ctx, `R&D "1"`)
	succeeds(t, err)
	read, err := c.Group(ctx, group.ID)
	succeeds(t, err)
	if byName != group || read != group || group.Name != `R&D "1"` {
		t.Errorf("found %+v, %+v; want %+v", byName, read, group)
	}

	member := func(id string, want bool) {
		t.Helper()
		got, err := c.IsMember(ctx, group.ID, id)
		succeeds(t, err)
		if got != want {
			t.Errorf("IsMember = %t, want %t", got, want)
		}
		var ids []string
		if want {
			ids = []string{group.ID}
		}
		groups, err := c.UserGroups(ctx, id)
		succeeds(t, err)
		if !slices.Equal(groups, ids) {
			t.Errorf("groups = %q, want %q", groups, ids)
		}
	}
	succeeds(t, c.AddMembers(ctx, group.ID, learner.ID))
	succeeds(t, c.AddMembers(ctx, group.ID, learner.ID, other.ID))
	member(learner.ID, true)
	member(other.ID, true)
	succeeds(t, c.RemoveMembers(ctx, group.ID, learner.ID))
	succeeds(t, c.RemoveMembers(ctx, group.ID, learner.ID))
	member(learner.ID, false)
	member(other.ID, true)
	succeeds(t, c.RemoveMembers(ctx, group.ID, learner.ID, other.ID))
	member(other.ID, false)
	succeeds(t, c.AddMembers(ctx, group.ID, other.ID))

	renamed, err := c.RenameGroup(ctx, group.ID, "Research")
	succeeds(t, err)
	if renamed != (udemy.Group{ID: group.ID, Name: "Research"}) {
		t.Errorf("renamed %+v", renamed)
	}
	member(other.ID, true)
	for range 2 { // The second time, the group is already gone.
		succeeds(t, c.DeleteGroup(ctx, group.ID))
		succeeds(t, c.RemoveMembers(ctx, group.ID, learner.ID))
		member(other.ID, false)
	}
	_, err = c.Group(ctx, group.ID)
	transporttest.WantError(t, err, udemy.ErrNotFound, "GET /Groups/{id}")
	transporttest.WantError(t, c.AddMembers(ctx, group.ID, other.ID), udemy.ErrNotFound, "PATCH /Groups/{id}")
}

// If the API does not return memberships, they are unknown, not absent.
func TestHiddenMemberships(t *testing.T) {
	t.Parallel()
	c := simulate(t, simulator.Config{Variations: simulator.Variations{NoMembers: true, NoUserGroups: true}})
	learner, err := c.CreateUser(t.Context(), udemy.User{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
	succeeds(t, err)
	group, err := c.CreateGroup(t.Context(), "Analysts")
	succeeds(t, err)
	succeeds(t, c.AddMembers(t.Context(), group.ID, learner.ID))
	_, err = c.IsMember(t.Context(), group.ID, learner.ID)
	transporttest.WantError(t, err, udemy.ErrNotOffered, "GET /Groups/{id}")
	_, err = c.UserGroups(t.Context(), learner.ID)
	transporttest.WantError(t, err, udemy.ErrNotOffered, "GET /Groups/{id}")
	succeeds(t, c.RemoveMembers(t.Context(), group.ID, learner.ID))
}

func TestManyMembersInAGroup(t *testing.T) {
	t.Parallel()
	c := simulate(t, simulator.Config{Variations: simulator.Variations{PageSize: 20, IgnoreFilters: true}})
	ctx := t.Context()
	ids := make([]string, 250)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			user, err := c.CreateUser(ctx, udemy.User{
				Email: fmt.Sprintf("l%d@example.com", i), FirstName: "L", LastName: fmt.Sprint(i), ExternalID: fmt.Sprint("E-", i),
			})
			if err != nil {
				t.Error(err)
			}
			ids[i] = user.ID
		})
	}
	all.Wait()
	singly, err := c.CreateGroup(ctx, "singly")
	succeeds(t, err)
	together, err := c.CreateGroup(ctx, "together")
	succeeds(t, err)
	for _, id := range ids {
		all.Go(func() {
			if err := c.AddMembers(ctx, singly.ID, id); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	succeeds(t, c.AddMembers(ctx, together.ID, ids...))
	members := func(group udemy.Group, want []string) {
		t.Helper()
		page, err := c.MemberPage(ctx, group.ID, 1, 0)
		succeeds(t, err)
		if slices.Sort(page.Items); !slices.Equal(page.Items, slices.Sorted(slices.Values(want))) {
			t.Errorf("%s: %d members, want %d", group.Name, len(page.Items), len(want))
		}
	}
	members(singly, ids)
	members(together, ids)
	succeeds(t, c.RemoveMembers(ctx, together.ID, ids[:120]...))
	members(together, ids[120:])

	first, err := c.UserPage(ctx, 1, 0)
	succeeds(t, err)
	if len(first.Items) != 20 || first.Total != 250 {
		t.Errorf("%d of %d learners on the first page, want 20 of 250", len(first.Items), first.Total)
	}
	found, err := c.UserByExternalID(ctx, "E-249")
	succeeds(t, err)
	if found.ID != ids[249] {
		t.Errorf("found %+v", found)
	}
	groups, err := c.UserGroups(ctx, ids[249])
	succeeds(t, err)
	if len(groups) != 2 {
		t.Errorf("groups = %q", groups)
	}
}
