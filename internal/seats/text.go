// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

var textStyle = style{value: printableOrNone, name: printableOrNone, strong: asIs, lineBreak: ", "}

var textSummary = summaryStyle{
	title: asIs, strong: asIs, code: asIs, value: printableOrNone,
	gates: func(gates []gate) string {
		var lines []string
		for _, g := range gates {
			lines = append(lines, "  "+g.Flag+": "+g.Text)
		}
		return strings.Join(lines, "\n")
	},
}

func asIs(text string) string { return text }

func printableOrNone(value string) string {
	if value == "" {
		return "none"
	}
	return printable(value)
}

// text returns the report for a terminal.
func (r *report) text() string {
	var text strings.Builder
	sections := r.sections(textStyle)
	text.WriteString(strings.Join(r.summary(sections, textSummary), "\n\n") + "\n")
	for _, s := range sections {
		fmt.Fprintf(&text, "\n%s (%d)\n", s.title, len(s.rows))
		var table strings.Builder
		w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
		for _, row := range append([][]string{s.head}, s.rows...) {
			_, _ = fmt.Fprintln(w, "  "+strings.Join(row, "\t")) // A strings.Builder returns no error.
		}
		_ = w.Flush()
		for line := range strings.Lines(table.String()) {
			text.WriteString(strings.TrimRight(line, " \n") + "\n")
		}
	}
	for _, note := range r.Notes {
		text.WriteString("\n" + strings.ReplaceAll(note, "`", "") + "\n")
	}
	return text.String()
}
