// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package scim implements udemy.API over SCIM 2.0 (RFC 7643 and RFC 7644), which Udemy documents for organizations on an
// Enterprise plan.
//
// The client accepts the differences between servers that the RFCs allow, and some that they do not: attribute names in another
// letter case, booleans and statuses as strings, responses without a body, pages smaller than requested, groups without their
// members. It sends neither DELETE nor PUT for a learner: Udemy documents neither.
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

// The media types of requests and of responses (RFC 7644 section 3.1). Udemy's own guides use the first one.
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

// Client implements udemy.API for one organization. It is safe for concurrent use.
type Client struct {
	client *transport.Client
	// licenseKey is the name of the attribute in requests that holds licenses.
	licenseKey LicenseKey
	users      transport.Collection
	groups     transport.Collection
	// answered is set once a response has shown that the base URL is right.
	answered atomic.Bool

	// groupLocks holds a mutex for each group: some servers lose members when two changes to one group overlap.
	groupLocks sync.Map

	// membersSeen is set once a group has been returned with members, and groupsSeen once a learner has been returned with groups.
	// membersHidden is set once a search for members has found none, and membersLeftOut once a group that has a member has been returned
	// without members. See findMembers, which holds membersSearch.
	membersSeen, groupsSeen, membersHidden, membersLeftOut atomic.Bool
	membersSearch                                          sync.Mutex

	// totalsHold is set once a list has ended at its total. Later searches then rely on the total.
	totalsHold atomic.Bool

	// refusesExclusion is set once the server has refused excludedAttributes, and demandsVersion once it has demanded If-Match.
	refusesExclusion, demandsVersion atomic.Bool
}

// LicenseKey is a name of the attribute that holds a learner's licenses. Udemy's article uses two names.
type LicenseKey string

// The names. Requests use the one that is configured; responses may use either.
const (
	LicenseTypes LicenseKey = "licenseTypes"
	LicenseType  LicenseKey = "licenseType"
)

// New returns a Client. The base URL of the transport client is an Endpoint or the address of another SCIM server.
func New(client *transport.Client, licenseKey LicenseKey) *Client {
	return &Client{
		client:     client,
		licenseKey: licenseKey,
		users:      readable(usersRoute),
		groups:     readable(groupsRoute),
	}
}

// readable describes a collection, with the request that shows whether the collection can be read.
func readable(route string) transport.Collection {
	return transport.Collection{
		Request: list(route, url.Values{"startIndex": {"1"}, "count": {"1"}}),
		Valid:   isList,
		Refusal: func(request transport.Request, response *transport.Response) error { return refusal(request, response) },
	}
}

// Subdomain matches the subdomain of an organization: one label of a host name (RFC 1123 section 2.1).
var Subdomain = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

// Endpoint returns the base URL that Udemy documents for SCIM in the organization at {subdomain}.udemy.com.
func Endpoint(subdomain string) string {
	return "https://" + subdomain + ".udemy.com/scim/v2"
}

// Capabilities excludes roles and deletion, which Udemy does not support over SCIM.
func (c *Client) Capabilities() udemy.Capabilities {
	return udemy.Capabilities{Name: "SCIM", Fields: profileFields(), RemoveTogether: true}
}

// refusedError is an unsuccessful response, with the keyword that SCIM adds to the status (RFC 7644 section 3.12).
type refusedError struct {
	refusal  *udemy.Error
	scimType string
}

func (r *refusedError) Error() string { return r.refusal.Error() }

func (r *refusedError) Unwrap() error { return r.refusal }

// errorAnswer is a SCIM error. Its status, a string or a number, repeats the HTTP status and is ignored.
type errorAnswer struct {
	ScimType string `json:"scimType"`
	Detail   string `json:"detail"`
}

// checkSubject returns an error if a successful response describes another learner or group than the path of its request. Every
// such path ends with the ID of the object, and only the object itself has an ID in a response (RFC 7643 section 3.1).
func checkSubject(request transport.Request, response *transport.Response) error {
	var answer struct {
		ID transport.ID `json:"id"`
	}
	if len(request.IDs) == 0 {
		return nil
	}
	if isDecoded := json.Unmarshal(response.Body, &answer) == nil; !isDecoded { // The caller reports it.
		return nil
	}
	if answer.ID == "" || udemy.SameID(string(answer.ID), request.IDs[0]) {
		return nil
	}
	kind := "learner "
	if request.Route == groupRoute {
		kind = "group "
	}
	return udemy.Mismatch(request.Call(), kind+request.IDs[0], kind+string(answer.ID))
}

// checkNotFound turns a 404 into an ErrNotOffered, unless the request names an object and the collection can be read. Only then
// does a 404 prove that the object does not exist. If the list of learners is a 404, the base URL is wrong: SCIM requires the list.
func (c *Client) checkNotFound(ctx context.Context, request transport.Request, refused *refusedError) error {
	isMissing := request.Method == http.MethodGet
	collection := &c.users
	if strings.HasPrefix(request.Route, groupsRoute) {
		collection = &c.groups
	}
	if len(request.IDs) > 0 {
		canRead, err := collection.IsReadable(ctx, c.client)
		if err != nil {
			return err
		}
		if canRead {
			return refused
		}
		isMissing = collection.IsMissing()
	}
	switch {
	case isMissing && collection == &c.users:
		refused.refusal.Kind = udemy.ErrWrongAddress
	case isMissing && !c.answered.Load():
		refused.refusal.Kind = udemy.ErrNoCollection
	default:
		refused.refusal.Kind = udemy.ErrNotOffered
	}
	refused.refusal.Detail = strings.TrimSuffix(refused.refusal.Detail, ".") + fmt.Sprintf("; if SCIM is enabled for the organization, its subdomain or the API's address is wrong; the base URL is %s", c.client.BaseURL())
	return refused
}

// refusal returns the error for an unsuccessful response.
func refusal(request transport.Request, response *transport.Response) *refusedError {
	refused := &refusedError{refusal: &udemy.Error{
		Kind: transport.Kind(response.Status), Call: request.Call(), Detail: response.Text(), Resent: response.Resent,
	}}
	if answer, err := transport.Decode[errorAnswer](request, response); err == nil {
		refused.scimType = answer.ScimType
		if strings.EqualFold(answer.ScimType, "uniqueness") { // The RFC requires status 409. Some servers send 400.
			refused.refusal.Kind = udemy.ErrConflict
		}
		if answer.Detail != "" {
			refused.refusal.Detail = fmt.Sprintf("HTTP status %d: %s", response.Status, transport.Shorten(answer.Detail))
		}
	}
	return refused
}

// isScimType reports whether an error is a refusal with a keyword of RFC 7644 section 3.12.
func isScimType(err error, scimType string) bool {
	refused, ok := errors.AsType[*refusedError](err)
	return ok && strings.EqualFold(refused.scimType, scimType)
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
