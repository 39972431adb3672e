// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"iter"
	"maps"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// listing is how reading the pages went.
type listing int

const (
	unread listing = iota
	// listed: all pages have been read.
	listed
	// refused: a page could not be read. Everything is asked for one by one, as long as not all objects are wanted.
	refused
	// untold: the API does not tell.
	untold
)

// readPages reads the pages that are due, if there are any, whoever asks for them, once.
func (c *collection[T]) readPages(ctx context.Context) error {
	_, err := inFlight(ctx, &c.flights, "pages", func(ctx context.Context) (struct{}, error) {
		c.mu.Lock()
		todo, first, started, stale := c.due(), c.first, c.now, c.now != c.firstAt
		c.mu.Unlock()
		switch {
		case todo == readFirstPage:
			return struct{}{}, c.readFirst(ctx, started)
		case todo == readOtherPages:
			return struct{}{}, c.readOthers(ctx, started, *first, stale)
		default:
			return struct{}{}, nil // Somebody else has read them since.
		}
	})
	return err
}

// readFirst learns how many pages there are.
func (c *collection[T]) readFirst(ctx context.Context, started int) error {
	first, err := c.fetch(ctx, 1, 0)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case started < c.cleared:
	case err != nil:
		c.listing = refused
	case first.Items == nil:
		c.listing = untold
	default:
		c.first, c.firstAt = &first, started
		c.remember(started, first.Items)
	}
	return err
}

// readOthers reads the other pages, and the first one again if a change may have moved objects from one to another.
func (c *collection[T]) readOthers(ctx context.Context, started int, first udemy.Page[T], stale bool) error {
	var err error
	if stale {
		first, err = c.fetch(ctx, 1, 0)
	}
	var objects []T
	if err == nil {
		objects, err = otherPages(ctx, c.fetch, c.id, first)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case started < c.cleared:
	case err != nil:
		c.listing = refused
	default:
		c.first, c.complete = nil, len(objects) == first.Total
		if c.complete || c.again || !c.wanted {
			c.listing = listed
		}
		c.again = true
		maps.DeleteFunc(c.gaps, func(_ string, since int) bool { return since <= started })
	}
	c.remember(started, objects)
	return err
}

// list reads all pages, unless the API does not tell.
func (c *collection[T]) list(ctx context.Context) error {
	for asked := c.clock(); c.want(asked); {
		if err := c.readPages(ctx); err != nil {
			return err
		}
	}
	return nil
}

// want has all pages read, also if that failed before, for somebody who asked at a time. It is false when nothing is left
// to do.
func (c *collection[T]) want(asked int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listing == untold || c.hasAll(asked) {
		return false
	}
	c.wanted, c.listing = true, unread
	return true
}

// hasAll reports whether all objects are in memory, as they were when somebody asked, or later. The lock is held.
func (c *collection[T]) hasAll(asked int) bool {
	if c.listing != listed || !c.complete && !c.wanted {
		return false
	}
	for _, since := range c.gaps {
		if since <= asked {
			return false
		}
	}
	return true
}

// all returns all objects, in no order; nil if the API does not tell.
func (c *collection[T]) all(ctx context.Context) ([]T, error) {
	for {
		asked := c.clock()
		if err := c.list(ctx); err != nil {
			return nil, err
		}
		if objects, done := c.recallAll(asked); done {
			return objects, nil
		}
	}
}

// recallAll is not done if something has been forgotten since it was read.
func (c *collection[T]) recallAll(asked int) (objects []T, done bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.hasAll(asked) {
		return nil, c.listing == untold
	}
	objects = make([]T, 0, len(c.byID))
	for _, object := range c.byID {
		objects = append(objects, c.clone(object))
	}
	return objects, true
}

// each hands over all objects: from memory if all pages have been read, else page by page as they come.
func (c *collection[T]) each(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if known, _ := c.recallAll(c.clock()); known != nil {
			for _, object := range known {
				if !yield(object, nil) {
					return
				}
			}
			return
		}
		seen := map[string]bool{}
		for number, size, before := 1, 0, -1; len(seen) > before; number++ {
			before = len(seen)
			started := c.clock()
			page, err := c.fetch(ctx, number, size)
			if err == nil && page.Items == nil {
				err = udemy.ErrNotOffered
			}
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			size = max(size, len(page.Items))
			for _, object := range page.Items {
				id := c.id(object)
				if seen[id] {
					continue
				}
				seen[id] = true
				c.keep(started, object)
				if !yield(object, nil) {
					return
				}
			}
			if len(seen) >= page.Total {
				return
			}
		}
	}
}

// isListed reports whether all pages have been read.
func (c *collection[T]) isListed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.listing == listed
}
