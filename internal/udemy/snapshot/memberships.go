// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/singleflight"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// move is a change of a group's members.
type move string

const (
	joining move = "joining"
	leaving move = "leaving"
)

// apply returns a set of ids after a move.
func (m move) apply(ids []string, id string) []string {
	present := slices.Contains(ids, id)
	switch {
	case m == joining && !present:
		return append(ids, id)
	case m == leaving && present:
		return slices.DeleteFunc(slices.Clone(ids), func(other string) bool { return other == id })
	default:
		return ids
	}
}

// memberships remembers the members of groups. Those of one group are read once.
type memberships struct {
	fetch func(ctx context.Context, groupID string, number, size int) (udemy.Page[string], error)

	flights singleflight.Group

	mu     sync.Mutex
	groups map[string]*members
	// changed counts the changes to a group: what was read before one of them is not remembered.
	changed map[string]int
}

// members are the learners of one group, in the order in which the API has them.
type members struct {
	order []string
	set   map[string]bool
	// complete says that as many were read as the API said there are. Pages are no snapshot: someone may slip through.
	complete bool
}

// has reports whether a learner is known to be in a group, or known not to be.
func (m *memberships) has(groupID, userID string) (member, known bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	group, ok := m.groups[groupID]
	if !ok {
		return false, false
	}
	return group.set[userID], group.set[userID] || group.complete
}

// read returns the members of a group; nil if the API doesn't tell them.
func (m *memberships) read(ctx context.Context, groupID string) ([]string, error) {
	ids, err := inFlight(ctx, &m.flights, groupID, func(ctx context.Context) ([]string, error) {
		ids, started := m.known(groupID)
		if ids != nil {
			return ids, nil
		}
		group, err := m.readAll(ctx, groupID)
		if err != nil || group == nil {
			return nil, err
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.changed[groupID] == started {
			if m.groups == nil {
				m.groups = map[string]*members{}
			}
			m.groups[groupID] = group
		}
		return slices.Clone(group.order), nil
	})
	return slices.Clone(ids), err
}

// known returns the members that are remembered, and how often the group has been changed.
func (m *memberships) known(groupID string) (ids []string, changed int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if group, ok := m.groups[groupID]; ok {
		ids = append([]string{}, group.order...)
	}
	return ids, m.changed[groupID]
}

func (m *memberships) readAll(ctx context.Context, groupID string) (*members, error) {
	fetch := func(ctx context.Context, number, size int) (udemy.Page[string], error) {
		return m.fetch(ctx, groupID, number, size)
	}
	first, err := fetch(ctx, 1, 0)
	if err != nil || first.Items == nil {
		return nil, err
	}
	others, err := otherPages(ctx, fetch, first)
	if err != nil {
		return nil, err
	}
	group := &members{set: map[string]bool{}}
	for _, id := range append(first.Items, others...) {
		group.add(id)
	}
	group.complete = len(group.order) >= first.Total
	return group, nil
}

// move remembers that a learner joined or left.
func (m *memberships) move(groupID, userID string, move move) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.touch(groupID)
	group, ok := m.groups[groupID]
	switch {
	case !ok:
	case move == joining:
		group.add(userID)
	default:
		group.remove(userID)
	}
}

// forget makes the next question about a group go to the API.
func (m *memberships) forget(groupID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.touch(groupID)
	delete(m.groups, groupID)
}

// touch is to be called with the lock held.
func (m *memberships) touch(groupID string) {
	if m.changed == nil {
		m.changed = map[string]int{}
	}
	m.changed[groupID]++
}

func (g *members) add(id string) {
	if !g.set[id] {
		g.set[id] = true
		g.order = append(g.order, id)
	}
}

func (g *members) remove(id string) {
	delete(g.set, id)
	g.order = slices.DeleteFunc(g.order, func(other string) bool { return other == id })
}
