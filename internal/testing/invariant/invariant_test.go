// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package invariant_test applies random pairs of configurations and checks that no learner is mistaken for another.
package invariant_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"golang.org/x/sync/errgroup"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/core"
)

// The environment variables of TestInvariant.
const (
	// envTime is how long pairs from random seeds are tried, for example 60s.
	envTime = "INVARIANT_TIME"
	// envSeed limits the test to the pairs of one seed, which a failure prints.
	envSeed = "INVARIANT_SEED"
)

const (
	defaultTime = 24 * time.Second
	// crossingShare is the part of the time that TestCrossing takes, after TestInvariant.
	crossingShare = 8
	shortTime     = 3 * time.Second
	// workers are more than processors, because a change of members waits a few milliseconds for others to join its batch.
	workers = 16
	// afterEach is how many second configurations are tried on each first one.
	afterEach = 6
	// shrinkTime is how long a failure may be shrunk.
	shrinkTime = 30 * time.Second
	// mostRefused is the share of pairs that may be refused, so that the test can't pass by refusing. Two of five pairs
	// contain a contradiction.
	mostRefused = 0.45
	// mostDiscarded is the share of first configurations whose apply may fail.
	mostDiscarded = 0.25
)

// TestInvariant applies a random configuration to a random organization. Then it plans and applies another configuration
// twice, as users do, in an order of calls that Terraform could choose. Afterwards:
//
//  1. An account that state held and that the second configuration still lists keeps its ID and, with active = true, its
//     seat. An account is listed by the resource that held it, unless that resource is gone or replaced; else by its address;
//     else by its external ID in a new resource. A resource that is neither replaced nor renamed without a moved block holds the same account
//     as before.
//  2. A learner in neither configuration has the same profile, status and memberships as before. Such a learner may leave a
//     group that gets an exact list of members if a plan named the learner. Groups in neither configuration stay.
//  3. No two resources hold one ID. Each listed learner has an account as described. Each learner who was removed is released
//     as on_destroy says.
//  4. A group that both configurations list keeps its ID. After one apply without errors it has exactly the members that the
//     second configuration gives it, through any resource. A membership that the second configuration says nothing about
//     stays as it was, unless the resource that gave it is destroyed. Two lists of members for one group are refused.
//  5. After a successful apply the next plan succeeds and destroys nothing.
//  6. The next apply finishes an apply that failed. Terraform reports no bug in the provider.
//  7. Alternatively the first plan refuses, and nothing was written at Udemy. A plan may refuse only what contradictions
//     lists, and not too many pairs are refused.
func TestInvariant(t *testing.T) {
	t.Parallel()
	provider := newCore(t)
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // Each pair starts several providers.

	s := &search{core: provider, tally: newTally()}
	first, budget := seedAndTime(t)
	started, cpu := time.Now(), processorTime()
	s.search(t.Context(), first, budget)
	t.Logf("seeds from %d on: %s\n%.0f pairs a second, %.1f ms of processor time each", first, s.tally,
		float64(s.pairs)/time.Since(started).Seconds(), float64((processorTime()-cpu).Milliseconds())/float64(max(s.pairs, 1)))
	for _, err := range s.errors {
		t.Error(err)
	}
	if s.pairs > 200 {
		s.checkShares(t)
	}
	s.report(t)
}

// newCore returns a core with the provider.
func newCore(t *testing.T) *core.Core {
	t.Helper()
	provider, err := core.New(t.Context(), func() tfprotov6.ProviderServer {
		return providerserver.NewProtocol6(provider.New("test")())()
	})
	if err != nil {
		t.Fatal(err)
	}
	return provider
}

// seedAndTime returns the first seed, and how long pairs are tried.
func seedAndTime(t *testing.T) (first uint64, budget time.Duration) {
	t.Helper()
	first, budget = uint64(1), defaultTime // The same pairs each time, so that a change does not fail by chance.
	var err error
	switch seed := os.Getenv(envSeed); {
	case seed != "":
		if first, err = strconv.ParseUint(seed, 10, 64); err != nil {
			t.Fatal(err)
		}
		budget = 0
	case testing.Short():
		budget = shortTime
	}
	if text := os.Getenv(envTime); text != "" {
		if budget, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
		if os.Getenv(envSeed) == "" {
			first = rand.Uint64() >> 16
		}
	}
	return first, budget
}

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// search tries pairs until the time is over.
type search struct {
	core *core.Core

	mu sync.Mutex
	*tally
	errors []error
}

// tally counts what came of pairs.
type tally struct {
	pairs, changesAgain          int
	befores                      int
	discarded, refused, violated map[string]int
	// examples are the first failures of each kind.
	examples map[string]example
	accepted map[string]int
	opposed  map[string]int
}

type example struct {
	seed uint64
	*scenario
	violation
}

func newTally() *tally {
	return &tally{
		discarded: map[string]int{}, refused: map[string]int{}, violated: map[string]int{}, examples: map[string]example{},
		accepted: map[string]int{}, opposed: map[string]int{},
	}
}

func (s *search) search(ctx context.Context, first uint64, budget time.Duration) {
	end := time.Now().Add(budget)
	var next atomic.Uint64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			r := newRunner(s.core)
			defer r.server.Close()
			for {
				seed := first + next.Add(1) - 1
				if seed > first && time.Now().After(end) {
					return
				}
				if err := s.try(ctx, r, seed); err != nil {
					s.mu.Lock()
					s.errors = append(s.errors, fmt.Errorf("seed %d: %w", seed, err))
					s.mu.Unlock()
					return
				}
			}
		})
	}
	group.Wait()
}

// try tries the pairs of a seed: one first configuration and several second ones.
func (s *search) try(ctx context.Context, r *runner, seed uint64) error {
	before := (&generator{Rand: rand.New(rand.NewPCG(seed, 0))}).before()
	before.order = seed
	from, reason, err := r.prepare(ctx, before)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.befores++
	if reason != "" {
		s.discarded[reason]++
	}
	s.mu.Unlock()
	if reason != "" {
		return nil
	}
	for i := range uint64(afterEach) {
		pair := (&generator{Rand: rand.New(rand.NewPCG(seed, i+1))}).after(before)
		if !pair.isValid() {
			continue
		}
		result, err := r.run(ctx, pair, from, false)
		if err != nil {
			return fmt.Errorf("%w\n%s", err, pair)
		}
		s.count(seed, pair, result)
	}
	return nil
}

func (s *search) count(seed uint64, pair *scenario, result result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pairs++
	contradictions := pair.contradictions()
	plainly := len(contradictions) == 0
	if plainly {
		contradictions = []string{"none"}
	}
	slices.Sort(contradictions)
	contradictions = slices.Compact(contradictions)
	switch {
	case result.discarded != "":
		s.discarded[result.discarded]++
	case result.refused != "":
		s.refused[result.refused]++
		add(s.opposed, contradictions)
	default:
		add(s.accepted, contradictions)
	}
	if result.changesAgain {
		s.changesAgain++
	}
	counted := map[string]bool{}
	for _, v := range result.violations {
		kind := v.kind + choose(plainly, " (without a contradiction)", "")
		if counted[kind] {
			continue
		}
		counted[kind] = true
		s.violated[kind]++
		if e, ok := s.examples[kind]; !ok || pair.size() < e.size() {
			s.examples[kind] = example{seed, pair, v}
		}
	}
}

func add(counts map[string]int, kinds []string) {
	for _, kind := range kinds {
		counts[kind]++
	}
}

// size is about how much there is to shrink.
func (s *scenario) size() int {
	size := choose(s.parallel, 100, 0)
	for _, after := range []bool{false, true} {
		size += len(s.config(after).Resources)
	}
	return size
}

func (c *tally) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d pairs of %d first configurations, %d with changes in the next plan", c.pairs, c.befores, c.changesAgain)
	table(&text, "discarded", c.discarded)
	table(&text, fmt.Sprintf("%d discarded", total(c.discarded)), c.discarded)
	table(&text, fmt.Sprintf("%d refused, by message", total(c.refused)), c.refused)
	table(&text, "refused, by contradiction", c.opposed)
	table(&text, "accepted, by contradiction", c.accepted)
	table(&text, "pairs with violations, by kind", c.violated)
	return text.String()
}

func table(text *strings.Builder, title string, counts map[string]int) {
	fmt.Fprintf(text, "\n%s", title)
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(text, "\n%8d  %s", counts[kind], kind)
	}
}

func total(counts map[string]int) int {
	sum := 0
	for _, count := range counts {
		sum += count
	}
	return sum
}

// checkShares fails the test if so much is refused or discarded that the rest shows little.
func (s *search) checkShares(t *testing.T) {
	t.Helper()
	if share := float64(total(s.refused)) / float64(s.pairs); share > mostRefused {
		t.Errorf("%.0f %% of the pairs are refused, want at most %.0f %%", 100*share, 100*mostRefused)
	}
	if share := float64(total(s.discarded)) / float64(s.befores); share > mostDiscarded {
		t.Errorf("%.0f %% of the first configurations are discarded, want at most %.0f %%", 100*share, 100*mostDiscarded)
	}
}

// report shrinks and shows one failure of each kind.
func (s *search) report(t *testing.T) {
	t.Helper()
	texts := make([]string, len(s.examples))
	var group errgroup.Group
	group.SetLimit(workers)
	for i, kind := range slices.Sorted(maps.Keys(s.examples)) {
		group.Go(func() error {
			r := newRunner(s.core)
			defer r.server.Close()
			texts[i] = r.explain(t.Context(), s.examples[kind])
			return nil
		})
	}
	_ = group.Wait() // There are no errors.
	for _, text := range texts {
		t.Error(text)
	}
}

// explain shrinks a failure, and runs it once more to show the calls.
func (r *runner) explain(ctx context.Context, found example) string {
	shrunk := r.shrink(ctx, found.scenario, found.kind, time.Now().Add(shrinkTime))
	shown, calls := found.violation, []string{"# Not reproduced: the order of calls in parallel is not fixed."}
	if from, reason, err := r.prepare(ctx, shrunk); err == nil && reason == "" {
		again, err := r.run(ctx, shrunk, from, true)
		at := slices.IndexFunc(again.violations, func(v violation) bool { return v.kind == found.kind })
		if err == nil && at >= 0 {
			shown, calls = again.violations[at], again.calls
		}
	}
	return fmt.Sprintf("%s=%d: %s\n\n%s\n# Calls, and what they write at Udemy\n%s\n", envSeed, found.seed, shown, shrunk, strings.Join(calls, "\n"))
}
