// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/batcher"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/reader"
)

// memberships has the calls for memberships. Some APIs return a learner with the groups, and others only the members of a group.
type memberships struct {
	*memory
	batcher *batcher.Batcher

	// usersLackGroups is set if the API returns learners without their groups.
	usersLackGroups atomic.Bool
	// searches counts the requests for the groups of a learner whom the API returns without groups.
	searches atomic.Int64
}

func newMemberships(memory *memory) *memberships {
	m := &memberships{memory: memory}
	m.batcher = batcher.New(batcher.Config{
		API: memory.api,
		Begin: func(ctx context.Context, groupID string) (func(), error) {
			return memory.members(groupID).BeginChange(ctx)
		},
		Record: m.record,
	})
	return m
}

// IsMember answers from the stored groups of the learner or the stored members of the group. Otherwise it requests the learner, and
// the members of the group if that takes fewer requests or if the API returns learners without their groups. A learner or group
// that does not exist has no membership.
func (m *memberships) IsMember(ctx context.Context, groupID, userID string) (bool, error) {
	if user, _, _ := m.userReader.Peek(userID); user.GroupIDs != nil {
		return slices.Contains(user.GroupIDs, groupID), nil
	}
	group := m.members(groupID)
	_, err := group.Get(ctx, userID, func(ctx context.Context) (string, error) {
		member, err := m.requestMember(ctx, group, groupID, userID)
		if err == nil && !member {
			err = errNotMember
		}
		return userID, err
	})
	if errors.Is(err, errNotMember) || errors.Is(err, udemy.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// requestMember requests the learner, then the members of the group, and then the single membership.
func (m *memberships) requestMember(ctx context.Context, group *reader.Reader[string], groupID, userID string) (bool, error) {
	groups, err := m.groupsOf(ctx, userID)
	if groups != nil || err != nil {
		return slices.Contains(groups, groupID), err
	}
	if err := group.ReadAll(ctx); err != nil && !errors.Is(err, udemy.ErrNotOffered) && !errors.Is(err, udemy.ErrIncomplete) {
		return false, err
	}
	if _, known, err := group.Peek(userID); known {
		return err == nil, nil
	}
	return m.api.IsMember(ctx, groupID, userID)
}

// UserGroups reads the members of all groups as soon as that takes fewer requests than the call of the API, which takes at least two
// requests for each learner if learners are returned without groups.
func (m *memberships) UserGroups(ctx context.Context, userID string) ([]string, error) {
	if groups, err := m.groupsOf(ctx, userID); groups != nil || err != nil {
		return groups, err
	}
	if searches := int(m.searches.Add(1)); searches > 1 {
		groups, err := m.groupReader.All(ctx)
		if err == nil && 2*searches > len(groups) {
			if ids, ok := m.groupsWith(ctx, groups, userID); ok {
				return ids, nil
			}
		}
	}
	return m.api.UserGroups(ctx, userID)
}

// groupsWith looks for a learner among the members of all groups. ok is false if the members of a group do not add up to their
// total, or if no group has members: the API may leave out the members of an empty group or of every group. A member that only
// this run has added does not show that the API returns members.
func (m *memberships) groupsWith(ctx context.Context, groups []udemy.Group, userID string) (ids []string, ok bool) {
	var reads errgroup.Group
	reads.SetLimit(udemy.MaxParallelRequests)
	for _, group := range groups {
		reads.Go(func() error { return udemy.IgnoreNotFound(m.members(group.ID).ReadAll(ctx)) })
	}
	if err := reads.Wait(); err != nil {
		return nil, false
	}
	ids = []string{}
	for _, group := range groups {
		members := m.members(group.ID)
		_, known, err := members.Peek(userID)
		if known && err == nil {
			ids = append(ids, group.ID)
		}
		if listing := members.Listing(); !known && listing == reader.Listed || known && listing == reader.Hidden {
			return nil, false
		}
		ok = ok || known
	}
	return ids, ok
}

// groupsOf returns the groups of a learner, or nil if the API returns learners without them.
func (m *memberships) groupsOf(ctx context.Context, userID string) ([]string, error) {
	if user, _, _ := m.userReader.Peek(userID); user.GroupIDs != nil || m.usersLackGroups.Load() {
		return user.GroupIDs, nil
	}
	user, err := m.readUser(ctx, userID)
	switch {
	case errors.Is(err, udemy.ErrNotOffered):
		return nil, nil
	case err == nil && user.GroupIDs == nil:
		m.usersLackGroups.Store(true)
	}
	return user.GroupIDs, err
}

func (m *memberships) Members(ctx context.Context, groupID string) ([]string, error) {
	ids, err := m.members(groupID).All(ctx)
	slices.Sort(ids)
	return ids, err
}

func (m *memberships) AddMembers(ctx context.Context, groupID string, userIDs ...string) error {
	return m.move(ctx, groupID, batcher.Join, userIDs)
}

func (m *memberships) RemoveMembers(ctx context.Context, groupID string, userIDs ...string) error {
	return m.move(ctx, groupID, batcher.Leave, userIDs)
}

func (m *memberships) move(ctx context.Context, groupID string, move batcher.Move, userIDs []string) error {
	userIDs = slices.Compact(slices.Sorted(slices.Values(userIDs)))
	failed := m.batcher.Change(ctx, groupID, move, userIDs)
	switch {
	case len(failed) == 0:
		return nil
	case len(userIDs) == 1:
		return failed[userIDs[0]]
	default:
		return failed
	}
}

// record stores that a learner has joined or left a group. After a failure both are forgotten.
func (m *memberships) record(groupID, userID string, move batcher.Move, err error) {
	group := m.members(groupID)
	switch {
	case err != nil:
		group.Reset()
		m.userReader.Store.Forget(userID)
		return
	case m.userReader.Store.IsRemoved(userID) || m.groupReader.Store.IsRemoved(groupID):
		return
	case move == batcher.Join:
		group.Store.Put(userID)
	default:
		group.Store.Remove(userID)
	}
	m.userReader.Store.Update(userID, func(user *udemy.User) {
		if user.GroupIDs == nil {
			return
		}
		user.GroupIDs = slices.DeleteFunc(user.GroupIDs, func(id string) bool { return id == groupID })
		if move == batcher.Join {
			user.GroupIDs = append(user.GroupIDs, groupID)
		}
	})
}
