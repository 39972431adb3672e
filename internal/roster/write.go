// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"io"
	"slices"
	"strings"
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
	return WriteCSV(w, records)
}

// WriteCSV writes records with commas between the cells. It quotes each cell with a character that separates columns in some
// spreadsheet or locale. The writer of encoding/csv quotes a cell only because of the comma.
func WriteCSV(w io.Writer, records [][]string) error {
	var b strings.Builder
	for _, record := range records {
		for i, cell := range record {
			if i > 0 {
				b.WriteByte(',')
			}
			if strings.ContainsAny(cell, ",;\t|\"\r\n") || strings.TrimSpace(cell) != cell {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			b.WriteString(cell)
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}
