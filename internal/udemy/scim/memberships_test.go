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

// group is a group, with its members as they are written in JSON; "" leaves them out.
func group(id, members string) string {
	if members != "" {
		members = `, "members": ` + members
	}
	return `{"id": "` + id + `", "displayName": "` + id + `"` + members + `}`
}

const (
	adaInG1    = `{"id": "u1", "userName": "ada@example.com", "groups": [{"value": "g1", "display": "g1"}]}`
	adaNowhere = `{"id": "u1", "userName": "ada@example.com", "groups": []}`
)

func TestIsMember(t *testing.T) {
	t.Parallel()
	tells := func(members string) routes { return routes{"GET /Groups/g1": answer(200, group("g1", members))} }
	says := func(user string) routes { return tells("").With(routes{"GET /Users/u1": answer(200, user)}) }
	lists := func(groups, users http.HandlerFunc) routes {
		return says(adaShort).With(routes{"GET /Groups": groups, "GET /Users": users, "GET /Groups/g2": answer(200, group("g2", `[{"value": "u9"}]`))})
	}
	for name, test := range map[string]struct {
		offered routes
		want    bool
		err     error
	}{
		"the group says yes":         {tells(`[{"value": "u2"}, {"value": "u1", "type": "User"}]`), true, nil},
		"the group says no":          {tells(`[{"value": "u2"}, {"value": "U1"}]`), false, nil},
		"the group says nobody":      {tells(`[]`), false, nil},
		"the group says it in caps":  {routes{"GET /Groups/g1": answer(200, `{"ID": "g1", "DisplayName": "x", "MEMBERS": [{"VALUE": "u1"}]}`)}, true, nil},
		"ids are numbers":            {tells(`[{"value": 7}]`), false, nil},
		"the learner says yes":       {says(adaInG1), true, nil},
		"the learner says no":        {says(adaNowhere), false, nil},
		"null is silence":            {says(adaInG1).With(tells(`null`)), true, nil},
		"another group tells":        {lists(onePage(group("g1", ""), group("g2", `[{"value": "u9"}]`)), onePage()), false, nil},
		"another group tells itself": {lists(onePage(group("g1", ""), group("g2", "")), onePage()), false, nil},
		"another learner tells":      {lists(onePage(group("g1", "")), onePage(adaShort, `{"id": "u2", "userName": "b", "groups": [{"value": "g2"}]}`)), false, nil},
		"nobody tells":               {lists(onePage(group("g1", "")), onePage(adaShort)), false, udemy.ErrNotOffered},
		"the group is gone":          {readable, false, nil},
		"the learner is gone":        {readable.With(tells("")), false, nil},
		"groups can't be read":       {routes{}, false, udemy.ErrNotOffered},
		"the group is refused":       {routes{"GET /Groups/g1": answer(403, "")}, false, udemy.ErrForbidden},
		"the learner is refused":     {tells("").With(routes{"GET /Users/u1": answer(403, "")}), false, udemy.ErrForbidden},
		"no list of learners":        {lists(onePage(group("g1", "")), answer(403, "")), false, udemy.ErrForbidden},
		"no list of groups":          {lists(answer(403, ""), onePage(adaShort)), false, udemy.ErrForbidden},
		"a list's group is refused":  {lists(onePage(group("g3", "")), onePage()).With(routes{"GET /Groups/g3": answer(403, "")}), false, udemy.ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := serve(t, test.offered).directory.IsMember(t.Context(), "g1", "u1")
			if got != test.want || !transporttest.IsKind(err, test.err) {
				t.Errorf("got %t, %v; want %t, %v", got, err, test.want, test.err)
			}
		})
	}
}

// Whether memberships are shown at all is looked for once, and what was seen before counts.
func TestSilenceIsFoundOutOnce(t *testing.T) {
	t.Parallel()
	offered := routes{
		"GET /Groups/g1": answer(200, group("g1", "")), "GET /Groups/g2": answer(200, group("g2", `[{"value": "u1"}]`)),
		"GET /Users/u1": answer(200, adaShort), "GET /Users": onePage(adaShort), "GET /Groups": onePage(group("g1", "")),
		"GET /Users/u2": answer(200, strings.ReplaceAll(adaNowhere, "u1", "u2")),
	}
	s := serve(t, offered)
	for range 2 {
		if _, err := s.directory.IsMember(t.Context(), "g1", "u1"); !transporttest.IsKind(err, udemy.ErrNotOffered) {
			t.Errorf("error = %v", err)
		}
	}
	if _, err := s.directory.UserGroups(t.Context(), "u1"); !transporttest.IsKind(err, udemy.ErrNotOffered) {
		t.Errorf("error = %v", err)
	}
	look := []string{"GET /Groups/g1", "GET /Users/u1"}
	s.WantRequests(t, slices.Concat(look, []string{everybody, "GET /Groups?count=100&startIndex=1", "GET /Groups/g1"}, look, look[1:])...)

	for name, see := range map[string]func(udemy.API) error{
		"a group tells":  func(d udemy.API) error { _, err := d.IsMember(t.Context(), "g2", "u1"); return err },
		"a learner does": func(d udemy.API) error { _, err := d.UserGroups(t.Context(), "u2"); return err },
	} {
		d := serve(t, offered).directory
		if _, err := d.IsMember(t.Context(), "g1", "u1"); !transporttest.IsKind(err, udemy.ErrNotOffered) {
			t.Errorf("error = %v", err)
		}
		if err := see(d); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if member, err := d.IsMember(t.Context(), "g1", "u1"); err != nil || member {
			t.Errorf("%s: got %t, %v", name, member, err)
		}
	}
}

func TestUserGroups(t *testing.T) {
	t.Parallel()
	silent := routes{"GET /Users/u1": answer(200, adaShort), "GET /Users": onePage(adaShort)}
	listed := silent.With(routes{"GET /Groups": onePage(
		group("g1", `[{"value": "u1"}, {"value": "u2"}]`), group("g2", `[]`), group("g3", `[{"value": "u1"}]`))})
	asked := silent.With(routes{
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
		"the learner says":     {routes{"GET /Users/u1": answer(200, adaInG1)}, []string{"g1"}, nil},
		"the learner says no":  {routes{"GET /Users/u1": answer(200, adaNowhere)}, []string{}, nil},
		"the list says":        {listed, []string{"g1", "g3"}, nil},
		"the groups say":       {asked, []string{"g1", "g4"}, nil},
		"there are no groups":  {silent.With(routes{"GET /Groups": onePage()}), []string{}, nil},
		"nobody tells":         {asked.With(routes{"GET /Groups": onePage(group("g2", ""))}), nil, udemy.ErrNotOffered},
		"a group is refused":   {asked.With(routes{"GET /Groups/g4": answer(403, "")}), nil, udemy.ErrForbidden},
		"the list is refused":  {asked.With(routes{"GET /Groups": answer(403, "")}), nil, udemy.ErrForbidden},
		"the learner is gone":  {readable, nil, udemy.ErrNotFound},
		"nothing can be read":  {routes{}, nil, udemy.ErrNotOffered},
		"a group that is null": {silent.With(routes{"GET /Groups": answer(200, page(1, "null"))}), nil, udemy.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := serve(t, test.offered).directory.UserGroups(t.Context(), "u1")
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
		got, err := serve(t, routes{"GET /Groups/g1": answer(200, group("g1", members))}).directory.MemberPage(t.Context(), "g1", 1, 0)
		if err != nil || !reflect.DeepEqual(got.Items, want) || got.Total != len(want) {
			t.Errorf("%s: got %+v, %v; want %q", members, got, err, want)
		}
	}
	_, err := serve(t, readable).directory.MemberPage(t.Context(), "g1", 1, 0)
	transporttest.WantError(t, err, udemy.ErrNotFound, "GET /Groups/{id}")
}

func TestAddMembers(t *testing.T) {
	t.Parallel()
	for status, body := range map[int]string{200: group("g1", `[{"value": "u1"}]`), 204: ``} {
		s := serve(t, routes{"PATCH /Groups/g1": answer(status, body)})
		if err := s.directory.AddMembers(t.Context(), "g1", "u1", "2"); err != nil {
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
	if err := s.directory.AddMembers(t.Context(), "g1", ids...); err != nil {
		t.Fatal(err)
	}
	if err := s.directory.RemoveMembers(t.Context(), "g1", ids...); err != nil {
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
	if err := s.directory.AddMembers(t.Context(), "g1"); err != nil || len(s.Bodies) != 6 {
		t.Errorf("nobody to add: error %v, %d requests", err, len(s.Bodies))
	}
	if err := s.directory.RemoveMembers(t.Context(), "g1"); err != nil || len(s.Bodies) != 6 {
		t.Errorf("nobody to remove: error %v, %d requests", err, len(s.Bodies))
	}
}

func TestManyMembersStopAtAFailure(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"PATCH /Groups/g1": transporttest.InOrder(answer(204, ""), answer(403, ""), answer(204, ""), answer(403, ""))})
	transporttest.WantError(t, s.directory.AddMembers(t.Context(), "g1", numbers(300)...), udemy.ErrForbidden, "PATCH /Groups/{id}")
	transporttest.WantError(t, s.directory.RemoveMembers(t.Context(), "g1", numbers(300)...), udemy.ErrForbidden, "PATCH /Groups/{id}")
	if len(s.Bodies) != 4 {
		t.Errorf("%d requests", len(s.Bodies))
	}
}

func TestRemoveMember(t *testing.T) {
	t.Parallel()
	refused := func(handler http.HandlerFunc, members string) routes {
		return readable.With(routes{"PATCH /Groups/g1": handler, "GET /Groups/g1": answer(200, group("g1", members))})
	}
	silent := routes{"GET /Users/u1": answer(200, adaShort), "GET /Groups": onePage(group("g1", ""))}
	const in, out = `[{"value": "u1"}]`, `[{"value": "u2"}]`
	for name, test := range map[string]struct {
		offered routes
		err     error
	}{
		"done":                               {routes{"PATCH /Groups/g1": answer(204, "")}, nil},
		"done, with an answer":               {routes{"PATCH /Groups/g1": answer(200, group("g1", out))}, nil},
		"noTarget":                           {routes{"PATCH /Groups/g1": refuse(400, "noTarget")}, nil},
		"noTarget in caps":                   {routes{"PATCH /Groups/g1": answer(400, `{"SCIMTYPE": "NOTARGET"}`)}, nil},
		"refused without a keyword, out":     {refused(answer(400, `{"status": 400}`), out), nil},
		"refused without a keyword, in":      {refused(answer(400, `{"status": 400}`), in), udemy.ErrInvalid},
		"refused without a keyword, unknown": {refused(answer(400, ``), "").With(silent), udemy.ErrInvalid},
		"404 for the learner, out":           {refused(refuse(404, ""), out), nil},
		"404 for the call":                   {refused(refuse(404, ""), in), udemy.ErrNotOffered},
		"the group is gone":                  {readable, nil},
		"groups can't be read":               {routes{}, udemy.ErrNotOffered},
		"forbidden":                          {routes{"PATCH /Groups/g1": answer(403, "")}, udemy.ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, test.offered)
			if err := s.directory.RemoveMembers(t.Context(), "g1", "u1"); !transporttest.IsKind(err, test.err) {
				t.Errorf("error = %v, want %v", err, test.err)
			}
			if want := patched(`{"op":"remove","path":"members[value eq \"u1\"]"}`); s.Bodies[0] != want {
				t.Errorf("body = %s\nwant   %s", s.Bodies[0], want)
			}
		})
	}
}

func TestRemoveMemberWithAnOddID(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"PATCH /Groups/g1": answer(204, "")})
	if err := s.directory.RemoveMembers(t.Context(), "g1", `a"] or [b\<&`); err != nil {
		t.Fatal(err)
	}
	if want := patched(`{"op":"remove","path":"members[value eq \"a\\\"] or [b\\\\<&\"]"}`); s.Bodies[0] != want {
		t.Errorf("body = %s\nwant   %s", s.Bodies[0], want)
	}
}

// A change is made as a whole or not at all, so one who is out keeps the others in.
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
			if err := s.directory.RemoveMembers(t.Context(), "g1", "u1", "u2", "u3"); err != nil {
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
	t.Run("the group is gone", func(t *testing.T) {
		t.Parallel()
		s := serve(t, readable)
		if err := s.directory.RemoveMembers(t.Context(), "g1", "u1", "u2"); err != nil {
			t.Error(err)
		}
		s.WantRequests(t, "PATCH /Groups/g1", probeGroups, readG1)
	})
}

// Servers lose members when two changes to one group meet; two groups are no matter.
func TestOneChangeToAGroupAtATime(t *testing.T) {
	t.Parallel()
	// The first change to either group ends only when one to the other has begun.
	var began sync.WaitGroup
	began.Add(2)
	change := func() http.HandlerFunc {
		var first sync.Once
		var at atomic.Int32
		return func(w http.ResponseWriter, _ *http.Request) {
			at.Add(1)
			first.Do(began.Done)
			began.Wait()
			for range 1000 { // So that others, if they may, come in.
				runtime.Gosched()
			}
			if at.Add(-1) > 0 {
				t.Error("two changes at a time")
			}
			w.WriteHeader(http.StatusNoContent)
		}
	}
	s := serve(t, routes{"PATCH /Groups/g1": change(), "PATCH /Groups/g2": change()})
	var all sync.WaitGroup
	for i := range 20 {
		for _, id := range []string{"g1", "g2"} {
			all.Go(func() {
				if err := s.directory.AddMembers(t.Context(), id, fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
}
