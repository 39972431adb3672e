// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Memberships arrive ten at a time, as Terraform has them: a batch takes all ten.
func TestBatches(t *testing.T) {
	t.Parallel()
	for _, gap := range []time.Duration{0, time.Millisecond, 3 * time.Millisecond} {
		// Either each operation follows its predecessor so, or Terraform starts one operation after the other so.
		for _, shared := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, for all together: %t", gap, shared), func(t *testing.T) {
				t.Parallel()
				a := organization(200).withGroups(1)
				a.members["g1"] = nil
				synctest.Test(t, func(t *testing.T) {
					d := a.directory(t)
					start := time.Now()
					one := make(chan struct{}, 1) // Not a mutex: virtual time stands still while one is waited for.
					atOnce(10, spread(200, 200), func(id string) {
						if shared {
							one <- struct{}{}
							time.Sleep(gap)
							<-one
						} else {
							time.Sleep(gap)
						}
						if err := d.AddMembers(t.Context(), "g1", id); err != nil {
							t.Error(err)
						}
					})
					took := time.Since(start)
					t.Logf("%d requests in %s", a.count("AddMembers"), took)
					if got := a.count("AddMembers"); got > 22 {
						t.Errorf("%d requests, want about 20", got)
					}
					if took > 2*time.Second {
						t.Errorf("it took %s", took)
					}
					if a.most["AddMembers g1"] != 1 {
						t.Errorf("%d requests at once", a.most["AddMembers g1"])
					}
					if len(a.members["g1"]) != 200 {
						t.Errorf("%d members", len(a.members["g1"]))
					}
				})
			})
		}
	}
}

// Where batches are full, nobody waits for longer than one request and the one that is under way.
func TestPatience(t *testing.T) {
	t.Parallel()
	a := organization(1000).withGroups(1)
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		var all sync.WaitGroup
		for i := range 1000 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond)
				start := time.Now()
				if err := d.AddMembers(t.Context(), "g1", userID(i+1)); err != nil {
					t.Error(err)
				}
				if took := time.Since(start); took > 3*latency {
					t.Errorf("%s took %s", userID(i+1), took)
				}
			})
		}
		all.Wait()
	})
}

// One request that took minutes, as it may with a server that is overrun, doesn't make the next ones wait for as long.
func TestPatienceAfterASlowRequest(t *testing.T) {
	t.Parallel()
	a := organization(100).withGroups(1)
	var slow atomic.Bool
	a.seen = func(string) {
		if slow.CompareAndSwap(false, true) {
			time.Sleep(10 * time.Minute)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		atOnce(10, spread(10, 100), func(id string) { _ = d.AddMembers(t.Context(), "g1", id) })
		start := time.Now()
		if err := d.AddMembers(t.Context(), "g1", "u42"); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

// A change may arrive at any moment of a batch before, also when nobody seems to be coming any more.
func TestArrivals(t *testing.T) {
	t.Parallel()
	for gap := range 61 {
		t.Run(fmt.Sprintf("%d ms", gap), func(t *testing.T) {
			t.Parallel()
			a := organization(100).withGroups(1)
			a.members["g1"] = nil
			synctest.Test(t, func(t *testing.T) {
				d := a.directory(t)
				var all sync.WaitGroup
				for i := range 50 {
					all.Go(func() {
						time.Sleep(time.Duration(i*gap) * time.Millisecond)
						start := time.Now()
						if err := d.AddMembers(t.Context(), "g1", userID(i+1)); err != nil {
							t.Error(err)
						}
						// At worst it comes when a request has just left, and then waits for company four times as long.
						if took := time.Since(start); took > 6*latency {
							t.Errorf("it took %s", took)
						}
					})
				}
				all.Wait()
				if len(a.members["g1"]) != 50 || a.most["AddMembers g1"] != 1 {
					t.Errorf("%d members, %d requests at once", len(a.members["g1"]), a.most["AddMembers g1"])
				}
			})
		})
	}
}

func TestGroupsDontWaitForEachOther(t *testing.T) {
	t.Parallel()
	a := organization(100).withGroups(10)
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		start := time.Now()
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				if err := d.AddMembers(t.Context(), fmt.Sprintf("g%d", i%10+1), userID(i+1)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if took := time.Since(start); took > latency+5*time.Millisecond {
			t.Errorf("it took %s", took)
		}
		a.wantCount(t, "AddMembers", 10)
	})
}

func TestOneCall(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ids  []string
		want int
	}{
		"nobody":         {nil, 0},
		"one":            {[]string{"u1"}, 1},
		"one, and again": {[]string{"u1", "u2", "u1"}, 1},
		"a full batch":   {spread(100, 250), 1},
		"one more":       {spread(101, 250), 2},
		"250":            {spread(250, 250), 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := organization(250).withGroups(1)
			a.members["g1"] = nil
			synctest.Test(t, func(t *testing.T) {
				d := a.directory(t)
				start := time.Now()
				if err := d.AddMembers(t.Context(), "g1", test.ids...); err != nil {
					t.Error(err)
				}
				if took := time.Since(start); took > time.Duration(test.want)*latency+5*time.Millisecond {
					t.Errorf("it took %s", took)
				}
				a.wantCount(t, "", test.want)
				if test.want == 1 && name == "one, and again" {
					a.wantCount(t, "AddMembers g1 u1 u2", 1)
				}
				wantMembers(t, d, slices.Compact(slices.Sorted(slices.Values(test.ids)))...)
				if err := d.RemoveMembers(t.Context(), "g1", test.ids...); err != nil {
					t.Error(err)
				}
				a.wantCount(t, "RemoveMembers", test.want)
				wantMembers(t, d)
			})
		})
	}
}

// Learners who join and leave a group at the same time go in batches of one direction each, one after the other.
func TestBothDirections(t *testing.T) {
	t.Parallel()
	for _, together := range []bool{true, false} {
		t.Run(fmt.Sprintf("removed together: %t", together), func(t *testing.T) {
			t.Parallel()
			a := organization(100).withGroups(1)
			a.members["g1"] = spread(50, 50)
			a.can.RemoveTogether = together
			a.seen = func(string) {
				a.mu.Lock()
				defer a.mu.Unlock()
				if a.underWay["AddMembers g1"] > 1 || a.underWay["AddMembers g1"] > 0 && a.underWay["RemoveMembers g1"] > 0 {
					t.Errorf("under way at once: %v", a.underWay)
				}
			}
			synctest.Test(t, func(t *testing.T) {
				d := a.directory(t)
				var all sync.WaitGroup
				for i := range 100 {
					all.Go(func() {
						change := d.AddMembers
						if i < 50 {
							change = d.RemoveMembers
						}
						if err := change(t.Context(), "g1", userID(i+1)); err != nil {
							t.Error(err)
						}
					})
				}
				all.Wait()
				a.wantCount(t, "AddMembers", 1)
				removals, most := 1, 1
				if !together {
					removals, most = 50, 10
				}
				a.wantCount(t, "RemoveMembers", removals)
				if got := a.most["RemoveMembers g1"]; got != most {
					t.Errorf("%d removals at once, want %d", got, most)
				}
				wantMembers(t, d, spread(100, 100)[50:]...)
			})
		})
	}
}

// A batch that is refused because of some is split until only those fail.
func TestCulprits(t *testing.T) {
	t.Parallel()
	for name, culprits := range map[string][]string{
		"none":           {},
		"the first":      {"u1"},
		"the last":       {"u100"},
		"one of them":    {"u42"},
		"two":            {"u42", "u77"},
		"two neighbours": {"u42", "u43"},
		"all":            spread(100, 100),
	} {
		for _, kind := range []error{udemy.ErrInvalid, udemy.ErrNotFound, udemy.ErrConflict} {
			for _, leaving := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %s, leaving: %t", name, kind, leaving), func(t *testing.T) {
					t.Parallel()
					a := organization(100).withGroups(1)
					a.fault = func(request string) error {
						words := strings.Fields(request)
						if !strings.Contains(words[0], "Members") || !slices.ContainsFunc(culprits, func(id string) bool { return slices.Contains(words, id) }) {
							return nil
						}
						return failure(kind)
					}
					synctest.Test(t, func(t *testing.T) {
						d := a.directory(t)
						change := d.AddMembers
						if leaving {
							change = d.RemoveMembers
						}
						// As one call, the failures are told by learner.
						failed := udemy.MembersError{}
						if err := change(t.Context(), "g1", spread(100, 100)...); err != nil && !errors.As(err, &failed) {
							t.Errorf("error = %v", err)
						}
						if got, want := slices.Sorted(maps.Keys(failed)), slices.Sorted(slices.Values(culprits)); !slices.Equal(got, want) {
							t.Errorf("failed = %v, want %v", got, want)
						}
						before, most := a.count(""), min(2+14*len(culprits), 200)
						if before > most {
							t.Errorf("%d requests, want at most %d", before, most)
						}
						// As calls of their own, each caller is told.
						atOnce(100, spread(100, 100), func(id string) {
							err := change(t.Context(), "g1", id)
							if _, ok := errors.AsType[udemy.MembersError](err); ok || slices.Contains(culprits, id) != errors.Is(err, kind) {
								t.Errorf("%s: %v", id, err)
							}
						})
						if got := a.count("") - before; got > most {
							t.Errorf("%d requests, want at most %d", got, most)
						}
					})
				})
			}
		}
	}
}

// What is nobody's fault is not split.
func TestNobodysFault(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		group string
		fault func(string) error
		kind  error
		want  int
	}{
		"the group is gone": {"gone", nil, udemy.ErrNotFound, 2},
		"no answer":         {"g1", refuse(udemy.ErrUnavailable, "AddMembers"), udemy.ErrUnavailable, 1},
		"not allowed":       {"g1", refuse(udemy.ErrForbidden, "AddMembers"), udemy.ErrForbidden, 1},
		"not authorized":    {"g1", refuse(udemy.ErrUnauthorized, ""), udemy.ErrUnauthorized, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := organization(100).withGroups(1)
			a.fault = test.fault
			synctest.Test(t, func(t *testing.T) {
				d := a.directory(t)
				atOnce(50, spread(50, 100), func(id string) {
					if err := d.AddMembers(t.Context(), test.group, id); !errors.Is(err, test.kind) {
						t.Errorf("%s: %v", id, err)
					}
				})
				a.wantCount(t, "", test.want)
			})
		})
	}
}

// Where learners are removed one by one, each caller gets the own result too.
func TestRemovedOneByOne(t *testing.T) {
	t.Parallel()
	a := organization(100).withGroups(1)
	a.can.RemoveTogether = false
	a.fault = refuse(udemy.ErrForbidden, "RemoveMembers g1 u42")
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		var failed udemy.MembersError
		err := d.RemoveMembers(t.Context(), "g1", spread(100, 100)...)
		if !errors.As(err, &failed) || len(failed) != 1 || !errors.Is(failed["u42"], udemy.ErrForbidden) {
			t.Errorf("error = %v", err)
		}
		a.wantCount(t, "RemoveMembers", 100)
		wantMembers(t, d, "u42")
	})
}

// Two callers who move the same learner are both told, and the request names the learner once.
func TestSameLearnerTwice(t *testing.T) {
	t.Parallel()
	a := organization(2).withGroups(1)
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		atOnce(10, slices.Repeat([]string{"u1", "u2"}, 5), func(id string) {
			if err := d.AddMembers(t.Context(), "g1", id); err != nil {
				t.Error(err)
			}
		})
		a.wantCount(t, "", 1)
		if words := strings.Fields(a.requests[0]); len(words) != 4 {
			t.Errorf("request = %v", words)
		}
	})
}

// A caller who is cancelled disturbs nobody. What has not left yet is not sent; what has is known by its outcome.
func TestCancelledWrites(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{0, 2 * time.Millisecond, 10 * time.Millisecond, 40 * time.Millisecond} {
		t.Run(fmt.Sprintf("after %s", after), func(t *testing.T) {
			t.Parallel()
			a := small()
			synctest.Test(t, func(t *testing.T) {
				d := a.directory(t)
				readEverything(t.Context(), d)
				ctx, cancel := context.WithTimeout(t.Context(), after)
				defer cancel()
				var others sync.WaitGroup
				others.Go(func() {
					time.Sleep(time.Millisecond)
					if err := d.AddMembers(t.Context(), "g1", "u4"); err != nil {
						t.Errorf("the other: %v", err)
					}
				})
				start := time.Now()
				err := d.AddMembers(ctx, "g1", "u2")
				hasLeft := after > 5*time.Millisecond
				if !hasLeft && (!errors.Is(err, context.DeadlineExceeded) || time.Since(start) != after) {
					t.Errorf("error = %v after %s", err, time.Since(start))
				}
				if hasLeft && err != nil {
					t.Errorf("the change was made, but the caller was told %v", err)
				}
				_ = reads["Members"](t.Context(), d) // Before the outcome.
				others.Wait()
				if sent := slices.Contains(a.members["g1"], "u2"); sent != hasLeft {
					t.Errorf("sent: %t", sent)
				}
				wantTruth(t, a, d, "afterwards")
			})
		})
	}
}

// One learner, however often named, is no several.
func TestFailureOfOne(t *testing.T) {
	t.Parallel()
	a := organization(1).withGroups(1)
	a.fault = refuse(udemy.ErrForbidden, "AddMembers")
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		err := d.AddMembers(t.Context(), "g1", "u1", "u1")
		if _, several := errors.AsType[udemy.MembersError](err); several || !errors.Is(err, udemy.ErrForbidden) {
			t.Errorf("error = %#v", err)
		}
	})
}
