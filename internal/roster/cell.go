// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"regexp"
	"slices"
	"strings"
)

var (
	formula        = regexp.MustCompile(`^'*[=+@-]`)
	guardedFormula = regexp.MustCompile(`^'+[=+@-]`)
)

// Guard puts an apostrophe before what a spreadsheet would take for a formula and carry out: names are anybody's to choose.
func Guard(value string) string {
	if formula.MatchString(value) {
		return "'" + value
	}
	return value
}

// unguard undoes Guard. Any other apostrophe belongs to the value, as in 't Hooft.
func unguard(cell string) string {
	if guardedFormula.MatchString(cell) {
		return cell[1:]
	}
	return cell
}

var escape = strings.NewReplacer(`\`, `\\`, `;`, `\;`)

// joinList writes several names into one cell, as Udemy's own files do: with semicolons between them. A backslash stands
// before a semicolon or a backslash that belongs to a name.
func joinList(names []string) string {
	cells := make([]string, 0, len(names))
	for _, name := range names {
		cells = append(cells, escape.Replace(Guard(name)))
	}
	return strings.Join(cells, ";")
}

// splitList is the reverse; it sorts the names and drops repeated ones.
func splitList(cell string) []string {
	names := []string{}
	var name strings.Builder
	end := func() {
		if trimmed := strings.TrimSpace(name.String()); trimmed != "" {
			names = append(names, unguard(trimmed))
		}
		name.Reset()
	}
	for i := 0; i < len(cell); i++ {
		switch {
		case cell[i] == ';':
			end()
			continue
		case cell[i] == '\\' && i+1 < len(cell) && strings.IndexByte(`\;*`, cell[i+1]) >= 0:
			i++
		}
		name.WriteByte(cell[i])
	}
	end()
	slices.Sort(names)
	return slices.Compact(names)
}
