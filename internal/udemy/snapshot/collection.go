// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"sync"

	"golang.org/x/sync/singleflight"

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

// remember takes over what was read, unless it has been changed since the reading started. The lock is held, as for set,
// drop and touch.
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
