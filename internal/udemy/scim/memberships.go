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

// patchGroup changes one group, one request at a time. The answer, which may be the whole group, is of no use.
func (c *Client) patchGroup(ctx context.Context, id string, operations ...operation) error {
	lock, _ := c.writing.LoadOrStore(id, &sync.Mutex{})
	if mutex, ok := lock.(*sync.Mutex); ok {
		mutex.Lock()
		defer mutex.Unlock()
	}
	_, err := c.send(ctx, transport.Request{
		Method: http.MethodPatch, Route: groupRoute, IDs: []string{id}, Body: patch(operations...),
	})
	return err
}

// AddMembers implements udemy.Directory. Adding a value that is there already is a success (RFC 7644 section 3.5.2.1).
func (c *Client) AddMembers(ctx context.Context, groupID string, userIDs ...string) error {
	for chunk := range slices.Chunk(userIDs, udemy.MaxMembersPerRequest) {
		members := make([]memberBody, 0, len(chunk))
		for _, id := range chunk {
			members = append(members, memberBody{Value: id})
		}
		if err := c.patchGroup(ctx, groupID, operation{Op: "add", Path: "members", Value: members}); err != nil {
			return err
		}
	}
	return nil
}

// RemoveMembers implements udemy.Directory. Each learner is named by a filter: without one the group would be emptied
// (RFC 7644 section 3.5.2.2).
func (c *Client) RemoveMembers(ctx context.Context, groupID string, userIDs ...string) error {
	for chunk := range slices.Chunk(userIDs, udemy.MaxMembersPerRequest) {
		if err := c.removeChunk(ctx, groupID, chunk); err != nil {
			return err
		}
	}
	return nil
}

// removeChunk removes one by one what can't be removed together. A filter that matches nobody may be refused, with
// noTarget or without a keyword, and so may an id that is gone; and then nobody is removed.
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
		return c.confirmOut(ctx, groupID, userIDs[0], err)
	case errors.Is(err, udemy.ErrNotFound):
		if _, err := c.Group(ctx, groupID); errors.Is(err, udemy.ErrNotFound) {
			return nil // And the memberships with it.
		}
	}
	for _, id := range userIDs {
		if err := c.removeChunk(ctx, groupID, []string{id}); err != nil {
			return err
		}
	}
	return nil
}

// confirmOut decides what it means that the removal of one learner was refused: nothing if the learner is out.
func (c *Client) confirmOut(ctx context.Context, groupID, userID string, refusal error) error {
	if isScimType(refusal, "noTarget") {
		return nil
	}
	member, err := c.IsMember(ctx, groupID, userID)
	switch {
	case err != nil:
		return refusal
	case member: // So a 404 is about the call.
		return transport.ConfirmAbsent(refusal, func() error { return nil })
	default:
		return nil
	}
}

// IsMember implements udemy.Directory. It asks the group, and the learner if the group doesn't tell.
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
	return false, c.tellsMemberships(ctx)
}

// UserGroups implements udemy.Directory. Udemy's SCIM need not tell a learner's groups; then the groups are asked.
func (c *Client) UserGroups(ctx context.Context, userID string) ([]string, error) {
	groups, err := c.groupsOf(ctx, userID)
	if err != nil || groups != nil {
		return groups, err
	}
	if err := c.tellsMemberships(ctx); err != nil {
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

// tellsMemberships is an error if the server keeps memberships to itself. For RFC 7643 section 2.5 an attribute that is
// absent may just be empty, so a group and a learner that don't tell prove nothing by themselves: somewhere, a
// membership has to be seen. It looks at a page of learners, and then at groups until one tells; once in a run.
func (c *Client) tellsMemberships(ctx context.Context) error {
	c.looking.Lock()
	defer c.looking.Unlock()
	if c.tells.Load() {
		return nil
	}
	hidden := notOffered(http.MethodGet+" "+groupRoute, "neither groups nor learners tell who is in which group")
	if c.silent {
		return hidden
	}
	users, err := fetchPage[userAnswer](ctx, c, usersRoute, nil, 1)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(users.resources, func(user userAnswer) bool { return user.Groups != nil }) {
		c.tells.Store(true)
		return nil
	}
	for group, err := range all[groupAnswer](ctx, c, groupsRoute, nil) {
		if err != nil {
			return err
		}
		if _, err := c.membersOf(ctx, group); err != nil {
			return err
		}
		if c.tells.Load() {
			return nil
		}
		c.silent = true
	}
	if c.silent {
		return hidden
	}
	return nil // There is no group that anybody could be in.
}

// groupsOf are the groups of a learner; nil if the learner doesn't tell.
func (c *Client) groupsOf(ctx context.Context, userID string) ([]string, error) {
	user, err := c.User(ctx, userID)
	if user.GroupIDs != nil {
		c.tells.Store(true)
	}
	return user.GroupIDs, err
}

// members are the learners in a group; nil if the group doesn't tell.
func (c *Client) members(ctx context.Context, groupID string) ([]string, error) {
	answer, err := c.sendForGroup(ctx, readGroup(groupID, nil))
	if err != nil || answer.Members == nil {
		return nil, err
	}
	if answer.hasMemberWithoutID() {
		return nil, &udemy.Error{Kind: udemy.ErrUnavailable, Call: http.MethodGet + " " + groupRoute, Detail: "the answer holds a member without an ID"}
	}
	c.tells.Store(true)
	return values(*answer.Members), nil
}

// membersOf asks the group itself where a list left its members or their IDs out. One that is gone since has none.
func (c *Client) membersOf(ctx context.Context, group groupAnswer) ([]string, error) {
	if group.Members != nil && !group.hasMemberWithoutID() {
		c.tells.Store(true)
		return values(*group.Members), nil
	}
	members, err := c.members(ctx, group.id())
	if errors.Is(err, udemy.ErrNotFound) {
		return nil, nil
	}
	return members, err
}
