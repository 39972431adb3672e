// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
)

// A server that refuses excludedAttributes is asked once. The filter of a search is kept.
func TestExcludedAttributesRefused(t *testing.T) {
	t.Parallel()
	strict := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Has("excludedAttributes") {
				refuse(400, "invalidValue")(w, r)
				return
			}
			answer(200, body)(w, r)
		}
	}
	s := serve(t, routes{"GET /Groups": strict(page(1, group("g1", ""))), "GET /Groups/g1": strict(group("g1", ""))})
	ctx := t.Context()
	for range 2 {
		listed, err := s.client.GroupPage(ctx, 1, 0)
		if err != nil || len(listed.Items) != 1 {
			t.Errorf("GroupPage = %+v, %v", listed, err)
		}
	}
	if found, err := s.client.GroupByName(ctx, "g1"); err != nil || found.ID != "g1" {
		t.Errorf("GroupByName = %+v, %v", found, err)
	}
	if read, err := s.client.Group(ctx, "g1"); err != nil || read.ID != "g1" {
		t.Errorf("Group = %+v, %v", read, err)
	}
	const list = "GET /Groups?count=100&startIndex=1"
	s.WantRequests(t, "GET /Groups?count=100&excludedAttributes=members&startIndex=1", list, list,
		`GET /Groups?count=100&filter=displayName eq "g1"&startIndex=1`, "GET /Groups/g1")
}

// If the server refuses the list for another reason, the parameter is sent again.
func TestExcludedAttributesNotTheReason(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"GET /Groups": refuse(400, "")})
	for range 2 {
		_, err := s.client.GroupPage(t.Context(), 1, 0)
		transporttest.WantError(t, err, udemy.ErrInvalid, "GET /Groups")
	}
	const with, without = "GET /Groups?count=100&excludedAttributes=members&startIndex=1", "GET /Groups?count=100&startIndex=1"
	s.WantRequests(t, with, without, with, without)
}

// versioned answers a group with a version, and refuses changes without that version. The status of the first refusal is 428 or 412.
// stale is how often another client changes the group after its version was read.
func versioned(t *testing.T, refusal, stale int, version string) (*server, *[]string) {
	t.Helper()
	sent := &[]string{}
	changes := 0
	return serve(t, routes{
		"GET /Groups/g1": func(w http.ResponseWriter, r *http.Request) {
			if only, ok := strings.CutPrefix(version, "header "); ok {
				w.Header().Set("ETag", only)
				answer(200, `{"id": "g1", "displayName": "g1"}`)(w, r)
				return
			}
			answer(200, `{"id": "g1", "displayName": "g1", "meta": {"version": "`+strings.ReplaceAll(version, `"`, `\"`)+`"}}`)(w, r)
		},
		"PATCH /Groups/g1": func(w http.ResponseWriter, r *http.Request) {
			*sent = append(*sent, r.Header.Get("If-Match"))
			switch {
			case r.Header.Get("If-Match") == "":
				answer(refusal, "")(w, r)
			case changes < stale:
				changes++
				answer(412, "")(w, r)
			default:
				answer(204, "")(w, r)
			}
		},
	}), sent
}

func TestIfMatch(t *testing.T) {
	t.Parallel()
	const version = `W/"7"`
	for name, test := range map[string]struct {
		refusal, stale int
		version        string
		sent           []string
		err            error
	}{
		"428":               {428, 0, version, []string{"", version, version}, nil},
		"412":               {412, 0, version, []string{"", version, version}, nil},
		"changed once":      {428, 1, version, []string{"", version, version, version}, nil},
		"changed all along": {428, 99, version, []string{"", version, version, version, version}, udemy.ErrRefused},
		"only a header":     {412, 0, "header " + version, []string{"", version, version}, nil},
		"no version":        {428, 0, "", []string{"", "", ""}, udemy.ErrRefused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, sent := versioned(t, test.refusal, test.stale, test.version)
			for range 2 { // The second time, the version is read at once.
				if err := s.client.AddMembers(t.Context(), "g1", "u1"); !transporttest.IsKind(err, test.err) {
					t.Errorf("error = %v, want %v", err, test.err)
				}
			}
			if !slices.Equal(*sent, test.sent) {
				t.Errorf("If-Match was %q, want %q", *sent, test.sent)
			}
		})
	}
}

// A server that does not demand a version gets none, and no request to read it.
func TestIfMatchNotDemanded(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"PATCH /Groups/g1": answer(204, "")})
	if err := s.client.AddMembers(t.Context(), "g1", "u1"); err != nil {
		t.Error(err)
	}
	s.WantRequests(t, "PATCH /Groups/g1")
}

// The members of a group that has no members attribute are empty if a response shows the members of another group.
func TestMemberPage_absent(t *testing.T) {
	t.Parallel()
	bobInG2 := `{"id": "u2", "userName": "bob@example.com", "groups": [{"value": "g2"}]}`
	absent := routes{"GET /Groups/g1": answer(200, group("g1", ""))}
	shown := answer(200, group("g2", `[{"value": "u2"}]`))
	for name, test := range map[string]struct {
		offered routes
		want    []string
		err     error
		more    []string // requests
	}{
		"a learner's group shows": {
			absent.With(routes{"GET /Users": onePage(adaShort, bobInG2), "GET /Groups/g2": shown}), []string{}, nil, []string{allUsers, "GET /Groups/g2"},
		},
		"a learner's group hides": {
			absent.With(routes{"GET /Users": onePage(bobInG2), "GET /Groups/g2": answer(200, group("g2", ""))}), nil, udemy.ErrNotOffered, []string{allUsers, "GET /Groups/g2"},
		},
		"a listed group shows": {
			absent.With(routes{"GET /Users": onePage(adaShort), "GET /Groups": onePage(group("g1", ""), group("g2", `[{"value": "u2"}]`))}),
			[]string{},
			nil,
			[]string{allUsers, "GET /Groups?count=100&startIndex=1", "GET /Groups/g1"},
		},
		"no group shows": {
			absent.With(routes{"GET /Users": onePage(adaShort), "GET /Groups": onePage(group("g1", ""))}),
			nil, nil,
			[]string{allUsers, "GET /Groups?count=100&startIndex=1", "GET /Groups/g1"},
		},
		"learners can't be listed":  {absent, nil, nil, []string{allUsers}},
		"learners are forbidden":    {absent.With(routes{"GET /Users": answer(403, "")}), nil, nil, []string{allUsers}},
		"the list can't be decoded": {absent.With(routes{"GET /Users": answer(200, `{}`)}), nil, udemy.ErrUnavailable, []string{allUsers}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, test.offered)
			got, err := s.client.MemberPage(t.Context(), "g1", 1, 0)
			if !transporttest.IsKind(err, test.err) || (got.Items == nil) != (test.want == nil) || len(got.Items) != 0 {
				t.Errorf("got %#v, %v; want %#v, %v", got.Items, err, test.want, test.err)
			}
			s.WantRequests(t, append([]string{"GET /Groups/g1"}, test.more...)...)
		})
	}
}

// In an organization without memberships, the first one shows whether the server returns them.
func TestFirstMembership(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		variations simulator.Variations
		err        error
	}{
		"empty attributes are left out":     {simulator.Variations{OmitEmpty: true}, nil},
		"learners have no groups":           {simulator.Variations{OmitEmpty: true, NoUserGroups: true, NoListedMembers: true}, nil},
		"groups have no members":            {simulator.Variations{OmitEmpty: true, NoMembers: true}, nil},
		"the server returns no memberships": {simulator.Variations{OmitEmpty: true, NoMembers: true, NoUserGroups: true}, udemy.ErrNotOffered},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := simulate(t, simulator.Config{Variations: test.variations})
			ctx := t.Context()
			learner, err := c.CreateUser(ctx, udemy.User{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
			succeeds(t, err)
			first, err := c.CreateGroup(ctx, "First")
			succeeds(t, err)
			second, err := c.CreateGroup(ctx, "Second")
			succeeds(t, err)
			_, err = c.UserGroups(ctx, learner.ID)
			transporttest.WantError(t, err, udemy.ErrNotOffered, "GET /Groups/{id}")

			succeeds(t, c.AddMembers(ctx, first.ID, learner.ID))
			groups, err := c.UserGroups(ctx, learner.ID)
			if !transporttest.IsKind(err, test.err) || test.err == nil && !slices.Equal(groups, []string{first.ID}) {
				t.Errorf("UserGroups = %q, %v", groups, err)
			}
			for groupID, want := range map[string]bool{first.ID: true, second.ID: false} {
				member, err := c.IsMember(ctx, groupID, learner.ID)
				if !transporttest.IsKind(err, test.err) || member != (want && test.err == nil) {
					t.Errorf("IsMember = %t, %v", member, err)
				}
			}
			page, err := c.MemberPage(ctx, second.ID, 1, 0)
			if isKnown := page.Items != nil; udemy.IgnoreNotOffered(err) != nil || isKnown == test.variations.NoMembers || len(page.Items) > 0 {
				t.Errorf("MemberPage = %#v, %v", page.Items, err)
			}
		})
	}
}
