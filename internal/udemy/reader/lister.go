// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package reader

import (
	"context"
	"errors"
	"iter"
	"sync"

	"golang.org/x/sync/singleflight"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/paging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/store"
)

// Lister reads the pages of a collection into a store.
type Lister[T any] struct {
	// Store holds what has been read. A caller that changes an object through the API records the change there.
	Store *store.Store[T]

	kind store.Kind[T]
	page func(ctx context.Context, number, size int) (udemy.Page[T], error)
	gate
	flights singleflight.Group

	mu       sync.Mutex
	progress progress[T]
}

// readDue reads the pages that are due, once for all callers.
func (l *Lister[T]) readDue(ctx context.Context) error {
	_, err := once(ctx, &l.flights, "pages", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, l.whileUnchanged(ctx, func() error {
			l.mu.Lock()
			todo := l.progress.at(l.Store.Version()).due()
			l.mu.Unlock()
			switch todo {
			case readFirstPage:
				_, err := l.readFirst(ctx)
				return err
			case readAllPages:
				return l.readPages(ctx)
			default:
				return nil // Another caller has read them since.
			}
		})
	})
	return err
}

// readFirst reads the first page, which shows how many there are.
func (l *Lister[T]) readFirst(ctx context.Context) (udemy.Page[T], error) {
	since := l.Store.Version()
	first, err := l.page(ctx, 1, 0)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.progress.first, l.progress.since = nil, since
	switch {
	case err != nil:
		l.progress.listing, l.progress.reason = refused, err
	case first.Items == nil:
		l.progress.listing = Hidden
	default:
		l.progress.first = &first
		l.Store.Read(since, first.Items...)
	}
	return first, err
}

// readPages reads all pages. The first one is read again if a change since then may have moved objects to another page.
func (l *Lister[T]) readPages(ctx context.Context) error {
	since := l.Store.Version()
	l.mu.Lock()
	known := l.progress.first
	if l.progress.since != since {
		known = nil
	}
	l.mu.Unlock()
	if known == nil {
		first, err := l.readFirst(ctx)
		if err != nil || first.Items == nil {
			return err
		}
		known = &first
	}
	all, err := paging.Rest(ctx, l.kind.ID, l.page, *known)
	coverage := store.Listed
	if all.Complete {
		coverage = store.Complete
	}

	l.mu.Lock()
	defer l.mu.Unlock()
	l.Store.Read(since, all.Items...)
	l.progress.first = nil
	switch {
	case errors.Is(err, udemy.ErrIncomplete):
		l.progress.listing, l.progress.reason = contradictory, err
		l.progress.readings++
		return err
	case err != nil:
		l.progress.listing, l.progress.reason = refused, err
		return err
	}
	l.Store.Cover(since, coverage)
	l.progress.listing = Listed
	l.progress.readings++
	l.progress.next, l.progress.size, l.progress.seen = all.Next, len(known.Items), len(all.Items)
	return nil
}

// confirm reads the page after the last one. If it contains other objects although the total was reached, the total is wrong.
// Reading single objects does not need this page, because an object that is on no page is requested.
func (l *Lister[T]) confirm(ctx context.Context) error {
	before, since := l.current(), l.Store.Version()
	page, err := l.page(ctx, before.next, before.size)
	if isBeyondEnd(err) {
		page, err = udemy.Page[T]{}, nil
	}
	if err != nil {
		return err
	}
	others := 0
	for _, object := range page.Items {
		if _, found, _ := l.Store.Get(l.kind.ID(object)); !found {
			others++
		}
	}

	l.mu.Lock()
	defer l.mu.Unlock()
	l.progress.next = 0
	switch {
	case others == 0:
	case before.seen >= page.Total:
		l.progress.listing, l.progress.reason = contradictory, paging.Incomplete(page, before.seen+others)
		l.Store.Cover(since, store.Partial)
		return l.progress.reason
	default: // Objects have been added since, and the pages are read again.
		l.Store.Cover(since, store.Listed)
	}
	l.Store.Read(since, page.Items...)
	return nil
}

// isBeyondEnd reports whether a server may have refused a page because the list ends before it.
func isBeyondEnd(err error) bool {
	return errors.Is(err, udemy.ErrInvalid) || errors.Is(err, udemy.ErrNotFound) || errors.Is(err, udemy.ErrNotOffered)
}

// ReadAll makes sure that the store holds all objects, unless the API does not return them.
func (l *Lister[T]) ReadAll(ctx context.Context) error {
	l.mu.Lock()
	done := l.progress.at(l.Store.Version()).isDone(l.Store.Coverage())
	l.mu.Unlock()
	if done {
		return nil
	}
	_, err := l.readAll(ctx)
	return err
}

// All returns all objects, in no order. It returns nil if the API does not return them.
func (l *Lister[T]) All(ctx context.Context) ([]T, error) {
	if objects, ok := l.recallAll(); ok {
		return objects, nil
	}
	shared, err := l.readAll(ctx)
	if shared == nil || err != nil {
		return nil, err
	}
	objects := make([]T, 0, len(shared))
	for _, object := range shared {
		objects = append(objects, l.kind.Copy(object))
	}
	return objects, nil
}

// readAll reads the pages until the store holds all objects, once for all callers, and returns these. Pages that contradict their
// total are read again, because objects may have moved between them.
func (l *Lister[T]) readAll(ctx context.Context) ([]T, error) {
	return once(ctx, &l.flights, versioned(l.Store.Version(), "all"), func(ctx context.Context) (objects []T, err error) {
		err = l.whileUnchanged(ctx, func() error {
			for {
				var done bool
				if objects, done = l.recallAll(); done {
					return nil
				}
				read := l.readPages
				if l.current().leavesOpen() {
					read = l.confirm
				}
				err := read(ctx)
				if err != nil && (!errors.Is(err, udemy.ErrIncomplete) || l.current().readings >= maxReadings) {
					return err
				}
			}
		})
		return objects, err
	})
}

// recallAll returns all objects from the store, if it holds them; nil if the API does not return any.
func (l *Lister[T]) recallAll() (objects []T, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	progress := l.progress.at(l.Store.Version())
	if !progress.isDone(l.Store.Coverage()) {
		return nil, false
	}
	objects, coverage := l.Store.All()
	if coverage == store.Partial {
		objects = nil
	}
	return objects, progress.isDone(coverage)
}

// Each yields all objects: from the store if it holds them, and else page by page as the responses arrive. An error is the
// last value that it yields.
func (l *Lister[T]) Each(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if objects, ok := l.recallAll(); ok && objects != nil {
			for _, object := range objects {
				if !yield(object, nil) {
					return
				}
			}
			return
		}
		size, total, isShort, hasGap := 0, 0, false, false
		paging.Walk(l.kind.ID, func(number, seen int) (udemy.Page[T], error) {
			since := l.Store.Version()
			page, err := l.page(ctx, number, size)
			if number > 1 && seen >= total && isBeyondEnd(err) {
				page, err = udemy.Page[T]{Items: []T{}}, nil
			}
			if err == nil && page.Items == nil {
				err = udemy.ErrNotOffered
			}
			if number > 1 && page.Total == 0 { // Only the first page has to have a total.
				page.Total = total
			}
			// A page begins where a full page before it would end, so a short page in the middle leaves a gap.
			hasGap = hasGap || isShort && len(page.Items) > 0
			if err == nil && len(page.Items) == 0 && hasGap && seen < page.Total {
				err = paging.Incomplete(page, seen)
			}
			size, total = max(size, len(page.Items)), page.Total
			isShort = len(page.Items) < size
			l.Store.Read(since, page.Items...)
			return page, err
		})(yield)
	}
}

// Listing returns the result of reading the pages.
func (l *Lister[T]) Listing() Listing {
	return l.current().listing
}

func (l *Lister[T]) current() progress[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.progress
}

// Reset forgets everything. The caller has begun a change.
func (l *Lister[T]) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.Store.Clear()
	l.progress = progress[T]{}
}
