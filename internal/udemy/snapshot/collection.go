// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-log/tflog"
	"golang.org/x/sync/singleflight"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// collection is all learners, or all groups, as far as they have been read.
//
// It doesn't know beforehand how many will be asked for. So it reads them one by one until that has cost as much as
// reading all pages would, and only then reads the pages: never more than about twice the cheaper way.
type collection[T any] struct {
	fetch func(ctx context.Context, number, size int) (udemy.Page[T], error)
	clone func(T) T
	// id and name are what an object is asked for by.
	id   func(T) string
	name func(T) string

	// flights makes one request of the same question asked twice at a time.
	flights singleflight.Group

	mu     sync.Mutex
	byID   map[string]T
	byName map[string]string
	// now counts changes, and changed tells when an object was changed last: an answer that set out before that is
	// not remembered.
	now     int
	changed map[string]int
	// singles counts the objects that were asked for one by one.
	singles int
	// pages is how many pages there are, and first the first of them; known once that has been read.
	pages int
	first udemy.Page[T]
	// listed says that all pages have been read, or can't be.
	listed bool
}

// get returns the object with an id, for which single asks if it is not known.
func (c *collection[T]) get(ctx context.Context, id string, single func(context.Context) (T, error)) (T, error) {
	return c.read(ctx, "id "+id, func() string { return id }, single)
}

// find returns the object with a name, for which single searches if it is not known. What no page held is searched for
// as well: it may be new.
func (c *collection[T]) find(ctx context.Context, name string, single func(context.Context) (T, error)) (T, error) {
	return c.read(ctx, "name "+name, func() string { return c.byName[name] }, single)
}

// read answers from memory, reads pages if asking one by one has become the dearer way, and else asks for one object.
func (c *collection[T]) read(ctx context.Context, question string, id func() string, single func(context.Context) (T, error)) (T, error) {
	if object, ok := c.known(id); ok {
		return object, nil
	}
	for _, readPages := range []func(context.Context) error{c.readFirstPage, c.readOtherPages} {
		if err := readPages(ctx); err != nil {
			var none T
			return none, err
		}
		if object, ok := c.known(id); ok {
			return object, nil
		}
	}
	object, err := inFlight(ctx, &c.flights, question, func(ctx context.Context) (T, error) {
		started := c.startSingle()
		object, err := single(ctx)
		if err == nil {
			c.keep(started, object)
		}
		return object, err
	})
	return c.clone(object), err // Whoever asked the same question has got it too.
}

func (c *collection[T]) known(id func() string) (T, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	object, ok := c.byID[id()]
	return c.clone(object), ok
}

func (c *collection[T]) startSingle() (started int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.singles++
	return c.now
}

// readFirstPage learns how many pages there are. The very first question does without.
func (c *collection[T]) readFirstPage(ctx context.Context) error {
	needed := func() bool { return c.singles > 0 && c.pages == 0 && !c.listed }
	return c.readPages(ctx, "first page", needed, func(ctx context.Context) ([]T, error) {
		page, err := c.fetch(ctx, 1, 0)
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.first, c.pages = page, countPages(page)
		c.listed = c.pages == 1
		return page.Items, nil
	})
}

// readOtherPages reads the other pages once asking one by one has cost as much.
func (c *collection[T]) readOtherPages(ctx context.Context) error {
	needed := func() bool { return c.pages > 0 && !c.listed && c.singles >= c.pages }
	return c.readPages(ctx, "other pages", needed, func(ctx context.Context) ([]T, error) {
		items, err := otherPages(ctx, c.fetch, c.first)
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.listed, c.first.Items = true, nil
		return items, nil
	})
}

// readPages reads some pages if they are needed, whoever asks for them, once. Where they can't be read, everything is
// asked for one by one; those answers say what is wrong, if anything is. The error is the context's.
func (c *collection[T]) readPages(ctx context.Context, what string, needed func() bool, read func(context.Context) ([]T, error)) error {
	check := func() (bool, int) {
		c.mu.Lock()
		defer c.mu.Unlock()
		return needed(), c.now
	}
	if ok, _ := check(); !ok {
		return nil
	}
	_, err := inFlight(ctx, &c.flights, what, func(ctx context.Context) (struct{}, error) {
		ok, started := check()
		if !ok { // Somebody else has read them since.
			return struct{}{}, nil
		}
		items, err := read(ctx)
		if err != nil {
			tflog.Debug(ctx, "Asking one by one, because a page could not be read", map[string]any{"error": err.Error()})
			c.mu.Lock()
			defer c.mu.Unlock()
			c.listed = true
			return struct{}{}, nil
		}
		c.keep(started, items...)
		return struct{}{}, nil
	})
	return err
}

// keep remembers what was read, unless it has been changed since the reading started.
func (c *collection[T]) keep(started int, objects ...T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, object := range objects {
		if c.changed[c.id(object)] <= started {
			c.set(object)
		}
	}
}

// put remembers the answer to a change.
func (c *collection[T]) put(object T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.touch(c.id(object))
	c.set(object)
}

// changing carries out a change and remembers its answer. While it is under way, and if it fails, nothing is known.
func (c *collection[T]) changing(id string, change func() (T, error)) (T, error) {
	c.forget(id)
	object, err := change()
	if err == nil {
		c.put(object)
	} else {
		c.forget(id)
	}
	return object, err
}

// alter changes what is remembered of an object, if anything is.
func (c *collection[T]) alter(id string, change func(*T)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.touch(id)
	if object, ok := c.byID[id]; ok {
		object = c.clone(object)
		change(&object)
		c.set(object)
	}
}

// forget makes the next question about an object go to the API.
func (c *collection[T]) forget(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.touch(id)
	if object, ok := c.byID[id]; ok {
		delete(c.byName, c.name(object))
		delete(c.byID, id)
	}
}

// touch is to be called with the lock held, as set is.
func (c *collection[T]) touch(id string) {
	if c.changed == nil {
		c.changed = map[string]int{}
	}
	c.now++
	c.changed[id] = c.now
}

func (c *collection[T]) set(object T) {
	if c.byID == nil {
		c.byID, c.byName = map[string]T{}, map[string]string{}
	}
	id := c.id(object)
	if old, ok := c.byID[id]; ok && c.byName[c.name(old)] == id {
		delete(c.byName, c.name(old))
	}
	c.byID[id], c.byName[c.name(object)] = c.clone(object), id
}
