// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package providerdata_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
)

// reports runs steps that each add a number, some at the same time, as Terraform does, and returns the sizes of all reports in
// order.
func reports(t *testing.T, steps, parallelism int, step, between time.Duration) (sizes []int, took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		g := providerdata.NewGathering[int]()
		start := time.Now()
		slots := make(chan struct{}, parallelism)
		var mu sync.Mutex
		var wg sync.WaitGroup
		seen := map[int]bool{}
		for i := range steps {
			slots <- struct{}{}
			time.Sleep(between)
			wg.Go(func() {
				defer func() { <-slots }()
				defer g.Step()()
				time.Sleep(step)
				entries, before := g.Report(t.Context(), i)
				if len(entries) == 0 {
					return
				}
				mu.Lock()
				defer mu.Unlock()
				if before != len(sizes) {
					t.Errorf("%d reports before, want %d", before, len(sizes))
				}
				sizes = append(sizes, len(entries))
				for _, entry := range entries {
					if seen[entry] {
						t.Errorf("%d is reported twice", entry)
					}
					seen[entry] = true
				}
			})
		}
		wg.Wait()
		took = time.Since(start)
		if len(seen) != steps {
			t.Errorf("%d entries are reported, want %d", len(seen), steps)
		}
	})
	return sizes, took
}

func TestGathering(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		steps, parallelism int
		step, between      time.Duration
		reports            int
		max                time.Duration
	}{
		"one":                       {1, 10, time.Millisecond, 0, 1, 100 * time.Millisecond},
		"one, slow":                 {1, 10, 3 * time.Second, 0, 1, 4100 * time.Millisecond},
		"many at the same time":     {200, 10, 100 * time.Millisecond, 0, 1, 5 * time.Second},
		"many in quick succession":  {200, 10, 0, 2 * time.Millisecond, 1, time.Second},
		"one after the other":       {200, 1, 10 * time.Millisecond, 0, 200, 5 * time.Second},
		"one at a time, but slowly": {20, 10, 100 * time.Millisecond, 500 * time.Millisecond, 1, 12 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sizes, took := reports(t, test.steps, test.parallelism, test.step, test.between)
			if len(sizes) != test.reports || took > test.max {
				t.Errorf("reports %v after %s, want %d within %s", sizes, took, test.reports, test.max)
			}
		})
	}
}

// A step of another resource that takes long does not hold up the report for long.
func TestGathering_limit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := providerdata.NewGathering[int]()
		defer g.Step()()
		defer g.Step()()
		start := time.Now()
		if entries, _ := g.Report(t.Context(), 1); len(entries) != 1 || time.Since(start) > 6*time.Second {
			t.Errorf("got %v after %s", entries, time.Since(start))
		}
		canceled, cancel := context.WithCancel(t.Context())
		cancel()
		start = time.Now()
		if entries, before := g.Report(canceled, 2); len(entries) != 1 || before != 1 || time.Since(start) > 0 {
			t.Errorf("got %v after %s", entries, time.Since(start))
		}
		g.Close()
		if entries, _ := g.Report(t.Context(), 3); len(entries) > 0 {
			t.Errorf("got %v after Close", entries)
		}
	})
}

func TestAdoptionTable(t *testing.T) {
	t.Parallel()
	got := providerdata.AdoptionTable([]providerdata.Adoption{
		{Email: "grace@example.com", ID: "u22", Status: "deactivated", Changes: []string{"reactivate", "join group g1"}},
		{Email: "ada@example.com", ID: "u1", Status: "act\nive"},
	}, "to change")
	want := "" +
		"  learner            ID   status       to change\n" +
		"  ada@example.com    u1   act ive      nothing\n" +
		"  grace@example.com  u22  deactivated  reactivate; join group g1"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	many := strings.Split(providerdata.AdoptionTable(make([]providerdata.Adoption, 200), "changed"), "\n")
	if len(many) != 22 || many[21] != "  and 180 more" {
		t.Errorf("got %d lines, the last one %q", len(many), many[len(many)-1])
	}
}
