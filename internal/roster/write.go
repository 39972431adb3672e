// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"encoding/csv"
	"io"
	"slices"
)

// Write writes a roster that Parse reads. A column that would tell nothing of anybody is left out.
func Write(w io.Writer, learners []Learner) error {
	var tells []column
	for _, c := range columns {
		nothing := c.write(Learner{Active: true})
		if c.required || slices.ContainsFunc(learners, func(l Learner) bool { return c.write(l) != nothing }) {
			tells = append(tells, c)
		}
	}
	records := make([][]string, 1+len(learners))
	for _, c := range tells {
		records[0] = append(records[0], c.name)
		for i, learner := range learners {
			records[i+1] = append(records[i+1], c.write(learner))
		}
	}
	return csv.NewWriter(w).WriteAll(records)
}
