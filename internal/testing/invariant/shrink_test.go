// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package invariant_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// orders is how many orders of the calls a smaller scenario is tried with.
const orders = 6

// shrink makes a failing scenario smaller for as long as it fails in the same way. One without a contradiction gets none.
func (r *runner) shrink(ctx context.Context, s *scenario, kind string, until time.Time) *scenario {
	plain := len(s.contradictions()) == 0
	for again := true; again; {
		again = false
		for _, smaller := range s.smaller() {
			if time.Now().After(until) {
				return s
			}
			if !smaller.isValid() || plain && len(smaller.contradictions()) > 0 {
				continue
			}
			if order, fails := r.fails(ctx, smaller, kind); fails {
				smaller.order = order
				s, again = smaller, true
				break
			}
		}
	}
	return s
}

// fails tries a scenario with a few orders, and returns one in which it fails.
func (r *runner) fails(ctx context.Context, s *scenario, kind string) (order uint64, fails bool) {
	from, reason, err := r.prepare(ctx, s)
	if err != nil || reason != "" {
		return 0, false
	}
	tried := s.clone()
	for i := range uint64(orders) {
		tried.order = s.order + i
		result, err := r.run(ctx, tried, from, false)
		if err == nil && slices.ContainsFunc(result.violations, func(v violation) bool { return v.kind == kind }) {
			return tried.order, true
		}
	}
	return 0, false
}

// smaller are scenarios with one thing less, the largest steps first.
func (s *scenario) smaller() []*scenario {
	var all []*scenario
	with := func(change func(*scenario)) {
		c := s.clone()
		change(c)
		if c.fingerprint() != s.fingerprint() {
			all = append(all, c)
		}
	}
	with(func(c *scenario) { c.parallel = false })
	with(func(c *scenario) { c.sameGroupNames = false })
	with(func(c *scenario) { c.withoutRefresh = false })
	for i := range s.people {
		with(func(c *scenario) { c.people = slices.Delete(c.people, i, i+1) })
	}
	for i := range s.groups {
		with(func(c *scenario) { c.dropGroup(i) })
	}
	with(func(c *scenario) { c.forEach = false })
	for i := range s.people {
		for _, change := range personSteps {
			with(func(c *scenario) { change(c.people[i]) })
		}
		for group := range s.groups {
			with(func(c *scenario) { c.people[i].everywhere(func(l *learner) { l.put(group, false) }) })
		}
	}
	for i := range s.groups {
		for _, change := range groupSteps {
			with(func(c *scenario) { change(c.groups[i]) })
		}
	}
	return all
}

// fingerprint tells scenarios apart.
func (s *scenario) fingerprint() string {
	var text strings.Builder
	fmt.Fprint(&text, s.parallel, s.forEach, s.sameGroupNames, s.withoutRefresh, s.config(false), s.config(true))
	for _, p := range s.people {
		fmt.Fprint(&text, p.existing, p.before, p.after, p.accepts, p.step, ";")
	}
	for _, g := range s.groups {
		fmt.Fprint(&text, g.existing, g.before, g.after, g.step, ";")
	}
	return text.String()
}

// dropGroup removes a group. Those behind it move up.
func (s *scenario) dropGroup(i int) {
	s.groups = slices.Delete(s.groups, i, i+1)
	drop := func(groups []int) []int {
		var left []int
		for _, g := range groups {
			if g < i {
				left = append(left, g)
			} else if g > i {
				left = append(left, g-1)
			}
		}
		return left
	}
	for _, p := range s.people {
		if p.existing != nil {
			p.existing.groups = drop(p.existing.groups)
		}
		p.everywhere(func(l *learner) { l.groups = drop(l.groups) })
	}
}

// everywhere changes both blocks of a person.
func (p *person) everywhere(change func(*learner)) {
	for _, l := range []*learner{p.before, p.after} {
		if l != nil {
			change(l)
		}
	}
}

// both changes both blocks, if there are both.
func (p *person) both(change func(before, after *learner)) {
	if p.before != nil && p.after != nil {
		change(p.before, p.after)
	}
}

var personSteps = []func(*person){
	func(p *person) { p.existing = nil },
	func(p *person) { p.step = step{} },
	func(p *person) { p.after = p.before.clone() },
	func(p *person) { p.replaced = false },
	func(p *person) { p.tainted = false },
	func(p *person) { p.moved = false },
	func(p *person) { p.accepts = false },
	func(p *person) { p.both(func(before, after *learner) { after.key, p.moved = before.key, false }) },
	func(p *person) { p.both(func(before, after *learner) { after.email = before.email }) },
	func(p *person) { p.both(func(before, after *learner) { after.externalID = before.externalID }) },
	func(p *person) { p.both(func(before, after *learner) { after.inactive = before.inactive }) },
	func(p *person) { p.both(func(before, after *learner) { after.onDestroy = before.onDestroy }) },
	func(p *person) { p.both(func(before, after *learner) { after.groups = slices.Clone(before.groups) }) },
	func(p *person) { p.both(func(before, after *learner) { after.groupIDs = before.groupIDs }) },
	func(p *person) {
		if p.before != nil {
			p.everywhere(func(l *learner) { l.firstName = p.before.firstName })
		}
	},
	func(p *person) { p.everywhere(func(l *learner) { l.externalID = "" }) },
	func(p *person) { p.everywhere(func(l *learner) { l.inactive = false }) },
	func(p *person) { p.everywhere(func(l *learner) { l.onDestroy = "" }) },
	func(p *person) { p.everywhere(func(l *learner) { l.adoptExisting = nil }) },
	func(p *person) { p.everywhere(func(l *learner) { l.createBeforeDestroy = false }) },
	func(p *person) { p.everywhere(func(l *learner) { l.groupIDs = false }) },
	func(p *person) {
		if p.existing != nil {
			p.existing.groups = nil
		}
	},
	func(p *person) {
		if p.existing != nil {
			p.existing.externalID = ""
		}
	},
	func(p *person) {
		if p.existing != nil {
			p.existing.status = "active"
		}
	},
}

var groupSteps = []func(*group){
	func(g *group) { g.existing = false },
	func(g *group) { g.step = step{} },
	func(g *group) { g.after = copyOf(g.before) },
	func(g *group) { g.tainted = false },
	func(g *group) { g.step.replaced = false },
	func(g *group) { g.both(func(before, after *groupBlock) { after.key, g.moved = before.key, false }) },
	func(g *group) { g.both(func(before, after *groupBlock) { after.name = before.name }) },
	func(g *group) { g.both(func(before, after *groupBlock) { after.owner = before.owner }) },
	func(g *group) { g.both(func(before, after *groupBlock) { before.owner = after.owner }) },
	func(g *group) {
		g.both(func(before, after *groupBlock) { after.memberKeys, after.replaced = before.memberKeys, false })
	},
	func(g *group) { g.everywhere(func(b *groupBlock) { b.createBeforeDestroy = false }) },
	func(g *group) { g.everywhere(func(b *groupBlock) { b.onDestroy = "" }) },
	func(g *group) { g.everywhere(func(b *groupBlock) { b.owner = unmanaged }) },
}

func (g *group) everywhere(change func(*groupBlock)) {
	for _, b := range []*groupBlock{g.before, g.after} {
		if b != nil {
			change(b)
		}
	}
}

func (g *group) both(change func(before, after *groupBlock)) {
	if g.before != nil && g.after != nil {
		change(g.before, g.after)
	}
}
