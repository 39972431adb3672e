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
	// maxComment is what GitHub takes as a comment, in characters, which are at least one byte each.
	maxComment = 65_536
	// maxEnd is kept free for what has to be said after the last line that fits.
	maxEnd = 4_096
	// maxOpen is how many lines a section shows without being unfolded.
	maxOpen = 10
	// maxText is how many characters of one value are shown; an e-mail address has 254 at the most.
	maxText = 254
	// maxNames is how many groups or licences one line names.
	maxNames = 20
)

var titles = map[Kind]string{
	New:                 "New",
	Adopted:             "Adopted",
	Imported:            "Imported",
	Reactivated:         "Reactivated",
	Deactivated:         "Deactivated",
	InvitationCancelled: "Invitation cancelled",
	Deleted:             "Deleted",
	Forgotten:           "No longer managed",
	Role:                "Role",
	LicenseTypes:        "Licences",
	Email:               "E-mail address",
	Name:                "Name",
	Groups:              "Groups",
	InvitationResent:    "Invitation sent again",
}

// Markdown is the report as a comment on a pull request. What it leaves out to stay short enough, it says.
func (r *Report) Markdown() string {
	var text strings.Builder
	text.WriteString("### " + r.headline() + "\n\n")
	if r.Organization != nil {
		text.WriteString(r.Organization.sentence() + "\n\n")
	}
	if len(r.Changes) > 0 {
		text.WriteString(r.table())
	} else {
		text.WriteString("No change to learners, licences or groups.\n")
	}

	var leftOut []string
	for _, kind := range kinds {
		changes := slices.DeleteFunc(slices.Clone(r.Changes), func(c Change) bool { return c.Kind != kind })
		section, written := section(kind, changes, maxComment-maxEnd-text.Len())
		text.WriteString(section)
		if written < len(changes) {
			leftOut = append(leftOut, fmt.Sprintf("%d of %d under %q", len(changes)-written, len(changes), titles[kind]))
		}
	}
	if len(leftOut) > 0 {
		fmt.Fprintf(&text, "\n**Left out, because a comment may have no more than %d characters: %s.** `-format json` has all.\n",
			maxComment, strings.Join(leftOut, ", "))
	}
	for _, note := range r.Notes {
		text.WriteString("\n<sub>" + note + "</sub>\n")
	}
	return text.String()
}

// headline is the net change in a sentence.
func (r *Report) headline() string {
	sentence := "This plan takes as many seats at Udemy as it frees"
	switch {
	case r.NetChange > 0:
		sentence = fmt.Sprintf("This plan takes %s more at Udemy", count(r.NetChange, "seat"))
	case r.NetChange < 0:
		sentence = fmt.Sprintf("This plan frees %s at Udemy", count(-r.NetChange, "seat"))
	case r.Taken == 0:
		sentence = "This plan takes and frees no seat at Udemy"
	}
	if r.Taken > 0 && r.Freed > 0 {
		sentence += fmt.Sprintf(" (%d taken, %d freed)", r.Taken, r.Freed)
	}
	if r.Unknown > 0 {
		sentence += fmt.Sprintf("; for %s it is known after apply", count(r.Unknown, "learner"))
	}
	return sentence
}

func (o *Organization) sentence() string {
	if o.Purchased == nil {
		return fmt.Sprintf("Seats in use: **%d** before, **%d** after.", o.UsedBefore, o.UsedAfter)
	}
	left := fmt.Sprintf("which leaves **%d**", *o.AvailableAfter)
	if *o.AvailableAfter < 0 {
		left = fmt.Sprintf("**%d more than purchased**", -*o.AvailableAfter)
	}
	return fmt.Sprintf("Seats in use: **%d** before, **%d** after, of %d purchased, %s.", o.UsedBefore, o.UsedAfter, *o.Purchased, left)
}

// count is a number of things.
func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// table sums up the kinds of changes that there are.
func (r *Report) table() string {
	table := "| Kind | Changes | Seats |\n|---|--:|--:|\n"
	for _, kind := range kinds {
		if total := r.Totals[kind]; total.Changes > 0 {
			table += fmt.Sprintf("| %s | %d | %s |\n", titles[kind], total.Changes, signed(total.Seats))
		}
	}
	return table
}

// signed writes a number of seats as a change.
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

// section lists changes of one kind, as many as fit into a number of bytes, and says how many these are.
func section(kind Kind, changes []Change, room int) (text string, written int) {
	begin, end := fmt.Sprintf("\n#### %s (%d)\n\n", titles[kind], len(changes)), ""
	if len(changes) > maxOpen {
		begin, end = fmt.Sprintf("\n<details>\n<summary><b>%s (%d)</b></summary>\n\n", titles[kind], len(changes)), "\n</details>\n"
	}
	var lines strings.Builder
	for _, change := range changes {
		line := change.line()
		if len(begin)+lines.Len()+len(line)+len(end) > room {
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

// line says what happens to one learner.
func (c Change) line() string {
	var says []string
	switch {
	case c.Kind == Groups:
		says = append(says, listed("joins", c.Added), listed("leaves", c.Removed))
	case c.Kind == InvitationResent:
		says = append(says, "gets the invitation e-mail again")
	case c.Kind == LicenseTypes:
		says = append(says, listed("gets", c.Added), listed("loses", c.Removed))
	case c.From != "" || c.To != "":
		says = append(says, code(c.From)+" → "+code(c.To))
	case c.Seats == nil:
		says = append(says, "seat known after apply")
	case *c.Seats == 0:
		says = append(says, "no change of seats")
	default:
		says = append(says, signed(*c.Seats)+" seat")
	}
	says = slices.DeleteFunc(append(says, c.Note), func(part string) bool { return part == "" })
	return fmt.Sprintf("- %s: %s (%s)\n", code(c.Learner), strings.Join(says, ", "), code(c.Address))
}

// listed is a verb and what it is about.
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

// code shows a value as it is: as code, in which nothing is a mention, a link or HTML. What can't be seen, such as a line
// break or a change of the writing direction, is shown as an escape.
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

// fence puts a code span around text: its fence is longer than any run of backticks in it (CommonMark section 6.1).
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
