// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package store

// index holds objects by ID and by key.
type index[T any] struct {
	kind Kind[T]
	byID map[string]T
	// byKey holds IDs, and an empty one where several objects had the same key.
	byKey map[Key]string
}

func newIndex[T any](kind Kind[T]) index[T] {
	return index[T]{kind: kind, byID: map[string]T{}, byKey: map[Key]string{}}
}

func (x index[T]) get(id string) (object T, ok bool) {
	if object, ok = x.byID[id]; ok {
		object = x.kind.Copy(object)
	}
	return object, ok
}

func (x index[T]) set(object T) {
	id := x.kind.ID(object)
	if id == "" {
		return
	}
	x.drop(id)
	x.byID[id] = x.kind.Copy(object)
	for _, key := range x.kind.Keys(object) {
		if other, taken := x.byKey[key]; key.Value == "" || taken && other != id {
			x.byKey[key] = ""
		} else {
			x.byKey[key] = id
		}
	}
}

func (x index[T]) drop(id string) {
	object, ok := x.byID[id]
	if !ok {
		return
	}
	for _, key := range x.kind.Keys(object) {
		if x.byKey[key] == id {
			delete(x.byKey, key)
		}
	}
	delete(x.byID, id)
}
