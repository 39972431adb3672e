// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package reader_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/reader"
)

// For every size and parallelism, there are at most twice the requests of the cheaper way.
func TestGet_requests(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 20, 100, 101, 1000, 5000} {
		for _, wanted := range []int{1, 2, 5, 10, 50, 100, 1000} {
			for _, parallelism := range []int{1, 10, 50} {
				if wanted > size {
					continue
				}
				t.Run(fmt.Sprintf("%d of %d, %d at once", wanted, size, parallelism), func(t *testing.T) {
					t.Parallel()
					s := objects(size)
					synctest.Test(t, func(t *testing.T) {
						r := s.reader(t)
						for range 2 { // The second time, everything is in the store.
							atOnce(parallelism, spread(wanted, size), func(id string) { r.want(t, id) })
						}
						cheaper := min(wanted, (size+s.pageSize-1)/s.pageSize)
						if got := s.count(""); got > 2*cheaper {
							t.Errorf("%d requests: %d single and %d pages, want at most %d", got, s.count("get"), s.count("page"), 2*cheaper)
						}
					})
				})
			}
		}
	}
}

// A plan looks for all objects that it will create. Most of them do not exist, which must cost no more than if they did.
func TestExisting_requests(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ size, wanted, atMost int }{
		{1000, 1000, 2 * 10},
		{1000, 5, 2 * 5},
		{50_000, 5, 2 * 5},
		{1, 1000, 2},
		{0, 1000, 2},
	} {
		for _, parallelism := range []int{1, 10} {
			t.Run(fmt.Sprintf("%d of %d, %d at once", test.wanted, test.size, parallelism), func(t *testing.T) {
				t.Parallel()
				s := objects(test.size)
				synctest.Test(t, func(t *testing.T) {
					r := s.reader(t)
					var names []string
					for i := range test.wanted {
						names = append(names, "n"+id(test.size+i+1))
					}
					atOnce(parallelism, names, func(name string) {
						if got, err := r.existing(t.Context(), name); !errors.Is(err, udemy.ErrNotFound) {
							t.Errorf("%s is %+v, %v", name, got, err)
						}
					})
					if got := s.count(""); got > test.atMost {
						t.Errorf("%d requests: %d single and %d pages, want at most %d", got, s.count("find"), s.count("page"), test.atMost)
					}
				})
			})
		}
	}
}

// Pages may not contain all objects of a collection. An object that is on no page is requested.
func TestGet_incompletePages(t *testing.T) {
	t.Parallel()
	const size = 450
	total := func(total int) func(int) int { return func(int) int { return total } }
	firstOf := func(n int) func(int, []string) []string {
		return func(number int, ids []string) []string {
			if number == 1 {
				return ids
			}
			return ids[:min(n, len(ids))]
		}
	}
	for name, test := range map[string]struct {
		odd    func(*source)
		atMost int // requests to get all objects
	}{
		"correct pages":                {func(*source) {}, 10},
		"pages of 20":                  {func(s *source) { s.pageSize = 20 }, 46},
		"later pages are shorter":      {func(s *source) { s.page = firstOf(60) }, 10 + 3*40},
		"later pages are empty":        {func(s *source) { s.page = firstOf(0) }, 10 + 350},
		"the first page is empty":      {func(s *source) { s.page = func(int, []string) []string { return nil } }, 1 + 1 + size},
		"the total is too small":       {func(s *source) { s.total = total(150) }, 4 + 250},
		"the total is the page's":      {func(s *source) { s.total = total(100) }, 2 + 350},
		"the total is too large":       {func(s *source) { s.total = total(1000) }, 30},
		"the total is absurd":          {func(s *source) { s.total = total(math.MaxInt) }, size + 1},
		"the total is negative":        {func(s *source) { s.total = total(-1) }, 2 + 350},
		"the total is 0":               {func(s *source) { s.total = total(0) }, 2 + 350},
		"the pages are refused":        {func(s *source) { s.fault = refuse(udemy.ErrForbidden, "page") }, size + 1},
		"a later page can't be read":   {func(s *source) { s.fault = refuse(udemy.ErrUnavailable, "page 4") }, 10 + 350},
		"every page is the first page": {func(s *source) { s.page = func(int, []string) []string { return spread(100, 100) } }, 10 + 350},
		"one object is listed twice, and another is missing": {func(s *source) {
			s.page = func(_ int, ids []string) []string {
				if i := slices.Index(ids, "u200"); i >= 0 {
					ids[i] = "u3"
				}
				return ids
			}
		}, 11},
	} {
		for _, parallelism := range []int{1, 10} {
			t.Run(fmt.Sprintf("%s, %d at once", name, parallelism), func(t *testing.T) {
				t.Parallel()
				s := objects(size)
				test.odd(s)
				synctest.Test(t, func(t *testing.T) {
					r := s.reader(t)
					ids := spread(size, size)
					slices.Reverse(ids)
					atOnce(parallelism, ids, func(id string) { r.want(t, id) })
					r.wantNone(t, "none", udemy.ErrNotFound)
					if got := s.count(""); got > test.atMost+1 {
						t.Errorf("%d requests, want at most %d and one", got, test.atMost)
					}
				})
			})
		}
	}
}

// Only pages that add up prove that an ID does not exist.
func TestGet_absent(t *testing.T) {
	t.Parallel()
	errAbsent := errors.New("absent")
	for name, test := range map[string]struct {
		odd  func(*source)
		want error
	}{
		"complete":               {func(*source) {}, errAbsent},
		"the total is too large": {func(s *source) { s.total = func(int) int { return 260 } }, udemy.ErrNotFound},
		"an object is missing":   {func(s *source) { s.page = func(_ int, ids []string) []string { return without(ids, "u150") } }, udemy.ErrNotFound},
		"the total changes": {func(s *source) {
			n := 0
			s.total = func(total int) int { n++; return total + n%2 }
		}, udemy.ErrNotFound},
		"pages are refused": {func(s *source) { s.fault = refuse(udemy.ErrForbidden, "page") }, udemy.ErrNotFound},
		"pages are hidden":  {func(s *source) { s.hidden = true }, udemy.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := objects(250)
			s.absent = errAbsent
			test.odd(s)
			synctest.Test(t, func(t *testing.T) {
				r := s.reader(t)
				_ = r.ReadAll(t.Context())
				r.wantNone(t, "none", test.want)
				r.want(t, "u150")
			})
		})
	}
}

func TestGet_sameRequestsAreSentOnce(t *testing.T) {
	t.Parallel()
	s := objects(1000)
	synctest.Test(t, func(t *testing.T) {
		r := s.reader(t)
		// The first caller, for whom the request is sent, is canceled: that does not affect the others.
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := r.get(ctx, "u500"); !errors.Is(err, context.Canceled) {
				t.Errorf("the canceled caller: %v", err)
			}
		})
		synctest.Wait()
		for range 50 {
			all.Go(func() {
				got, err := r.get(t.Context(), "u500")
				if err != nil || got.tags[0] != "tag" {
					t.Errorf("got %+v, %v", got, err)
				}
				got.tags[0] = "spoiled" // The other callers have copies.
			})
		}
		synctest.Wait()
		cancel()
		all.Wait()
		s.wantCount(t, "", 1)
	})
}

// After a change, no caller gets the response to a request from before it, and the store does not keep it.
func TestGet_afterAChange(t *testing.T) {
	t.Parallel()
	s := objects(1000)
	synctest.Test(t, func(t *testing.T) {
		r := s.reader(t)
		var before sync.WaitGroup
		before.Go(func() { r.want(t, "u500") })
		time.Sleep(latency / 2)
		r.Store.Forget("u500")
		var after sync.WaitGroup
		after.Go(func() { r.want(t, "u500") })
		before.Wait()
		if _, known, _ := r.Peek("u500"); known {
			t.Error("the late response was stored")
		}
		after.Wait()
		s.wantCount(t, "get u500", 2)
		r.want(t, "u500")
		s.wantCount(t, "get u500", 2)
	})
}

// A canceled caller is answered at once, and its request is not in vain.
func TestGet_canceled(t *testing.T) {
	t.Parallel()
	s := objects(1000)
	synctest.Test(t, func(t *testing.T) {
		r := s.reader(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		start := time.Now()
		if _, err := r.get(ctx, "u1"); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Millisecond {
			t.Errorf("error = %v after %s", err, time.Since(start))
		}
		if _, err := r.get(ctx, "u2"); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		s.wantCount(t, "", 1)
		time.Sleep(time.Second)
		r.want(t, "u1")
		s.wantCount(t, "", 1)
	})
}

// A caller that is canceled while a change keeps pages from being read gives up after the grace period.
func TestGet_canceledDuringChange(t *testing.T) {
	t.Parallel()
	s := objects(1000)
	synctest.Test(t, func(t *testing.T) {
		r := s.reader(t)
		r.want(t, "u500")
		end, err := r.BeginChange(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := r.get(ctx, "u600"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error = %v", err)
		}
		time.Sleep(time.Minute) // The virtual time would not pass if a goroutine still waited.
		s.wantCount(t, "", 1)
		end()
		r.want(t, "u600")
	})
}

func TestFind_notUnique(t *testing.T) {
	t.Parallel()
	s := objects(1000)
	synctest.Test(t, func(t *testing.T) {
		r := s.reader(t)
		r.want(t, "u500")
		for _, unique := range []bool{true, false} {
			if got, err := r.find(t.Context(), "nu500", unique); err != nil || got.id != "u500" {
				t.Errorf("found %+v, %v", got, err)
			}
		}
		s.wantCount(t, "find nu500", 1) // Another object could have the same name.
		r.wantAll(t, spread(1000, 1000)...)
		_, _ = r.find(t.Context(), "nu500", false)
		s.wantCount(t, "find nu500", 1)
	})
}

// Whether an object exists is unknown if neither a search nor the pages work.
func TestExisting_notOffered(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(string) error{
		"no search": refuse(udemy.ErrNotOffered, "find"),
		"nothing":   refuse(udemy.ErrNotOffered, ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := objects(250)
			s.fault = fault
			want := error(nil)
			if name == "nothing" {
				want = udemy.ErrNotOffered
			}
			synctest.Test(t, func(t *testing.T) {
				r := s.reader(t)
				for range 3 {
					if got, err := r.existing(t.Context(), "nu200"); !errors.Is(err, want) || want == nil && got.id != "u200" {
						t.Errorf("existing = %+v, %v, want %v", got, err, want)
					}
				}
			})
		})
	}
}

// After an object has been forgotten, pages that were read before do not prove that it does not exist.
func TestExisting_forgotten(t *testing.T) {
	t.Parallel()
	s := objects(250)
	synctest.Test(t, func(t *testing.T) {
		r := s.reader(t)
		r.wantAll(t, spread(250, 250)...)
		r.Store.Forget("u7")
		if got, err := r.existing(t.Context(), "nu7"); err != nil || got.id != "u7" {
			t.Errorf("existing = %+v, %v", got, err)
		}
	})
}

func TestAll(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		odd   func(*source)
		pages int
	}{
		"correct pages":                     {func(*source) {}, 3},
		"missing on the first reading":      {func(s *source) { s.page = missing(1) }, 6},
		"missing on the first two readings": {func(s *source) { s.page = missing(2) }, 9},
		"the total is always wrong":         {func(s *source) { s.total = func(total int) int { return total + 1 } }, 9},
		"the total changes at the start":    {func(s *source) { s.total = wrongOnce() }, 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := objects(250)
			test.odd(s)
			synctest.Test(t, func(t *testing.T) {
				r := s.reader(t)
				want := spread(250, 250)
				var all sync.WaitGroup
				for range 5 {
					all.Go(func() { r.wantAll(t, want...) })
				}
				all.Wait()
				r.wantAll(t, want...)
				s.wantCount(t, "", test.pages)
			})
		})
	}
}

// missing leaves u150 out of its page for the first readings.
func missing(readings int) func(int, []string) []string {
	reading := 0
	return func(_ int, ids []string) []string {
		if slices.Contains(ids, "u150") {
			reading++
			if reading <= readings {
				return without(ids, "u150")
			}
		}
		return ids
	}
}

// wrongOnce returns a total that is too large on the second page.
func wrongOnce() func(int) int {
	n := 0
	return func(total int) int {
		if n++; n == 2 {
			return total + 1
		}
		return total
	}
}

func TestAll_refused(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"page 1", "page 3"} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			s := objects(250)
			s.fault = refuse(udemy.ErrUnavailable, page)
			synctest.Test(t, func(t *testing.T) {
				r := s.reader(t)
				if all, err := r.All(t.Context()); !errors.Is(err, udemy.ErrUnavailable) || all != nil {
					t.Errorf("All = %v, %v", all, err)
				}
				s.fault = nil
				r.wantAll(t, spread(250, 250)...)
			})
		})
	}
}

// An API may leave out an empty collection. After a change it is read again.
func TestAll_hidden(t *testing.T) {
	t.Parallel()
	s := objects(0)
	s.hidden = true
	synctest.Test(t, func(t *testing.T) {
		r := s.reader(t)
		for range 2 {
			if all, err := r.All(t.Context()); all != nil || err != nil {
				t.Errorf("All = %v, %v", all, err)
			}
		}
		s.wantCount(t, "", 1)
		s.hidden, s.ids = false, []string{"u1"}
		r.Store.Put(object{id: "u1"})
		r.wantAll(t, "u1")
	})
}

// Pages and changes exclude each other.
func TestBeginChange(t *testing.T) {
	t.Parallel()
	s := objects(250)
	synctest.Test(t, func(t *testing.T) {
		r := s.reader(t)
		end, err := r.BeginChange(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		other, err := r.BeginChange(t.Context()) // Changes do not exclude each other.
		if err != nil {
			t.Fatal(err)
		}
		var reading sync.WaitGroup
		reading.Go(func() { r.wantAll(t, without(spread(250, 250), "u7")...) })
		time.Sleep(time.Second)
		s.wantCount(t, "", 0)
		s.ids = without(s.ids, "u7")
		r.Store.Remove("u7")
		end()
		other()
		time.Sleep(latency / 2) // A page is being read.
		s.wantCount(t, "", 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := r.BeginChange(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error = %v, want %v", err, context.DeadlineExceeded)
		}
		start := time.Now()
		if end, err = r.BeginChange(t.Context()); err != nil || time.Since(start) < latency {
			t.Errorf("the change began after %s, %v", time.Since(start), err)
		}
		end()
		reading.Wait()
		s.wantCount(t, "", 3)
	})
}

// A first page that was read before a change is read again with the others.
func TestFirstPageAfterChange(t *testing.T) {
	t.Parallel()
	s := objects(250)
	s.absent = errors.New("absent")
	synctest.Test(t, func(t *testing.T) {
		r := s.reader(t)
		r.want(t, "u250")
		r.want(t, "u249") // Reads the first page.
		s.wantCount(t, "page", 1)
		s.ids = without(s.ids, "u1") // u101 moves to the first page.
		r.Store.Remove("u1")
		r.wantAll(t, without(spread(250, 250), "u1")...)
		s.wantCount(t, "page", 4)
		r.wantNone(t, "u1", s.absent)
	})
}

func TestReset(t *testing.T) {
	t.Parallel()
	s := objects(250)
	synctest.Test(t, func(t *testing.T) {
		r := s.reader(t)
		r.wantAll(t, spread(250, 250)...)
		r.Reset()
		if _, known, _ := r.Peek("u1"); known || r.Listing() == reader.Listed {
			t.Error("an object is still in the store")
		}
		r.wantAll(t, spread(250, 250)...)
		s.wantCount(t, "page", 6)
	})
}

// take returns the IDs of the first n objects, and the error after them.
func (f fixture) take(ctx context.Context, n int) (ids []string, err error) {
	for object, err := range f.Each(ctx) {
		if err != nil {
			return ids, err
		}
		if ids = append(ids, object.id); len(ids) == n {
			break
		}
	}
	return ids, nil
}

// A caller that needs only the first few objects does not wait for the rest.
func TestEach_stopsEarly(t *testing.T) {
	t.Parallel()
	s := objects(1000)
	synctest.Test(t, func(t *testing.T) {
		r := s.reader(t)
		for n, pages := range map[int]int{1: 1, 100: 1, 101: 2, 250: 3} {
			before := s.count("")
			ids, err := r.take(t.Context(), n)
			if err != nil || !slices.Equal(ids, spread(1000, 1000)[:n]) {
				t.Errorf("the first %d are %v, %v", n, ids, err)
			}
			s.wantCount(t, "", before+pages)
		}
		before := s.count("")
		r.want(t, "u250") // It was on a page.
		s.wantCount(t, "", before)
	})
}

func TestEach_refused(t *testing.T) {
	t.Parallel()
	s := objects(250)
	s.fault = refuse(udemy.ErrUnavailable, "page 2")
	synctest.Test(t, func(t *testing.T) {
		ids, err := s.reader(t).take(t.Context(), -1)
		if len(ids) != 100 || !errors.Is(err, udemy.ErrUnavailable) {
			t.Errorf("%d objects, %v, want the first page and the refusal", len(ids), err)
		}
		s.wantCount(t, "", 2)
	})
}

func TestErrorsAreNotStored(t *testing.T) {
	t.Parallel()
	s := objects(1)
	synctest.Test(t, func(t *testing.T) {
		r := s.reader(t)
		s.fault = func(request string) error {
			return fmt.Errorf("%s: %w", strings.ToUpper(request), udemy.ErrUnavailable)
		}
		r.wantNone(t, "u1", udemy.ErrUnavailable)
		s.fault = nil
		r.want(t, "u1")
	})
}
