// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxComment is GitHub's limit for a comment in characters. A character has at least one byte, so bytes stay below it.
	maxComment = 65_536
	// minComment is enough for the summary, the titles of all sections and the notes.
	minComment = 8_192
	// maxOpen is the number of rows above which a harmless section is folded.
	maxOpen = 10
	// barLength is the number of characters of the bar of seats in use.
	barLength = 20
)

var markdownStyle = style{
	value:     code,
	name:      plainName,
	strong:    func(text string) string { return "**" + text + "**" },
	lineBreak: "<br>",
}

// markdown returns the report as a comment on a pull request of at most maxBytes. If the report is longer, harmless sections
// are cut first, and each section states how many rows it leaves out.
func (r *report) markdown(maxBytes int) string {
	sections := r.sections(markdownStyle)
	// The most important paragraphs come first.
	var text, notes string
	for i, paragraph := range r.summary(sections, markdownSummary) {
		if i == 0 || len(text)+len(paragraph) < maxBytes/2 {
			text += paragraph + "\n\n"
		}
	}
	text = strings.TrimSuffix(text, "\n")
	for _, note := range r.Notes {
		if len(notes)+len(note) < maxBytes/4 {
			notes += "\n<sub>" + note + "</sub>\n"
		}
	}
	return text + fit(sections, maxBytes-len(text)-len(notes)) + notes
}

var markdownSummary = summaryStyle{
	title:  func(text string) string { return "### " + text },
	strong: markdownStyle.strong,
	gates: func(gates []gate) string {
		var lines []string
		for _, g := range gates {
			lines = append(lines, fmt.Sprintf("- **`%s`**: %s", g.Flag, g.Text))
		}
		return strings.Join(lines, "\n")
	},
	code:  func(text string) string { return "`" + text + "`" },
	value: code,
}

// markdownSection is the Markdown of a section.
type markdownSection struct {
	title     string
	dangerous bool
	head      string
	rows      []string
	size      int    // bytes of the whole section
	shown     string // the text that fits
}

func newMarkdownSection(s section) *markdownSection {
	m := &markdownSection{
		title: s.title, dangerous: s.place.dangerous(),
		head: tableRow(s.head) + "|" + strings.Repeat("---|", len(s.head)) + "\n",
	}
	for _, row := range s.rows {
		m.rows = append(m.rows, tableRow(row))
		m.size += len(m.rows[len(m.rows)-1])
	}
	begin, end := m.frame(len(s.rows))
	m.size += len(begin) + len(end)
	return m
}

// tableRow returns a row of a table. A pipe ends a cell also in a code span (GFM section 4.10).
func tableRow(cells []string) string {
	escaped := make([]string, len(cells))
	for i, cell := range cells {
		escaped[i] = strings.ReplaceAll(cell, "|", `\|`)
	}
	return "| " + strings.Join(escaped, " | ") + " |\n"
}

// frame returns the text around the rows that are shown. A folded section states in its title what is left out.
func (m *markdownSection) frame(shown int) (begin, end string) {
	total := len(m.rows)
	title := fmt.Sprintf("%s (%d)", m.title, total)
	switch {
	case shown == 0:
		return fmt.Sprintf("\n#### %s (%d, all left out)\n", m.title, total), ""
	case shown < total:
		title = fmt.Sprintf("%s (%d, %d left out)", m.title, total, total-shown)
		end = "\n`-format json` lists all.\n"
	}
	if total > maxOpen && !m.dangerous {
		return fmt.Sprintf("\n<details>\n<summary><b>%s</b></summary>\n\n%s", title, m.head), end + "\n</details>\n"
	}
	return fmt.Sprintf("\n#### %s\n\n%s", title, m.head), end
}

// smallest is the number of bytes of the section without rows.
func (m *markdownSection) smallest() int {
	begin, _ := m.frame(0)
	return len(begin)
}

// text returns the section in at most maxBytes, but at least without rows.
func (m *markdownSection) text(maxBytes int) string {
	shown := len(m.rows)
	if m.size > maxBytes {
		begin, end := m.frame(1) // the longest number of rows that are left out
		rest := maxBytes - len(begin) - len(end)
		for shown = 0; shown < len(m.rows) && len(m.rows[shown]) <= rest; shown++ {
			rest -= len(m.rows[shown])
		}
	}
	begin, end := m.frame(shown)
	return begin + strings.Join(m.rows[:shown], "") + end
}

// fit returns the sections in at most maxBytes. Dangerous sections come first: harmless sections share what they leave.
func fit(sections []section, maxBytes int) string {
	var all, dangerous, harmless []*markdownSection
	for _, s := range sections {
		m := newMarkdownSection(s)
		maxBytes -= m.smallest()
		all = append(all, m)
		if m.dangerous {
			dangerous = append(dangerous, m)
		} else {
			harmless = append(harmless, m)
		}
	}
	share(share(maxBytes, dangerous), harmless)
	var text strings.Builder
	for _, m := range all {
		text.WriteString(m.shown)
	}
	return text.String()
}

// share divides the bytes beyond the smallest size of sections: each gets what it wants, or the same as all others that want more. It
// returns what is left.
func share(total int, sections []*markdownSection) (left int) {
	left = total
	wanted := func(m *markdownSection) int { return max(0, m.size-m.smallest()) }
	bySize := slices.SortedStableFunc(slices.Values(sections), func(a, b *markdownSection) int { return wanted(a) - wanted(b) })
	for i, m := range bySize {
		granted := max(0, min(wanted(m), total/(len(bySize)-i)))
		total -= granted
		m.shown = m.text(m.smallest() + granted)
		left -= len(m.shown) - m.smallest()
	}
	return left
}

// code returns a value as a code span, in which GitHub interprets no mentions, links or HTML. Invisible characters, such as
// line breaks and changes of the writing direction, are escaped.
func code(value string) string {
	switch value {
	case "":
		return "none"
	case knownAfterApply, sensitive:
		return value
	}
	// A backslash in front of a pipe would undo the escape of the pipe.
	text := printable(value)
	for strings.Contains(text, `\|`) {
		text = strings.ReplaceAll(text, `\|`, `\u005c|`)
	}
	return fence(text)
}

// plainName returns a name or a role without a code span, if it contains nothing that Markdown interprets.
func plainName(value string) string {
	last := ' '
	for i, r := range value {
		ends := i+utf8.RuneLen(r) == len(value)
		switch {
		case unicode.IsLetter(r), unicode.IsMark(r) && unicode.IsLetter(last), r == '-', r == '\'', r == '’', r == ' ' && last != ' ' && !ends:
		case r == '_' && unicode.IsLetter(last) && !ends && value[i+1] != ' ': // group_admin: an underscore within a word does not start emphasis
		case r >= '0' && r <= '9' && (last == ' ' || last >= '0' && last <= '9'): // not GH-12, which is a link
		case r == '.' && (ends || value[i+1] == ' '): // no host name
		default:
			return code(value)
		}
		last = r
	}
	if value == "" || len(value) > maxText {
		return code(value)
	}
	return value
}

// printable escapes invisible characters and shortens long values.
func printable(value string) string {
	var text strings.Builder
	n := 0
	for _, r := range value {
		switch {
		case n == maxText:
			text.WriteRune('…')
			return text.String()
		case unicode.IsPrint(r) && r != utf8.RuneError:
			text.WriteRune(r)
		default:
			fmt.Fprintf(&text, "\\u%04x", r)
		}
		n++
	}
	return text.String()
}

// fence encloses text in a code span. The fence is longer than any run of backticks in the text (CommonMark section 6.1).
func fence(text string) string {
	longest, run := 0, 0
	for _, r := range text {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	if longest == 0 {
		return "`" + text + "`"
	}
	ticks := strings.Repeat("`", longest+1)
	return ticks + " " + text + " " + ticks
}
