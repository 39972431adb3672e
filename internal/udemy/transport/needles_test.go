// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"slices"
	"strings"
	"testing"
)

// Each form of a token is found wherever it is in a text, and also alone.
func TestNeedles(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"abcdefghijkl", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6", "tok-????????????-0123456789ab"} {
		n := newNeedles(token)
		for _, form := range n.forms {
			for before := range 2 * n.step {
				for _, after := range []string{"", "zz"} {
					text := strings.Repeat("y", before)
					if !n.areIn(text + form + after) {
						t.Fatalf("%s: %s is not found after %d characters", token, form, before)
					}
				}
			}
		}
		if n.areIn(strings.Repeat("thelearneradalovelace42", 100)) || n.areIn("") {
			t.Errorf("%s: found in a text without it", token)
		}
	}
}

// The search for pieces finds exactly what a search for each form finds.
func FuzzNeedles(f *testing.F) {
	f.Add("abcdefghijkl", "yyy", 0, "zz", 12)
	f.Add("udmy_PAT-9f3KxQ7/Zr+2LmVw=8Tn", "", 7, "", 400)
	f.Fuzz(func(t *testing.T, token, before string, form int, after string, length int) {
		if len(token) > 200 || len(reduce(token)) < shortestSecret {
			return // Such a token is not looked for in unusual forms.
		}
		n := newNeedles(token)
		chosen := n.forms[uint(form)%uint(len(n.forms))]
		chosen = chosen[:min(uint(length), uint(len(chosen)))] // Also a form without its end.
		for _, text := range []string{reduce(before + chosen + after), reduce(before) + chosen + chosen + reduce(after), reduce(token + before)} {
			want := slices.ContainsFunc(n.forms, func(form string) bool { return strings.Contains(text, form) })
			if got := n.areIn(text); got != want {
				t.Errorf("%q in %q: %v, want %v", token, text, got, want)
			}
		}
	})
}
