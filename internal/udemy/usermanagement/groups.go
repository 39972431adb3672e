// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// CreateGroup implements udemy.API.
func (c *Client) CreateGroup(ctx context.Context, name string) (udemy.Group, error) {
	// Assumption: POST /groups/ answers 201 with the group object, and 409 with the id of the group of that name.
	request := transport.Request{Method: http.MethodPost, Route: groupsRoute, Body: groupBody{Name: name}}
	response, err := c.send(ctx, request)
	if err != nil {
		return udemy.Group{}, err
	}
	answer, err := transport.Decode[groupAnswer](request, response)
	if err == nil && answer.id() == "" {
		err = errors.New("the answer holds no id")
	}
	if err != nil {
		return udemy.Group{}, &udemy.Error{
			Kind: udemy.ErrUnavailable, Call: request.Call(), Cause: err,
			Detail: fmt.Sprintf("HTTP status %d: the group was probably made, but under which id is not said; "+
				"the same request again, or a look for %q on Udemy's own pages, may tell", response.Status, name),
		}
	}
	if answer.Name != nil && !udemy.SameText(*answer.Name, name) {
		return udemy.Group{}, udemy.Mismatch(request.Call(), fmt.Sprintf("group %q", name), fmt.Sprintf("group %q, ID %s", *answer.Name, answer.id()))
	}
	return answer.over(udemy.Group{Name: name}), nil
}

// Group implements udemy.API.
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
	return answer.over(udemy.Group{ID: id}), nil
}

// GroupByName implements udemy.API. Nothing promises that names are unique.
func (c *Client) GroupByName(ctx context.Context, name string) (udemy.Group, error) {
	// Assumption: name= filters GET /groups/.
	answer, err := only(search[groupAnswer](ctx, c, groupsRoute, "name", name),
		func(answer groupAnswer) bool { return answer.over(udemy.Group{}).Name == name },
		groupsRoute, "group", fmt.Sprintf("name %q", name))
	if err != nil {
		return udemy.Group{}, err
	}
	return answer.over(udemy.Group{}), nil
}

// GroupPage implements udemy.API.
func (c *Client) GroupPage(ctx context.Context, number, _ int) (udemy.Page[udemy.Group], error) {
	// Assumption: GET /groups/ is a page of groups.
	return numbered(ctx, c, transport.Request{Method: http.MethodGet, Route: groupsRoute}, number,
		func(answer groupAnswer) udemy.Group { return answer.over(udemy.Group{}) })
}

// RenameGroup implements udemy.API.
func (c *Client) RenameGroup(ctx context.Context, id, name string) (udemy.Group, error) {
	// Assumption: PATCH /groups/{id}/ takes the name, and answers 200 with the group object.
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
	return answer.over(udemy.Group{ID: id, Name: name}), nil
}

// DeleteGroup implements udemy.API.
func (c *Client) DeleteGroup(ctx context.Context, id string) error {
	// Assumption: DELETE /groups/{id}/ deletes the group, and its members stay in the organization.
	request := transport.Request{Method: http.MethodDelete, Route: groupRoute, IDs: []string{id}}
	if _, err := c.send(ctx, request); err != nil {
		return udemy.IgnoreNotFound(c.confirmNoGroup(ctx, id, err))
	}
	gone, err := c.client.SettleGone(ctx, func(ctx context.Context) error {
		_, err := c.Group(ctx, id)
		return err
	})
	if err == nil && !gone {
		err = udemy.NoEffect(request.Call(), fmt.Sprintf("group %s is still there", id))
	}
	return err
}
