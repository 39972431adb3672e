// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package scim is a udemy.Directory over SCIM 2.0 (RFC 7643 and RFC 7644), which Udemy documents for Enterprise
// organizations.
//
// What a server may do differently within the RFCs is met here: names in another letter case, booleans and
// statuses as strings, answers without a body, pages smaller than asked for, groups that don't tell their
// members. Learners are never deleted and never replaced as a whole: Udemy offers neither.
package scim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// The media types of requests, and of answers (RFC 7644 section 3.1). Udemy's own guides set the first one.
const (
	ContentType = "application/scim+json"
	Accept      = "application/scim+json, application/json"
)

const (
	usersRoute  = "/Users"
	userRoute   = "/Users/{id}"
	groupsRoute = "/Groups"
	groupRoute  = "/Groups/{id}"
)

var _ udemy.API = (*Client)(nil)

// Directory is an organization behind SCIM.
type Client struct {
	client *transport.Client
	// licenseKey is how the licences of a learner are spelled on sending.
	licenseKey LicenseKey
	users      transport.Collection
	groups     transport.Collection

	// writing has a lock for each group: servers lose members when two changes to one group meet.
	writing sync.Map

	// tells: an answer has shown memberships. silent: none has, though all groups were looked at; see tellsMemberships.
	tells   atomic.Bool
	looking sync.Mutex
	silent  bool
}

// LicenseKey is a spelling of the attribute that holds a learner's licences. Udemy's article uses both.
type LicenseKey string

// The spellings; both are read.
const (
	LicenseTypes LicenseKey = "licenseTypes"
	LicenseType  LicenseKey = "licenseType"
)

// New makes a Directory. The client's base URL is an Endpoint, or that of another SCIM server.
func New(client *transport.Client, licenseKey LicenseKey) *Client {
	return &Client{
		client:     client,
		licenseKey: licenseKey,
		users:      readable(usersRoute),
		groups:     readable(groupsRoute),
	}
}

// readable describes a collection by a request that shows whether it can be read.
func readable(route string) transport.Collection {
	return transport.Collection{
		Request: list(route, url.Values{"startIndex": {"1"}, "count": {"1"}}),
		Valid:   isList,
		Refusal: func(request transport.Request, response *transport.Response) error { return refusal(request, response) },
	}
}

// Subdomain is what an organization's subdomain looks like: one label of a host name (RFC 1123 section 2.1).
var Subdomain = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

// Endpoint is where Udemy serves SCIM for the organization at {subdomain}.udemy.com; documented.
func Endpoint(subdomain string) string {
	return "https://" + subdomain + ".udemy.com/scim/v2"
}

// Capabilities implements udemy.Directory. Udemy says that SCIM gives no roles and erases nobody.
func (c *Client) Capabilities() udemy.Capabilities {
	return udemy.Capabilities{Name: "SCIM", Fields: profileFields(), RemoveTogether: true}
}

// refused is an answer that is no success, with what SCIM adds to the status (RFC 7644 section 3.12).
type refused struct {
	refusal  *udemy.Error
	scimType string
}

// Error implements error.
func (r *refused) Error() string { return r.refusal.Error() }

// Unwrap gives errors.As and errors.Is the Directory's error.
func (r *refused) Unwrap() error { return r.refusal }

// errorAnswer is a SCIM error. Its status, a string or a number, repeats the one of HTTP, which counts.
type errorAnswer struct {
	ScimType string `json:"scimType"`
	Detail   string `json:"detail"`
}

// send does one call, and makes an error of every answer that is no success.
func (c *Client) send(ctx context.Context, request transport.Request) (*transport.Response, error) {
	response, err := c.client.Do(ctx, request)
	if err != nil {
		return nil, err
	}
	if response.OK() {
		return response, checkSubject(request, response)
	}
	said := refusal(request, response)
	if response.Status != http.StatusNotFound {
		return nil, said
	}
	return nil, c.absent(ctx, request, said)
}

// checkSubject makes an error of a success that describes another learner or group than the one in the request's path. Every
// such path ends at the object, and an answer that is not the object itself has no ID (RFC 7643 section 3.1).
func checkSubject(request transport.Request, response *transport.Response) error {
	var answer struct {
		ID transport.Scalar `json:"id"`
	}
	decoded := json.Unmarshal(response.Body, &answer) == nil // What can't be decoded is an error where it is used.
	if !decoded || len(request.IDs) == 0 || answer.ID == "" || udemy.SameID(string(answer.ID), request.IDs[0]) {
		return nil
	}
	kind := "learner "
	if request.Route == groupRoute {
		kind = "group "
	}
	return udemy.Mismatch(request.Call(), kind+request.IDs[0], kind+string(answer.ID))
}

// absent makes sure that a 404 means "absent": it does only if the collection can be read.
func (c *Client) absent(ctx context.Context, request transport.Request, said *refused) error {
	canRead := false
	if len(request.IDs) > 0 {
		collection := &c.users
		if request.Route == groupRoute {
			collection = &c.groups
		}
		var err error
		if canRead, err = collection.IsReadable(ctx, c.client); err != nil {
			return err
		}
	}
	if !canRead {
		said.refusal.Kind = udemy.ErrNotOffered
		said.refusal.Detail += "; if the organization does have SCIM, its subdomain or the API's address is wrong"
	}
	return said
}

// refusal reads an answer that is no success.
func refusal(request transport.Request, response *transport.Response) *refused {
	said := &refused{refusal: &udemy.Error{
		Kind: transport.Kind(response.Status), Call: request.Call(), Detail: response.Text(), Resent: response.Resent,
	}}
	if answer, err := transport.Decode[errorAnswer](request, response); err == nil {
		said.scimType = answer.ScimType
		if strings.EqualFold(answer.ScimType, "uniqueness") { // It belongs to 409, but comes with 400 too.
			said.refusal.Kind = udemy.ErrConflict
		}
		if answer.Detail != "" {
			said.refusal.Detail = fmt.Sprintf("HTTP status %d: %s", response.Status, transport.Shorten(answer.Detail))
		}
	}
	return said
}

// isScimType reports whether an error is a refusal with a certain keyword of RFC 7644 section 3.12.
func isScimType(err error, scimType string) bool {
	said, ok := errors.AsType[*refused](err)
	return ok && strings.EqualFold(said.scimType, scimType)
}

func notFound(route, detail string) *udemy.Error {
	return &udemy.Error{Kind: udemy.ErrNotFound, Call: http.MethodGet + " " + route, Detail: detail}
}

func notOffered(call, detail string) *udemy.Error {
	return &udemy.Error{Kind: udemy.ErrNotOffered, Call: call, Detail: detail}
}

func list(route string, query url.Values) transport.Request {
	return transport.Request{Method: http.MethodGet, Route: route, Query: query}
}
