// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package reader

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/logging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/paging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/store"
)

// Search describes how to find an object by the value of an attribute.
type Search[T any] struct {
	// Value is the value, as the API's search gets it.
	Value string
	// Keys find the object in the store, the best one first. The others count only once all pages have been read: another page
	// may have an object with a better key.
	Keys []store.Key
	// Unique is set if no two objects have the first key. Otherwise the store answers only once all pages have been read.
	Unique bool
	// Request is the API's own search.
	Request func(ctx context.Context, value string) (T, error)
	// Proof is how an empty result is checked, because a server whose filters don't work answers with an empty list.
	Proof Proof
	// Sample is the attribute of the objects that BySample prefers. If it is empty or no known object has it, any object with the first
	// key will do.
	Sample string
	// IgnoresCase is set if letter case has no meaning in the values of the first key. A search proves that it works only if it finds
	// the sample in another letter case: a case-sensitive search finds nothing although the object exists.
	IgnoresCase bool
}

// Proof is a way to check an empty result of a search.
type Proof int

const (
	// ByPages reads all pages.
	ByPages Proof = iota
	// BySample searches for another object, by the value of the first key, and reads all pages only if that object is not found.
	BySample
	// ByRequest means that the request itself has read all pages.
	ByRequest
)

func (s Search[T]) lookUp(objects *store.Store[T]) (object T, found bool, coverage store.Coverage) {
	for i, key := range s.Keys {
		var match store.Match
		object, match, coverage = objects.Find(key)
		if match == store.One && (i == 0 || coverage >= store.Listed) {
			return object, true, coverage
		}
		if match == store.Several {
			break
		}
	}
	var none T
	return none, false, coverage
}

// ambiguous returns the key that several objects have, if there is one.
func (s Search[T]) ambiguous(objects *store.Store[T]) (key store.Key, isAmbiguous bool) {
	for _, key := range s.Keys {
		if _, match, _ := objects.Find(key); match != store.None {
			return key, match == store.Several
		}
	}
	return key, false
}

// search sends a search, and checks an empty result.
func (r *Reader[T]) search(ctx context.Context, search Search[T]) (T, error) {
	found, err := search.Request(ctx, search.Value)
	if !errors.Is(err, udemy.ErrNotFound) || search.Proof == ByRequest {
		return found, err
	}
	r.countSingle() // An API may send a second request before it finds nothing.
	if search.Proof == BySample && r.findsSample(ctx, search) {
		return found, err
	}
	listErr := r.listOnce(ctx)
	if ctx.Err() != nil {
		return found, ctx.Err()
	}
	if listed, known, _ := search.lookUp(r.Store); known {
		return listed, nil
	}
	switch {
	case errors.Is(listErr, udemy.ErrIncomplete) && !r.findsSample(ctx, search):
		return found, listErr
	case listErr != nil:
		logging.Reader.Trace(ctx, "An empty search result could not be checked, because a page could not be read", map[string]any{"error": listErr.Error()})
		return found, err
	}
	if key, isAmbiguous := search.ambiguous(r.Store); isAmbiguous {
		return found, &udemy.Error{
			Kind: udemy.ErrConflict, Call: "reading all pages", Detail: fmt.Sprintf("%s all have the %s", strings.Join(r.idsWith(key), ", "), key),
		}
	}
	return found, err
}

// findsSample reports whether the API's search finds an object that is known to exist, once for each attribute. A sample costs
// fewer requests than all pages of a large organization.
func (r *Reader[T]) findsSample(ctx context.Context, search Search[T]) bool {
	attribute := search.Keys[0].Attribute
	works, err := once(ctx, &r.flights, "sample "+attribute, func(ctx context.Context) (bool, error) {
		r.mu.Lock()
		works, known := r.samples[attribute]
		r.mu.Unlock()
		if known {
			return works, nil
		}
		hasMore, err := r.readFirstOnce(ctx)
		key, id := r.sample(search.Sample)
		if id == "" {
			key, id = r.sample(attribute)
		}
		if err != nil || !hasMore || id == "" { // Reading all pages is as cheap, or there is nothing to search for.
			return false, err
		}
		if search.IgnoresCase {
			key.Value = mixCase(key.Value)
		}
		r.countSingle()
		object, err := search.Request(ctx, key.Value)
		works = err == nil && r.kind.ID(object) == id
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.samples == nil {
			r.samples = map[string]bool{}
		}
		r.samples[attribute] = works
		return works, nil
	})
	return works && err == nil
}

// sample returns a key with an attribute that only one object in the store has, and the ID of that object. It returns an empty ID if the
// store holds no such object.
func (r *Reader[T]) sample(attribute string) (key store.Key, id string) {
	objects, _ := r.Store.All()
	for _, object := range objects {
		for _, key := range r.kind.Keys(object) {
			if _, match, _ := r.Store.Find(key); key.Attribute == attribute && match == store.One {
				return key, r.kind.ID(object)
			}
		}
	}
	return store.Key{}, ""
}

// idsWith returns the IDs of the objects in the store that have a key, in order.
func (r *Reader[T]) idsWith(key store.Key) []string {
	var ids []string
	objects, _ := r.Store.All()
	for _, object := range objects {
		if slices.Contains(r.kind.Keys(object), key) {
			ids = append(ids, r.kind.ID(object))
		}
	}
	slices.Sort(ids)
	return ids
}

// mixCase returns a text in a letter case in which no server stores it: every second ASCII letter is a capital.
func mixCase(text string) string {
	mixed, letters := []byte(strings.ToLower(text)), 0
	for i, b := range mixed {
		if b < 'a' || b > 'z' {
			continue
		}
		if letters++; letters%2 == 0 {
			mixed[i] -= 'a' - 'A'
		}
	}
	return string(mixed)
}

func (r *Reader[T]) countSingle() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.progress.singles++
}

// readFirstOnce makes sure that the first page has been read, and reports whether there are others that have not, or that contradict
// their total.
func (r *Reader[T]) readFirstOnce(ctx context.Context) (hasMore bool, err error) {
	err = r.whileUnchanged(ctx, func() error {
		progress := r.current()
		if progress.listing != unread {
			hasMore = progress.listing == contradictory
			return nil
		}
		first := progress.first
		if first == nil {
			read, err := r.readFirst(ctx)
			if err != nil {
				return err
			}
			first = &read
		}
		hasMore = paging.Count(*first) > 1
		return nil
	})
	return hasMore, err
}

// listOnce makes sure that all pages have been read once, and the page that confirms the total. Pages that contradict it are an
// ErrIncomplete, for every caller.
func (r *Reader[T]) listOnce(ctx context.Context) error {
	_, err := once(ctx, &r.flights, "list", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, r.whileUnchanged(ctx, func() error {
			switch progress := r.current(); progress.listing {
			case contradictory:
				return progress.reason
			case unread:
				if err := r.readPages(ctx); err != nil {
					return err
				}
			}
			if r.current().leavesOpen() {
				return r.confirm(ctx)
			}
			return nil
		})
	})
	return err
}
