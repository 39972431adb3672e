// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package reader_test

import (
	"errors"
	"math"
	"testing"
	"testing/synctest"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// contradictions are lists that contradict their own total.
var contradictions = map[string]struct {
	odd   func(*source)
	ids   int
	pages int // of All
}{
	"every page is the first page": {func(s *source) {
		s.page = func(_ int, ids []string) []string { return spread(100, 100)[:len(ids)] }
	}, 250, 3 * 3},
	"the total is the page's":    {func(s *source) { s.total = func(int) int { return 100 } }, 250, 3 * 2},
	"the total is too small":     {func(s *source) { s.total = func(int) int { return 150 } }, 250, 3 * 3},
	"a page in the middle lacks": {func(s *source) { s.page = missing(math.MaxInt) }, 250, 3 * 3},
}

func TestAll_incomplete(t *testing.T) {
	t.Parallel()
	for name, test := range contradictions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := objects(test.ids)
			test.odd(s)
			synctest.Test(t, func(t *testing.T) {
				r := s.reader(t)
				if all, err := r.All(t.Context()); !errors.Is(err, udemy.ErrIncomplete) || all != nil {
					t.Errorf("All = %d objects, %v", len(all), err)
				}
				s.wantCount(t, "", test.pages)
				// An object that was on no page is requested.
				r.want(t, "u150")
				r.want(t, "u250")
				if got, err := r.existing(t.Context(), "nu249"); err != nil || got.id != "u249" {
					t.Errorf("existing = %+v, %v", got, err)
				}
			})
		})
	}
}

// If the last page is full, the next page confirms the total, once.
func TestAll_confirmed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		size, pages int
		fault       error
	}{
		"one page":            {40, 2, nil},
		"several pages":       {200, 3, nil},
		"the page is refused": {100, 2, udemy.ErrInvalid},
		"few objects":         {4, 1, nil},
		"a small page":        {5, 2, nil},
		"no objects":          {0, 1, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := objects(test.size)
			s.total = func(total int) int { return total } // No page is marked as the last one.
			s.fault = func(request string) error {
				if request == "page 2" && test.size <= 100 && test.fault != nil {
					return test.fault
				}
				return nil
			}
			synctest.Test(t, func(t *testing.T) {
				r := s.reader(t)
				for range 2 {
					r.wantAll(t, spread(test.size, test.size)...)
				}
				s.wantCount(t, "", test.pages)
			})
		})
	}
}

// Reading single objects does not confirm the total, which saves a request. All confirms it afterwards.
func TestAll_confirmedLater(t *testing.T) {
	t.Parallel()
	s := objects(200)
	s.total = func(int) int { return 100 }
	synctest.Test(t, func(t *testing.T) {
		r := s.reader(t)
		for i := range 5 {
			r.want(t, id(i+1))
		}
		s.wantCount(t, "page", 1)
		if _, err := r.All(t.Context()); !errors.Is(err, udemy.ErrIncomplete) {
			t.Errorf("error = %v", err)
		}
	})
}

// An object that was added after its page was read is not a contradiction.
func TestAll_added(t *testing.T) {
	t.Parallel()
	s := objects(100)
	s.total = func(total int) int { return total }
	s.fault = func(request string) error {
		if request == "page 2" {
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.ids) == 100 {
				s.ids = append(s.ids, "u101")
			}
		}
		return nil
	}
	synctest.Test(t, func(t *testing.T) {
		r := s.reader(t)
		r.wantAll(t, spread(101, 101)...)
	})
}
