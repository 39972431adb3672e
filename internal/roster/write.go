// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"encoding/csv"
	"io"
	"slices"
)

// Write writes a roster that the function roster reads. It omits optional columns in which all cells have the default value.
func Write(w io.Writer, learners []Learner) error {
	var used []column
	for _, c := range columns {
		byDefault := c.write(Learner{Active: true})
		if c.required || slices.ContainsFunc(learners, func(l Learner) bool { return c.write(l) != byDefault }) {
			used = append(used, c)
		}
	}
	records := make([][]string, 1+len(learners))
	for _, c := range used {
		records[0] = append(records[0], c.name)
		for i, learner := range learners {
			records[i+1] = append(records[i+1], c.write(learner))
		}
	}
	return csv.NewWriter(w).WriteAll(records)
}
