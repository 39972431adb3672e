// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// withoutMembers asks for groups without their members, of which there may be thousands (RFC 7644 section 3.9). Only
// reads may ask so: there is a server that then forgets the members it was not to show when a group is changed.
var withoutMembers = url.Values{"excludedAttributes": {"members"}}

// CreateGroup implements udemy.Directory. Of a conflict the id is not known.
//
// The names of groups need not be unique, so a request whose answer was lost could make a second group when it is sent
// again. Before that, someone looks: a group of the name that is there now is as good as a conflict.
func (c *Client) CreateGroup(ctx context.Context, name string) (udemy.Group, error) {
	request := transport.Request{
		Method: http.MethodPost, Route: groupsRoute, Body: newGroupBody{Schemas: []string{groupSchema}, DisplayName: name},
	}
	request.BeforeResend = func(ctx context.Context) error {
		existing, err := c.GroupByName(ctx, name)
		switch {
		case errors.Is(err, udemy.ErrNotFound):
			return nil
		case errors.Is(err, udemy.ErrConflict): // There are two, and no third one is needed.
			return err
		case err != nil:
			return &udemy.Error{
				Kind: udemy.ErrUnavailable, Call: request.Call(),
				Detail: fmt.Sprintf("the answer was lost, and whether the group was made could not be found out: %s", err),
			}
		default:
			return &udemy.Error{
				Kind: udemy.ErrConflict, Call: request.Call(), ExistingID: existing.ID, Resent: true,
				Detail: "the answer was lost, and there is a group of this name",
			}
		}
	}
	answer, err := c.sendForGroup(ctx, request)
	if err != nil {
		return udemy.Group{}, err
	}
	group := answer.group()
	switch {
	case group.Name == "": // The answer holds only the ID.
		group.Name = name
	case !udemy.SameText(group.Name, name):
		return udemy.Group{}, udemy.Mismatch(request.Call(), fmt.Sprintf("group %q", name), fmt.Sprintf("group %q, ID %s", group.Name, group.ID))
	}
	return group, nil
}

// sendForGroup does a call that answers with a group.
func (c *Client) sendForGroup(ctx context.Context, request transport.Request) (groupAnswer, error) {
	response, err := c.send(ctx, request)
	if err != nil {
		return groupAnswer{}, err
	}
	answer, err := transport.Decode[groupAnswer](request, response)
	if err == nil && answer.ID == "" {
		err = transport.Unusable(request, response, errors.New("the answer holds no id"))
	}
	if err == nil && answer.DisplayName == "" && request.Method == http.MethodGet {
		err = transport.Unusable(request, response, errors.New("the group has no displayName"))
	}
	if err != nil {
		return groupAnswer{}, err
	}
	return answer, nil
}

func readGroup(id string, query url.Values) transport.Request {
	return transport.Request{Method: http.MethodGet, Route: groupRoute, IDs: []string{id}, Query: query}
}

// Group implements udemy.Directory.
func (c *Client) Group(ctx context.Context, id string) (udemy.Group, error) {
	answer, err := c.sendForGroup(ctx, readGroup(id, withoutMembers))
	if errors.Is(err, udemy.ErrInvalid) { // It may be the query that is refused.
		answer, err = c.sendForGroup(ctx, readGroup(id, nil))
	}
	return answer.group(), err
}

// GroupByName implements udemy.Directory. Servers compare without regard to case, and names need not be unique
// (RFC 7643 section 8.7.1).
func (c *Client) GroupByName(ctx context.Context, name string) (udemy.Group, error) {
	answer, err := only(search[groupAnswer](ctx, c, groupsRoute, "displayName", name, withoutMembers),
		func(answer groupAnswer) bool { return answer.DisplayName == name },
		groupsRoute, fmt.Sprintf("name %q", name))
	return answer.group(), err
}

// RenameGroup implements udemy.Directory.
func (c *Client) RenameGroup(ctx context.Context, id, name string) (udemy.Group, error) {
	if err := c.patchGroup(ctx, id, replace("displayName", name)); err != nil {
		return udemy.Group{}, err
	}
	return c.Group(ctx, id)
}

// DeleteGroup implements udemy.Directory.
func (c *Client) DeleteGroup(ctx context.Context, id string) error {
	read := func(ctx context.Context) error {
		_, err := c.Group(ctx, id)
		return err
	}
	request := transport.Request{Method: http.MethodDelete, Route: groupRoute, IDs: []string{id}}
	if _, err := c.send(ctx, request); err != nil {
		return udemy.IgnoreNotFound(transport.ConfirmAbsent(err, func() error { return read(ctx) }))
	}
	gone, err := c.client.SettleGone(ctx, read)
	if err == nil && !gone {
		err = udemy.NoEffect(request.Call(), fmt.Sprintf("group %s is still there", id))
	}
	return err
}
