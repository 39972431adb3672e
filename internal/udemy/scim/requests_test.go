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
