// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
)

func TestGroupAnswers(t *testing.T) {
	t.Parallel()
	do := map[string]func(*testing.T, udemy.API) (udemy.Group, error){
		"POST /groups/": func(t *testing.T, d udemy.API) (udemy.Group, error) {
			t.Helper()
			return d.CreateGroup(t.Context(), "R&D")
		},
		"GET /groups/g1/": func(t *testing.T, d udemy.API) (udemy.Group, error) {
			t.Helper()
			return d.Group(t.Context(), "g1")
		},
		"PATCH /groups/g1/": func(t *testing.T, d udemy.API) (udemy.Group, error) {
			t.Helper()
			return d.RenameGroup(t.Context(), "g1", "R&D")
		},
	}
	for _, test := range []struct {
		route  string
		status int
		body   string
		want   udemy.Group
	}{
		{"POST /groups/", 201, `{"id": "g1", "name": "R&D"}`, udemy.Group{ID: "g1", Name: "R&D"}},
		{"POST /groups/", 200, `{"id": 17}`, udemy.Group{ID: "17", Name: "R&D"}},
		{"POST /groups/", 201, `{"uuid": "g1", "id": 17, "name": "R&D"}`, udemy.Group{ID: "g1", Name: "R&D"}},
		{"GET /groups/g1/", 200, `{"id": "g1", "name": "R&D"}`, udemy.Group{ID: "g1", Name: "R&D"}},
		{"GET /groups/g1/", 200, `{"name": "R&D", "size": 3}`, udemy.Group{ID: "g1", Name: "R&D"}},
		{"PATCH /groups/g1/", 200, `{"id": "g1", "name": "r&d"}`, udemy.Group{ID: "g1", Name: "r&d"}},
		{"PATCH /groups/g1/", 204, ``, udemy.Group{ID: "g1", Name: "R&D"}},
	} {
		t.Run(test.route+" "+test.body, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{test.route: answer(test.status, test.body)})
			got, err := do[test.route](t, s.directory)
			if err != nil || got != test.want {
				t.Errorf("got %+v, %v; want %+v", got, err, test.want)
			}
			s.WantRequests(t, test.route)
			if method, _, _ := strings.Cut(test.route, " "); method != http.MethodGet && s.Bodies[0] != `{"name":"R&D"}` {
				t.Errorf("body = %s", s.Bodies[0])
			}
		})
	}
	for route, body := range map[string]string{
		"POST /groups/":     `{"name": "R&D"}`,
		"GET /groups/g1/":   `{"id": "g1"}`,
		"PATCH /groups/g1/": `<html>`,
	} {
		t.Run(route+" can't be used", func(t *testing.T) {
			t.Parallel()
			_, err := do[route](t, serve(t, routes{route: answer(200, body)}).directory)
			transporttest.WantError(t, err, udemy.ErrUnavailable, strings.Replace(route, "g1", "{id}", 1))
		})
	}
}

func TestCreateGroupConflict(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"POST /groups/": transporttest.InOrder(answer(503, ""), answer(409, `{"id": "g1"}`))})
	_, err := s.directory.CreateGroup(t.Context(), "x")
	failure := transporttest.WantFailure(t, err, udemy.ErrConflict, "POST /groups/")
	if failure.ExistingID != "g1" || !failure.Resent {
		t.Errorf("existing id %q, resent %t", failure.ExistingID, failure.Resent)
	}
}

func TestGroupByName(t *testing.T) {
	t.Parallel()
	offered := routes{"GET /groups/": pages(
		[]string{`{"id": "g1", "name": "r&d"}`, `{"id": "g2", "name": "R&D 2"}`},
		[]string{`{"id": "g3", "name": "R&D"}`},
	)}
	s := serve(t, offered)
	got, err := s.directory.GroupByName(t.Context(), "R&D")
	if want := (udemy.Group{ID: "g3", Name: "R&D"}); err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	s.WantRequests(t, "GET /groups/?name=R%26D&page=1&page_size=100", "GET /groups/?name=R%26D&page=2&page_size=100")

	_, err = serve(t, offered).directory.GroupByName(t.Context(), "R")
	transporttest.WantError(t, err, udemy.ErrNotFound, "GET /groups/")
}

func TestGroupByName_two(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"the filter works": onePage(`{"id": "g1", "name": "R&D"}`, `{"id": "g2", "name": "R&D"}`),
		"the filter is ignored": pages(
			[]string{`{"id": "g1", "name": "R&D"}`, `{"id": "g7", "name": "x"}`},
			[]string{`{"id": "g1", "name": "R&D"}`, `{"id": 17, "uuid": "g2", "name": "R&D"}`},
		),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := serve(t, routes{"GET /groups/": handler}).directory.GroupByName(t.Context(), "R&D")
			failure := transporttest.WantFailure(t, err, udemy.ErrConflict, "GET /groups/")
			if want := `the groups g1 and g2 both have the name "R&D"`; failure.Detail != want {
				t.Errorf("detail = %q, want %q", failure.Detail, want)
			}
		})
	}
	t.Run("one group on two pages", func(t *testing.T) {
		t.Parallel()
		rd := []string{`{"id": "g1", "name": "R&D"}`}
		got, err := serve(t, routes{"GET /groups/": pages(rd, append(rd, `{"id": "g2", "name": "x"}`))}).directory.GroupByName(t.Context(), "R&D")
		if err != nil || got.ID != "g1" {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

const (
	adaInG1     = `{"id": "u1", "email": "ada@example.com", "groups": ["g1"]}`
	adaSomehow  = `{"id": "u1", "email": "ada@example.com"}`
	adaNowhere  = `{"id": "u1", "email": "ada@example.com", "groups": []}`
	memberAda   = `{"id": "u1"}`
	memberOther = `{"id": "u2"}`
)

func TestIsMember(t *testing.T) {
	t.Parallel()
	group := routes{"GET /groups/g1/": answer(200, `{"id": "g1", "name": "x"}`)}
	for name, test := range map[string]struct {
		offered routes
		want    bool
		err     error
	}{
		"the learner says yes": {routes{"GET /users/u1/": answer(200, adaInG1)}, true, nil},
		"the learner says no":  {routes{"GET /users/u1/": answer(200, adaNowhere)}, false, nil},
		"the group says yes": {
			routes{"GET /users/u1/": answer(200, adaSomehow), "GET /groups/g1/users/": pages([]string{memberOther}, []string{memberAda})}, true, nil,
		},
		"the group says no": {
			routes{"GET /users/u1/": answer(200, adaSomehow), "GET /groups/g1/users/": onePage(memberOther)}, false, nil,
		},
		"the learner can't be read, the group says yes": {routes{"GET /groups/g1/users/": onePage(memberAda)}, true, nil},
		"the learner is gone":                           {readable, false, nil},
		"the group is gone":                             {readable.With(routes{"GET /users/u1/": answer(200, adaSomehow)}), false, nil},
		"the group's members can't be listed": {
			readable.With(group).With(routes{"GET /users/u1/": answer(200, adaSomehow)}), false, udemy.ErrNotOffered,
		},
		"nothing can be read": {routes{}, false, udemy.ErrNotOffered},
		"groups can't be read": {
			routes{"GET /users/u1/": answer(200, adaSomehow)}, false, udemy.ErrNotOffered,
		},
		"the learner is refused": {routes{"GET /users/u1/": answer(403, "")}, false, udemy.ErrForbidden},
		"the group is refused": {
			routes{"GET /users/u1/": answer(200, adaSomehow), "GET /groups/g1/users/": answer(403, "")}, false, udemy.ErrForbidden,
		},
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

func TestUserGroups(t *testing.T) {
	t.Parallel()
	groups := routes{
		"GET /groups/":          pages([]string{`{"id": "g1", "name": "a"}`, `{"id": "g2", "name": "b"}`}, []string{`{"id": "g3", "name": "c"}`, `{"id": "g4", "name": "d"}`}),
		"GET /groups/g1/users/": onePage(memberOther, memberAda),
		"GET /groups/g2/users/": onePage(memberOther),
		"GET /groups/g3/users/": onePage(memberAda),
		// g4 has been deleted since the groups were listed.
	}
	for name, test := range map[string]struct {
		offered routes
		want    []string
		err     error
	}{
		"the learner says":           {routes{"GET /users/u1/": answer(200, adaInG1)}, []string{"g1"}, nil},
		"none":                       {routes{"GET /users/u1/": answer(200, adaNowhere)}, []string{}, nil},
		"the groups say":             {groups.With(routes{"GET /users/u1/": answer(200, adaSomehow)}), []string{"g1", "g3"}, nil},
		"the learner can't be read":  {groups, []string{"g1", "g3"}, nil},
		"the learner is gone":        {readable, nil, udemy.ErrNotFound},
		"nothing can be read":        {routes{}, nil, udemy.ErrNotOffered},
		"a group's members withheld": {groups.With(routes{"GET /groups/g2/users/": answer(403, "")}), nil, udemy.ErrForbidden},
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

func TestAddMembers(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 201, 204} {
		s := serve(t, routes{"POST /groups/g1/users/": answer(status, "")})
		if err := s.directory.AddMembers(t.Context(), "g1", "u1", "2"); err != nil {
			t.Errorf("%d: %v", status, err)
		}
		s.WantRequests(t, "POST /groups/g1/users/")
		if s.Bodies[0] != `{"users":["u1","2"]}` {
			t.Errorf("body = %s", s.Bodies[0])
		}
	}
}

func TestAddManyMembers(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"POST /groups/g1/users/": answer(204, "")})
	var ids []string
	for i := range 201 {
		ids = append(ids, fmt.Sprint(i))
	}
	if err := s.directory.AddMembers(t.Context(), "g1", ids...); err != nil {
		t.Fatal(err)
	}
	var sent []string
	var sizes []int
	for _, body := range s.Bodies {
		var members struct{ Users []string }
		if err := json.Unmarshal([]byte(body), &members); err != nil {
			t.Fatal(err)
		}
		sent = append(sent, members.Users...)
		sizes = append(sizes, len(members.Users))
	}
	if !reflect.DeepEqual(sizes, []int{100, 100, 1}) || !reflect.DeepEqual(sent, ids) {
		t.Errorf("requests of %v, %d ids in all", sizes, len(sent))
	}
	if err := s.directory.AddMembers(t.Context(), "g1"); err != nil || len(s.Bodies) != 3 {
		t.Errorf("nobody to add: error %v, %d requests", err, len(s.Bodies))
	}
}

func TestAddMembersStopsAtAFailure(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"POST /groups/g1/users/": transporttest.InOrder(answer(204, ""), answer(403, ""), answer(204, ""))})
	err := s.directory.AddMembers(t.Context(), "g1", strings.Split(strings.Repeat("u ", 300), " ")...)
	transporttest.WantError(t, err, udemy.ErrForbidden, "POST /groups/{id}/users/")
}

func TestRemoveMember(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		offered routes
		err     error
	}{
		"done":                    {routes{"DELETE /groups/g1/users/u1/": answer(204, "")}, nil},
		"wasn't in it":            {readable.With(routes{"GET /users/u1/": answer(200, adaNowhere)}), nil},
		"is in it all the same":   {readable.With(routes{"GET /users/u1/": answer(200, adaInG1)}), udemy.ErrNotOffered},
		"groups can't be read":    {routes{"GET /users/u1/": answer(200, adaNowhere)}, udemy.ErrNotOffered},
		"refused":                 {routes{"DELETE /groups/g1/users/u1/": answer(403, "")}, udemy.ErrForbidden},
		"the group says no":       {readable.With(routes{"GET /users/u1/": answer(200, adaSomehow), "GET /groups/g1/users/": onePage(memberOther)}), nil},
		"the group says she's in": {readable.With(routes{"GET /users/u1/": answer(200, adaSomehow), "GET /groups/g1/users/": onePage(memberAda)}), udemy.ErrNotOffered},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := serve(t, test.offered).directory.RemoveMembers(t.Context(), "g1", "u1"); !transporttest.IsKind(err, test.err) {
				t.Errorf("error = %v, want %v", err, test.err)
			}
		})
	}
}
