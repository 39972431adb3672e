// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"fmt"
	"slices"
	"strings"
)

// listing is a page of learners or groups.
type listing struct {
	answer answer
	// isList is true if the response is a page and not, for example, the page of another service.
	isList bool
	items  []object
	total  int  // -1 if the response has none
	more   bool // the response announces a further page
}

// sample returns the last item that has a value. A server that ignores a filter returns the first items.
func (l listing) sample(value func(object) string) string {
	for _, item := range slices.Backward(l.items) {
		if found := value(item); found != "" {
			return found
		}
	}
	return ""
}

// filtered is how a server treats a filter.
type filtered int

const (
	obeyed filtered = iota
	ignored
	findsNothing
	refused
	failed
)

// judge compares the results of a filter with the value that was asked for.
func judge(found listing, matches func(object) bool) filtered {
	switch a := found.answer; {
	case found.isList && len(found.items) == 0:
		return findsNothing
	case found.isList && slices.ContainsFunc(found.items, func(item object) bool { return !matches(item) }):
		return ignored
	case found.isList:
		return obeyed
	case a.failure == "" && a.status >= 400 && a.status < 500 || a.isAbsent():
		return refused
	default:
		return failed
	}
}

// filterWords describes a filter: the verdicts, and what follows for the provider if the filter can't be used.
type filterWords struct {
	holds, lacks     verdict
	refused, nothing consequence
	caseMatters      string // the note if the filter finds only values in the same letter case
}

// consequence is a note, or the first thing to do if the provider can't work like this.
type consequence struct{ note, next string }

const instead = "the provider reads all pages instead"

func (w filterWords) row(f filtered, a answer) row {
	switch f {
	case obeyed:
		return row{Result: "obeyed", Verdict: w.holds}
	case ignored:
		return row{Result: "ignored", Verdict: w.lacks, Note: instead}
	case findsNothing:
		return w.nothing.row("finds nothing, although the value exists", w.lacks)
	case refused:
		return w.refused.row("refused, "+a.text(), w.lacks)
	default:
		return unanswered(a)
	}
}

// anyCase words the result of a filter with the value in another letter case.
func (w filterWords) anyCase(f filtered, a answer) row {
	switch f {
	case obeyed:
		return row{Result: "letter case ignored", Verdict: w.holds}
	case findsNothing:
		return row{Result: "letter case matters", Verdict: w.lacks, Note: w.caseMatters}
	default:
		return w.row(f, a)
	}
}

func (c consequence) row(result string, lacks verdict) row {
	if c.next != "" {
		lacks = problem
	}
	return row{Result: result, Verdict: lacks, Note: c.note, next: c.next}
}

// unanswered words a response that shows nothing.
func unanswered(a answer) row {
	return row{Result: a.text(), Verdict: problem, next: "Run the command again: a request got no usable response."}
}

// otherCase returns a text in another letter case, or an empty text if it has no ASCII letter.
func otherCase(text string) string {
	swapped := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, text)
	if swapped != text {
		return swapped
	}
	if swapped = strings.ToLower(text); swapped != text {
		return swapped
	}
	return ""
}

// pageSize words the size of a page for which 100 objects were requested.
func (l listing) pageSize(holds verdict) row {
	switch {
	case !l.hasMore():
		return row{Result: "all fit in one page", Verdict: notChecked, Note: "needs more than 100, or a smaller page"}
	case len(l.items) >= 100:
		return row{Result: fmt.Sprintf("%d", len(l.items)), Verdict: holds}
	default:
		return row{Result: fmt.Sprintf("%d instead of 100", len(l.items)), Verdict: holds, Note: "the provider adapts"}
	}
}

func (l listing) hasMore() bool { return l.more || l.total > len(l.items) }

// words counts the values of a member. The known words are returned; others are only counted, because they could be personal.
func (l listing) words(name string, known ...string) (seen []string, others int) {
	unknown := map[string]bool{}
	for _, item := range l.items {
		word := item.text(name)
		switch {
		case word == "" || slices.Contains(seen, word):
		case slices.Contains(known, word):
			seen = append(seen, word)
		default:
			unknown[word] = true
		}
	}
	slices.Sort(seen)
	return seen, len(unknown)
}
