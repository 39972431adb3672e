// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package usermanagement implements udemy.API over Udemy's user-management REST API.
//
// Udemy documents one call of this API: creating a learner (CreateUser). All other calls are modeled on the rest of Udemy's api-2.0
// family, and each one is marked as an assumption. Any of them may not exist in a real organization. Therefore, a 404 is a
// udemy.ErrNotFound only if the collection of learners or groups can be read, and a udemy.ErrNotOffered otherwise.
package usermanagement

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// DefaultEndpoint is the address of the API that Udemy documents.
const DefaultEndpoint = "https://usermanagement.udemy.com/api-2.0"

// MediaType is the media type of requests and responses.
const MediaType = "application/json"

const (
	usersRoute  = "/users/"
	userRoute   = "/users/{id}/"
	resendRoute = "/users/{id}/resend-invite/"
	groupsRoute = "/groups/"
	groupRoute  = "/groups/{id}/"
	// The members of a group, and one member.
	membersRoute = "/groups/{id}/users/"
	memberRoute  = "/groups/{id}/users/{user}/"
)

var _ udemy.API = (*Client)(nil)

// Client implements udemy.API for one organization. It is safe for concurrent use.
type Client struct {
	client *transport.Client
	users  transport.Collection
	groups transport.Collection

	// answered is set once a response has shown that the base URL is right.
	answered atomic.Bool
}

// New returns a Client. The base URL of the transport client comes from BaseURL.
func New(client *transport.Client) *Client {
	return &Client{
		client: client,
		users:  readable(usersRoute),
		groups: readable(groupsRoute),
	}
}

// BaseURL returns the address of an organization below an endpoint.
func BaseURL(endpoint *url.URL, organizationUUID string) *url.URL {
	return endpoint.JoinPath("organizations", url.PathEscape(organizationUUID))
}

// Capabilities returns what the API offers. Udemy documents only the fields of a new learner, of which both names are required.
// Assumption: an update can change the same fields and can't clear a name, learners can be deleted, and invitations can be canceled and sent again.
func (c *Client) Capabilities() udemy.Capabilities {
	return udemy.Capabilities{Name: "the user-management API", Fields: profileFields(), DeleteUsers: true, Invitations: true, RequiresNames: true}
}

// send sends one request, and returns an error for every unsuccessful response. A 404 about a new object is not believed at once.
func (c *Client) send(ctx context.Context, request transport.Request) (response *transport.Response, err error) {
	ids := request.IDs
	if request.Route == memberRoute { // A 404 about a membership means that the learner is not in the group.
		ids = nil
	}
	err = c.client.Await(ctx, ids, transport.IsNotFound, func(ctx context.Context) error {
		if response, err = c.client.Do(ctx, request); err != nil {
			return err
		}
		return c.check(ctx, request, response)
	})
	if err != nil {
		return nil, err
	}
	return response, checkSubject(request, response)
}

// check returns an error for an unsuccessful response. A 404 means that the object does not exist if the request names an object and
// the collection can be read. Otherwise it is an ErrNotOffered.
func (c *Client) check(ctx context.Context, request transport.Request, response *transport.Response) error {
	if response.OK() || response.Status == http.StatusConflict {
		c.answered.Store(true)
	}
	if response.OK() {
		return nil
	}
	refused := refusal(request, response)
	if !response.NotFound() {
		return refused
	}
	if len(request.IDs) == 0 {
		return c.notOffered(refused, true)
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
		return c.notOffered(refused, all.IsMissing())
	default:
		return refused
	}
}

// notOffered returns the error for a 404 that proves nothing about a learner or a group. If the list is missing as well, the base
// URL may be wrong, unless another response has shown that it is right.
func (c *Client) notOffered(refused *udemy.Error, isMissing bool) *udemy.Error {
	absent := *refused
	absent.Kind = udemy.ErrNotOffered
	if isMissing && !c.answered.Load() {
		absent.Kind = udemy.ErrNoCollection
	}
	absent.Detail = strings.TrimSuffix(absent.Detail, ".") + fmt.Sprintf("; if the API has this call, the organization's UUID or the API's address is wrong; the base URL is %s", c.client.BaseURL())
	return &absent
}

// readable describes a collection, with the request that shows whether the collection can be read.
func readable(route string) transport.Collection {
	return transport.Collection{
		Request: transport.Request{Method: http.MethodGet, Route: route, Query: url.Values{"page": {"1"}, "page_size": {"1"}}},
		Valid: func(request transport.Request, response *transport.Response) error {
			_, err := decodePage[json.RawMessage](request, response)
			return err
		},
		Refusal: func(request transport.Request, response *transport.Response) error { return refusal(request, response) },
	}
}
