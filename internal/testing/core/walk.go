// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package core

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// node is a step of a plan or an apply.
type node struct {
	name string
	// run does the step and reports whether it succeeded.
	run func() bool
	// after are the steps that must have succeeded before.
	after map[*node]bool
}

func newNode(name string, run func() bool) *node {
	return &node{name: name, run: run, after: map[*node]bool{}}
}

// ErrCycle is returned for changes that no order fits, which Terraform refuses, too.
var ErrCycle = errors.New("cycle")

// walk runs nodes in an order drawn from those that are allowed, up to parallelism at once. A node that waits for one that
// failed does not run.
func walk(random *rand.Rand, parallelism int, nodes []*node) error {
	type result struct {
		node *node
		ok   bool
	}
	waiting := slices.Clone(nodes)
	succeeded, failed := map[*node]bool{}, map[*node]bool{}
	results := make(chan result)
	running := 0
	for len(waiting) > 0 || running > 0 {
		var ready []int
		for i, n := range waiting {
			if subset(n.after, succeeded) {
				ready = append(ready, i)
			}
		}
		if len(ready) > 0 && running < max(parallelism, 1) {
			chosen := ready[random.IntN(len(ready))]
			n := waiting[chosen]
			waiting = slices.Delete(waiting, chosen, chosen+1)
			running++
			go func() { results <- result{n, n.run()} }()
			continue
		}
		if running == 0 {
			return unfinished(waiting, failed)
		}
		done := <-results
		running--
		if done.ok {
			succeeded[done.node] = true
		} else {
			failed[done.node] = true
		}
	}
	return nil
}

func subset(of, in map[*node]bool) bool {
	for n := range of {
		if !in[n] {
			return false
		}
	}
	return true
}

// unfinished is an error if nodes wait for each other, and not for one that failed.
func unfinished(waiting []*node, failed map[*node]bool) error {
	skipped := failed
	for again := true; again; {
		again = false
		for _, n := range waiting {
			if !skipped[n] && intersects(n.after, skipped) {
				skipped[n], again = true, true
			}
		}
	}
	var cycle []string
	for _, n := range waiting {
		if !skipped[n] {
			cycle = append(cycle, n.name)
		}
	}
	if len(cycle) > 0 {
		return fmt.Errorf("%w: %s", ErrCycle, strings.Join(cycle, ", "))
	}
	return nil
}

func intersects(a, b map[*node]bool) bool {
	for n := range a {
		if b[n] {
			return true
		}
	}
	return false
}
