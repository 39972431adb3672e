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
