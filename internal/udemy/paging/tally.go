// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package paging

import (
	"sync"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// tally gathers pages that arrive in any order. It is safe for concurrent use.
type tally[T any] struct {
	id    func(T) string
	first udemy.Page[T]

	mu    sync.Mutex
	seen  set
	items []T
	// last is the page with the highest number that is not empty.
	last       udemy.Page[T]
	lastNumber int
	// total is the highest total of all pages, and steady is false once a page had another one.
	total  int
	steady bool
	// ended is set once a page contained nothing new, and repeated if such a page was full.
	ended, repeated bool
	// short holds the numbers of the pages with fewer objects than the first one.
	short []int
}

func newTally[T any](id func(T) string, first udemy.Page[T]) *tally[T] {
	t := &tally[T]{id: id, first: first, seen: set{}, total: first.Total, steady: true}
	t.add(1, first)
	return t
}

func (t *tally[T]) add(number int, page udemy.Page[T]) {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := len(t.items)
	for _, item := range page.Items {
		if t.seen.add(t.id(item)) {
			t.items = append(t.items, item)
		}
	}
	if len(t.items) == before {
		t.ended = true
		t.repeated = t.repeated || len(page.Items) > 0 && len(page.Items) >= len(t.first.Items)
	}
	t.steady = t.steady && (page.Total == t.first.Total || page.Total == 0) // Only the first page has to have a total.
	t.total = max(t.total, page.Total)
	if len(page.Items) < len(t.first.Items) {
		t.short = append(t.short, number)
	}
	if len(page.Items) > 0 && number > t.lastNumber {
		t.last, t.lastNumber = page, number
	}
}

// progress returns the number of objects, and whether the pages have ended.
func (t *tally[T]) progress() (count int, ended bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.items), t.ended
}

// contradiction returns an error if the pages contradict the total. A page in the middle that is shorter than the first one leaves
// a gap, because the next page begins where a full page would end.
func (t *tally[T]) contradiction() error {
	count, hasGap := len(t.items), false
	for _, number := range t.short {
		hasGap = hasGap || number < t.lastNumber
	}
	lacksSome := count < t.first.Total && t.first.Total != Unknown
	switch {
	case lacksSome && (t.repeated || hasGap):
		return Incomplete(t.first, count)
	case t.last.More && count >= t.total:
		return Incomplete(t.last, count)
	default:
		return nil
	}
}
