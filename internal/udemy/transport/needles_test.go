// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
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
