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
	// maxEnd is reserved for the text after the last section.
	maxEnd = 4_096
	// maxOpen is the number of lines above which a section is folded.
	maxOpen = 10
	// maxText is the number of characters shown of a value. An e-mail address has at most 254.
	maxText = 254
	// maxNames is the number of groups or licenses shown in a line.
	maxNames = 20
)

var titles = map[kind]string{
	kindNew:                "New",
	kindAdopted:            "Adopted",
	kindImported:           "Imported",
	kindReactivated:        "Reactivated",
	kindDeactivated:        "Deactivated",
	kindInvitationCanceled: "Invitation canceled",
	kindDeleted:            "Deleted",
	kindForgotten:          "No longer managed",
	kindRole:               "Role",
	kindLicenseTypes:       "Licenses",
	kindLicensePool:        "License pool",
	kindEmail:              "E-mail address",
	kindName:               "Name",
	kindGroups:             "Groups",
	kindInvitationResent:   "Invitation sent again",
}

// markdown returns the report as a comment on a pull request. If the report is too long for a comment, it omits changes and
// states their number.
func (r *report) markdown() string {
	var text strings.Builder
	text.WriteString("### " + r.headline() + "\n\n")
	if r.Organization != nil {
		text.WriteString(r.Organization.sentence() + "\n\n")
	}
	if len(r.Changes) > 0 {
		text.WriteString(r.table())
	} else {
		text.WriteString("No changes to learners, licenses or groups.\n")
	}

	var omitted []string
	for _, k := range kinds {
		changes := slices.DeleteFunc(slices.Clone(r.Changes), func(c change) bool { return c.Kind != k })
		section, written := section(k, changes, maxComment-maxEnd-text.Len())
		text.WriteString(section)
		if written < len(changes) {
			omitted = append(omitted, fmt.Sprintf("%d of %d under %q", len(changes)-written, len(changes), titles[k]))
		}
	}
	if len(omitted) > 0 {
		fmt.Fprintf(&text, "\n**Omitted, because a comment can have at most %d characters: %s.** `-format json` lists all changes.\n",
			maxComment, strings.Join(omitted, ", "))
	}
	for _, note := range r.Notes {
		text.WriteString("\n<sub>" + note + "</sub>\n")
	}
	return text.String()
}

// headline returns the net change as a sentence.
func (r *report) headline() string {
	sentence := "This plan takes and frees the same number of Udemy seats"
	switch {
	case r.NetChange > 0:
		sentence = fmt.Sprintf("This plan takes %s", count(r.NetChange, "more Udemy seat"))
	case r.NetChange < 0:
		sentence = fmt.Sprintf("This plan frees %s", count(-r.NetChange, "Udemy seat"))
	case r.Taken == 0:
		sentence = "This plan does not change Udemy seats"
	}
	if r.Taken > 0 && r.Freed > 0 {
		sentence += fmt.Sprintf(" (%d taken, %d freed)", r.Taken, r.Freed)
	}
	if r.Unknown > 0 {
		sentence += fmt.Sprintf("; %s known after apply", count(r.Unknown, "seat"))
	}
	return sentence
}

func (o *organization) sentence() string {
	sentence := fmt.Sprintf("Seats in use: **%d** before, **%d** after.", o.UsedBefore, o.UsedAfter)
	switch {
	case o.Purchased == nil:
		return sentence
	case *o.AvailableAfter < 0:
		return fmt.Sprintf("%s Purchased: %d, **%d too few**.", sentence, *o.Purchased, -*o.AvailableAfter)
	default:
		return fmt.Sprintf("%s Purchased: %d, **%d** left.", sentence, *o.Purchased, *o.AvailableAfter)
	}
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// table returns a table with the totals of the kinds that the plan contains.
func (r *report) table() string {
	table := "| Kind | Changes | Seats |\n|---|--:|--:|\n"
	for _, k := range kinds {
		if sum := r.Totals[k]; sum.Changes > 0 {
			table += fmt.Sprintf("| %s | %d | %s |\n", titles[k], sum.Changes, signed(sum.Seats))
		}
	}
	return table
}

// signed formats a number of seats with its sign.
func signed(n int) string {
	switch {
	case n == 0:
		return "0"
	case n < 0:
		return fmt.Sprintf("−%d", -n)
	default:
		return fmt.Sprintf("+%d", n)
	}
}

// section lists the changes of one kind, up to maxBytes. It returns the number of listed changes.
func section(k kind, changes []change, maxBytes int) (text string, written int) {
	begin, end := fmt.Sprintf("\n#### %s (%d)\n\n", titles[k], len(changes)), ""
	if len(changes) > maxOpen {
		begin, end = fmt.Sprintf("\n<details>\n<summary><b>%s (%d)</b></summary>\n\n", titles[k], len(changes)), "\n</details>\n"
	}
	var lines strings.Builder
	for _, c := range changes {
		line := c.line()
		if len(begin)+lines.Len()+len(line)+len(end) > maxBytes {
			break
		}
		lines.WriteString(line)
		written++
	}
	if written == 0 {
		return "", 0
	}
	return begin + lines.String() + end, written
}

// line returns the list item of a change.
func (c change) line() string {
	var parts []string
	switch {
	case c.Kind == kindGroups:
		parts = append(parts, listed("joins", c.Added), listed("leaves", c.Removed))
	case c.Kind == kindInvitationResent:
		parts = append(parts, "receives the invitation e-mail again")
	case c.Kind == kindLicenseTypes:
		parts = append(parts, listed("gets", c.Added), listed("loses", c.Removed))
	case c.From != "" || c.To != "":
		parts = append(parts, code(c.From)+" → "+code(c.To))
	case c.Seats == nil:
		parts = append(parts, "seat known after apply")
	case *c.Seats == 0:
		parts = append(parts, "no seat change")
	default:
		parts = append(parts, signed(*c.Seats)+" seat")
	}
	parts = slices.DeleteFunc(append(parts, c.Note), func(part string) bool { return part == "" })
	return fmt.Sprintf("- %s: %s (%s)\n", code(c.Learner), strings.Join(parts, ", "), code(c.Address))
}

// listed returns a verb and its objects.
func listed(verb string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	var shown []string
	for _, name := range names[:min(len(names), maxNames)] {
		shown = append(shown, code(name))
	}
	text := verb + " " + strings.Join(shown, ", ")
	if more := len(names) - len(shown); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
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
	var text strings.Builder
	for i, r := range []rune(value) {
		switch {
		case i == maxText:
			text.WriteRune('…')
		case i > maxText:
		case unicode.IsPrint(r) && r != utf8.RuneError:
			text.WriteRune(r)
		default:
			fmt.Fprintf(&text, "\\u%04x", r)
		}
	}
	return fence(text.String())
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
