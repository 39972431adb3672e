// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// errNoMember says that a learner is not in a group.
var errNoMember = errors.New("not a member")

// isMember is nil for a member.
func isMember(member bool, err error) error {
	if err == nil && !member {
		return errNoMember
	}
	return err
}

// memberships are the members of all groups. Those of one group are read once.
type memberships struct {
	fetch func(ctx context.Context, groupID string, number, size int) (udemy.Page[string], error)

	mu     sync.Mutex
	groups map[string]*collection[string]
}

// of returns the ids of a group's members.
func (m *memberships) of(groupID string) *collection[string] {
	m.mu.Lock()
	defer m.mu.Unlock()
	group, ok := m.groups[groupID]
	if !ok {
		itself := func(id string) string { return id }
		group = &collection[string]{
			fetch: func(ctx context.Context, number, size int) (udemy.Page[string], error) {
				return m.fetch(ctx, groupID, number, size)
			},
			clone: itself, id: itself, keys: func(string) []key { return nil },
			absent: errNoMember,
		}
		if m.groups == nil {
			m.groups = map[string]*collection[string]{}
		}
		m.groups[groupID] = group
	}
	return group
}

// deleted takes a learner who has been deleted out of all groups. If that failed, nothing is known any more.
func (m *memberships) deleted(userID string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, group := range m.groups {
		if err == nil {
			group.remove(userID)
		} else {
			group.clear()
		}
	}
}

// move is a change of a group's members.
type move string

const (
	joining move = "joining"
	leaving move = "leaving"
)

// apply returns a set of ids after a move.
func (m move) apply(ids []string, id string) []string {
	others := slices.DeleteFunc(slices.Clone(ids), func(other string) bool { return other == id })
	if m == joining {
		return append(others, id)
	}
	return others
}
