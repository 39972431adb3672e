// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package invariant_test

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// generator makes up scenarios.
type generator struct {
	*rand.Rand

	fresh int
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

// next makes up an address, a key or a name that is not used yet.
func (g *generator) next(prefix string) string {
	g.fresh++
	return fmt.Sprintf("%s%d", prefix, g.fresh)
}

func pick[T any](g *generator, from ...T) T { return from[g.IntN(len(from))] }

// before makes up an organization and its first configuration. The second one is the same.
func (g *generator) before() *scenario {
	s := &scenario{api: pick(g, acceptance.UserManagement, acceptance.SCIM), forEach: g.chance(50)}
	s.sameGroupNames = s.api == acceptance.SCIM && g.chance(25)
	for i := range 2 {
		s.groups = append(s.groups, g.group(i))
	}
	configured := pick(g, 3, 3, 3, 3, 4, 4, 5, 6)
	for i := range configured {
		s.people = append(s.people, g.person(s, i, true))
	}
	for i := range g.IntN(3) {
		s.people = append(s.people, g.person(s, configured+i, false))
	}
	s.allowGroupIDs(false)
	for _, p := range s.people {
		p.after = p.before.clone()
	}
	for _, group := range s.groups {
		group.after = copyOf(group.before)
	}
	return s
}

func (g *generator) group(i int) *group {
	made := &group{existing: g.chance(70)}
	if g.chance(80) {
		made.existing = g.chance(30)
		made.before = &groupBlock{
			key: fmt.Sprintf("g%d", i), name: fmt.Sprintf("Group %d", i), onDestroy: pick(g, "", deleteForGood, deleteForGood, keep),
			createBeforeDestroy: g.chance(15), owner: pick(g, unmanaged, byMembership, byMembership, byMembers, byMembers, byGroupIDs, byGroupIDs),
		}
		if made.existing && made.before.owner == byMembers {
			made.before.owner = byMembership // To adopt and to own takes two steps.
		}
	}
	return made
}

func (g *generator) person(s *scenario, i int, configured bool) *person {
	email := fmt.Sprintf("p%d@example.com", i)
	made := &person{accepts: g.chance(70)}
	if configured && g.chance(90) {
		made.before = g.learner(s, i)
	}
	if !configured || g.chance(30) {
		made.existing = &account{email: email, status: pick(g, simulator.StatusActive, simulator.StatusActive, simulator.StatusDeactivated)}
		if s.api == acceptance.UserManagement && g.chance(25) {
			made.existing.status = simulator.StatusInvited
		}
		if g.chance(50) {
			made.existing.externalID = fmt.Sprintf("E-%d", i)
		}
		for group := range s.groups {
			if g.chance(40) {
				made.existing.groups = append(made.existing.groups, group)
			}
		}
		if made.before != nil {
			made.before.adoptExisting = nil
		}
	}
	return made
}

func (g *generator) learner(s *scenario, i int) *learner {
	made := &learner{
		key: fmt.Sprintf("p%d", i), email: fmt.Sprintf("p%d@example.com", i), firstName: fmt.Sprintf("P%d", i),
		onDestroy: pick(g, "", "", deactivate, keep), createBeforeDestroy: g.chance(12), inactive: g.chance(5), groupIDs: true,
	}
	if s.api == acceptance.UserManagement && g.chance(25) {
		made.onDestroy = deleteForGood
	}
	if g.chance(50) {
		made.externalID = fmt.Sprintf("E-%d", i)
	}
	if g.chance(12) {
		made.adoptExisting = new(bool)
	}
	for group := range s.groups {
		if g.chance(40) {
			made.groups = append(made.groups, group)
		}
	}
	return made
}

// allowGroupIDs takes group_ids out of blocks of learners who are in a group that another resource owns: the documentation
// forbids both. It leaves out groups that are not configured.
func (s *scenario) allowGroupIDs(after bool) {
	people, groups := s.blocks(after)
	for _, l := range people {
		if l == nil {
			continue
		}
		for i, g := range groups {
			switch {
			case g == nil:
				l.put(i, false)
			case l.isIn(i) && l.hasTwoOwners(g):
				l.groupIDs = false
			}
		}
		for i, g := range groups {
			if g != nil && !l.groupIDs && g.owner == byGroupIDs {
				l.put(i, false)
			}
		}
	}
}

// after edits the second configuration. About every other scenario has only edits that no plan may refuse.
func (g *generator) after(of *scenario) *scenario {
	s := of.clone()
	s.order, s.parallel, s.withoutRefresh = g.Uint64(), g.chance(10), g.chance(10)
	plain := g.chance(55)
	for range 1 + g.IntN(4) {
		edit := pick(g, plainEdits...)
		if !plain && g.chance(70) {
			edit = pick(g, otherEdits...)
		}
		edit(g, s)
	}
	if !plain && g.chance(15) {
		return s // Without it, there may be two owners.
	}
	s.allowGroupIDs(true)
	return s
}

type edit func(*generator, *scenario)

// plainEdits are edits that say plainly what is to be. Each is one that a person makes and that no plan may refuse.
var plainEdits = []edit{
	onLearner(func(g *generator, _ *scenario, p *person) { p.after.firstName = g.next("N") }),
	onLearner(func(g *generator, _ *scenario, p *person) { p.after.email = g.next("new") + "@example.com" }),
	onLearner(func(g *generator, _ *scenario, p *person) { p.after.externalID = pick(g, "", g.next("X-")) }),
	onLearner(func(g *generator, _ *scenario, p *person) { p.after.key, p.moved = g.next("k"), true }),
	onLearner(func(_ *generator, _ *scenario, p *person) { p.after.inactive = !p.after.inactive }),
	onLearner(func(_ *generator, _ *scenario, p *person) { p.replaced = true }),
	onLearner(func(_ *generator, _ *scenario, p *person) { p.tainted = true }),
	onLearner(func(_ *generator, _ *scenario, p *person) { p.after.createBeforeDestroy = !p.after.createBeforeDestroy }),
	onLearner(func(g *generator, _ *scenario, p *person) { p.after.onDestroy = pick(g, "", deactivate, keep) }),
	onLearner(func(_ *generator, _ *scenario, p *person) { p.after = nil }),
	onLearner(func(_ *generator, _ *scenario, p *person) { p.after, p.forgotten = nil, true }),
	onLearner(func(g *generator, s *scenario, p *person) {
		i := g.IntN(len(s.groups))
		p.after.put(i, !p.after.isIn(i))
	}),
	onLearner(func(g *generator, s *scenario, p *person) {
		i := g.IntN(len(s.groups))
		p.after.put(i, !p.after.isIn(i))
	}),
	onLearner(func(_ *generator, _ *scenario, p *person) { p.after.groupIDs = !p.after.groupIDs }),
	addLearner, addLearner,
	onGroup(func(g *generator, b *group) { b.after.name = g.next("Team ") }),
	onGroup(func(g *generator, b *group) { b.after.key, b.moved = g.next("k"), true }),
	onGroup(func(_ *generator, b *group) { b.step.replaced = true }),
	onGroup(func(_ *generator, b *group) { b.tainted = true }),
	onGroup(func(_ *generator, b *group) { b.after.createBeforeDestroy = !b.after.createBeforeDestroy }),
	onGroup(func(_ *generator, b *group) { b.after = nil }),
	onGroup(func(_ *generator, b *group) { b.after, b.forgotten = nil, true }),
	onGroup(func(_ *generator, b *group) { b.after.replaced = true }),
	onGroup(func(g *generator, b *group) { b.after.memberKeys = g.next("r") }),
	changeOwner, changeOwner, changeOwner, changeOwner, changeOwner,
	addGroup,
}

// otherEdits are edits that contradict what is there.
var otherEdits = []edit{
	handOver, swapAddresses, shift, removeAndHandOver, rotate, handOverExternalID, taintAndChange,
	onLearner(func(g *generator, _ *scenario, p *person) { p.after.key, p.moved = g.next("k"), false }),
	onLearner(func(g *generator, _ *scenario, p *person) {
		p.after.key, p.after.email, p.moved = g.next("k"), g.next("new")+"@example.com", false
	}),
	func(g *generator, s *scenario) {
		for _, p := range s.people {
			if p.after != nil && p.before != nil {
				p.after.key, p.moved = g.next("k"), false
			}
		}
	},
	onLearner(func(g *generator, s *scenario, p *person) {
		if other := pick(g, s.people...); other.existing != nil {
			p.after.externalID = other.existing.externalID
		}
	}),
	handOverName, swapNames, onGroup(func(g *generator, b *group) { b.after.key, b.moved = g.next("k"), false }),
	onGroup(func(_ *generator, b *group) { b.after.owner = byTwoMembers }),
	adoptAndOwn, adoptAndOwn,
}

// adoptAndOwn adds a group, which may exist, with an exact list of members.
func adoptAndOwn(g *generator, s *scenario) {
	addGroup(g, s)
	for _, b := range s.groups {
		if b.before == nil && b.after != nil {
			b.after.owner = byMembers
		}
	}
}

// onLearner edits a learner who is configured in both.
func onLearner(change func(*generator, *scenario, *person)) edit {
	return func(g *generator, s *scenario) {
		if there := s.stay(); len(there) > 0 {
			change(g, s, pick(g, there...))
		}
	}
}

// stay are the people who are configured in both.
func (s *scenario) stay() []*person {
	return slices.DeleteFunc(slices.Clone(s.people), func(p *person) bool { return p.before == nil || p.after == nil })
}

func onGroup(change func(*generator, *group)) edit {
	return func(g *generator, s *scenario) {
		if b := pick(g, s.groups...); b.before != nil && b.after != nil {
			change(g, b)
		}
	}
}

func addLearner(g *generator, s *scenario) {
	for i, p := range s.people {
		if p.before == nil && p.after == nil {
			p.after = g.learner(s, i)
			if p.existing != nil {
				p.after.adoptExisting = nil
				if p.existing.externalID != "" && p.after.externalID != "" {
					p.after.externalID = p.existing.externalID
				}
			}
			return
		}
	}
}

func addGroup(g *generator, s *scenario) {
	for i, b := range s.groups {
		if b.before == nil && b.after == nil {
			b.after = &groupBlock{key: fmt.Sprintf("g%d", i), name: fmt.Sprintf("Group %d", i), owner: pick(g, byMembership, byGroupIDs)}
			return
		}
	}
}

func changeOwner(g *generator, s *scenario) {
	b := pick(g, s.groups...)
	if b.after == nil {
		return
	}
	b.after.owner = pick(g, unmanaged, byMembership, byMembers, byGroupIDs)
	for _, p := range s.people {
		if p.after != nil && b.after.owner == byGroupIDs {
			p.after.groupIDs = true
		}
	}
}

// handOver gives the address of one learner to a new one.
func handOver(g *generator, s *scenario) {
	onLearner(func(g *generator, s *scenario, p *person) {
		heir := &person{after: g.learner(s, len(s.people))}
		heir.after.email, p.after.email = p.after.email, g.next("new")+"@example.com"
		s.people = append(s.people, heir)
	})(g, s)
}

// removeAndHandOver gives the address of a learner who is removed to one who stays.
func removeAndHandOver(g *generator, s *scenario) {
	if there := s.stay(); len(there) > 1 {
		g.Shuffle(len(there), func(i, j int) { there[i], there[j] = there[j], there[i] })
		there[1].after.email, there[0].after = there[0].after.email, nil
	}
}

func swapAddresses(g *generator, s *scenario) {
	if there := s.stay(); len(there) > 1 {
		g.Shuffle(len(there), func(i, j int) { there[i], there[j] = there[j], there[i] })
		there[0].after.email, there[1].after.email = there[1].after.email, there[0].after.email
	}
}

// rotate passes the addresses or the external IDs of several learners on in a circle.
func rotate(g *generator, s *scenario) {
	there := s.stay()
	if len(there) < 2 {
		return
	}
	g.Shuffle(len(there), func(i, j int) { there[i], there[j] = there[j], there[i] })
	there = there[:min(len(there), 3)]
	first := there[0].after.clone()
	addresses := g.chance(50)
	for i, p := range there {
		next := first
		if i+1 < len(there) {
			next = there[i+1].after
		}
		if addresses {
			p.after.email = next.email
		} else {
			p.after.externalID = next.externalID
		}
	}
}

// handOverExternalID gives the external ID of one learner to a new one.
func handOverExternalID(g *generator, s *scenario) {
	onLearner(func(g *generator, s *scenario, p *person) {
		heir := &person{after: g.learner(s, len(s.people))}
		heir.after.externalID, p.after.externalID = p.after.externalID, ""
		s.people = append(s.people, heir)
	})(g, s)
}

// taintAndChange changes the address of a tainted learner, or the name of a tainted group.
func taintAndChange(g *generator, s *scenario) {
	if g.chance(50) {
		onLearner(func(g *generator, _ *scenario, p *person) {
			p.tainted, p.after.email = true, g.next("new")+"@example.com"
		})(g, s)
	} else {
		onGroup(func(g *generator, b *group) { b.tainted, b.after.name = true, g.next("Team ") })(g, s)
	}
}

// shift removes a learner whose key the next one takes, and so on, as count.index does.
func shift(g *generator, s *scenario) {
	there := s.stay()
	if len(there) < 2 {
		return
	}
	there = there[g.IntN(len(there)-1):]
	for i, next := range there[1:] {
		key := there[i].after.key
		there[i].after = next.after.clone()
		there[i].after.key = key
	}
	there[len(there)-1].after = nil
}

func handOverName(g *generator, s *scenario) {
	a, b := s.groups[0], s.groups[1]
	if a.before == nil || a.after == nil {
		return
	}
	if b.after == nil {
		b.after = &groupBlock{key: "g1", onDestroy: deleteForGood, owner: byMembership}
	}
	b.after.name, a.after.name = a.after.name, g.next("Team ")
}

func swapNames(_ *generator, s *scenario) {
	a, b := s.groups[0], s.groups[1]
	if a.before != nil && a.after != nil && b.before != nil && b.after != nil {
		a.after.name, b.after.name = b.after.name, a.after.name
	}
}
