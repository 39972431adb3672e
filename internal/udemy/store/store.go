// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package store holds the objects of one collection (all learners, all groups, or the members of one group) as they were
// last read or written, and decides for how long that stays valid. It calls no API.
//
// Each change increases the version of the store. An object that was requested before its last change is ignored when
// it arrives, so a late response never overwrites a newer one.
package store

import "sync"

// Coverage is what a store proves about objects that it does not hold.
type Coverage int

const (
	// Partial proves nothing.
	Partial Coverage = iota
	// Listed means that all pages have been read, but may not have contained every object.
	Listed
	// Complete means that the store holds every object.
	Complete
)

// Key is an attribute by which objects are found, and its value. Several objects may have the same key.
type Key struct{ Attribute, Value string }

// String returns the attribute and the value, such as "email ada@example.com".
func (k Key) String() string { return k.Attribute + " " + k.Value }

// Match is the number of objects that have a key.
type Match int

const (
	// None means that the store holds no object with the key.
	None Match = iota
	// One means that exactly one object has the key.
	One
	// Several means that more than one object has or had the key, or that it is the empty value of an attribute.
	Several
)

// Kind describes the objects of a store.
type Kind[T any] struct {
	ID func(T) string
	// Keys may be nil.
	Keys func(T) []Key
	// Copy separates what callers hold from what the store holds. If it is nil, objects are plain values.
	Copy func(T) T
}

// WithDefaults returns a Kind with no nil function.
func (k Kind[T]) WithDefaults() Kind[T] {
	if k.Keys == nil {
		k.Keys = func(T) []Key { return nil }
	}
	if k.Copy == nil {
		k.Copy = func(object T) T { return object }
	}
	return k
}

// Store is safe for concurrent use. It returns copies.
type Store[T any] struct {
	kind Kind[T]

	mu       sync.Mutex
	objects  index[T]
	clock    clock
	coverage Coverage
	// removed are the IDs of objects that do not exist any more.
	removed map[string]bool
}

// New returns an empty store.
func New[T any](kind Kind[T]) *Store[T] {
	kind = kind.WithDefaults()
	return &Store[T]{kind: kind, objects: newIndex(kind), clock: clock{changed: map[string]Version{}}, removed: map[string]bool{}}
}

// Version returns the version to hand to Read or Replace once the response to a request has arrived.
func (s *Store[T]) Version() Version {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.now
}

// Get returns the object with an ID, and the coverage at the same moment.
func (s *Store[T]) Get(id string) (object T, found bool, coverage Coverage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	object, found = s.objects.get(id)
	return object, found, s.coverage
}

// Find returns the object with a key if exactly one object has it, and the coverage at the same moment. Unless the store is
// listed, there may be others that it does not hold.
func (s *Store[T]) Find(key Key) (object T, match Match, coverage Coverage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, found := s.objects.byKey[key]
	switch {
	case !found:
		return object, None, s.coverage
	case id == "":
		return object, Several, s.coverage
	}
	object, _ = s.objects.get(id)
	return object, One, s.coverage
}

// All returns the objects that the store holds, in no order, and the coverage at the same moment.
func (s *Store[T]) All() ([]T, Coverage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	objects := make([]T, 0, len(s.objects.byID))
	for _, object := range s.objects.byID {
		objects = append(objects, s.kind.Copy(object))
	}
	return objects, s.coverage
}

// Coverage returns what the store proves about objects that it does not hold.
func (s *Store[T]) Coverage() Coverage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.coverage
}

// IsRemoved reports whether Remove was called for an object. A late response may still contain it.
func (s *Store[T]) IsRemoved(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.removed[id]
}

// Read stores objects whose request was sent at a version, except those that have changed since.
func (s *Store[T]) Read(since Version, objects ...T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, object := range objects {
		if s.clock.unchanged(since, s.kind.ID(object)) {
			s.objects.set(object)
		}
	}
}

// Cover sets the coverage after pages that were requested at a version, unless an object has been forgotten since.
func (s *Store[T]) Cover(since Version, coverage Coverage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if since >= s.clock.forgotten {
		s.coverage = coverage
	}
}

// Put stores an object as a change has made it.
func (s *Store[T]) Put(object T) {
	s.Replace(latest, s.kind.ID(object), object)
}

// Replace stores the response to a request that was sent at a version and concerns the object with an ID, which may have a
// new ID now. If the object has changed since, the order of the two changes is unknown, and the object is forgotten.
func (s *Store[T]) Replace(since Version, id string, object T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects.drop(id)
	if !s.clock.unchanged(since, id) {
		s.clock.forget(id)
		s.coverage = Partial
		return
	}
	for _, id := range []string{id, s.kind.ID(object)} {
		s.clock.change(id)
	}
	delete(s.removed, s.kind.ID(object))
	s.objects.set(object)
}

// Update changes an object in place. An object that the store does not hold only counts as changed.
func (s *Store[T]) Update(id string, change func(*T)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock.change(id)
	if object, ok := s.objects.get(id); ok {
		change(&object)
		s.objects.set(object)
	}
}

// Remove drops an object that does not exist any more.
func (s *Store[T]) Remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock.change(id)
	s.objects.drop(id)
	s.removed[id] = true
}

// Forget drops an object whose state is unknown, for example because a change failed without a response.
func (s *Store[T]) Forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock.forget(id)
	s.objects.drop(id)
	s.coverage = Partial
}

// Clear forgets all objects.
func (s *Store[T]) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock.clear()
	s.objects = newIndex(s.kind)
	s.coverage = Partial
}
