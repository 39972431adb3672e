// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package providerdata

import (
	"context"
	"sync"
	"time"
)

const (
	// A Gathering counts as complete if no step is in progress for several times as long as a step of the run has taken on average,
	// within these limits.
	pauseSteps    = 20
	shortestPause = 30 * time.Millisecond
	longestPause  = time.Second
	// longestGathering limits the wait for steps of other resources.
	longestGathering = 5 * time.Second
	gatheringPoll    = 5 * time.Millisecond
)

// Gathering collects what the resources of a run have in common, so that one of them reports it for all. Terraform handles several
// resources at the same time, in any order, and does not mark the last one. Therefore, the resource with the latest entry waits
// until no other step is in progress. If another entry arrives first, that resource waits instead.
type Gathering[T any] struct {
	started time.Time

	mu sync.Mutex
	// begun counts all steps, and steps those in progress. moved is when the last one began or ended.
	begun, steps int
	moved        time.Time
	// entries are not reported yet. turn counts all entries, so it identifies the latest one.
	entries []T
	turn    int
	// reports counts the calls of Report that returned entries. alone counts those that waited in vain, in succession.
	reports, alone int
	closed         bool
}

// NewGathering returns an empty Gathering at the start of a run.
func NewGathering[T any]() *Gathering[T] {
	return &Gathering[T]{started: time.Now()}
}

// Step records that a step has begun that may call Report. The caller calls end afterwards.
func (g *Gathering[T]) Step() (end func()) {
	g.move(1)
	return func() { g.move(-1) }
}

func (g *Gathering[T]) move(steps int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.begun += max(steps, 0)
	g.steps += steps
	g.moved = time.Now()
}

// Report adds an entry during a step. For one of the steps it returns all entries that have not been reported, and the number of
// reports before. For all others it returns none.
func (g *Gathering[T]) Report(ctx context.Context, entry T) (entries []T, before int) {
	g.mu.Lock()
	g.entries = append(g.entries, entry)
	g.turn++
	turn := g.turn
	g.mu.Unlock()

	limit := time.Now().Add(longestGathering)
	for {
		entries, before, done := g.take(turn, ctx.Err() != nil || time.Now().After(limit))
		if done {
			return entries, before
		}
		select {
		case <-ctx.Done():
		case <-time.After(gatheringPoll):
		}
	}
}

// pause becomes shorter if each entry arrives alone, as with -parallelism=1, because waiting is then in vain.
func (g *Gathering[T]) pause() time.Duration {
	average := g.moved.Sub(g.started) / time.Duration(max(g.begun, 1))
	return min(max(pauseSteps*average, shortestPause), longestPause) >> g.alone
}

// take returns the entries if the entry with this turn is the latest one and nothing else is expected.
func (g *Gathering[T]) take(turn int, atOnce bool) (entries []T, before int, done bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed || turn != g.turn {
		return nil, 0, true
	}
	isQuiet := g.steps <= 1 && time.Since(g.moved) >= g.pause()
	if !isQuiet && !atOnce {
		return nil, 0, false
	}
	entries, before = g.entries, g.reports
	g.entries = nil
	g.reports++
	g.alone++
	if len(entries) > 1 {
		g.alone = 0
	}
	return entries, before, true
}

// Close drops all entries that have not been reported, and all later ones.
func (g *Gathering[T]) Close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
}
