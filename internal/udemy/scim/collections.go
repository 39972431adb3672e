// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim

import (
	"context"
	"net/url"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/paging"
)

// UserPage implements udemy.Directory.
func (c *Client) UserPage(ctx context.Context, number, size int) (udemy.Page[udemy.User], error) {
	return numbered(ctx, c, usersRoute, nil, number, size, userAnswer.user)
}

// GroupPage implements udemy.Directory.
func (c *Client) GroupPage(ctx context.Context, number, size int) (udemy.Page[udemy.Group], error) {
	return numbered(ctx, c, groupsRoute, withoutMembers, number, size, groupAnswer.group)
}

// numbered reads one page. SCIM counts in resources (RFC 7644 section 3.4.2.4), so the size of the first page, which
// the server chooses, tells where the others begin.
func numbered[T hasID, Item any](ctx context.Context, c *Client, route string, query url.Values, number, size int, item func(T) Item) (udemy.Page[Item], error) {
	got, err := fetchPage[T](ctx, c, route, query, (number-1)*size+1)
	if err != nil {
		return udemy.Page[Item]{}, err
	}
	result := udemy.Page[Item]{Items: make([]Item, 0, len(got.resources)), Total: got.total}
	for _, object := range got.resources {
		result.Items = append(result.Items, item(object))
	}
	if got.total != paging.Unknown {
		return result, nil
	}
	// Without a total nobody can ask for the other pages; then they are all one.
	result.Items = result.Items[:0]
	for object, err := range all[T](ctx, c, route, query) {
		if err != nil {
			return udemy.Page[Item]{}, err
		}
		result.Items = append(result.Items, item(object))
	}
	result.Total = len(result.Items)
	return result, nil
}

// MemberPage implements udemy.Directory. All members come at once: SCIM has no pages inside a group.
func (c *Client) MemberPage(ctx context.Context, groupID string, _, _ int) (udemy.Page[string], error) {
	members, err := c.members(ctx, groupID)
	return udemy.Page[string]{Items: members, Total: len(members)}, err
}
