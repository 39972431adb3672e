// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package plural puts numbers and nouns together.
package plural

import "fmt"

// Count returns a number with a noun whose plural ends with s, such as "1 learner" and "2 learners".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
