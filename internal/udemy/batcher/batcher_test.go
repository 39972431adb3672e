// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package batcher_test

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

// Terraform works on ten memberships at a time, and starts them one after the other. The busier it is, the more slowly it starts
// them. A batch contains all ten if each starts within one request time of the one before.
func TestBatches(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		gap     time.Duration // from one start to the next
		shared  bool          // by all workers; otherwise each worker waits on its own
		most    int
		longest time.Duration
	}{
		{0, false, 22, 2 * time.Second},
		{time.Millisecond, false, 22, 2 * time.Second},
		{3 * time.Millisecond, false, 22, 2 * time.Second},
		{time.Millisecond, true, 22, 2 * time.Second},
		{3 * time.Millisecond, true, 22, 2 * time.Second},
		{10 * time.Millisecond, true, 25, 4 * time.Second},
		{20 * time.Millisecond, true, 30, 6 * time.Second},
		{30 * time.Millisecond, true, 40, 8 * time.Second},
		{40 * time.Millisecond, true, 40, 10 * time.Second},
	} {
		t.Run(fmt.Sprintf("%s, shared: %t", test.gap, test.shared), func(t *testing.T) {
			t.Parallel()
			a := groups(1)
			synctest.Test(t, func(t *testing.T) {
				d := a.batcher(t)
				start := time.Now()
				one := make(chan struct{}, 1) // Not a mutex: virtual time stands still while a goroutine waits for one.
				atOnce(10, users(200), func(id string) {
					if test.shared {
						one <- struct{}{}
						time.Sleep(test.gap)
						<-one
					} else {
						time.Sleep(test.gap)
					}
					if err := d.AddMembers(t.Context(), "g1", id); err != nil {
						t.Error(err)
					}
				})
				took := time.Since(start)
				t.Logf("%d requests in %s", a.count("AddMembers"), took)
				if got := a.count("AddMembers"); got > test.most {
					t.Errorf("%d requests, want at most %d", got, test.most)
				}
				if took > test.longest {
					t.Errorf("the changes took %s, want at most %s", took, test.longest)
				}
				if a.most["AddMembers g1"] != 1 {
					t.Errorf("%d requests at the same time", a.most["AddMembers g1"])
				}
				a.wantMembers(t, users(200)...)
			})
		})
	}
}

// Where batches are full, no caller waits for longer than its own request and the one under way.
func TestBatches_full(t *testing.T) {
	t.Parallel()
	a := groups(1)
	synctest.Test(t, func(t *testing.T) {
		d := a.batcher(t)
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

// One request that took minutes, because the server was overloaded, does not delay later batches by as much.
func TestBatches_afterSlowRequest(t *testing.T) {
	t.Parallel()
	a := groups(1)
	var slow atomic.Bool
	a.seen = func(string) {
		if slow.CompareAndSwap(false, true) {
			time.Sleep(10 * time.Minute)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		d := a.batcher(t)
		atOnce(10, users(10), func(id string) { _ = d.AddMembers(t.Context(), "g1", id) })
		start := time.Now()
		if err := d.AddMembers(t.Context(), "g1", "u42"); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("the changes took %s", took)
		}
	})
}

// A change may arrive at any moment of an earlier batch, also when no other change follows.
func TestBatches_lateArrivals(t *testing.T) {
	t.Parallel()
	for gap := range 61 {
		t.Run(fmt.Sprintf("%d ms", gap), func(t *testing.T) {
			t.Parallel()
			a := groups(1)
			synctest.Test(t, func(t *testing.T) {
				d := a.batcher(t)
				var all sync.WaitGroup
				for i := range 50 {
					all.Go(func() {
						time.Sleep(time.Duration(i*gap) * time.Millisecond)
						start := time.Now()
						if err := d.AddMembers(t.Context(), "g1", userID(i+1)); err != nil {
							t.Error(err)
						}
						// In the worst case it arrives when a request has just left, and then waits for others four times as long.
						if took := time.Since(start); took > 6*latency {
							t.Errorf("the changes took %s", took)
						}
					})
				}
				all.Wait()
				if len(a.members["g1"]) != 50 || a.most["AddMembers g1"] != 1 {
					t.Errorf("%d members, %d requests at the same time", len(a.members["g1"]), a.most["AddMembers g1"])
				}
			})
		})
	}
}

func TestGroupsAreIndependent(t *testing.T) {
	t.Parallel()
	a := groups(10)
	synctest.Test(t, func(t *testing.T) {
		d := a.batcher(t)
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
			t.Errorf("the changes took %s", took)
		}
		a.wantCount(t, "AddMembers", 10)
	})
}

// Learners who join and learners who leave at the same time are in separate batches, one after the other.
func TestBothDirections(t *testing.T) {
	t.Parallel()
	for _, together := range []bool{true, false} {
		t.Run(fmt.Sprintf("removed together: %t", together), func(t *testing.T) {
			t.Parallel()
			a := groups(1)
			a.members["g1"] = users(50)
			a.can.RemoveTogether = together
			a.seen = func(string) {
				a.mu.Lock()
				defer a.mu.Unlock()
				if a.underWay["AddMembers g1"] > 1 || a.underWay["AddMembers g1"] > 0 && a.underWay["RemoveMembers g1"] > 0 {
					t.Errorf("under way at the same time: %v", a.underWay)
				}
			}
			synctest.Test(t, func(t *testing.T) {
				d := a.batcher(t)
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
					removals, most = 50, udemy.MaxParallelRequests
				}
				a.wantCount(t, "RemoveMembers", removals)
				if got := a.most["RemoveMembers g1"]; got != most {
					t.Errorf("%d removals at the same time, want %d", got, most)
				}
				a.wantMembers(t, users(100)[50:]...)
			})
		})
	}
}

// A batch that is refused because of some learners is split until only those fail.
func TestSplit(t *testing.T) {
	t.Parallel()
	for name, culprits := range map[string][]string{
		"no learner":    {},
		"the first":     {"u1"},
		"the last":      {"u100"},
		"one of them":   {"u42"},
		"two":           {"u42", "u77"},
		"two neighbors": {"u42", "u43"},
		"all":           users(100),
	} {
		for _, kind := range []error{udemy.ErrInvalid, udemy.ErrNotFound, udemy.ErrConflict} {
			for _, leaving := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %s, leaving: %t", name, kind, leaving), func(t *testing.T) {
					t.Parallel()
					a := groups(1)
					a.fault = func(request string) error {
						words := strings.Fields(request)
						if !strings.Contains(words[0], "Members") || !slices.ContainsFunc(culprits, func(id string) bool { return slices.Contains(words, id) }) {
							return nil
						}
						return failure(kind)
					}
					synctest.Test(t, func(t *testing.T) {
						d := a.batcher(t)
						change := d.AddMembers
						if leaving {
							change = d.RemoveMembers
						}
						// In one call, the failures are returned by learner.
						failed := udemy.MembersError{}
						if err := change(t.Context(), "g1", users(100)...); err != nil && !errors.As(err, &failed) {
							t.Errorf("error = %v", err)
						}
						if got, want := slices.Sorted(maps.Keys(failed)), slices.Sorted(slices.Values(culprits)); !slices.Equal(got, want) {
							t.Errorf("failed = %v, want %v", got, want)
						}
						before, most := a.count(""), min(2+14*len(culprits), 200)
						if before > most {
							t.Errorf("%d requests, want at most %d", before, most)
						}
						// In single calls, each caller gets its own failure.
						atOnce(100, users(100), func(id string) {
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

// A batch that is refused for another reason is not split.
func TestSplit_otherReason(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		group string
		fault func(string) error
		kind  error
		want  int
	}{
		"the group is deleted": {"gone", nil, udemy.ErrNotFound, 2},
		"no response":          {"g1", refuse(udemy.ErrUnavailable, "AddMembers"), udemy.ErrUnavailable, 1},
		"not allowed":          {"g1", refuse(udemy.ErrForbidden, "AddMembers"), udemy.ErrForbidden, 1},
		"not authorized":       {"g1", refuse(udemy.ErrUnauthorized, ""), udemy.ErrUnauthorized, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := groups(1)
			a.fault = test.fault
			synctest.Test(t, func(t *testing.T) {
				d := a.batcher(t)
				atOnce(50, users(50), func(id string) {
					if err := d.AddMembers(t.Context(), test.group, id); !errors.Is(err, test.kind) {
						t.Errorf("%s: %v", id, err)
					}
				})
				a.wantCount(t, "", test.want)
			})
		})
	}
}

// If the API removes one member per request, each caller gets its own result too.
func TestRemovedOneByOne(t *testing.T) {
	t.Parallel()
	a := groups(1)
	a.can.RemoveTogether = false
	a.members["g1"] = users(100)
	a.fault = refuse(udemy.ErrForbidden, "RemoveMembers g1 u42")
	synctest.Test(t, func(t *testing.T) {
		d := a.batcher(t)
		var failed udemy.MembersError
		err := d.RemoveMembers(t.Context(), "g1", users(100)...)
		if !errors.As(err, &failed) || len(failed) != 1 || !errors.Is(failed["u42"], udemy.ErrForbidden) {
			t.Errorf("error = %v", err)
		}
		a.wantCount(t, "RemoveMembers", 100)
		a.wantMembers(t, "u42")
	})
}

// Two callers that change the same learner both get the result, and the request names the learner once.
func TestSameLearnerTwice(t *testing.T) {
	t.Parallel()
	a := groups(1)
	synctest.Test(t, func(t *testing.T) {
		d := a.batcher(t)
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

// A change is recorded once, with its own result, inside of Begin and end.
func TestRecord(t *testing.T) {
	t.Parallel()
	a := groups(1)
	a.fault = func(request string) error {
		if slices.Contains(strings.Fields(request), "u2") {
			return failure(udemy.ErrNotFound)
		}
		return nil
	}
	synctest.Test(t, func(t *testing.T) {
		d := a.batcher(t)
		_ = d.AddMembers(t.Context(), "g1", "u1", "u2", "u3")
		_ = d.RemoveMembers(t.Context(), "g1", "u1")
		synctest.Wait()
		if got, want := strings.Join(a.records, ", "), "join g1 u1, join g1 u2 failed, join g1 u3, leave g1 u1"; got != want {
			t.Errorf("records = %s, want %s", got, want)
		}
		if a.ended != 2 {
			t.Errorf("%d batches ended, want 2", a.ended)
		}
	})
}

// A batch that can't begin is neither sent nor recorded, and the next one is tried again.
func TestBegin_fails(t *testing.T) {
	t.Parallel()
	a := groups(1)
	a.begin = func(context.Context, string) error { return failure(udemy.ErrUnavailable) }
	synctest.Test(t, func(t *testing.T) {
		d := a.batcher(t)
		if err := d.AddMembers(t.Context(), "g1", "u1"); !errors.Is(err, udemy.ErrUnavailable) {
			t.Errorf("error = %v", err)
		}
		a.wantCount(t, "", 0)
		a.begin = nil
		if err := d.AddMembers(t.Context(), "g1", "u1"); err != nil {
			t.Error(err)
		}
		if got := strings.Join(a.records, ", "); got != "join g1 u1" {
			t.Errorf("records = %s", got)
		}
	})
}

// A canceled caller does not affect the others. Its change is withdrawn if it has not been sent.
func TestCanceled(t *testing.T) {
	t.Parallel()
	for after, sent := range map[time.Duration]bool{0: false, 2 * time.Millisecond: false, 10 * time.Millisecond: true, 40 * time.Millisecond: true} {
		t.Run(fmt.Sprintf("after %s", after), func(t *testing.T) {
			t.Parallel()
			a := groups(1)
			synctest.Test(t, func(t *testing.T) {
				d := a.batcher(t)
				ctx, cancel := context.WithTimeout(t.Context(), after)
				defer cancel()
				var other sync.WaitGroup
				other.Go(func() {
					time.Sleep(time.Millisecond)
					if err := d.AddMembers(t.Context(), "g1", "u2"); err != nil {
						t.Errorf("the other caller: %v", err)
					}
				})
				start := time.Now()
				err := d.AddMembers(ctx, "g1", "u1")
				if sent && err != nil {
					t.Errorf("the change was made, but the error is %v", err)
				}
				if !sent && (!errors.Is(err, context.DeadlineExceeded) || time.Since(start) != after) {
					t.Errorf("error = %v after %s", err, time.Since(start))
				}
				other.Wait()
				want := []string{"u2"}
				if sent {
					want = append(want, "u1")
				}
				a.wantMembers(t, want...)
			})
		})
	}
}
