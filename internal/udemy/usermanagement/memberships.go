// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// UserGroups implements udemy.API. It asks the learner, and only where the API doesn't say there, every group.
func (c *Client) UserGroups(ctx context.Context, userID string) ([]string, error) {
	user, err := c.User(ctx, userID)
	if err != nil && !errors.Is(err, udemy.ErrNotOffered) {
		return nil, err
	}
	if user.GroupIDs != nil {
		return user.GroupIDs, nil
	}
	ids := []string{}
	// Assumption: GET /groups/ is a page of groups.
	every := transport.Request{Method: http.MethodGet, Route: groupsRoute}
	for group, err := range list[groupAnswer](ctx, c, every) {
		if err != nil {
			return nil, err
		}
		member, err := c.lists(ctx, group.id(), userID)
		if err != nil {
			return nil, err
		}
		if member {
			ids = append(ids, group.id())
		}
	}
	return ids, nil
}

// IsMember implements udemy.API. A learner or a group that is gone has no membership left.
func (c *Client) IsMember(ctx context.Context, groupID, userID string) (bool, error) {
	user, err := c.User(ctx, userID)
	switch {
	case errors.Is(err, udemy.ErrNotFound):
		return false, nil
	case err != nil && !errors.Is(err, udemy.ErrNotOffered):
		return false, err
	case user.GroupIDs != nil:
		return slices.Contains(user.GroupIDs, groupID), nil
	default:
		return c.lists(ctx, groupID, userID)
	}
}

// lists reports whether a group names a learner among its members.
func (c *Client) lists(ctx context.Context, groupID, userID string) (bool, error) {
	// Assumption: GET /groups/{id}/users/ is a page of user objects.
	request := transport.Request{Method: http.MethodGet, Route: membersRoute, IDs: []string{groupID}}
	for member, err := range list[userAnswer](ctx, c, request) {
		if err != nil {
			return false, udemy.IgnoreNotFound(c.confirmNoGroup(ctx, groupID, err))
		}
		if member.id() == userID {
			return true, nil
		}
	}
	return false, nil
}

// MemberPage implements udemy.API.
func (c *Client) MemberPage(ctx context.Context, groupID string, number, _ int) (udemy.Page[string], error) {
	// Assumption: GET /groups/{id}/users/ is a page of user objects.
	request := transport.Request{Method: http.MethodGet, Route: membersRoute, IDs: []string{groupID}}
	ofOthers, ofGroup := false, false
	page, err := numbered(ctx, c, request, number, func(row userAnswer) string {
		groups := row.over(udemy.User{}).GroupIDs
		isMember := slices.ContainsFunc(groups, func(id string) bool { return udemy.SameID(id, groupID) })
		ofGroup = ofGroup || isMember
		ofOthers = ofOthers || len(groups) > 0 && !isMember
		return row.id()
	})
	switch {
	case err != nil:
		return udemy.Page[string]{}, c.confirmNoGroup(ctx, groupID, err)
	case ofOthers && !ofGroup:
		return udemy.Page[string]{}, udemy.Mismatch(request.Call(), "group "+groupID, "members of other groups only")
	}
	return page, nil
}

// confirmNoGroup makes sure that it is the group that is not found, and not the call.
func (c *Client) confirmNoGroup(ctx context.Context, groupID string, err error) error {
	return transport.ConfirmAbsent(err, func() error {
		_, err := c.Group(ctx, groupID)
		return err
	})
}

// AddMembers implements udemy.API.
func (c *Client) AddMembers(ctx context.Context, groupID string, userIDs ...string) error {
	for some := range slices.Chunk(userIDs, udemy.MaxMembersPerRequest) {
		// Assumption: POST /groups/{id}/users/ takes ids, and one that is in the group already is no error.
		_, err := c.send(ctx, transport.Request{
			Method: http.MethodPost, Route: membersRoute, IDs: []string{groupID}, Body: membersBody{Users: some},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// RemoveMembers implements udemy.API, one by one: the API has no call for several.
func (c *Client) RemoveMembers(ctx context.Context, groupID string, userIDs ...string) error {
	for _, id := range userIDs {
		if err := c.removeMember(ctx, groupID, id); err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) removeMember(ctx context.Context, groupID, userID string) error {
	// Assumption: DELETE /groups/{id}/users/{user}/ takes the learner out, and a 404 says "not in it".
	_, err := c.send(ctx, transport.Request{
		Method: http.MethodDelete, Route: memberRoute, IDs: []string{groupID, userID},
	})
	return udemy.IgnoreNotFound(transport.ConfirmAbsent(err, func() error {
		member, err := c.IsMember(ctx, groupID, userID)
		if err == nil && !member {
			return udemy.ErrNotFound
		}
		return err
	}))
}
