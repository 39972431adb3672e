// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package reader_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/reader"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/store"
)

// A server whose filters don't work answers with an empty list. An empty result counts only if the search finds another object.
func TestSearch_empty(t *testing.T) {
	t.Parallel()
	const many = 10_000
	for name, test := range map[string]struct {
		size   int
		name   string
		proof  reader.Proof
		broken bool
		want   error
		finds  int
		pages  int
	}{
		"searches work":                    {many, "nx", reader.BySample, false, udemy.ErrNotFound, 2, 1},
		"searches find nothing":            {many, "nu9999", reader.BySample, true, nil, 2, 100},
		"nothing, and there is no object":  {many, "nx", reader.BySample, true, udemy.ErrNotFound, 2, 100},
		"one page is as cheap as a sample": {100, "nu99", reader.BySample, true, nil, 1, 1},
		"nothing to search for":            {0, "nx", reader.BySample, true, udemy.ErrNotFound, 1, 1},
		"only the pages are a proof":       {many, "nx", reader.ByPages, false, udemy.ErrNotFound, 1, 100},
		"the search has read all pages":    {many, "nx", reader.ByRequest, false, udemy.ErrNotFound, 1, 0},
	} {
		for call, find := range map[string]func(fixture, context.Context, reader.Search[object]) (object, error){
			"Find": func(f fixture, ctx context.Context, s reader.Search[object]) (object, error) { return f.Find(ctx, s) },
			"Existing": func(f fixture, ctx context.Context, s reader.Search[object]) (object, error) {
				return f.Existing(ctx, s)
			},
		} {
			t.Run(name+" "+call, func(t *testing.T) {
				t.Parallel()
				s := objects(test.size)
				if test.broken {
					s.fault = refuse(udemy.ErrNotFound, "find")
				}
				synctest.Test(t, func(t *testing.T) {
					r := s.reader(t)
					search := r.search(test.name, false)
					search.Proof = test.proof
					got, err := find(r, t.Context(), search)
					if !errors.Is(err, test.want) || test.want == nil && "n"+got.id != test.name {
						t.Errorf("got %+v, %v, want %v", got, err, test.want)
					}
					s.wantCount(t, "find", test.finds)
					s.wantCount(t, "page", test.pages)
				})
			})
		}
	}
}

// A case-sensitive search does not prove that an object is absent if its value may have another letter case.
func TestSearch_caseSensitive(t *testing.T) {
	t.Parallel()
	for _, ignoresCase := range []bool{false, true} {
		s := objects(10_000)
		s.fault = func(request string) error {
			if name, ok := strings.CutPrefix(request, "find "); ok && name != strings.ToLower(name) {
				return udemy.ErrNotFound
			}
			return nil
		}
		synctest.Test(t, func(t *testing.T) {
			r := s.reader(t)
			search := r.search("NU9999", false)
			search.Keys[0].Value = "nu9999"
			search.Proof, search.IgnoresCase = reader.BySample, ignoresCase
			got, err := r.Existing(t.Context(), search)
			if want := udemy.ErrNotFound; ignoresCase && (err != nil || got.id != "u9999") || !ignoresCase && !errors.Is(err, want) {
				t.Errorf("letter case is ignored: %t; got %+v, %v", ignoresCase, got, err)
			}
		})
	}
}

// One sample serves all searches by the same attribute.
func TestSearch_sampleOnce(t *testing.T) {
	t.Parallel()
	s := objects(50_000)
	synctest.Test(t, func(t *testing.T) {
		r := s.reader(t)
		atOnce(10, spread(10, 10), func(name string) {
			if got, err := r.existing(t.Context(), "x"+name); !errors.Is(err, udemy.ErrNotFound) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
		s.wantCount(t, "page", 1)
		s.wantCount(t, "find", 10+1)
	})
}

// The first key counts before all pages have been read, and the others only afterwards: another page may have a better match.
func TestSearch_keys(t *testing.T) {
	t.Parallel()
	fold := func(name string) []store.Key {
		return []store.Key{nameKey(name), {Attribute: "folded", Value: strings.ToLower(name)}}
	}
	names := map[string]string{"u1": "a", "u2": "A", "u3": "b", "u4": "c", "u5": "C"}
	for name, want := range map[string]string{"a": "u1", "A": "u2", "b": "u3", "B": "u3", "c": "u4", "C": "u5"} {
		for _, listed := range []bool{false, true} {
			s := objects(5)
			synctest.Test(t, func(t *testing.T) {
				r := reader.New(reader.Config[object]{Page: s.Page, Kind: store.Kind[object]{
					ID: func(o object) string { return o.id }, Keys: func(o object) []store.Key { return fold(names[o.id]) },
				}})
				if listed {
					_ = r.ReadAll(t.Context())
				} else {
					r.Store.Put(object{id: "u2"}) // Only a group in another letter case is known.
				}
				got, err := r.Existing(t.Context(), reader.Search[object]{
					Value: name, Keys: fold(name), Proof: reader.ByPages,
					Request: func(context.Context, string) (object, error) { return object{}, udemy.ErrNotFound },
				})
				if err != nil || got.id != want {
					t.Errorf("%s, listed %t: got %+v, %v, want %s", name, listed, got, err, want)
				}
			})
		}
	}
	// Two objects with the second key only are ambiguous.
	s := objects(5)
	r := reader.New(reader.Config[object]{Page: s.Page, Kind: store.Kind[object]{
		ID: func(o object) string { return o.id }, Keys: func(object) []store.Key { return fold("Same") },
	}})
	_, err := r.Find(t.Context(), reader.Search[object]{
		Value: "same", Keys: fold("same"), Request: func(context.Context, string) (object, error) { return object{}, udemy.ErrNotFound },
	})
	if !errors.Is(err, udemy.ErrConflict) || !strings.Contains(err.Error(), "u1, u2, u3, u4, u5") {
		t.Errorf("error = %v", err)
	}
}

// An empty search result does not count if the pages contradict their total, unless the search finds another object.
func TestSearch_emptyIncomplete(t *testing.T) {
	t.Parallel()
	for name, test := range contradictions {
		for _, proof := range []reader.Proof{reader.BySample, reader.ByPages} {
			for _, broken := range []bool{true, false} {
				t.Run(fmt.Sprint(name, proof, broken), func(t *testing.T) {
					t.Parallel()
					s := objects(test.ids)
					test.odd(s)
					want := udemy.ErrNotFound
					if broken {
						s.fault, want = refuse(udemy.ErrNotFound, "find"), udemy.ErrIncomplete
					}
					synctest.Test(t, func(t *testing.T) {
						r := s.reader(t)
						for _, name := range []string{"nx", "ny"} {
							search := r.search(name, false)
							search.Proof = proof
							if got, err := r.Find(t.Context(), search); !errors.Is(err, want) {
								t.Errorf("Find = %+v, %v, want %v", got, err, want)
							}
						}
					})
				})
			}
		}
	}
}
