// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A server may leave out next. Only the total then shows that more pages follow.
func TestIsMember_withoutNext(t *testing.T) {
	t.Parallel()
	const all, size = 45, 20
	s := serve(t, routes{
		"GET /users/u44/": answer(http.StatusOK, `{"id": "u44", "email": "u44@example.com"}`), // Without groups.
		"GET /groups/g1/users/": func(w http.ResponseWriter, r *http.Request) {
			page := 0
			_, _ = fmt.Sscan(r.URL.Query().Get("page"), &page)
			var results []string
			for i := (page - 1) * size; i < min(page*size, all); i++ {
				results = append(results, fmt.Sprintf(`{"id": "u%d"}`, i))
			}
			_, _ = fmt.Fprintf(w, `{"count": %d, "results": [%s]}`, all, strings.Join(results, ","))
		},
	})
	if member, err := s.client.IsMember(t.Context(), "g1", "u44"); err != nil || !member {
		t.Errorf("IsMember = %t, %v", member, err)
	}
}

// A page that announces no end may be full although its count is only its own length. One with next = null is the last page.
func TestUserPage_last(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]struct{ last, more bool }{
		``:                                 {false, false},
		`"next": null, `:                   {true, false},
		`"next": "", `:                     {true, false},
		`"next": false, `:                  {true, false},
		`"next": true, `:                   {false, true},
		`"next": 2, `:                      {false, true},
		`"next": "/users/?page=2", `:       {false, true},
		`"next": "https://example.com/", `: {false, true},
	} {
		s := serve(t, routes{"GET /users/": answer(http.StatusOK, `{`+next+`"count": 1, "results": [{"id": "u1"}]}`)})
		page, err := s.client.UserPage(t.Context(), 1, 0)
		if err != nil || page.Last != want.last || page.More != want.more {
			t.Errorf("%s: last %t, more %t, %v", next, page.Last, page.More, err)
		}
	}
}
