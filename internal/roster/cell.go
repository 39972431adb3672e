// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"regexp"
	"slices"
	"strings"
)

// formulaStart is the class of characters with which a formula can begin, in the syntax of regular expressions. Spreadsheets in
// East Asian locales also evaluate full-width characters. Some skip a tab or a carriage return.
const formulaStart = `[=+@\t\r＝＋＠－` + doubleMarks + `-]`

var (
	formula        = regexp.MustCompile(`^'*` + formulaStart)
	guardedFormula = regexp.MustCompile(`^'+` + formulaStart)
)

// guard prefixes a value with an apostrophe if a spreadsheet would evaluate it as a formula, or if it begins with a typographic
// quotation mark. Learners choose their own names, so a name can be a hostile formula.
func guard(value string) string {
	if formula.MatchString(value) {
		return "'" + value
	}
	return value
}

// unguard reverses guard. Any other leading apostrophe belongs to the value, as in 't Hooft.
func unguard(cell string) string {
	if strings.HasPrefix(cell, "'") && guardedFormula.MatchString(cell) {
		return cell[1:]
	}
	return cell
}

var escape = strings.NewReplacer(`\`, `\\`, `;`, `\;`)

// joinList joins names with semicolons, as Udemy's own files do. A backslash escapes a semicolon or a backslash in a name.
func joinList(names []string) string {
	cells := make([]string, 0, len(names))
	for _, name := range names {
		cells = append(cells, escape.Replace(guard(name)))
	}
	return strings.Join(cells, ";")
}

// splitList reverses joinList. It sorts the names and removes duplicates.
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
