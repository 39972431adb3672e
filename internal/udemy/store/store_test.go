// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package store_test

import (
	"slices"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/store"
)

// object has a key and a slice, so that a test can distinguish copies.
type object struct {
	id, name string
	tags     []string
}

func nameKey(name string) store.Key { return store.Key{Attribute: "name", Value: name} }

func newStore() *store.Store[object] {
	return store.New(store.Kind[object]{
		ID:   func(o object) string { return o.id },
		Keys: func(o object) []store.Key { return []store.Key{nameKey(o.name)} },
		Copy: func(o object) object {
			o.tags = slices.Clone(o.tags)
			return o
		},
	})
}

// want checks the name of an object. If name is empty, the store must not hold the object.
func want(t *testing.T, s *store.Store[object], id, name string) {
	t.Helper()
	got, found, _ := s.Get(id)
	if found != (name != "") || got.name != name {
		t.Errorf("Get(%s) = %+v, %t, want %q", id, got, found, name)
	}
}

func wantKey(t *testing.T, s *store.Store[object], name, id string) {
	t.Helper()
	got, match, _ := s.Find(nameKey(name))
	if (match == store.One) != (id != "") || got.id != id {
		t.Errorf("Find(%s) = %+v, %v, want %q", name, got, match, id)
	}
}

// A response is stored unless the object has changed since its request.
func TestRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(s *store.Store[object], since store.Version)
		want   string
	}{
		"no change":                  {func(*store.Store[object], store.Version) {}, "read"},
		"another object":             {func(s *store.Store[object], _ store.Version) { s.Put(object{id: "2"}) }, "read"},
		"put":                        {func(s *store.Store[object], _ store.Version) { s.Put(object{id: "1", name: "put"}) }, "put"},
		"replace":                    {func(s *store.Store[object], v store.Version) { s.Replace(v, "1", object{id: "1", name: "new"}) }, "new"},
		"update":                     {func(s *store.Store[object], _ store.Version) { s.Update("1", func(o *object) { o.name = "new" }) }, "new"},
		"update of a missing object": {func(s *store.Store[object], _ store.Version) { s.Remove("1"); s.Update("1", func(*object) {}) }, ""},
		"remove":                     {func(s *store.Store[object], _ store.Version) { s.Remove("1") }, ""},
		"forget":                     {func(s *store.Store[object], _ store.Version) { s.Forget("1") }, ""},
		"clear":                      {func(s *store.Store[object], _ store.Version) { s.Clear() }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore()
			s.Put(object{id: "1", name: "old"})
			since := s.Version()
			test.change(s, since)
			s.Read(since, object{id: "1", name: "read"})
			want(t, s, "1", test.want)
			s.Read(s.Version(), object{id: "1", name: "read later"})
			want(t, s, "1", "read later")
		})
	}
}

// The order of two changes at the same time is unknown.
func TestReplace_overlapping(t *testing.T) {
	t.Parallel()
	s := newStore()
	s.Read(s.Version(), object{id: "1", name: "old"})
	s.Cover(s.Version(), store.Complete)
	since := s.Version()
	s.Replace(since, "1", object{id: "1", name: "one"})
	want(t, s, "1", "one")
	s.Replace(since, "1", object{id: "1", name: "other"})
	want(t, s, "1", "")
	if got := s.Coverage(); got != store.Partial {
		t.Errorf("coverage = %v, want %v", got, store.Partial)
	}
}

func TestReplace_newID(t *testing.T) {
	t.Parallel()
	s := newStore()
	s.Put(object{id: "1", name: "old"})
	since := s.Version()
	s.Replace(since, "1", object{id: "2", name: "new"})
	s.Read(since, object{id: "1", name: "late"}, object{id: "2", name: "late"})
	want(t, s, "1", "")
	want(t, s, "2", "new")
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change        func(*store.Store[object])
		before, after store.Coverage // the coverage if the change comes after the pages, or while they are read
	}{
		"put":    {func(s *store.Store[object]) { s.Put(object{id: "1"}) }, store.Complete, store.Complete},
		"update": {func(s *store.Store[object]) { s.Update("1", func(*object) {}) }, store.Complete, store.Complete},
		"remove": {func(s *store.Store[object]) { s.Remove("1") }, store.Complete, store.Complete},
		"forget": {func(s *store.Store[object]) { s.Forget("1") }, store.Partial, store.Partial},
		"clear":  {func(s *store.Store[object]) { s.Clear() }, store.Partial, store.Partial},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore()
			s.Cover(s.Version(), store.Complete)
			test.change(s)
			if got := s.Coverage(); got != test.before {
				t.Errorf("coverage = %v after the pages, want %v", got, test.before)
			}
			since := s.Version()
			test.change(s)
			s.Cover(since, store.Complete)
			if got := s.Coverage(); got != test.after {
				t.Errorf("coverage = %v while pages are read, want %v", got, test.after)
			}
			s.Cover(s.Version(), store.Listed)
			if _, _, got := s.Get("none"); got != store.Listed {
				t.Errorf("coverage = %v, want %v", got, store.Listed)
			}
		})
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	s := newStore()
	s.Put(object{id: "1", name: "a"})
	s.Put(object{id: "2", name: "b"})
	s.Put(object{id: "3"})
	wantKey(t, s, "a", "1")
	wantKey(t, s, "", "")

	s.Update("1", func(o *object) { o.name = "c" })
	wantKey(t, s, "a", "")
	wantKey(t, s, "c", "1")

	s.Put(object{id: "2", name: "c"}) // Two objects have the name: the API has to decide.
	wantKey(t, s, "c", "")
	wantKey(t, s, "b", "")
	s.Remove("1")
	wantKey(t, s, "c", "")

	s.Clear()
	s.Put(object{id: "2", name: "c"})
	wantKey(t, s, "c", "2")
}

func TestIsRemoved(t *testing.T) {
	t.Parallel()
	s := newStore()
	s.Put(object{id: "1", name: "a"})
	s.Remove("1")
	s.Forget("2")
	s.Clear()
	if !s.IsRemoved("1") || s.IsRemoved("2") || s.IsRemoved("3") {
		t.Errorf("removed: %t, %t, %t", s.IsRemoved("1"), s.IsRemoved("2"), s.IsRemoved("3"))
	}
	s.Put(object{id: "1", name: "a"})
	if s.IsRemoved("1") {
		t.Error("an object that is stored again counts as removed")
	}
}

func TestCopies(t *testing.T) {
	t.Parallel()
	s := newStore()
	tags := []string{"tag"}
	s.Put(object{id: "1", name: "a", tags: tags})
	tags[0] = "spoiled"
	got, _, _ := s.Get("1")
	got.tags[0] = "spoiled"
	got, _, _ = s.Find(nameKey("a"))
	got.tags[0] = "spoiled"
	all, _ := s.All()
	all[0].tags[0] = "spoiled"
	if got, _, _ := s.Get("1"); len(all) != 1 || got.tags[0] != "tag" {
		t.Errorf("tags = %v", got.tags)
	}
}

func TestPlainValues(t *testing.T) {
	t.Parallel()
	s := store.New(store.Kind[string]{ID: func(id string) string { return id }})
	s.Read(0, "1", "2", "")
	if all, coverage := s.All(); len(all) != 2 || coverage != store.Partial {
		t.Errorf("All = %v, %v", all, coverage)
	}
}
