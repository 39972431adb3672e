// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// patchGroup sends a change of one group, one request at a time for each group. It does not use the response, which may be the
// whole group.
func (c *Client) patchGroup(ctx context.Context, id string, operations ...operation) error {
	lock, _ := c.groupLocks.LoadOrStore(id, &sync.Mutex{})
	if mutex, ok := lock.(*sync.Mutex); ok {
		mutex.Lock()
		defer mutex.Unlock()
	}
	_, err := c.send(ctx, transport.Request{
		Method: http.MethodPatch, Route: groupRoute, IDs: []string{id}, Body: patch(operations...),
	})
	return err
}

// AddMembers sends PATCH /Groups/{id} with an add operation, one request for each udemy.MaxMembersPerRequest learners. Adding a
// value that exists succeeds (RFC 7644 section 3.5.2.1). A refusal that may concern a new learner is not believed at once.
func (c *Client) AddMembers(ctx context.Context, groupID string, userIDs ...string) error {
	mayConcernMembers := transport.MayConcernMembers(ctx, groupID, c.Group)
	for chunk := range slices.Chunk(userIDs, udemy.MaxMembersPerRequest) {
		members := make([]memberBody, 0, len(chunk))
		for _, id := range chunk {
			members = append(members, memberBody{Value: id})
		}
		err := c.client.Await(ctx, chunk, mayConcernMembers, func(ctx context.Context) error {
			return c.patchGroup(ctx, groupID, operation{Op: "add", Path: "members", Value: members})
		})
		if err != nil {
			return err
		}
	}
	if len(userIDs) > 0 && c.membershipsHidden() {
		_ = c.readNonEmpty(ctx, groupID) // The organization may have had no memberships before.
	}
	return nil
}

// RemoveMembers sends PATCH /Groups/{id} with a remove operation for each learner. Each path has a filter: without one, the
// operation would remove all members (RFC 7644 section 3.5.2.2).
func (c *Client) RemoveMembers(ctx context.Context, groupID string, userIDs ...string) error {
	for chunk := range slices.Chunk(userIDs, udemy.MaxMembersPerRequest) {
		if err := c.removeChunk(ctx, groupID, chunk); err != nil {
			return err
		}
	}
	return nil
}

// removeChunk sends one request, and one request for each learner if the server refuses that one. A server may refuse a filter
// without a match, with or without the keyword noTarget, and the ID of a deleted learner. It then removes none of the learners.
func (c *Client) removeChunk(ctx context.Context, groupID string, userIDs []string) error {
	operations := make([]operation, 0, len(userIDs))
	for _, id := range userIDs {
		operations = append(operations, operation{Op: "remove", Path: "members[" + equals("value", id) + "]"})
	}
	err := c.patchGroup(ctx, groupID, operations...)
	switch {
	case !errors.Is(err, udemy.ErrNotFound) && !errors.Is(err, udemy.ErrInvalid):
		return err
	case len(userIDs) == 1:
		return c.ignoreIfNotMember(ctx, groupID, userIDs[0], err)
	case errors.Is(err, udemy.ErrNotFound):
		if _, err := c.Group(ctx, groupID); errors.Is(err, udemy.ErrNotFound) {
			return nil // The memberships are gone as well.
		}
	}
	for _, id := range userIDs {
		if err := c.removeChunk(ctx, groupID, []string{id}); err != nil {
			return err
		}
	}
	return nil
}

// ignoreIfNotMember returns nil if the removal of a learner was refused because the learner is not in the group.
func (c *Client) ignoreIfNotMember(ctx context.Context, groupID, userID string, refusal error) error {
	if isScimType(refusal, "noTarget") {
		return nil
	}
	member, err := c.IsMember(ctx, groupID, userID)
	switch {
	case err != nil:
		return refusal
	case member: // A 404 concerns the call.
		return transport.ConfirmAbsent(refusal, func() error { return nil })
	default:
		return nil
	}
}

// IsMember sends GET /Groups/{id}, and GET /Users/{id} if the response has no members attribute. A learner or a group that does not
// exist has no memberships.
func (c *Client) IsMember(ctx context.Context, groupID, userID string) (bool, error) {
	members, err := c.members(ctx, groupID)
	switch {
	case errors.Is(err, udemy.ErrNotFound):
		return false, nil
	case err != nil:
		return false, err
	case members != nil:
		return slices.Contains(members, userID), nil
	}
	groups, err := c.groupsOf(ctx, userID)
	switch {
	case errors.Is(err, udemy.ErrNotFound):
		return false, nil
	case err != nil:
		return false, err
	case groups != nil:
		return slices.Contains(groups, groupID), nil
	}
	return false, c.checkMemberships(ctx)
}

// UserGroups sends GET /Users/{id}. If the response has no groups attribute, which is optional, it reads the members of all groups.
func (c *Client) UserGroups(ctx context.Context, userID string) ([]string, error) {
	groups, err := c.groupsOf(ctx, userID)
	if err != nil || groups != nil {
		return groups, err
	}
	if err := c.checkMemberships(ctx); err != nil {
		return nil, err
	}
	ids := []string{}
	for group, err := range all[groupAnswer](ctx, c, groupsRoute, nil) {
		if err != nil {
			return nil, err
		}
		members, err := c.membersOf(ctx, group)
		if err != nil {
			return nil, err
		}
		if slices.Contains(members, userID) {
			ids = append(ids, group.id())
		}
	}
	return ids, nil
}

// checkMemberships returns an error if the server does not return memberships. An absent attribute may also be an empty one
// (RFC 7643 section 2.5), so a group and a learner without the attribute prove nothing: some response must contain memberships.
func (c *Client) checkMemberships(ctx context.Context) error {
	if !c.groupsSeen.Load() && !c.membersSeen.Load() {
		if err := c.findMembers(ctx); err != nil {
			return err
		}
	}
	if c.membershipsHidden() {
		hidden := notOffered(http.MethodGet+" "+groupRoute, "the API returns neither the members of groups nor the groups of learners")
		hidden.Cause = udemy.ErrNoMemberships
		return hidden
	}
	return nil
}

func (c *Client) membershipsHidden() bool {
	return c.membersHidden.Load() && !c.groupsSeen.Load() && !c.membersSeen.Load()
}

// findMembers looks for a group that is returned with its members. It reads a page of learners: if one of them is in a group, that
// group decides. Otherwise it reads groups until one has members. The result is kept for the whole run. Without groups there is none.
func (c *Client) findMembers(ctx context.Context) error {
	c.membersSearch.Lock()
	defer c.membersSearch.Unlock()
	if c.membersSeen.Load() || c.membersHidden.Load() {
		return nil
	}
	users, err := fetchPage[userAnswer](ctx, c, usersRoute, nil, 1)
	if err != nil {
		return err
	}
	for _, user := range users.resources {
		if user.Groups == nil {
			continue
		}
		c.groupsSeen.Store(true)
		if ids := values(*user.Groups); len(ids) > 0 {
			err := c.readNonEmpty(ctx, ids[0])
			c.membersHidden.Store(err == nil)
			return udemy.IgnoreNotFound(err)
		}
	}
	for group, err := range all[groupAnswer](ctx, c, groupsRoute, nil) {
		if err != nil {
			return err
		}
		if _, err := c.membersOf(ctx, group); err != nil {
			return err
		}
		if c.membersSeen.Load() {
			return nil
		}
		c.membersHidden.Store(true)
	}
	return nil
}

// readNonEmpty reads a group that has a member, which shows whether the server returns members.
func (c *Client) readNonEmpty(ctx context.Context, groupID string) error {
	members, err := c.members(ctx, groupID)
	if err == nil && members == nil {
		c.membersLeftOut.Store(true)
	}
	return err
}

// groupsOf returns the groups of a learner, or nil if the response has no groups attribute.
func (c *Client) groupsOf(ctx context.Context, userID string) ([]string, error) {
	user, err := c.User(ctx, userID)
	if user.GroupIDs != nil {
		c.groupsSeen.Store(true)
	}
	return user.GroupIDs, err
}

// members returns the learners in a group. If the response has no members attribute, the group is empty if the members of any group
// have been seen (RFC 7643 section 2.5). Otherwise members returns nil.
func (c *Client) members(ctx context.Context, groupID string) ([]string, error) {
	answer, err := c.sendForGroup(ctx, readGroup(groupID, nil))
	if err != nil {
		return nil, err
	}
	if answer.Members == nil {
		return c.absentMembers(), nil
	}
	if answer.hasMemberWithoutID() {
		return nil, &udemy.Error{Kind: udemy.ErrUnavailable, Call: http.MethodGet + " " + groupRoute, Detail: "the response contains a member without an ID"}
	}
	c.membersSeen.Store(true)
	return values(*answer.Members), nil
}

// absentMembers returns the learners in a group whose response has no members attribute, as members does.
func (c *Client) absentMembers() []string {
	if c.membersSeen.Load() {
		return []string{}
	}
	return nil
}

// membersOf returns the learners in a group from a list. If the list leaves out the members or their IDs, it reads the group. A group
// that has been deleted in the meantime has no members.
func (c *Client) membersOf(ctx context.Context, group groupAnswer) ([]string, error) {
	if group.Members != nil && !group.hasMemberWithoutID() {
		c.membersSeen.Store(true)
		return values(*group.Members), nil
	}
	members, err := c.members(ctx, group.id())
	if errors.Is(err, udemy.ErrNotFound) {
		return nil, nil
	}
	return members, err
}
