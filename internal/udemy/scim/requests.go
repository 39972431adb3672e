// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

const excludedAttributes = "excludedAttributes"

// withoutMembers requests groups without their members, of which there may be thousands (RFC 7644 section 3.9). It is for reads
// only: one known server removes the excluded members from the group if the request is a change.
var withoutMembers = url.Values{excludedAttributes: {"members"}}

// send sends one request, and returns an error for every unsuccessful response. If the server refuses excludedAttributes as invalid,
// send repeats the request without it. Later requests then leave it out.
func (c *Client) send(ctx context.Context, request transport.Request) (*transport.Response, error) {
	if !request.Query.Has(excludedAttributes) {
		return c.sendAsIs(ctx, request)
	}
	whole := request
	whole.Query = maps.Clone(request.Query)
	whole.Query.Del(excludedAttributes)
	if c.refusesExclusion.Load() {
		return c.sendAsIs(ctx, whole)
	}
	response, err := c.sendAsIs(ctx, request)
	if !errors.Is(err, udemy.ErrInvalid) || isScimType(err, "invalidFilter") {
		return response, err
	}
	if response, err = c.sendAsIs(ctx, whole); err == nil {
		c.refusesExclusion.Store(true)
	}
	return response, err
}

// sendFor sends a request whose response is an object. The object must have an ID and, if it is read, a name.
func sendFor[T hasID](ctx context.Context, c *Client, request transport.Request, name func(T) string, nameless string) (T, error) {
	var none T
	response, err := c.send(ctx, request)
	if err != nil {
		return none, err
	}
	answer, err := transport.Decode[T](request, response)
	if response.CreatedID != "" && (err != nil || answer.id() == "") { // Only the header has the ID.
		encoded, _ := json.Marshal(map[string]string{"id": response.CreatedID}) // Encoding a string never fails.
		answer, err = transport.Decode[T](request, &transport.Response{Body: encoded})
	}
	if err != nil {
		return none, err
	}
	if err := transport.CheckID(answer.id()); err != nil {
		return none, transport.Unusable(request, response, err)
	}
	if name(answer) == "" && request.Method == http.MethodGet {
		return none, transport.Unusable(request, response, errors.New(nameless))
	}
	return answer, nil
}

// sendAsIs sends one request. A 404 about a new object is not believed at once.
func (c *Client) sendAsIs(ctx context.Context, request transport.Request) (response *transport.Response, err error) {
	err = c.client.Await(ctx, request.IDs, transport.IsNotFound, func(ctx context.Context) error {
		response, err = c.sendOnce(ctx, request)
		return err
	})
	return response, err
}

// sendOnce sends one request with the headers that the server demands.
func (c *Client) sendOnce(ctx context.Context, request transport.Request) (*transport.Response, error) {
	response, err := c.do(ctx, request)
	if err != nil {
		return nil, err
	}
	if response.OK() {
		c.answered.Store(true)
		return response, checkSubject(request, response)
	}
	refused := refusal(request, response)
	if !response.NotFound() {
		return nil, refused
	}
	return nil, c.checkNotFound(ctx, request, refused)
}

// maxVersions is how often a change is sent with a version. Another client may change the object after the version was read.
const maxVersions = 2

// do sends one request. If the server demands the version of the object that the request changes (RFC 7644 section 3.14), do reads
// the version first. Whether a server does shows when it refuses a change without a version.
func (c *Client) do(ctx context.Context, request transport.Request) (*transport.Response, error) {
	isChange := request.Method != http.MethodGet && len(request.IDs) > 0
	for versions := 0; ; {
		if isChange && c.demandsVersion.Load() {
			var err error
			if request.IfMatch, err = c.version(ctx, request); err != nil {
				return nil, err
			}
			if versions++; request.IfMatch == "" {
				versions = maxVersions
			}
		}
		response, err := c.client.Do(ctx, request)
		if err != nil || !isChange || !isVersionRefusal(response) || versions == maxVersions {
			return response, err
		}
		c.demandsVersion.Store(true)
	}
}

// isVersionRefusal reports whether a change was refused because its version is missing or not the current one.
func isVersionRefusal(response *transport.Response) bool {
	return response.Status == http.StatusPreconditionRequired || response.Status == http.StatusPreconditionFailed
}

// version reads the version of the object that a request changes. A server need not repeat the ETag header in the body (RFC 7644
// section 3.14). The version is empty if the server returns none or the object does not exist: the response to the change shows why.
func (c *Client) version(ctx context.Context, request transport.Request) (string, error) {
	read := transport.Request{Method: http.MethodGet, Route: request.Route, IDs: request.IDs}
	if read.Route == groupRoute {
		read.Query = withoutMembers
	}
	response, err := c.send(ctx, read)
	if err != nil {
		return "", udemy.IgnoreNotFound(err)
	}
	answer, err := transport.Decode[struct {
		Meta struct {
			Version string `json:"version"`
		} `json:"meta"`
	}](read, response)
	return cmp.Or(answer.Meta.Version, response.ETag), err
}
