// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package store holds the objects of one collection (all learners, all groups, or the members of one group) as they were
// last read or written, and decides for how long that stays valid. It calls no API.
//
// Each change increases the version of the store. An object that was requested before its last change is ignored when
// it arrives, so a late response never overwrites a newer one.
package store

import "sync"

// Version counts the changes to a store. A read takes the version before it sends its request.
type Version int

// Coverage is what a store proves about objects that it does not hold.
type Coverage int

const (
	// Partial proves nothing.
	Partial Coverage = iota
	// Listed says that all pages have been read, but that they may have missed an object.
	Listed
	// Complete says that the store holds every object.
	Complete
)

// Key is an attribute by which objects are found, and its value. Several objects may have the same key.
type Key struct{ Attribute, Value string }

// String returns the attribute and the value, such as "email ada@example.com".
func (k Key) String() string { return k.Attribute + " " + k.Value }

// Kind describes the objects of a store.
type Kind[T any] struct {
	ID func(T) string
	// Keys may be nil.
	Keys func(T) []Key
	// Copy separates what callers hold from what the store holds. If it is nil, objects are plain values.
	Copy func(T) T
}

// Store is safe for concurrent use. What it returns are copies.
type Store[T any] struct {
	kind Kind[T]

	mu   sync.Mutex
	byID map[string]T
	// byKey holds IDs, and an empty one where several objects had the same key.
	byKey    map[Key]string
	coverage Coverage

	version Version
	// changed is the version at which each object last changed.
	changed map[string]Version
	// forgotten is the version at which an object was last forgotten, and cleared the one at which all were.
	forgotten, cleared Version
	// removed are the IDs of objects that do not exist any more.
	removed map[string]bool
}

// New makes an empty store.
func New[T any](kind Kind[T]) *Store[T] {
	if kind.Keys == nil {
		kind.Keys = func(T) []Key { return nil }
	}
	if kind.Copy == nil {
		kind.Copy = func(object T) T { return object }
	}
	return &Store[T]{
		kind: kind, byID: map[string]T{}, byKey: map[Key]string{}, changed: map[string]Version{}, removed: map[string]bool{},
	}
}

// Kind returns what New was given, with no function left out.
func (s *Store[T]) Kind() Kind[T] { return s.kind }

// Version returns the version to hand to Read or Replace once the response to a request has arrived.
func (s *Store[T]) Version() Version {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.version
}

// Get returns the object with an ID, and the coverage at the same moment.
func (s *Store[T]) Get(id string) (object T, found bool, coverage Coverage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	object, found = s.byID[id]
	if found {
		object = s.kind.Copy(object)
	}
	return object, found, s.coverage
}

// Find returns the object with a key, and the coverage at the same moment. It finds nothing if several objects have the
// key; unless the store is listed, there may be others that it does not hold.
func (s *Store[T]) Find(key Key) (object T, found bool, coverage Coverage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	object, found = s.byID[s.byKey[key]]
	if found {
		object = s.kind.Copy(object)
	}
	return object, found, s.coverage
}

// All returns the objects that the store holds, in no order, and the coverage at the same moment.
func (s *Store[T]) All() ([]T, Coverage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	objects := make([]T, 0, len(s.byID))
	for _, object := range s.byID {
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

// IsRemoved reports whether an object existed and does not exist any more.
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
		if s.isCurrent(since, s.kind.ID(object)) {
			s.set(object)
		}
	}
}

// Cover sets the coverage after pages that were requested at a version, unless an object has been forgotten since.
func (s *Store[T]) Cover(since Version, coverage Coverage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if since >= max(s.forgotten, s.cleared) {
		s.coverage = coverage
	}
}

// Put stores an object as a change has made it.
func (s *Store[T]) Put(object T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change(s.kind.ID(object))
	s.set(object)
}

// Replace stores the response to a request that was sent at a version and concerns the object with an ID, which may have a
// new ID now. If the object has changed since, the order of the two changes is unknown, and the object is forgotten.
func (s *Store[T]) Replace(since Version, id string, object T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	current := s.isCurrent(since, id)
	s.change(id)
	if !current {
		s.forget(id)
		return
	}
	s.drop(id)
	s.change(s.kind.ID(object))
	s.set(object)
}

// Update changes an object in place. An object that the store does not hold only counts as changed.
func (s *Store[T]) Update(id string, change func(*T)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change(id)
	if object, ok := s.byID[id]; ok {
		object = s.kind.Copy(object)
		change(&object)
		s.set(object)
	}
}

// Remove drops an object that does not exist any more.
func (s *Store[T]) Remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change(id)
	s.drop(id)
	s.removed[id] = true
}

// Forget drops an object of which nothing is known any more, for example because a change failed without a response.
func (s *Store[T]) Forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change(id)
	s.forget(id)
}

// Clear forgets all objects.
func (s *Store[T]) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	s.cleared = s.version
	s.coverage = Partial
	clear(s.byID)
	clear(s.byKey)
}

// The methods below need the lock.

func (s *Store[T]) isCurrent(since Version, id string) bool {
	return since >= max(s.changed[id], s.cleared)
}

func (s *Store[T]) change(id string) {
	s.version++
	s.changed[id] = s.version
}

func (s *Store[T]) set(object T) {
	id := s.kind.ID(object)
	if id == "" {
		return
	}
	s.drop(id)
	delete(s.removed, id)
	s.byID[id] = s.kind.Copy(object)
	for _, key := range s.kind.Keys(object) {
		if other, taken := s.byKey[key]; key.Value == "" || taken && other != id {
			s.byKey[key] = ""
		} else {
			s.byKey[key] = id
		}
	}
}

func (s *Store[T]) drop(id string) {
	object, ok := s.byID[id]
	if !ok {
		return
	}
	for _, key := range s.kind.Keys(object) {
		if s.byKey[key] == id {
			delete(s.byKey, key)
		}
	}
	delete(s.byID, id)
}

func (s *Store[T]) forget(id string) {
	s.drop(id)
	s.forgotten = s.version
	s.coverage = Partial
}
