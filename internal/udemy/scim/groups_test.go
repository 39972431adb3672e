// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
)

const readG1 = "GET /Groups/g1?excludedAttributes=members"

func TestCreateGroup(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]udemy.Group{
		`{"id": "g1", "displayName": "R&D", "members": []}`: {ID: "g1", Name: "R&D"},
		`{"ID": 17, "DISPLAYNAME": "R&D"}`:                  {ID: "17", Name: "R&D"},
		`{"id": "g1"}`:                                      {ID: "g1", Name: "R&D"},
	} {
		s := serve(t, routes{"POST /Groups": answer(201, body)})
		got, err := s.client.CreateGroup(t.Context(), "R&D")
		if err != nil || got != want {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
		s.WantRequests(t, "POST /Groups")
		if want := `{"schemas":["` + groupURN + `"],"displayName":"R&D"}`; s.Bodies[0] != want {
			t.Errorf("body = %s\nwant   %s", s.Bodies[0], want)
		}
	}
	for _, body := range []string{``, `null`, `{}`, `{"displayName": "R&D"}`} {
		got, err := serve(t, routes{"POST /Groups": answer(201, body)}).client.CreateGroup(t.Context(), "R&D")
		transporttest.WantError(t, err, udemy.ErrUnavailable, "POST /Groups")
		if got != (udemy.Group{}) {
			t.Errorf("got %+v together with an error", got)
		}
	}
	_, err := serve(t, routes{"POST /Groups": refuse(409, "")}).client.CreateGroup(t.Context(), "R&D")
	transporttest.WantError(t, err, udemy.ErrConflict, "POST /Groups")
}

func TestGroup(t *testing.T) {
	t.Parallel()
	want := udemy.Group{ID: "g1", Name: "x"}
	s := serve(t, routes{"GET /Groups/g1": answer(200, `{"id": "g1", "displayName": "x"}`)})
	if got, err := s.client.Group(t.Context(), "g1"); err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	s.WantRequests(t, readG1)

	strict := serve(t, routes{"GET /Groups/g1": func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != "" {
			refuse(400, "invalidValue")(w, r)
			return
		}
		answer(200, `{"id": "g1", "displayName": "x"}`)(w, r)
	}})
	if got, err := strict.client.Group(t.Context(), "g1"); err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	strict.WantRequests(t, readG1, "GET /Groups/g1")

	for _, body := range []string{``, `null`, `{}`, `{"id": "g1"}`, `{"displayName": "x"}`, `{"id": "g1", "displayName": ""}`} {
		_, err := serve(t, routes{"GET /Groups/g1": answer(200, body)}).client.Group(t.Context(), "g1")
		transporttest.WantError(t, err, udemy.ErrUnavailable, "GET /Groups/{id}")
	}
}

func TestGroupByName(t *testing.T) {
	t.Parallel()
	const request = `GET /Groups?count=100&excludedAttributes=members&filter=displayName eq "R&D"&startIndex=1`
	named := func(id, name string) string { return `{"id": "` + id + `", "displayName": "` + name + `"}` }
	for name, test := range map[string]struct {
		handler  http.HandlerFunc
		want     string
		err      error
		requests []string
	}{
		"one match":       {onePage(named("g1", "R&D")), "g1", nil, []string{request}},
		"no exact match":  {onePage(named("g1", "r&d"), named("g2", "R&D 2")), "g1", nil, []string{request}},
		"no match":        {onePage(named("g1", "r & d")), "", udemy.ErrNotFound, []string{request}},
		"two alike":       {onePage(named("g1", "r&d"), named("g2", "r&D")), "", udemy.ErrConflict, []string{request}},
		"one exact match": {onePage(named("g1", "r&d"), named("g2", "R&D")), "g2", nil, []string{request}},
		"two matches":     {onePage(named("g1", "R&D"), named("g2", "R&D")), "", udemy.ErrConflict, []string{request}},
		"two matches, and the filter is refused": {
			transporttest.InOrder(refuse(400, "invalidFilter"), onePage(named("g1", "R&D"), named("g2", "x"), named("g3", "R&D"))),
			"", udemy.ErrConflict,
			[]string{request, "GET /Groups?count=100&startIndex=1"},
		},
		"the filter is refused": {
			transporttest.InOrder(refuse(400, "invalidFilter"), onePage(named("g1", "x"), named("g2", "R&D"))),
			"g2", nil,
			[]string{request, "GET /Groups?count=100&startIndex=1"},
		},
		"forbidden": {answer(403, ""), "", udemy.ErrForbidden, []string{request}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{"GET /Groups": test.handler})
			got, err := s.client.GroupByName(t.Context(), "R&D")
			if got.ID != test.want || !transporttest.IsKind(err, test.err) {
				t.Errorf("got %+v, %v; want %q, %v", got, err, test.want, test.err)
			}
			s.WantRequests(t, test.requests...)
		})
	}
}

func TestRenameGroup(t *testing.T) {
	t.Parallel()
	named := func(name string) http.HandlerFunc { return answer(200, `{"id": "g1", "displayName": "`+name+`"}`) }
	for name, test := range map[string]struct {
		status int
		answer http.HandlerFunc
		want   string
		reads  int
	}{
		"with a body":           {200, named("R&D"), "R&D", 1},
		"without a body":        {204, named("R&D"), "R&D", 1},
		"in another form":       {204, named("Re\u0301D"), "R\u00e9D", 1},
		"the old name at first": {204, transporttest.InOrder(named("Old"), named("Old"), named("R&D")), "R&D", 3},
		"another name for ever": {204, named("R & D"), "R & D", 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{"PATCH /Groups/g1": answer(test.status, ""), "GET /Groups/g1": test.answer})
			wanted := "R&D"
			if name == "in another form" {
				wanted = test.want
			}
			got, err := s.client.RenameGroup(t.Context(), "g1", wanted)
			if err != nil || got.ID != "g1" || !udemy.SameText(got.Name, test.want) {
				t.Errorf("got %+v, %v; want the name %q", got, err, test.want)
			}
			// A PATCH with excludedAttributes removes the members on one known server.
			s.WantRequests(t, append([]string{"PATCH /Groups/g1"}, slices.Repeat([]string{readG1}, test.reads)...)...)
			if want := patched(`{"op":"replace","path":"displayName","value":"` + wanted + `"}`); s.Bodies[0] != want {
				t.Errorf("body = %s\nwant   %s", s.Bodies[0], want)
			}
		})
	}
	_, err := serve(t, routes{"PATCH /Groups/g1": refuse(409, "uniqueness")}).client.RenameGroup(t.Context(), "g1", "R&D")
	transporttest.WantError(t, err, udemy.ErrConflict, "PATCH /Groups/{id}")
	_, err = serve(t, readable).client.RenameGroup(t.Context(), "g1", "R&D")
	transporttest.WantError(t, err, udemy.ErrNotFound, "PATCH /Groups/{id}")
}

func TestDeleteGroup(t *testing.T) {
	t.Parallel()
	s := serve(t, readable.With(routes{"DELETE /Groups/g1": answer(204, "")}))
	if err := s.client.DeleteGroup(t.Context(), "g1"); err != nil {
		t.Error(err)
	}
	s.WantRequests(t, "DELETE /Groups/g1", readG1, probeGroups)
	if err := serve(t, readable).client.DeleteGroup(t.Context(), "g1"); err != nil {
		t.Errorf("deleting a deleted group: %v", err)
	}
	err := serve(t, routes{"DELETE /Groups/g1": answer(403, "")}).client.DeleteGroup(t.Context(), "g1")
	transporttest.WantError(t, err, udemy.ErrForbidden, "DELETE /Groups/{id}")
	if !strings.Contains(err.Error(), "403") {
		t.Errorf("error = %v", err)
	}
}
