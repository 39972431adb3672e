// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"encoding/csv"
	"io"
	"slices"

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
	return csv.NewWriter(w).WriteAll(records)
}
