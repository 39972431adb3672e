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

// UserGroups sends GET /users/{id}/. If the response has no groups, it reads the members of all groups.
func (c *Client) UserGroups(ctx context.Context, userID string) ([]string, error) {
	user, err := c.User(ctx, userID)
	if err != nil && !errors.Is(err, udemy.ErrNotOffered) {
		return nil, err
	}
	if user.GroupIDs != nil {
		return user.GroupIDs, nil
	}
	ids := []string{}
	// Assumption: GET /groups/ answers 200 with a page of group objects.
	every := transport.Request{Method: http.MethodGet, Route: groupsRoute}
	for group, err := range list[groupAnswer](ctx, c, every) {
		if err != nil {
			return nil, err
		}
		member, err := c.listsMember(ctx, group.id(), userID)
		if err != nil {
			return nil, err
		}
		if member {
			ids = append(ids, group.id())
		}
	}
	return ids, nil
}

// IsMember sends GET /users/{id}/. If the response has no groups, it reads the members of the group. A learner or a group that does
// not exist has no memberships.
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
		return c.listsMember(ctx, groupID, userID)
	}
}

// listsMember reports whether a learner is in the list of a group's members.
func (c *Client) listsMember(ctx context.Context, groupID, userID string) (bool, error) {
	// Assumption: GET /groups/{id}/users/ answers 200 with a page of user objects.
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

// MemberPage sends GET /groups/{id}/users/ with the number of the page. A page whose learners are all in other groups is an
// ErrMismatch.
func (c *Client) MemberPage(ctx context.Context, groupID string, number, _ int) (udemy.Page[string], error) {
	// Assumption: GET /groups/{id}/users/ answers 200 with a page of user objects.
	request := transport.Request{Method: http.MethodGet, Route: membersRoute, IDs: []string{groupID}}
	ofOthers, ofGroup := false, false
	page, err := readPage(ctx, c, request, number, func(row userAnswer) string {
		groups := row.applyTo(udemy.User{}).GroupIDs
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

// confirmNoGroup turns an ErrNotFound into an ErrNotOffered if the group exists: the call is then missing, not the group.
func (c *Client) confirmNoGroup(ctx context.Context, groupID string, err error) error {
	return transport.ConfirmAbsent(err, func() error {
		_, err := c.Group(ctx, groupID)
		return err
	})
}

// AddMembers sends POST /groups/{id}/users/, one request for each udemy.MaxMembersPerRequest learners.
func (c *Client) AddMembers(ctx context.Context, groupID string, userIDs ...string) error {
	mayConcernMembers := transport.MayConcernMembers(ctx, groupID, c.Group)
	for some := range slices.Chunk(userIDs, udemy.MaxMembersPerRequest) {
		// Assumption: POST /groups/{id}/users/ accepts IDs, and ignores a learner who is in the group already.
		err := c.client.Await(ctx, some, mayConcernMembers, func(ctx context.Context) error {
			_, err := c.send(ctx, transport.Request{
				Method: http.MethodPost, Route: membersRoute, IDs: []string{groupID}, Body: membersBody{Users: some},
			})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// RemoveMembers sends DELETE /groups/{id}/users/{user}/ for each learner.
func (c *Client) RemoveMembers(ctx context.Context, groupID string, userIDs ...string) error {
	for _, id := range userIDs {
		if err := c.removeMember(ctx, groupID, id); err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) removeMember(ctx context.Context, groupID, userID string) error {
	// Assumption: DELETE /groups/{id}/users/{user}/ removes the learner, and a 404 means that the learner is not in the group.
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
