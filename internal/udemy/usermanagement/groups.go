// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/paging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// CreateGroup sends POST /groups/. If a successful response has no usable ID, the error is an ErrUnavailable, and the group may exist.
func (c *Client) CreateGroup(ctx context.Context, name string) (udemy.Group, error) {
	// Assumption: POST /groups/ answers 201 with the group object, and 409 with the ID of the group that has the name.
	request := transport.Request{Method: http.MethodPost, Route: groupsRoute, Body: groupBody{Name: name}}
	response, err := c.send(ctx, request)
	if conflict, ok := errors.AsType[*udemy.Error](err); ok && conflict.Resent { // The first attempt may have created the group.
		c.client.Created(conflict.ExistingID)
	}
	if err != nil {
		return udemy.Group{}, err
	}
	answer, err := created[groupAnswer](request, response)
	if err != nil {
		return udemy.Group{}, &udemy.Error{
			Kind: udemy.ErrUnavailable, Call: request.Call(), Cause: err,
			Detail: fmt.Sprintf("HTTP status %d: the group was probably created, but its ID is unknown; "+
				"apply again, or look for %q in Udemy Business", response.Status, name),
		}
	}
	c.client.Created(answer.id())
	if answer.Name != nil && !udemy.SameText(*answer.Name, name) {
		return udemy.Group{}, udemy.Mismatch(request.Call(), fmt.Sprintf("group %q", name), fmt.Sprintf("group %q, ID %s", *answer.Name, answer.id()))
	}
	return answer.applyTo(udemy.Group{Name: name}), nil
}

// Group sends GET /groups/{id}/.
func (c *Client) Group(ctx context.Context, id string) (udemy.Group, error) {
	// Assumption: GET /groups/{id}/ answers 200 with the group object.
	request := transport.Request{Method: http.MethodGet, Route: groupRoute, IDs: []string{id}}
	response, err := c.send(ctx, request)
	if err != nil {
		return udemy.Group{}, err
	}
	answer, err := transport.Decode[groupAnswer](request, response)
	if err != nil {
		return udemy.Group{}, err
	}
	if answer.Name == nil {
		return udemy.Group{}, transport.Unusable(request, response, errors.New("the group has no name"))
	}
	return answer.applyTo(udemy.Group{ID: id}), nil
}

// GroupByName sends GET /groups/ with a filter on the name. Several groups may have one name: Udemy does not document that names
// are unique.
func (c *Client) GroupByName(ctx context.Context, name string) (udemy.Group, error) {
	// Assumption: name= filters GET /groups/.
	found := search[groupAnswer](ctx, c, groupsRoute, "name", name)
	return udemy.FindGroup(name, http.MethodGet+" "+groupsRoute, paging.Convert(found, groupAnswer.group))
}

// GroupPage sends GET /groups/ with the number of the page.
func (c *Client) GroupPage(ctx context.Context, number, _ int) (udemy.Page[udemy.Group], error) {
	// Assumption: GET /groups/ answers 200 with a page of group objects.
	return readPage(ctx, c, transport.Request{Method: http.MethodGet, Route: groupsRoute}, number, groupAnswer.group)
}

// RenameGroup sends PATCH /groups/{id}/.
func (c *Client) RenameGroup(ctx context.Context, id, name string) (udemy.Group, error) {
	// Assumption: PATCH /groups/{id}/ accepts the name, and answers 200 with the group object.
	request := transport.Request{Method: http.MethodPatch, Route: groupRoute, IDs: []string{id}, Body: groupBody{Name: name}}
	response, err := c.send(ctx, request)
	if err != nil {
		return udemy.Group{}, err
	}
	var answer groupAnswer
	if len(response.Body) > 0 {
		if answer, err = transport.Decode[groupAnswer](request, response); err != nil {
			return udemy.Group{}, err
		}
	}
	return answer.applyTo(udemy.Group{ID: id, Name: name}), nil
}

// DeleteGroup sends DELETE /groups/{id}/ and confirms by reading that the group is gone.
func (c *Client) DeleteGroup(ctx context.Context, id string) error {
	// Assumption: DELETE /groups/{id}/ deletes the group, and its members stay in the organization.
	request := transport.Request{Method: http.MethodDelete, Route: groupRoute, IDs: []string{id}}
	if _, err := c.send(ctx, request); err != nil {
		return udemy.IgnoreNotFound(c.confirmNoGroup(ctx, id, err))
	}
	gone, err := c.client.SettleGone(ctx, id, func(ctx context.Context) error {
		_, err := c.Group(ctx, id)
		return err
	})
	if err == nil && !gone {
		err = udemy.NoEffect(request.Call(), fmt.Sprintf("group %s still exists", id))
	}
	return err
}
