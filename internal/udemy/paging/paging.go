// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package paging reads a collection page by page: one page after the other, or several at a time. Objects may move from one
// page to another in the meantime, so each object is returned once, wherever it appears. Pages that contradict their total are an
// error.
package paging

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"

	"golang.org/x/sync/errgroup"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Unknown is the total of a collection for which the API returns none.
const Unknown = math.MaxInt

// allPages is the call in an error if the API does not name it.
const allPages = "GET of all pages"

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
		Kind: udemy.ErrUnavailable, Call: allPages,
		Detail: fmt.Sprintf("the list does not end: more than %d pages or %d objects", maxPages, maxObjects),
	}
}

// Convert yields the objects of a collection in another type.
func Convert[From, To any](objects iter.Seq2[From, error], convert func(From) To) iter.Seq2[To, error] {
	return func(yield func(To, error) bool) {
		for object, err := range objects {
			if !yield(convert(object), err) {
				return
			}
		}
	}
}

// Walk reads one page after the other and yields each object once. An error is the last value that it yields.
//
// fetch gets the number of the page, from 1, and how many objects came before it. The walk ends once the total is reached and the
// page does not leave open whether more follow, or at a page with no new object: a server that ignores the page number would return
// the same objects forever. Pages that contradict their total are an ErrIncomplete.
func Walk[T any](id func(T) string, fetch func(number, seen int) (udemy.Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		seen, size := set{}, 0
		for number := 1; ; number++ {
			err := checkEnd(number, len(seen))
			var page udemy.Page[T]
			if err == nil {
				page, err = fetch(number, len(seen))
			}
			before := len(seen)
			size = max(size, len(page.Items))
			isFull := len(page.Items) == size
			if err == nil {
				for _, item := range page.Items {
					if seen.add(id(item)) && !yield(item, nil) {
						return
					}
				}
				err = contradiction(page, isFull, before, len(seen))
			}
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			reached := len(seen) >= page.Total && !page.More && !leavesOpen(page, number, isFull, len(seen))
			if len(seen) == before || reached {
				return
			}
		}
	}
}

// smallestPage is less than the page size of any known server: fewer objects on the only page are all there are.
const smallestPage = 5

// leavesOpen reports whether more pages may follow a full page that reaches the total, although the API does not announce them. Some
// servers report a total that is too low: the number of objects on the page, or a limit of their own. The check costs one request,
// and only if the last page is full.
func leavesOpen[T any](page udemy.Page[T], number int, isFull bool, seen int) bool {
	return !page.Last && isFull && (number > 1 || len(page.Items) >= smallestPage || seen > page.Total)
}

// contradiction returns an error if a page contradicts what the API reports about the whole list. before and seen count the objects
// without and with the page. An empty page ends every list, because a total may be too high: for example, it may count objects
// that the token may not read. A page that is not full may contain only known objects because they moved.
func contradiction[T any](page udemy.Page[T], isFull bool, before, seen int) error {
	contradicts := false
	switch {
	case len(page.Items) == 0:
	case seen == before:
		contradicts = isFull && (page.More || seen < page.Total && page.Total != Unknown)
	case page.More:
		contradicts = seen >= page.Total
	default:
		contradicts = before >= page.Total && !page.Last
	}
	if !contradicts {
		return nil
	}
	return Incomplete(page, seen)
}

// Incomplete returns the error for pages with a number of objects that contradicts one of the pages.
func Incomplete[T any](page udemy.Page[T], seen int) error {
	claim := fmt.Sprintf("a total of %d", page.Total)
	switch {
	case page.Total == Unknown:
		claim = "another page"
	case page.More && seen >= page.Total:
		claim += " and another page"
	}
	return &udemy.Error{
		Kind: udemy.ErrIncomplete, Call: cmp.Or(page.Call, allPages),
		Detail: fmt.Sprintf("the pages contain %d objects, but the API reports %s", seen, claim),
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

// Listing is the result of reading all pages.
type Listing[T any] struct {
	// Items are the objects of all pages, each once.
	Items []T
	// Complete is false if the objects do not add up to the total, or if the total changed from one page to another: then an object
	// may have moved to a page that had been read before.
	Complete bool
	// Next is the number of the page after the last one if that leaves open whether more follow, and 0 otherwise.
	Next int
}

// Rest reads the pages after the first one, several at a time. It stops at a page with no new object, whatever the total is. Pages
// that contradict the total are an ErrIncomplete. After an error it returns the objects that it has read until then.
func Rest[T any](ctx context.Context, id func(T) string, fetch func(ctx context.Context, number, size int) (udemy.Page[T], error), first udemy.Page[T]) (Listing[T], error) {
	t := newTally(id, first)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(udemy.MaxParallelRequests)
	for number := 2; number <= Count(first) && ctx.Err() == nil; number++ {
		count, ended := t.progress()
		if ended {
			break
		}
		if err := checkEnd(number, count); err != nil {
			group.Go(func() error { return err })
			break
		}
		group.Go(func() error {
			page, err := fetch(ctx, number, len(first.Items))
			if err == nil {
				t.add(number, page)
			}
			return err
		})
	}
	err := group.Wait()
	if err == nil {
		err = t.contradiction()
	}
	if err != nil {
		return Listing[T]{Items: t.items}, err
	}
	listing := Listing[T]{Items: t.items, Complete: t.steady && len(t.items) == first.Total}
	if isFull := len(t.last.Items) >= len(first.Items); t.lastNumber > 0 && leavesOpen(t.last, t.lastNumber, isFull, len(t.items)) {
		listing.Next = t.lastNumber + 1
	}
	return listing, nil
}

// set holds IDs.
type set map[string]bool

// add reports whether an ID is new.
func (s set) add(id string) bool {
	isNew := !s[id]
	s[id] = true
	return isNew
}
