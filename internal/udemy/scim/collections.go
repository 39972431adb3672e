// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/paging"
)

// UserPage sends GET /Users with startIndex and count (RFC 7644 section 3.4.2.4).
func (c *Client) UserPage(ctx context.Context, number, size int) (udemy.Page[udemy.User], error) {
	return readPage(ctx, c, usersRoute, nil, number, size, userAnswer.user)
}

// GroupPage sends GET /Groups with startIndex and count, and excludes the members.
func (c *Client) GroupPage(ctx context.Context, number, size int) (udemy.Page[udemy.Group], error) {
	return readPage(ctx, c, groupsRoute, withoutMembers, number, size, groupAnswer.group)
}

// readPage reads one page. SCIM counts resources, not pages (RFC 7644 section 3.4.2.4), so the size of the first page, which the
// server chooses, determines where the other pages begin.
func readPage[T hasID, Item any](ctx context.Context, c *Client, route string, query url.Values, number, size int, item func(T) Item) (udemy.Page[Item], error) {
	got, err := fetchPage[T](ctx, c, route, query, (number-1)*size+1)
	if err != nil {
		return udemy.Page[Item]{}, err
	}
	result := udemy.Page[Item]{Items: make([]Item, 0, len(got.resources)), Total: got.total, Call: http.MethodGet + " " + route}
	for _, object := range got.resources {
		result.Items = append(result.Items, item(object))
	}
	if got.total != paging.Unknown {
		return result, nil
	}
	// Without a total, the caller can't request the other pages. All resources are returned as one page.
	result.Items = result.Items[:0]
	for object, err := range all[T](ctx, c, route, query) {
		if err != nil {
			return udemy.Page[Item]{}, err
		}
		result.Items = append(result.Items, item(object))
	}
	result.Total, result.Last = len(result.Items), true
	return result, nil
}

// MemberPage sends GET /Groups/{id} and returns all members as one page: SCIM does not paginate the members of a group. If the group
// has no members attribute, other groups show whether it is empty.
func (c *Client) MemberPage(ctx context.Context, groupID string, _, _ int) (udemy.Page[string], error) {
	members, err := c.members(ctx, groupID)
	if err == nil && members == nil {
		if err = c.findMembers(ctx); errors.Is(err, udemy.ErrNotOffered) || errors.Is(err, udemy.ErrForbidden) {
			err = nil // Nothing can be found.
		}
		members = c.absentMembers()
		if members == nil && c.membersLeftOut.Load() {
			err = notOffered(http.MethodGet+" "+groupRoute, "the API does not return the members of groups")
		}
	}
	if err != nil {
		return udemy.Page[string]{}, err
	}
	return udemy.Page[string]{Items: members, Total: len(members), Last: true}, nil
}
