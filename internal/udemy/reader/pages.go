// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package reader

import (
	"context"
	"iter"
	"math"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/paging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/store"
)

const (
	// wholeGate is more than there are changes at any time.
	wholeGate = math.MaxInt32
	// maxReadings is how often the pages are read at most if they do not add up to the total. Something outside this process
	// may have moved objects between them; but a total that is always wrong must not make the reader read forever.
	maxReadings = 3
)

// listing is how far reading the pages has come.
type listing[T any] struct {
	state listingState
	// first is the first page, if only that one has been read, at a version.
	first *udemy.Page[T]
	since store.Version
	// readings counts how often all pages have been read.
	readings int
}

type listingState int

const (
	unread listingState = iota
	// listed: all pages have been read.
	listed
	// refused: a page could not be read.
	refused
	// unlistable: the API does not return the objects of the collection.
	unlistable
)

// step is what to do next about a query.
type step int

const (
	requestOne step = iota
	readFirstPage
	readOtherPages
)

// due returns the pages to read before anything else. The first query of all needs none. The caller holds the lock.
func (r *Reader[T]) due() step {
	first := r.listing.first
	switch {
	case r.state() != unread:
		return requestOne
	case first == nil && r.singles > 0:
		return readFirstPage
	case first != nil && r.singles >= paging.Count(*first):
		return readOtherPages
	default:
		return requestOne
	}
}

// state returns how reading the pages went. The API may have omitted the objects because there were none, so after a change
// the reader tries again. The caller holds the lock.
func (r *Reader[T]) state() listingState {
	if r.listing.state == unlistable && r.listing.since != r.Store.Version() {
		r.listing.state = unread
	}
	return r.listing.state
}

// BeginChange waits until no page is being read, and keeps pages from being read until end is called. Every change that may
// move objects between pages, add or remove them is made in between, and recorded in the store before the end.
func (r *Reader[T]) BeginChange(ctx context.Context) (end func(), err error) {
	if err := r.gate.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	return func() { r.gate.Release(1) }, nil
}

// whileUnchanged reads pages while no change is under way.
func (r *Reader[T]) whileUnchanged(ctx context.Context, read func() error) error {
	if err := r.gate.Acquire(ctx, wholeGate); err != nil {
		return err
	}
	defer r.gate.Release(wholeGate)
	return read()
}

// readDuePages reads the pages that are due, once for all callers.
func (r *Reader[T]) readDuePages(ctx context.Context) error {
	_, err := once(ctx, &r.flights, "pages", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, r.whileUnchanged(ctx, func() error {
			r.mu.Lock()
			todo := r.due()
			r.mu.Unlock()
			switch todo {
			case readFirstPage:
				_, err := r.readFirst(ctx)
				return err
			case readOtherPages:
				return r.readPages(ctx)
			default:
				return nil // Another caller has read them since.
			}
		})
	})
	return err
}

// readFirst reads the first page, which shows how many there are.
func (r *Reader[T]) readFirst(ctx context.Context) (udemy.Page[T], error) {
	since := r.Store.Version()
	first, err := r.page(ctx, 1, 0)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.listing.first, r.listing.since = nil, since
	switch {
	case err != nil:
		r.listing.state = refused
	case first.Items == nil:
		r.listing.state = unlistable
	default:
		r.listing.first = &first
		r.Store.Read(since, first.Items...)
	}
	return first, err
}

// readPages reads all pages. The first one is read again if a change since then may have moved objects to another page.
func (r *Reader[T]) readPages(ctx context.Context) error {
	since := r.Store.Version()
	r.mu.Lock()
	known := r.listing.first
	if r.listing.since != since {
		known = nil
	}
	r.mu.Unlock()
	if known == nil {
		first, err := r.readFirst(ctx)
		if err != nil || first.Items == nil {
			return err
		}
		known = &first
	}
	objects, complete, err := paging.Rest(ctx, r.Store.Kind().ID, r.page, *known)
	coverage := store.Listed
	if complete {
		coverage = store.Complete
	}

	r.mu.Lock()
	defer r.mu.Unlock()
	r.Store.Read(since, objects...)
	r.listing.first = nil
	if err != nil {
		r.listing.state = refused
		return err
	}
	r.Store.Cover(since, coverage)
	r.listing.state = listed
	r.listing.readings++
	return nil
}

// ReadAll makes sure that the store holds all objects, unless the API does not return them.
func (r *Reader[T]) ReadAll(ctx context.Context) error {
	r.mu.Lock()
	done := r.hasAll(r.Store.Coverage())
	r.mu.Unlock()
	if done {
		return nil
	}
	_, err := r.readAll(ctx)
	return err
}

// All returns all objects, in no order. It returns nil if the API does not return them.
func (r *Reader[T]) All(ctx context.Context) ([]T, error) {
	if objects, ok := r.recallAll(); ok {
		return objects, nil
	}
	shared, err := r.readAll(ctx)
	if shared == nil || err != nil {
		return nil, err
	}
	objects := make([]T, 0, len(shared))
	for _, object := range shared {
		objects = append(objects, r.Store.Kind().Copy(object))
	}
	return objects, nil
}

// readAll reads the pages until the store holds all objects, once for all callers, and returns these. Pages that do not add
// up are read again.
func (r *Reader[T]) readAll(ctx context.Context) ([]T, error) {
	return once(ctx, &r.flights, r.versioned("all"), func(ctx context.Context) (objects []T, err error) {
		err = r.whileUnchanged(ctx, func() error {
			for {
				var done bool
				if objects, done = r.recallAll(); done {
					return nil
				}
				if err := r.readPages(ctx); err != nil {
					return err
				}
			}
		})
		return objects, err
	})
}

// recallAll returns all objects from the store, if it holds them; nil if the API does not return any.
func (r *Reader[T]) recallAll() (objects []T, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.hasAll(r.Store.Coverage()) {
		return nil, false
	}
	objects, coverage := r.Store.All()
	if coverage == store.Partial && r.state() == unlistable {
		objects = nil
	}
	return objects, r.hasAll(coverage)
}

// hasAll reports whether there is nothing left to read. The caller holds the lock.
func (r *Reader[T]) hasAll(coverage store.Coverage) bool {
	switch coverage {
	case store.Complete:
		return true
	case store.Listed:
		return r.listing.readings >= maxReadings
	default:
		return r.state() == unlistable
	}
}

// Each yields all objects: from the store if it holds them, and else page by page as the responses arrive. An error is the
// last value that it yields.
func (r *Reader[T]) Each(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if objects, ok := r.recallAll(); ok && objects != nil {
			for _, object := range objects {
				if !yield(object, nil) {
					return
				}
			}
			return
		}
		size := 0
		paging.Walk(r.Store.Kind().ID, func(number, _ int) ([]T, int, error) {
			since := r.Store.Version()
			page, err := r.page(ctx, number, size)
			if err == nil && page.Items == nil {
				err = udemy.ErrNotOffered
			}
			size = max(size, len(page.Items))
			r.Store.Read(since, page.Items...)
			return page.Items, page.Total, err
		})(yield)
	}
}

// IsListed reports whether all pages have been read.
func (r *Reader[T]) IsListed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.listing.state == listed
}

// Reset forgets everything. The caller has begun a change.
func (r *Reader[T]) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Store.Clear()
	r.singles, r.listing = 0, listing[T]{}
}
