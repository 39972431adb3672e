// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package usermanagement is a udemy.API over Udemy's user-management REST API.
//
// One call of that API is documented: creating a learner, in CreateUser. All others are assumptions, shaped
// like the rest of Udemy's api-2.0 family and marked where they stand. In a real organization any of them may turn
// out not to exist; so a 404 is believed to mean "no such learner" only where the API proves that it can be
// read at all, and is an udemy.ErrNotOffered everywhere else.
package usermanagement

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// DefaultEndpoint is where Udemy serves the API; documented.
const DefaultEndpoint = "https://usermanagement.udemy.com/api-2.0"

// MediaType is that of requests and answers.
const MediaType = "application/json"

const (
	usersRoute  = "/users/"
	userRoute   = "/users/{id}/"
	resendRoute = "/users/{id}/resend-invite/"
	groupsRoute = "/groups/"
	groupRoute  = "/groups/{id}/"
	// The members of a group, and one of them.
	membersRoute = "/groups/{id}/users/"
	memberRoute  = "/groups/{id}/users/{user}/"
)

var _ udemy.API = (*Client)(nil)

// Directory is an organization behind the user-management REST API.
type Client struct {
	client *transport.Client
	users  transport.Collection
	groups transport.Collection
}

// New makes a Directory. The client's base URL is one that BaseURL made.
func New(client *transport.Client) *Client {
	return &Client{
		client: client,
		users:  readable(usersRoute),
		groups: readable(groupsRoute),
	}
}

// BaseURL is where an organization is found below an endpoint.
func BaseURL(endpoint *url.URL, organizationUUID string) *url.URL {
	return endpoint.JoinPath("organizations", url.PathEscape(organizationUUID))
}

// Capabilities implements udemy.API. Roles are documented, for creating; the rest is assumption.
func (c *Client) Capabilities() udemy.Capabilities {
	return udemy.Capabilities{Name: "the user-management API", Fields: profileFields(), DeleteUsers: true, Invitations: true}
}

// send does one call, and makes an error of every answer that is no success.
func (c *Client) send(ctx context.Context, request transport.Request) (*transport.Response, error) {
	response, err := c.client.Do(ctx, request)
	if err != nil {
		return nil, err
	}
	if err := c.check(ctx, request, response); err != nil {
		return nil, err
	}
	return response, checkSubject(request, response)
}

// check is nil for a success. It is where a 404 is told apart: absent, or no such call.
func (c *Client) check(ctx context.Context, request transport.Request, response *transport.Response) error {
	if response.OK() {
		return nil
	}
	refused := refusal(request, response)
	if response.Status != http.StatusNotFound {
		return refused
	}
	if len(request.IDs) == 0 {
		refused.Detail += "; if the API does have this call, the organization's UUID or the API's address is wrong"
		return notOffered(refused)
	}
	all := &c.users
	if strings.HasPrefix(request.Route, groupsRoute) {
		all = &c.groups
	}
	canRead, err := all.IsReadable(ctx, c.client)
	switch {
	case err != nil:
		return err
	case !canRead:
		return notOffered(refused)
	default:
		return refused
	}
}

// readable describes a collection by a request that shows whether it can be read.
func readable(route string) transport.Collection {
	return transport.Collection{
		Request: transport.Request{Method: http.MethodGet, Route: route, Query: url.Values{"page": {"1"}, "page_size": {"1"}}},
		Valid: func(request transport.Request, response *transport.Response) error {
			_, err := decodePage[any](request, response)
			return err
		},
		Refusal: func(request transport.Request, response *transport.Response) error { return refusal(request, response) },
	}
}
