// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package paging reads a collection page by page: one page after the other, or several at a time. Objects may move from one
// page to another in the meantime, so each object is returned once, wherever it appears.
package paging

import (
	"context"
	"fmt"
	"iter"
	"math"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Unknown is the total of a collection for which the API returns none.
const Unknown = math.MaxInt

// maxPages and maxObjects end a collection whose pages never do. An organization has far fewer learners.
const (
	maxPages   = 10_000
	maxObjects = 1_000_000
)

// checkEnd returns an error for a collection that does not end.
func checkEnd(pages, objects int) error {
	if pages <= maxPages && objects <= maxObjects {
		return nil
	}
	return &udemy.Error{
		Kind: udemy.ErrUnavailable, Call: "GET of all pages",
		Detail: fmt.Sprintf("the list does not end: more than %d pages or %d objects", maxPages, maxObjects),
	}
}

// Walk reads one page after the other and yields each object once. An error is the last value that it yields.
//
// fetch gets the number of the page, from 1, and how many objects came before it. It returns the objects of the page, and
// how many there are on all pages. The walk ends after that many, or at a page with no new object: a server that ignores
// the page number would return the same objects forever.
func Walk[T any](id func(T) string, fetch func(number, seen int) (items []T, total int, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		seen := set{}
		for number := 1; ; number++ {
			err := checkEnd(number, len(seen))
			var items []T
			var total int
			if err == nil {
				items, total, err = fetch(number, len(seen))
			}
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			before := len(seen)
			for _, item := range items {
				if seen.add(id(item)) && !yield(item, nil) {
					return
				}
			}
			if len(seen) == before || len(seen) >= total {
				return
			}
		}
	}
}

// Count returns the number of pages, judging by the first one.
func Count[T any](first udemy.Page[T]) int {
	size := len(first.Items)
	if size == 0 || first.Total <= size {
		return 1
	}
	return (first.Total-1)/size + 1
}

// Rest reads the pages after the first one, several at a time, and returns the objects of all pages, each once. It stops at
// a page with no new object, whatever the total is. After an error it returns what it has read until then.
//
// complete is false if the objects do not add up to the total, or if the total changed from one page to another: then an
// object may have moved to a page that had been read before.
func Rest[T any](ctx context.Context, id func(T) string, fetch func(ctx context.Context, number, size int) (udemy.Page[T], error), first udemy.Page[T]) (items []T, complete bool, err error) {
	var mu sync.Mutex
	seen, ended, steady := set{}, false, true
	add := func(page udemy.Page[T]) {
		mu.Lock()
		defer mu.Unlock()
		before := len(seen)
		for _, item := range page.Items {
			if seen.add(id(item)) {
				items = append(items, item)
			}
		}
		ended = ended || len(seen) == before
		// Only the first page has to have a total.
		steady = steady && (page.Total == first.Total || page.Total == 0)
	}
	hasEnded := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return ended
	}
	count := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(items)
	}

	add(first)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(udemy.MaxParallelRequests)
	for number := 2; number <= Count(first) && ctx.Err() == nil && !hasEnded(); number++ {
		if err := checkEnd(number, count()); err != nil {
			group.Go(func() error { return err })
			break
		}
		group.Go(func() error {
			page, err := fetch(ctx, number, len(first.Items))
			if err == nil {
				add(page)
			}
			return err
		})
	}
	err = group.Wait()
	return items, err == nil && steady && len(items) == first.Total, err
}

// set holds IDs.
type set map[string]bool

// add reports whether an ID is new.
func (s set) add(id string) bool {
	isNew := !s[id]
	s[id] = true
	return isNew
}
