// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
)

// group returns a group with its members in JSON. If members is empty, the attribute is absent.
func group(id, members string) string {
	if members != "" {
		members = `, "members": ` + members
	}
	return `{"id": "` + id + `", "displayName": "` + id + `"` + members + `}`
}

const (
	adaInG1      = `{"id": "u1", "userName": "ada@example.com", "groups": [{"value": "g1", "display": "g1"}]}`
	adaInNoGroup = `{"id": "u1", "userName": "ada@example.com", "groups": []}`
)

func TestIsMember(t *testing.T) {
	t.Parallel()
	members := func(members string) routes { return routes{"GET /Groups/g1": answer(200, group("g1", members))} }
	learner := func(user string) routes { return members("").With(routes{"GET /Users/u1": answer(200, user)}) }
	lists := func(groups, users http.HandlerFunc) routes {
		return learner(adaShort).With(routes{"GET /Groups": groups, "GET /Users": users, "GET /Groups/g2": answer(200, group("g2", `[{"value": "u9"}]`))})
	}
	for name, test := range map[string]struct {
		offered routes
		want    bool
		err     error
	}{
		"the group has the member":              {members(`[{"value": "u2"}, {"value": "u1", "type": "User"}]`), true, nil},
		"the group has other members":           {members(`[{"value": "u2"}, {"value": "U1"}]`), false, nil},
		"the group has no members":              {members(`[]`), false, nil},
		"attribute names in capitals":           {routes{"GET /Groups/g1": answer(200, `{"ID": "g1", "DisplayName": "x", "MEMBERS": [{"VALUE": "u1"}]}`)}, true, nil},
		"IDs are numbers":                       {members(`[{"value": 7}]`), false, nil},
		"the learner has the group":             {learner(adaInG1), true, nil},
		"the learner has no group":              {learner(adaInNoGroup), false, nil},
		"null is absent":                        {learner(adaInG1).With(members(`null`)), true, nil},
		"another group in the list has members": {lists(onePage(group("g1", ""), group("g2", `[{"value": "u9"}]`)), onePage()), false, nil},
		"another group has members":             {lists(onePage(group("g1", ""), group("g2", "")), onePage()), false, nil},
		"another learner has groups":            {lists(onePage(group("g1", "")), onePage(adaShort, `{"id": "u2", "userName": "b", "groups": [{"value": "g2"}]}`)), false, nil},
		"no memberships anywhere":               {lists(onePage(group("g1", "")), onePage(adaShort)), false, udemy.ErrNotOffered},
		"the group is deleted":                  {readable, false, nil},
		"the learner is deleted":                {readable.With(members("")), false, nil},
		"groups can't be read":                  {routes{}, false, udemy.ErrNotOffered},
		"the group is forbidden":                {routes{"GET /Groups/g1": answer(403, "")}, false, udemy.ErrForbidden},
		"the learner is forbidden":              {members("").With(routes{"GET /Users/u1": answer(403, "")}), false, udemy.ErrForbidden},
		"listing learners is forbidden":         {lists(onePage(group("g1", "")), answer(403, "")), false, udemy.ErrForbidden},
		"listing groups is forbidden":           {lists(answer(403, ""), onePage(adaShort)), false, udemy.ErrForbidden},
		"a listed group is forbidden":           {lists(onePage(group("g3", "")), onePage()).With(routes{"GET /Groups/g3": answer(403, "")}), false, udemy.ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := serve(t, test.offered).client.IsMember(t.Context(), "g1", "u1")
			if got != test.want || !transporttest.IsKind(err, test.err) {
				t.Errorf("got %t, %v; want %t, %v", got, err, test.want, test.err)
			}
		})
	}
}

// Whether the API returns memberships is checked once. A membership that is seen later overrides the result.
func TestHiddenMembershipsAreCheckedOnce(t *testing.T) {
	t.Parallel()
	offered := routes{
		"GET /Groups/g1": answer(200, group("g1", "")), "GET /Groups/g2": answer(200, group("g2", `[{"value": "u1"}]`)),
		"GET /Users/u1": answer(200, adaShort), "GET /Users": onePage(adaShort), "GET /Groups": onePage(group("g1", "")),
		"GET /Users/u2": answer(200, strings.ReplaceAll(adaInNoGroup, "u1", "u2")),
	}
	s := serve(t, offered)
	for range 2 {
		if _, err := s.client.IsMember(t.Context(), "g1", "u1"); !transporttest.IsKind(err, udemy.ErrNotOffered) {
			t.Errorf("error = %v", err)
		}
	}
	if _, err := s.client.UserGroups(t.Context(), "u1"); !transporttest.IsKind(err, udemy.ErrNotOffered) {
		t.Errorf("error = %v", err)
	}
	look := []string{"GET /Groups/g1", "GET /Users/u1"}
	s.WantRequests(t, slices.Concat(look, []string{allUsers, "GET /Groups?count=100&startIndex=1", "GET /Groups/g1"}, look, look[1:])...)

	for name, see := range map[string]func(udemy.API) error{
		"a group has members":  func(c udemy.API) error { _, err := c.IsMember(t.Context(), "g2", "u1"); return err },
		"a learner has groups": func(c udemy.API) error { _, err := c.UserGroups(t.Context(), "u2"); return err },
	} {
		c := serve(t, offered).client
		if _, err := c.IsMember(t.Context(), "g1", "u1"); !transporttest.IsKind(err, udemy.ErrNotOffered) {
			t.Errorf("error = %v", err)
		}
		if err := see(c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if member, err := c.IsMember(t.Context(), "g1", "u1"); err != nil || member {
			t.Errorf("%s: IsMember = %t, %v", name, member, err)
		}
	}
}

func TestUserGroups(t *testing.T) {
	t.Parallel()
	withoutGroups := routes{"GET /Users/u1": answer(200, adaShort), "GET /Users": onePage(adaShort)}
	listed := withoutGroups.With(routes{"GET /Groups": onePage(
		group("g1", `[{"value": "u1"}, {"value": "u2"}]`), group("g2", `[]`), group("g3", `[{"value": "u1"}]`))})
	read := withoutGroups.With(routes{
		"GET /Groups":    onePage(group("g1", ""), group("g2", ""), group("gone", ""), group("g4", "")),
		"GET /Groups/g1": answer(200, group("g1", `[{"value": "u1"}]`)),
		"GET /Groups/g2": answer(200, group("g2", "")),
		"GET /Groups/g4": answer(200, group("g4", `[{"value": "u2"}, {"value": "u1"}]`)),
	})
	for name, test := range map[string]struct {
		offered routes
		want    []string
		err     error
	}{
		"the learner has a group":  {routes{"GET /Users/u1": answer(200, adaInG1)}, []string{"g1"}, nil},
		"the learner has no group": {routes{"GET /Users/u1": answer(200, adaInNoGroup)}, []string{}, nil},
		"the list has members":     {listed, []string{"g1", "g3"}, nil},
		"the groups have members":  {read, []string{"g1", "g4"}, nil},
		"there are no groups":      {withoutGroups.With(routes{"GET /Groups": onePage()}), []string{}, nil},
		"no memberships anywhere":  {read.With(routes{"GET /Groups": onePage(group("g2", ""))}), nil, udemy.ErrNotOffered},
		"a group is forbidden":     {read.With(routes{"GET /Groups/g4": answer(403, "")}), nil, udemy.ErrForbidden},
		"the list is forbidden":    {read.With(routes{"GET /Groups": answer(403, "")}), nil, udemy.ErrForbidden},
		"the learner is deleted":   {readable, nil, udemy.ErrNotFound},
		"nothing can be read":      {routes{}, nil, udemy.ErrNotOffered},
		"a listed group is null":   {withoutGroups.With(routes{"GET /Groups": answer(200, page(1, "null"))}), nil, udemy.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := serve(t, test.offered).client.UserGroups(t.Context(), "u1")
			if !reflect.DeepEqual(got, test.want) || !transporttest.IsKind(err, test.err) {
				t.Errorf("got %#v, %v; want %#v, %v", got, err, test.want, test.err)
			}
		})
	}
}

func TestMemberPage(t *testing.T) {
	t.Parallel()
	for members, want := range map[string][]string{
		``:                                   nil,
		`null`:                               nil,
		`[]`:                                 {},
		`[{"value": "u1"}, {"value": "u2"}]`: {"u1", "u2"},
	} {
		got, err := serve(t, routes{"GET /Groups/g1": answer(200, group("g1", members))}).client.MemberPage(t.Context(), "g1", 1, 0)
		if err != nil || !reflect.DeepEqual(got.Items, want) || got.Total != len(want) {
			t.Errorf("%s: got %+v, %v; want %q", members, got, err, want)
		}
	}
	_, err := serve(t, readable).client.MemberPage(t.Context(), "g1", 1, 0)
	transporttest.WantError(t, err, udemy.ErrNotFound, "GET /Groups/{id}")
}

func TestAddMembers(t *testing.T) {
	t.Parallel()
	for status, body := range map[int]string{200: group("g1", `[{"value": "u1"}]`), 204: ``} {
		s := serve(t, routes{"PATCH /Groups/g1": answer(status, body)})
		if err := s.client.AddMembers(t.Context(), "g1", "u1", "2"); err != nil {
			t.Error(err)
		}
		s.WantRequests(t, "PATCH /Groups/g1")
		if want := patched(`{"op":"add","path":"members","value":[{"value":"u1"},{"value":"2"}]}`); s.Bodies[0] != want {
			t.Errorf("body = %s\nwant   %s", s.Bodies[0], want)
		}
	}
}

func numbers(n int) []string {
	ids := make([]string, 0, n)
	for i := range n {
		ids = append(ids, fmt.Sprint(i))
	}
	return ids
}

func TestManyMembers(t *testing.T) {
	t.Parallel()
	ids := numbers(201)
	s := serve(t, routes{"PATCH /Groups/g1": answer(204, "")})
	if err := s.client.AddMembers(t.Context(), "g1", ids...); err != nil {
		t.Fatal(err)
	}
	if err := s.client.RemoveMembers(t.Context(), "g1", ids...); err != nil {
		t.Fatal(err)
	}
	var added, removed []string
	var sizes []int
	for _, body := range s.Bodies {
		var sent struct {
			Operations []struct {
				Op, Path string
				Value    []struct{ Value string }
			}
		}
		if err := json.Unmarshal([]byte(body), &sent); err != nil {
			t.Fatal(err)
		}
		size := 0
		for _, operation := range sent.Operations {
			size += max(len(operation.Value), 1)
			for _, member := range operation.Value {
				added = append(added, member.Value)
			}
			if operation.Op == "remove" {
				removed = append(removed, strings.TrimSuffix(strings.TrimPrefix(operation.Path, `members[value eq "`), `"]`))
			}
		}
		sizes = append(sizes, size)
	}
	if !slices.Equal(sizes, []int{100, 100, 1, 100, 100, 1}) || !slices.Equal(added, ids) || !slices.Equal(removed, ids) {
		t.Errorf("requests of %v, %d added, %d removed", sizes, len(added), len(removed))
	}
	if err := s.client.AddMembers(t.Context(), "g1"); err != nil || len(s.Bodies) != 6 {
		t.Errorf("adding no learner: error %v, %d requests", err, len(s.Bodies))
	}
	if err := s.client.RemoveMembers(t.Context(), "g1"); err != nil || len(s.Bodies) != 6 {
		t.Errorf("removing no learner: error %v, %d requests", err, len(s.Bodies))
	}
}

func TestManyMembersStopAtFailure(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"PATCH /Groups/g1": transporttest.InOrder(answer(204, ""), answer(403, ""), answer(204, ""), answer(403, ""))})
	transporttest.WantError(t, s.client.AddMembers(t.Context(), "g1", numbers(300)...), udemy.ErrForbidden, "PATCH /Groups/{id}")
	transporttest.WantError(t, s.client.RemoveMembers(t.Context(), "g1", numbers(300)...), udemy.ErrForbidden, "PATCH /Groups/{id}")
	if len(s.Bodies) != 4 {
		t.Errorf("%d requests", len(s.Bodies))
	}
}

func TestRemoveMember(t *testing.T) {
	t.Parallel()
	refused := func(handler http.HandlerFunc, members string) routes {
		return readable.With(routes{"PATCH /Groups/g1": handler, "GET /Groups/g1": answer(200, group("g1", members))})
	}
	hidden := routes{"GET /Users/u1": answer(200, adaShort), "GET /Groups": onePage(group("g1", ""))}
	const in, out = `[{"value": "u1"}]`, `[{"value": "u2"}]`
	for name, test := range map[string]struct {
		offered routes
		err     error
	}{
		"204":                {routes{"PATCH /Groups/g1": answer(204, "")}, nil},
		"200 with the group": {routes{"PATCH /Groups/g1": answer(200, group("g1", out))}, nil},
		"noTarget":           {routes{"PATCH /Groups/g1": refuse(400, "noTarget")}, nil},
		"noTarget in caps":   {routes{"PATCH /Groups/g1": answer(400, `{"SCIMTYPE": "NOTARGET"}`)}, nil},
		"refused without a keyword, not a member":   {refused(answer(400, `{"status": 400}`), out), nil},
		"refused without a keyword, still a member": {refused(answer(400, `{"status": 400}`), in), udemy.ErrInvalid},
		"refused without a keyword, unknown":        {refused(answer(400, ``), "").With(hidden), udemy.ErrInvalid},
		"404 for the learner, not a member":         {refused(refuse(404, ""), out), nil},
		"404 for the call":                          {refused(refuse(404, ""), in), udemy.ErrNotOffered},
		"the group is deleted":                      {readable, nil},
		"groups can't be read":                      {routes{}, udemy.ErrNotOffered},
		"forbidden":                                 {routes{"PATCH /Groups/g1": answer(403, "")}, udemy.ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, test.offered)
			if err := s.client.RemoveMembers(t.Context(), "g1", "u1"); !transporttest.IsKind(err, test.err) {
				t.Errorf("error = %v, want %v", err, test.err)
			}
			if want := patched(`{"op":"remove","path":"members[value eq \"u1\"]"}`); s.Bodies[0] != want {
				t.Errorf("body = %s\nwant   %s", s.Bodies[0], want)
			}
		})
	}
}

func TestRemoveMemberWithSpecialCharacters(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"PATCH /Groups/g1": answer(204, "")})
	if err := s.client.RemoveMembers(t.Context(), "g1", `a"] or [b\<&`); err != nil {
		t.Fatal(err)
	}
	if want := patched(`{"op":"remove","path":"members[value eq \"a\\\"] or [b\\\\<&\"]"}`); s.Bodies[0] != want {
		t.Errorf("body = %s\nwant   %s", s.Bodies[0], want)
	}
}

// The server carries out a whole change or none of it, so one learner who is not a member prevents the removal of the others.
func TestRemoveMembersOneByOne(t *testing.T) {
	t.Parallel()
	for name, keyword := range map[string]string{"noTarget": "noTarget", "no keyword": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			remove := refuse(400, keyword)
			s := serve(t, routes{
				"PATCH /Groups/g1": transporttest.InOrder(remove, answer(204, ""), remove, answer(204, "")),
				"GET /Groups/g1":   answer(200, group("g1", "[]")),
			})
			if err := s.client.RemoveMembers(t.Context(), "g1", "u1", "u2", "u3"); err != nil {
				t.Error(err)
			}
			var sent []string
			for _, body := range s.Bodies {
				if body != "" {
					sent = append(sent, body)
				}
			}
			remove1 := func(id string) string { return `{"op":"remove","path":"members[value eq \"` + id + `\"]"}` }
			want := []string{
				patched(remove1("u1"), remove1("u2"), remove1("u3")),
				patched(remove1("u1")), patched(remove1("u2")), patched(remove1("u3")),
			}
			if !slices.Equal(sent, want) {
				t.Errorf("sent\n%s", strings.Join(sent, "\n"))
			}
		})
	}
	t.Run("the group is deleted", func(t *testing.T) {
		t.Parallel()
		s := serve(t, readable)
		if err := s.client.RemoveMembers(t.Context(), "g1", "u1", "u2"); err != nil {
			t.Error(err)
		}
		s.WantRequests(t, "PATCH /Groups/g1", probeGroups, readG1)
	})
}

// Some servers lose members when two changes to one group overlap. Changes to two groups may overlap.
func TestOneChangeToAGroupAtATime(t *testing.T) {
	t.Parallel()
	// The first change to each group waits until the first change to the other group has begun.
	var began sync.WaitGroup
	began.Add(2)
	change := func() http.HandlerFunc {
		var first sync.Once
		var at atomic.Int32
		return func(w http.ResponseWriter, _ *http.Request) {
			at.Add(1)
			first.Do(began.Done)
			began.Wait()
			for range 1000 { // Other changes could begin now.
				runtime.Gosched()
			}
			if at.Add(-1) > 0 {
				t.Error("two changes to one group overlap")
			}
			w.WriteHeader(http.StatusNoContent)
		}
	}
	s := serve(t, routes{"PATCH /Groups/g1": change(), "PATCH /Groups/g2": change()})
	var all sync.WaitGroup
	for i := range 20 {
		for _, id := range []string{"g1", "g2"} {
			all.Go(func() {
				if err := s.client.AddMembers(t.Context(), id, fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
}
