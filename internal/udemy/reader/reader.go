// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package reader fills a store from an API, and decides when to request single objects and when to read all pages.
//
// Terraform reads one object at a time, and the number of reads is not known in advance. A reader requests single objects until that
// has taken as many requests as reading all pages would take, and only then reads the pages. It therefore sends at most about twice
// the requests of the cheaper way. Equal requests at the same time are sent once.
package reader

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/singleflight"

	"github.com/udemy-iac/terraform-provider-udemy/internal/logging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/shutdown"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/store"
)

// Config describes a collection.
type Config[T any] struct {
	Kind store.Kind[T]
	// Page reads one page, as the Page methods of udemy.API do.
	Page func(ctx context.Context, number, size int) (udemy.Page[T], error)
	// Absent is the error for an ID that a complete store does not hold. If it is nil, such an ID is requested from the API.
	Absent error
}

// Reader reads one collection. It is safe for concurrent use.
type Reader[T any] struct {
	Lister[T]
	absent error
	// samples holds the result of findsSample for each attribute.
	samples map[string]bool
}

// New returns a Reader with an empty store. It sends no request.
func New[T any](config Config[T]) *Reader[T] {
	kind := config.Kind.WithDefaults()
	return &Reader[T]{
		Lister: Lister[T]{Store: store.New(kind), kind: kind, page: config.Page, gate: newGate()},
		absent: config.Absent,
	}
}

// query is a query for one object.
type query[T any] struct {
	// name differs for different queries.
	name string
	// lookup answers from the store. It and absent are called with the lock of the reader.
	lookup func() (object T, found bool, coverage store.Coverage)
	// absent returns the error for an object that is not in the store, or nil if a request is necessary.
	absent func(store.Coverage) error
	// request requests the object from the API.
	request func(context.Context) (T, error)
}

// Get returns the object with an ID.
func (r *Reader[T]) Get(ctx context.Context, id string, request func(context.Context) (T, error)) (T, error) {
	return r.read(ctx, r.byID(id, request))
}

func (r *Reader[T]) byID(id string, request func(context.Context) (T, error)) query[T] {
	lookup := func() (T, bool, store.Coverage) { return r.Store.Get(id) }
	absent := func(coverage store.Coverage) error {
		if coverage == store.Complete {
			return r.absent
		}
		return nil
	}
	return query[T]{"id " + id, lookup, absent, request}
}

// Find returns the object that a Search looks for. An object that is not in the store is requested from the API: it may be new.
func (r *Reader[T]) Find(ctx context.Context, search Search[T]) (T, error) {
	lookup := func() (T, bool, store.Coverage) {
		object, found, coverage := search.lookUp(r.Store)
		return object, found && (search.Unique || coverage >= store.Listed), coverage
	}
	absent := func(store.Coverage) error { return nil }
	request := func(ctx context.Context) (T, error) { return r.search(ctx, search) }
	return r.read(ctx, query[T]{search.Keys[0].String(), lookup, absent, request})
}

// Existing is Find for a plan, which looks for many objects that do not exist. Once all pages have been read, an object that
// was on none of them is an ErrNotFound. If the pages can't be read, the error is the reason and an ErrNotOffered. If the API has no search, the
// pages are read.
func (r *Reader[T]) Existing(ctx context.Context, search Search[T]) (T, error) {
	q := query[T]{name: "existing " + search.Keys[0].String()}
	q.lookup = func() (T, bool, store.Coverage) { return search.lookUp(r.Store) }
	q.absent = func(coverage store.Coverage) error {
		progress := r.progress.at(r.Store.Version())
		_, isAmbiguous := search.ambiguous(r.Store)
		switch {
		case isAmbiguous: // The error of the API's own search names the objects.
			return nil
		case progress.leavesOpen():
			return nil
		case coverage >= store.Listed:
			return udemy.ErrNotFound
		case progress.listing == refused:
			return &unreadError{progress.reason}
		case progress.listing == Hidden:
			return udemy.ErrNotOffered
		default:
			return nil
		}
	}
	q.request = func(ctx context.Context) (T, error) {
		if r.current().leavesOpen() && r.ReadAll(ctx) == nil {
			if found, known, err := r.recall(q); known {
				return found, err
			}
		}
		found, err := r.search(ctx, search)
		if !errors.Is(err, udemy.ErrNotOffered) {
			return found, err
		}
		if reason := r.ReadAll(ctx); reason != nil {
			return found, &unreadError{reason}
		}
		found, _, err = r.recall(q)
		return found, err
	}
	return r.read(ctx, q)
}

// unreadError is the reason why the pages of a collection can't be read. It is also an ErrNotOffered.
type unreadError struct{ reason error }

func (e *unreadError) Error() string { return e.reason.Error() }

func (e *unreadError) Unwrap() []error { return []error{e.reason, udemy.ErrNotOffered} }

// Peek returns the object with an ID, or the error for an absent one, if that is known without a request.
func (r *Reader[T]) Peek(id string) (object T, known bool, err error) {
	return r.recall(r.byID(id, nil))
}

// recall answers from the store, if it can.
func (r *Reader[T]) recall(q query[T]) (object T, known bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return q.recall()
}

// recall needs the lock of the reader.
func (q query[T]) recall() (object T, known bool, err error) {
	object, found, coverage := q.lookup()
	if found {
		return object, true, nil
	}
	err = q.absent(coverage)
	return object, err != nil, err
}

// read answers from the store, reads pages if single requests have become the more expensive way, and else requests one
// object.
func (r *Reader[T]) read(ctx context.Context, q query[T]) (T, error) {
	if object, known, err := r.recall(q); known {
		return object, err
	}
	object, err := once(ctx, &r.flights, versioned(r.Store.Version(), q.name), func(ctx context.Context) (T, error) {
		for {
			object, known, todo, err := r.next(q)
			switch {
			case known:
				return object, err
			case todo == requestOne:
				since := r.Store.Version()
				requested, err := q.request(ctx)
				if err == nil {
					r.Store.Read(since, requested)
				}
				return requested, err
			}
			if err := r.readDue(ctx); err != nil {
				if ctx.Err() != nil {
					return object, ctx.Err()
				}
				logging.Reader.Trace(ctx, "Requesting objects one by one, because a page could not be read", map[string]any{"error": err.Error()})
			}
		}
	})
	return r.kind.Copy(object), err // Another caller may have got the same object.
}

// next decides how to answer a query, and counts a single request in the same step. Queries that arrive at the same time can
// therefore not send more single requests than planned.
func (r *Reader[T]) next(q query[T]) (object T, known bool, todo step, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if object, known, err = q.recall(); known {
		return object, true, todo, err
	}
	if todo = r.progress.at(r.Store.Version()).due(); todo == requestOne {
		r.progress.singles++
	}
	return object, false, todo, nil
}

// versioned returns a name for a flight. A caller that reads after a change must not get the response to a request from before the
// change.
func versioned(version store.Version, name string) string {
	return fmt.Sprintf("%d %s", version, name)
}

// once makes one call for all callers with the same name at the same time. If one of them is canceled, the call goes on
// for a grace period: Terraform cancels either all of them or none.
func once[T any](ctx context.Context, flights *singleflight.Group, name string, call func(context.Context) (T, error)) (T, error) {
	var none T
	if ctx.Err() != nil {
		return none, ctx.Err()
	}
	results := flights.DoChan(name, func() (any, error) {
		lasting, cancel := shutdown.WithGracePeriod(ctx)
		defer cancel()
		return call(lasting)
	})
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case result := <-results:
		value, _ := result.Val.(T)
		return value, result.Err
	}
}
