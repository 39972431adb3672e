// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"
	"strconv"

	"github.com/udemy-iac/terraform-provider-udemy/internal/logging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
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

// recall answers from memory. The lock is held.
func (c *collection[T]) recall(q question[T]) (object T, known bool, err error) {
	if found, ok := c.byID[q.lookup()]; ok {
		return c.clone(found), true, nil
	}
	err = q.absent()
	return object, err != nil, err
}

// due returns the pages to read before anything else. The very first question does without. The lock is held.
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

// peek answers from memory about an id.
func (c *collection[T]) peek(id string) (object T, known bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.recall(question[T]{lookup: func() string { return id }, absent: c.noMember})
}
