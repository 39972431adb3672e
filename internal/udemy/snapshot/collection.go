// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"
	"iter"
	"maps"
	"strconv"
	"sync"

	"golang.org/x/sync/singleflight"

	"github.com/udemy-iac/terraform-provider-udemy/internal/logging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// collection is all learners, all groups, or the ids of one group's members, as far as they have been read.
//
// It doesn't know beforehand how many will be asked for. So it reads them one by one until that has cost as much as
// reading all pages would, and only then reads the pages: never more than about twice the cheaper way.
type collection[T any] struct {
	fetch fetcher[T]
	clone func(T) T
	// id and keys are what an object is asked for by. Keys need not be unique.
	id   func(T) string
	keys func(T) []key
	// absent is what to answer for an id that a complete collection doesn't hold. Without it, the API is asked.
	absent error

	// flights makes one request of the same question asked twice at a time.
	flights singleflight.Group

	mu   sync.Mutex
	byID map[string]T
	// byKey leads to ids, and to an empty one where several objects had the same key: then the API has to say.
	byKey map[key]string

	// now counts changes. changed tells when an object was changed last, and cleared when everything was: an answer that
	// set out before that is not remembered.
	now     int
	changed map[string]int
	cleared int
	// gaps are objects that are there, but of which nothing is known since then.
	gaps map[string]int

	// singles counts the objects that were asked for one by one, from the start of the request.
	singles int
	// wanted says that all objects are asked for.
	wanted bool
	// first is the first page, once it has been read, and firstAt when that was.
	first   *udemy.Page[T]
	firstAt int
	listing listing
	// complete says that as many objects came as there are. Pages are no snapshot: one may slip through. Where all are
	// wanted, again says that they have been read a second time for that.
	complete, again bool
}

// key is an attribute by which an object can be found, and its value.
type key struct{ attribute, value string }

// String is the key in words.
func (k key) String() string { return k.attribute + " " + k.value }

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

// step is what to do next about a question.
type step int

const (
	answer step = iota
	askForOne
	readFirstPage
	readOtherPages
)

// question asks for one object. Its functions but single are called while the lock is held.
type question[T any] struct {
	// words tell it from other questions.
	words string
	// lookup returns the id that memory leads to; empty if it leads nowhere.
	lookup func() string
	// absent is what to answer if the object is not in memory; nil if the API has to say.
	absent func() error
	// single asks the API.
	single func(context.Context) (T, error)
}

// get returns the object with an id, for which single asks if it is not known.
func (c *collection[T]) get(ctx context.Context, id string, single func(context.Context) (T, error)) (T, error) {
	return c.read(ctx, question[T]{"id " + id, func() string { return id }, c.noMember, single})
}

// find returns the object with a key, for which single searches if it is not known. No page is proof that there is none:
// it may be new. A key that several objects may have is answered from memory only when all pages have been read.
func (c *collection[T]) find(ctx context.Context, key key, unique bool, single func(context.Context) (T, error)) (T, error) {
	lookup := func() string {
		if unique || c.listing == listed {
			return c.byKey[key]
		}
		return ""
	}
	return c.read(ctx, question[T]{key.String(), lookup, c.noMember, single})
}

// existing is find for a plan: an object that is on no page does not exist, and one that was not found while pages could
// not be read is an ErrNotOffered. Where the API has no search, the pages are read.
func (c *collection[T]) existing(ctx context.Context, key key, single func(context.Context) (T, error)) (T, error) {
	absent := func() error {
		switch c.listing {
		case listed:
			return udemy.ErrNotFound
		case refused, untold:
			return udemy.ErrNotOffered
		default:
			return nil
		}
	}
	q := question[T]{words: "existing " + key.String(), lookup: func() string { return c.byKey[key] }, absent: absent}
	q.single = func(ctx context.Context) (T, error) {
		found, err := single(ctx)
		if !errors.Is(err, udemy.ErrNotOffered) || c.list(ctx) != nil {
			return found, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		found, _, err = c.recall(q)
		return found, err
	}
	return c.read(ctx, q)
}

// noMember is the answer to an id that a complete collection doesn't hold.
func (c *collection[T]) noMember() error {
	if c.complete {
		return c.absent
	}
	return nil
}

// read answers from memory, reads pages if asking one by one has become the dearer way, and else asks for one object.
func (c *collection[T]) read(ctx context.Context, q question[T]) (T, error) {
	c.mu.Lock()
	object, known, err := c.recall(q)
	now := c.now
	c.mu.Unlock()
	if known {
		return object, err
	}
	// Whoever asks after a change must not be given the answer to a question from before.
	object, err = inFlight(ctx, &c.flights, strconv.Itoa(now)+" "+q.words, func(ctx context.Context) (T, error) {
		for {
			known, todo, started, err := c.next(q)
			switch todo {
			case answer:
				return known, err
			case askForOne:
				found, err := q.single(ctx)
				if err == nil {
					c.keep(started, found)
				}
				return found, err
			default:
				if err := c.readPages(ctx); err != nil {
					logging.Snapshot.Trace(ctx, "Asking one by one, because a page could not be read", map[string]any{"error": err.Error()})
				}
			}
		}
	})
	return c.clone(object), err // Whoever asked the same question has got it too.
}

// next decides what to do about a question, and counts an object that is to be asked for, all at once: so however many
// ask at the same time, no more are asked for one by one than is worth it.
func (c *collection[T]) next(q question[T]) (object T, todo step, started int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	object, known, err := c.recall(q)
	if known {
		return object, answer, c.now, err
	}
	if todo = c.due(); todo == askForOne {
		c.singles++
	}
	return object, todo, c.now, nil
}

// recall answers from memory. The lock is held, as for all methods from here to readPages.
func (c *collection[T]) recall(q question[T]) (object T, known bool, err error) {
	if found, ok := c.byID[q.lookup()]; ok {
		return c.clone(found), true, nil
	}
	err = q.absent()
	return object, err != nil, err
}

// due returns the pages to read before anything else. The very first question does without.
func (c *collection[T]) due() step {
	switch {
	case c.listing != unread:
		return askForOne
	case c.first == nil && (c.wanted || c.singles > 0):
		return readFirstPage
	case c.first != nil && (c.wanted || c.singles >= countPages(*c.first)):
		return readOtherPages
	default:
		return askForOne
	}
}

// remember takes over what was read, unless it has been changed since the reading started.
func (c *collection[T]) remember(started int, objects []T) {
	for _, object := range objects {
		if started >= max(c.changed[c.id(object)], c.cleared) {
			c.set(object)
		}
	}
}

func (c *collection[T]) set(object T) {
	if c.byID == nil {
		c.byID, c.byKey = map[string]T{}, map[key]string{}
	}
	id := c.id(object)
	if id == "" {
		return
	}
	c.drop(id)
	delete(c.gaps, id)
	c.byID[id] = c.clone(object)
	for _, key := range c.keys(object) {
		if other, taken := c.byKey[key]; key.value == "" || taken && other != id {
			c.byKey[key] = ""
		} else {
			c.byKey[key] = id
		}
	}
}

func (c *collection[T]) drop(id string) {
	object, ok := c.byID[id]
	if !ok {
		return
	}
	for _, key := range c.keys(object) {
		if c.byKey[key] == id {
			delete(c.byKey, key)
		}
	}
	delete(c.byID, id)
}

func (c *collection[T]) touch(id string) {
	if c.changed == nil {
		c.changed = map[string]int{}
	}
	c.now++
	c.changed[id] = c.now
	if c.listing == untold {
		c.listing = unread // It may have been silent for want of anything to tell.
	}
}

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

// peek answers from memory about an id.
func (c *collection[T]) peek(id string) (object T, known bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.recall(question[T]{lookup: func() string { return id }, absent: c.noMember})
}

// clock returns the time to compare with later changes.
func (c *collection[T]) clock() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// keep remembers what was read, unless it has been changed since the reading started.
func (c *collection[T]) keep(started int, object T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remember(started, []T{object})
}

// put remembers an object as a change has made it.
func (c *collection[T]) put(object T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.touch(c.id(object))
	c.set(object)
}

// forget makes the next question about an object go to the API.
func (c *collection[T]) forget(id string) (now int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.touch(id)
	c.lose(id)
	return c.now
}

// lose is forget for whoever holds the lock.
func (c *collection[T]) lose(id string) {
	c.drop(id)
	if c.gaps == nil {
		c.gaps = map[string]int{}
	}
	c.gaps[id] = c.now
}

// remove takes out an object that is gone.
func (c *collection[T]) remove(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.touch(id)
	c.drop(id)
	delete(c.gaps, id)
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

// settle remembers the answer to a change of an object that started earlier, if it is told. Of two changes at the same
// time nobody knows which came last.
func (c *collection[T]) settle(started int, id string, object T, told bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	alone := started >= max(c.changed[id], c.cleared)
	c.touch(id)
	if !told || !alone {
		c.lose(id)
		return
	}
	c.drop(id)
	delete(c.gaps, id)
	c.touch(c.id(object)) // It may be another one than before.
	c.set(object)
}

// changing carries out a change and remembers its answer, if whole says that it tells enough. If it fails, nothing is
// known any more.
func (c *collection[T]) changing(id string, whole func(T) bool, change func() (T, error)) (T, error) {
	started := c.forget(id)
	object, err := change()
	c.settle(started, id, object, err == nil && whole(object))
	return object, err
}

// clear forgets everything.
func (c *collection[T]) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now++
	c.cleared = c.now
	c.byID, c.byKey, c.gaps, c.first = nil, nil, nil, nil
	c.singles, c.wanted, c.listing, c.complete, c.again = 0, false, unread, false, false
}
