// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"io"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Write writes a roster that the function roster reads. It omits optional columns in which all cells have the default value.
func Write(w io.Writer, learners []Learner) error {
	return writeRows(w, columns, learners, Learner{Active: true})
}

// WriteGroups writes a file that the function groups reads.
func WriteGroups(w io.Writer, groups []udemy.Group) error {
	return writeRows(w, groupColumns, groups, udemy.Group{})
}

// writeRows omits optional columns in which all cells have the value of the default.
func writeRows[T any](w io.Writer, columns []column[T], rows []T, byDefault T) error {
	var used []column[T]
	for _, c := range columns {
		if c.required || slices.ContainsFunc(rows, func(row T) bool { return c.write(row) != c.write(byDefault) }) {
			used = append(used, c)
		}
	}
	records := make([][]string, 1+len(rows))
	for _, c := range used {
		records[0] = append(records[0], c.name)
		for i, row := range rows {
			records[i+1] = append(records[i+1], c.write(row))
		}
	}
	return writeCSV(w, records)
}

// writeCSV writes records with commas between the cells. It quotes each cell with a character that separates columns in some
// spreadsheet or locale. The writer of encoding/csv quotes a cell only because of the comma.
func writeCSV(w io.Writer, records [][]string) error {
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
