// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// The length counts bytes, also of letters that have several, and never cuts the deletion and the new administrator.
func TestMaxBytes(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"a", "漢", "|", "\u202e"} {
		var changes, drift []string
		name := strings.Repeat(letter, 60)
		for i := range 700 {
			changes = append(changes,
				planned(fmt.Sprintf("udemy_user.new[%d]", i), "create", nil, account(fmt.Sprintf("new%d@example.com", i), "first_name", name)),
				planned(fmt.Sprintf("udemy_group.all[%d]", i), "create", nil, attributes{"name": fmt.Sprint(name, i)}, "after_unknown", unknownID()))
			email := fmt.Sprintf("drift%d@example.com", i)
			drift = append(drift, planned(fmt.Sprintf("udemy_user.drift[%d]", i), "update", account(email), account(email, "first_name", name)))
		}
		changes = append(changes,
			planned("udemy_user.z", "delete", account("zoe@example.com", "on_destroy", "delete", "first_name", name), nil),
			planned("udemy_user.y", "create", nil, account("yves@example.com", "role", "admin", "first_name", name)))
		r := reportOn(t, planWith(`"resource_drift": [`+strings.Join(drift, ",")+`],`, changes...))
		r.BrokenGates = (&gates{limit: new(0), maxNew: &amount{}, forbidAdmin: true, maxDeletions: new(0)}).broken(r)
		r.sort()
		for _, limit := range []int{minComment, minComment + 1, 10_000, 20_011, maxComment, 200_000} {
			text := r.markdown(limit)
			if len(text) > limit || !utf8.ValidString(text) {
				t.Errorf("%q: %d bytes, want at most %d of valid UTF-8", letter, len(text), limit)
			}
			for _, want := range []string{"| `zoe@example.com`", "| `yves@example.com`", "does not pass 4 gates", "New learners (700", "Groups changed (700"} {
				if !strings.Contains(text, want) {
					t.Errorf("%q: no %q in %d bytes", letter, want, limit)
				}
			}
		}
	}
}
