// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"fmt"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
)

// summaryStyle formats the parts of the summary.
type summaryStyle struct {
	title, strong, code, value func(string) string
	gates                      func([]gate) string
}

// summary returns the paragraphs above the sections: broken gates first.
func (r *report) summary(sections []section, s summaryStyle) []string {
	var paragraphs []string
	add := func(paragraph string) {
		if paragraph != "" {
			paragraphs = append(paragraphs, paragraph)
		}
	}
	if len(r.BrokenGates) > 0 {
		add(s.title("This plan does not pass " + plural.Count(len(r.BrokenGates), "gate")))
		add(s.gates(r.BrokenGates))
	}
	if r.Errored {
		add(s.title("This plan failed"))
		add("Terraform could not finish the plan, so it can't be applied. The report covers only the part that was planned before the error.")
	}
	add(s.title(r.headline()))
	if !r.Complete && !r.Errored {
		add(r.incomplete(s))
	}
	if len(r.Groups)+len(r.Learners) == 0 {
		add("No changes to learners, licenses or groups.")
	}
	add(overview(sections, s))
	for i := range r.Organizations {
		add(r.organizationLine(&r.Organizations[i], s))
	}
	add(r.mailLine(s))
	for _, a := range r.Activity {
		line := fmt.Sprintf("%d of %s unused for %s", a.Unused, plural.Count(a.Seats, "seat"), plural.Count(a.Days, "day"))
		if len(r.Activity) > 1 {
			line += " (" + s.value(a.Address) + ")"
		}
		add(line + ".")
	}
	return paragraphs
}

// headline returns the net change as a sentence.
func (r *report) headline() string {
	var atLeast, asFarAsKnown string
	if r.AtLeast {
		atLeast, asFarAsKnown = "at least ", ", as far as it is known"
	}
	var sentence string
	switch {
	case r.RefreshOnly:
		return "This plan only updates the state (-refresh-only)"
	case r.NetChange > 0:
		sentence = fmt.Sprintf("This plan takes %s%s", atLeast, plural.Count(r.NetChange, "more Udemy seat"))
	case r.NetChange < 0:
		sentence = fmt.Sprintf("This plan frees %s%s", plural.Count(-r.NetChange, "Udemy seat"), asFarAsKnown)
	case r.Taken == 0:
		sentence = "This plan does not change Udemy seats" + asFarAsKnown
	default:
		sentence = "This plan takes and frees the same number of Udemy seats" + asFarAsKnown
	}
	if r.Taken > 0 && r.Freed > 0 {
		sentence += fmt.Sprintf(" (%d taken, %d freed)", r.Taken, r.Freed)
	}
	if r.Unknown > 0 {
		sentence += fmt.Sprintf("; %s known after apply", plural.Count(r.Unknown, "seat"))
	}
	return sentence
}

func (r *report) incomplete(s summaryStyle) string {
	if n := len(r.Deferred); n > 0 {
		return s.strong("Terraform deferred "+plural.Count(n, "change")+" to a later plan.") + " The report does not count them."
	}
	return s.strong("The plan is incomplete") + ", for example because of " + s.code("-target") + ". The report does not count the missing changes."
}

// overview counts the rows of the sections. Dangerous ones are emphasized.
func overview(sections []section, s summaryStyle) string {
	var dangerous, harmless []string
	for _, one := range sections {
		text := counted(len(one.rows), places[one.place].one, places[one.place].many)
		if one.place.dangerous() {
			dangerous = append(dangerous, text)
		} else {
			harmless = append(harmless, text)
		}
	}
	var parts []string
	if len(dangerous) > 0 {
		parts = append(parts, s.strong(strings.Join(dangerous, ", ")))
	}
	if len(harmless) > 0 {
		parts = append(parts, strings.Join(harmless, ", "))
	}
	return strings.Join(parts, ", ")
}

// organizationLine returns the seats in use, with a bar if the number of purchased seats is known.
func (r *report) organizationLine(o *organization, s summaryStyle) string {
	var line, atLeast, atMost string
	if r.AtLeast {
		atLeast, atMost = "at least ", "at most "
	}
	if o.Purchased != nil {
		line = s.code(bar(o.UsedAfter, *o.Purchased)) + " "
	}
	if o.Provider != "" {
		line += s.value(o.Provider) + ": "
	}
	line += fmt.Sprintf("%d → %s", o.UsedBefore, s.strong(fmt.Sprintf("%s%d", atLeast, o.UsedAfter)))
	switch {
	case o.Purchased == nil:
		return line + " seats in use."
	case *o.AvailableAfter < 0:
		return fmt.Sprintf("%s of %s in use, %s.", line, plural.Count(*o.Purchased, "purchased seat"), s.strong(fmt.Sprintf("%s%d too few", atLeast, -*o.AvailableAfter)))
	default:
		return fmt.Sprintf("%s of %s in use, %s.", line, plural.Count(*o.Purchased, "purchased seat"), s.strong(fmt.Sprintf("%s%d left", atMost, *o.AvailableAfter)))
	}
}

// bar shows the seats in use as a part of the purchased seats. Only no seat is an empty bar, and only no seat left a full one.
func bar(used, purchased int) string {
	filled := 0
	switch {
	case used >= purchased:
		filled = barLength
	case used > 0:
		filled = min(barLength-1, max(1, used*barLength/purchased))
	}
	return strings.Repeat("▓", filled) + strings.Repeat("░", barLength-filled)
}

// mailLine counts the people who get an e-mail from Udemy.
func (r *report) mailLine(s summaryStyle) string {
	if len(r.Learners) == 0 {
		return ""
	}
	people := r.Mails.Invitations + r.Mails.Reactivations + r.Mails.Resent
	for i := range r.Learners {
		if l := &r.Learners[i]; l.Resent && (l.Kind == kindNew || l.Kind == kindReactivated) {
			people--
		}
	}
	switch {
	case people <= 0 && r.AtLeast:
		return "No e-mail is sent, as far as it is known."
	case people <= 0:
		return "No e-mail is sent."
	}
	var parts []string
	for _, part := range []struct {
		n         int
		one, many string
	}{
		{r.Mails.Invitations, "invitation", "invitations"},
		{r.Mails.Reactivations, "reactivation", "reactivations"},
		{r.Mails.Resent, "invitation sent again", "invitations sent again"},
	} {
		if part.n > 0 {
			parts = append(parts, counted(part.n, part.one, part.many))
		}
	}
	who := counted(people, "person gets an e-mail", "people get an e-mail")
	if r.AtLeast {
		who = "At least " + who
	}
	return s.strong(who) + ": " + strings.Join(parts, ", ") + "."
}
