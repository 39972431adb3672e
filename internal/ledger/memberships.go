// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package ledger

import "sync"

// Memberships records which resources own which members of groups, and which memberships the run has added and removed.
type Memberships struct {
	mu sync.Mutex
	// exact maps groups to the members that a udemy_group_members plans, and exactSets maps learners to the groups that a
	// udemy_user plans with group_ids.
	exact, exactSets map[string]set
	// open is the set of groups in exact that have members with unknown IDs.
	open set
	// byGroup and byUser are the memberships that a udemy_group_membership plans.
	byGroup, byUser map[string]set
	// newcomers maps groups to the address of a learner without an account who joins the group.
	newcomers map[string]string
	// moves are the changes of the run, by group.
	moves map[string]*moves
	// adopted is the set of groups that the run adopts.
	adopted set
}

// set is a set of IDs.
type set map[string]bool

func newSet(ids []string) set {
	s := make(set, len(ids))
	for _, id := range ids {
		s[id] = true
	}
	return s
}

// moves are the changes of the run to the members of one group.
type moves struct {
	// taking is read-locked while members are removed.
	taking sync.RWMutex

	mu           sync.Mutex
	given, taken set
}

// MemberConflict is a contradiction about one membership, or about a whole group if UserID is empty.
type MemberConflict struct {
	GroupID, UserID string
	// Other is the type of the contradicting resource.
	Other string
	// Newcomer is the address of a learner without an account. UserID is empty then.
	Newcomer string
}

// The resource types that own memberships.
const (
	ownsMembers    = "udemy_group_members"
	ownsMembership = "udemy_group_membership"
	ownsGroupIDs   = "group_ids of udemy_user or groups of udemy_roster"
)

// OwnGroup records a plan of the exact members of a group. The IDs are not complete if some of them are known only after
// apply.
func (m *Memberships) OwnGroup(groupID string, userIDs []string, complete bool) *MemberConflict {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, owned := m.exact[groupID]; owned {
		return &MemberConflict{GroupID: groupID, Other: ownsMembers}
	}
	members := newSet(userIDs)
	for userID := range m.byGroup[groupID] {
		if complete && !members[userID] {
			return &MemberConflict{GroupID: groupID, UserID: userID, Other: ownsMembership}
		}
	}
	for userID, groups := range m.exactSets {
		if members[userID] && !groups[groupID] || complete && groups[groupID] && !members[userID] {
			return &MemberConflict{GroupID: groupID, UserID: userID, Other: ownsGroupIDs}
		}
	}
	if name := m.newcomers[groupID]; complete && name != "" {
		return &MemberConflict{GroupID: groupID, Newcomer: name, Other: ownsGroupIDs}
	}
	put(&m.exact, groupID, members)
	if !complete {
		if m.open == nil {
			m.open = set{}
		}
		m.open[groupID] = true
	}
	return nil
}

// OwnMembership records a plan of a single membership.
func (m *Memberships) OwnMembership(groupID, userID string) *MemberConflict {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byGroup[groupID][userID] {
		return &MemberConflict{GroupID: groupID, UserID: userID, Other: ownsMembership}
	}
	if members, owned := m.exact[groupID]; owned && !members[userID] && !m.open[groupID] {
		return &MemberConflict{GroupID: groupID, UserID: userID, Other: ownsMembers}
	}
	if groups, owned := m.exactSets[userID]; owned && !groups[groupID] {
		return &MemberConflict{GroupID: groupID, UserID: userID, Other: ownsGroupIDs}
	}
	for _, index := range []struct {
		sets     *map[string]set
		key, has string
	}{{&m.byGroup, groupID, userID}, {&m.byUser, userID, groupID}} {
		if (*index.sets)[index.key] == nil {
			put(index.sets, index.key, set{})
		}
		(*index.sets)[index.key][index.has] = true
	}
	return nil
}

// OwnGroups records a plan of the exact groups of a learner. The IDs must be complete.
func (m *Memberships) OwnGroups(userID string, groupIDs []string) *MemberConflict {
	m.mu.Lock()
	defer m.mu.Unlock()
	groups := newSet(groupIDs)
	for groupID, members := range m.exact {
		if members[userID] && !groups[groupID] || groups[groupID] && !members[userID] && !m.open[groupID] {
			return &MemberConflict{GroupID: groupID, UserID: userID, Other: ownsMembers}
		}
	}
	for groupID := range m.byUser[userID] {
		if !groups[groupID] {
			return &MemberConflict{GroupID: groupID, UserID: userID, Other: ownsMembership}
		}
	}
	put(&m.exactSets, userID, groups)
	return nil
}

// Join records the plan of a learner without an account who joins a group.
func (m *Memberships) Join(groupID, email string) *MemberConflict {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, owned := m.exact[groupID]; owned && !m.open[groupID] {
		return &MemberConflict{GroupID: groupID, Newcomer: email, Other: ownsMembers}
	}
	if m.newcomers == nil {
		m.newcomers = map[string]string{}
	}
	m.newcomers[groupID] = email
	return nil
}

func put(sets *map[string]set, key string, value set) {
	if *sets == nil {
		*sets = map[string]set{}
	}
	(*sets)[key] = value
}

// Adopt records that the run adopts a group. An apply has no record of whether the plan found the group and listed the
// members that leave it.
func (m *Memberships) Adopt(groupID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.adopted == nil {
		m.adopted = set{}
	}
	m.adopted[groupID] = true
}

// Adopted reports whether the run adopts a group.
func (m *Memberships) Adopted(groupID string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.adopted[groupID]
}

// Give records that the run adds members to a group, or confirms them. After that, Take does not allow their removal. Give
// waits for removals in progress, and returns the members that the run has removed and that must be added again.
func (m *Memberships) Give(groupID string, userIDs ...string) (taken []string) {
	group := m.of(groupID)
	group.taking.Lock()
	defer group.taking.Unlock()
	group.mu.Lock()
	defer group.mu.Unlock()
	for _, id := range userIDs {
		group.given[id] = true
		if group.taken[id] {
			taken = append(taken, id)
			delete(group.taken, id)
		}
	}
	return taken
}

// Take returns the members that the run may remove from a group, which are the ones not recorded by Give. Call done after
// the removal.
func (m *Memberships) Take(groupID string, userIDs ...string) (allowed []string, done func()) {
	group := m.of(groupID)
	group.taking.RLock()
	group.mu.Lock()
	defer group.mu.Unlock()
	for _, id := range userIDs {
		if !group.given[id] {
			group.taken[id] = true
			allowed = append(allowed, id)
		}
	}
	return allowed, group.taking.RUnlock
}

func (m *Memberships) of(groupID string) *moves {
	m.mu.Lock()
	defer m.mu.Unlock()
	group, ok := m.moves[groupID]
	if !ok {
		if m.moves == nil {
			m.moves = map[string]*moves{}
		}
		group = &moves{given: set{}, taken: set{}}
		m.moves[groupID] = group
	}
	return group
}
