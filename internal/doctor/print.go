// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
)

// markdown returns the report as a table that is readable in a terminal and valid in an issue. The last column is not padded,
// so that only long notes wrap.
func (r report) markdown() string {
	var text strings.Builder
	fmt.Fprintf(&text, "terraform-provider-udemy %s doctor, %s\n\n", r.Version, plural.Count(r.Requests, "GET request"))

	lines := [][]string{{"Area", "Check", "Result", "Verdict", "Note"}}
	area := ""
	for _, one := range r.Checks {
		shown := one.Area
		if shown == area {
			shown = "" // Repeating the area hides where the next one begins.
		}
		area = one.Area
		lines = append(lines, []string{shown, one.Check, one.Result, string(one.Verdict), one.Note})
	}
	widths := make([]int, len(lines[0]))
	for _, cells := range lines {
		for i, cell := range cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for i, cells := range lines {
		for j, cell := range cells[:len(cells)-1] {
			fmt.Fprintf(&text, "| %-*s ", widths[j], cell)
		}
		fmt.Fprintf(&text, "| %s |\n", cells[len(cells)-1])
		if i == 0 {
			for _, width := range widths[:len(widths)-1] {
				text.WriteString("|" + strings.Repeat("-", width+2))
			}
			text.WriteString("|------|\n")
		}
	}

	if len(r.Settings) > 0 {
		text.WriteString("\nSuggested settings in the provider block:\n\n")
		for _, name := range slices.Sorted(maps.Keys(r.Settings)) {
			fmt.Fprintf(&text, "    %s = %q\n", name, r.Settings[name])
		}
	}
	usable := "usable"
	if !r.Usable {
		usable = "not usable"
	}
	fmt.Fprintf(&text, "\nResult: %s\nFirst thing to do: %s\n", usable, r.FirstThingToDo)
	return text.String()
}
