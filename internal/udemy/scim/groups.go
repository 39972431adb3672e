// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/paging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// CreateGroup sends POST /Groups (RFC 7644 section 3.3). The response to a conflict does not contain the ID of the existing group.
//
// Group names need not be unique in SCIM. If the response is lost and the request is sent again, the server could create a second
// group. Before the request is sent again, the name is looked up, and an existing group is reported as a conflict.
func (c *Client) CreateGroup(ctx context.Context, name string) (udemy.Group, error) {
	request := transport.Request{
		Method: http.MethodPost, Route: groupsRoute, Body: newGroupBody{Schemas: []string{groupSchema}, DisplayName: name},
	}
	request.BeforeResend = func(ctx context.Context) error {
		existing, err := c.awaitGroup(ctx, name)
		switch {
		case errors.Is(err, udemy.ErrNotFound):
			return nil
		case errors.Is(err, udemy.ErrConflict): // Two groups have the name already.
			return err
		case err != nil:
			return &udemy.Error{
				Kind: udemy.ErrUnavailable, Call: request.Call(),
				Detail: fmt.Sprintf("the response was lost, and it is unknown whether the group was created, because the search by name failed: %s", err),
			}
		default:
			c.client.Created(existing.ID)
			return &udemy.Error{
				Kind: udemy.ErrConflict, Call: request.Call(), ExistingID: existing.ID, Resent: true,
				Detail: "the response was lost, and a group with this name exists now",
			}
		}
	}
	answer, err := c.sendForGroup(ctx, request)
	if err != nil {
		return udemy.Group{}, err
	}
	c.client.Created(answer.id())
	group := answer.group()
	switch {
	case group.Name == "": // The response contains only the ID.
		group.Name = name
	case !udemy.SameText(group.Name, name):
		return udemy.Group{}, udemy.Mismatch(request.Call(), fmt.Sprintf("group %q", name), fmt.Sprintf("group %q, ID %s", group.Name, group.ID))
	}
	return group, nil
}

// sendForGroup sends a request whose response is a group.
func (c *Client) sendForGroup(ctx context.Context, request transport.Request) (groupAnswer, error) {
	return sendFor(ctx, c, request, func(answer groupAnswer) string { return answer.DisplayName }, "the group has no displayName")
}

func readGroup(id string, query url.Values) transport.Request {
	return transport.Request{Method: http.MethodGet, Route: groupRoute, IDs: []string{id}, Query: query}
}

// Group sends GET /Groups/{id} and excludes the members.
func (c *Client) Group(ctx context.Context, id string) (udemy.Group, error) {
	answer, err := c.sendForGroup(ctx, readGroup(id, withoutMembers))
	return answer.group(), err
}

// GroupByName sends GET /Groups with a filter on displayName. It compares the names in the response itself, because servers ignore
// letter case in them, and several groups may have one name (RFC 7643 section 8.7.1).
func (c *Client) GroupByName(ctx context.Context, name string) (udemy.Group, error) {
	return findGroup(name, search[groupAnswer](ctx, c, groupsRoute, "displayName", name, withoutMembers))
}

func findGroup(name string, found iter.Seq2[groupAnswer, error]) (udemy.Group, error) {
	group, err := udemy.FindGroup(name, http.MethodGet+" "+groupsRoute, paging.Convert(found, groupAnswer.group))
	return group, explainAbsence(err)
}

// awaitGroup finds a group that may have been created a moment ago, by the search or in the list of all groups. It waits before the
// error is an ErrNotFound, because a second group with the name would have to be found and deleted by hand.
func (c *Client) awaitGroup(ctx context.Context, name string) (group udemy.Group, err error) {
	_, settleErr := c.client.Settle(ctx, func(ctx context.Context) (bool, error) {
		if group, err = c.GroupByName(ctx, name); errors.Is(err, udemy.ErrNotFound) {
			group, err = findGroup(name, all[groupAnswer](ctx, c, groupsRoute, withoutMembers))
		}
		return !errors.Is(err, udemy.ErrNotFound), nil
	})
	if settleErr != nil {
		return group, settleErr
	}
	return group, err
}

// RenameGroup sends PATCH /Groups/{id} (RFC 7644 section 3.5.2) and reads the group again until the change shows.
func (c *Client) RenameGroup(ctx context.Context, id, name string) (group udemy.Group, err error) {
	if err := c.patchGroup(ctx, id, replace("displayName", name)); err != nil {
		return udemy.Group{}, err
	}
	_, err = c.client.Settle(ctx, func(ctx context.Context) (bool, error) {
		group, err = c.Group(ctx, id)
		return err == nil && udemy.SameText(group.Name, name), err
	})
	return group, err
}

// DeleteGroup sends DELETE /Groups/{id} (RFC 7644 section 3.6) and confirms by reading that the group is gone.
func (c *Client) DeleteGroup(ctx context.Context, id string) error {
	read := func(ctx context.Context) error {
		_, err := c.Group(ctx, id)
		return err
	}
	request := transport.Request{Method: http.MethodDelete, Route: groupRoute, IDs: []string{id}}
	if _, err := c.send(ctx, request); err != nil {
		return udemy.IgnoreNotFound(transport.ConfirmAbsent(err, func() error { return read(ctx) }))
	}
	gone, err := c.client.SettleGone(ctx, id, read)
	if err == nil && !gone {
		err = udemy.NoEffect(request.Call(), fmt.Sprintf("group %s still exists", id))
	}
	return err
}
