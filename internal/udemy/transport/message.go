// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Request is a call of an API.
type Request struct {
	Method string
	// Route is the path below the base URL, with placeholders for IDs: "/groups/{group}/users/{user}/".
	Route string
	// IDs replace the placeholders, in order. Each ID is escaped as one path segment.
	IDs   []string
	Query url.Values
	// Body is sent as JSON. If Body is nil, the request has no body.
	Body any
	// IfMatch is the version of the object that the request may change. If it is empty, the request has no If-Match header.
	IfMatch string
	// BeforeResend, if not nil, runs before a retry if an earlier attempt may have been carried out. If it returns an error,
	// Do returns the error without a retry.
	BeforeResend func(context.Context) error
}

// Call returns the method and the route without IDs. Errors use it to identify the request.
func (r Request) Call() string {
	return r.Method + " " + r.Route
}

// CheckID returns an error for a response without an ID. Decoding an ID checks the rest.
func CheckID(id string) error {
	if id == "" {
		return errors.New("the response has no ID")
	}
	return nil
}

// path returns the route with IDs in place of the placeholders.
func (r Request) path() (string, error) {
	segments := strings.Split(r.Route, "/")
	next := 0
	for i, segment := range segments {
		if !strings.HasPrefix(segment, "{") {
			continue
		}
		id := r.IDs[next]
		next++
		// Escaping doesn't make these IDs safe: an empty segment or dots, even as %2E, lead to another resource.
		if id == "" || udemy.HasDotSegment(id) {
			return "", &udemy.Error{Kind: udemy.ErrInvalid, Call: r.Call(), Detail: fmt.Sprintf("%q is not a valid ID", id)}
		}
		segments[i] = url.PathEscape(id)
	}
	return strings.Join(segments, "/"), nil
}

// Response is a complete response.
type Response struct {
	Status int
	// Body is unchanged if OK is true. Otherwise the credential is redacted.
	Body []byte
	// location is the target of a redirect, without the query.
	location string
	// CreatedID is the ID in the address of a new object (RFC 7644 section 3.3). ETag is the version of the object.
	CreatedID, ETag string
	// Resent is true if the server may have carried out an earlier attempt of the request whose response was lost.
	Resent bool
}

// OK reports whether the status is a success status.
func (r *Response) OK() bool {
	return r.Status >= 200 && r.Status < 300
}

// NotFound reports whether the status means that the object or the call does not exist: 404, or 410 for one that existed.
func (r *Response) NotFound() bool {
	return r.Status == http.StatusNotFound || r.Status == http.StatusGone
}

// Text describes the response for an error message: the status and a short form of the body.
func (r *Response) Text() string {
	status := fmt.Sprintf("HTTP status %d", r.Status)
	if r.Status >= 300 && r.Status < 400 && r.Status != http.StatusNotModified {
		return strings.TrimSuffix(status+", a redirect to "+r.location, " to ") + ", which is not followed"
	}
	if body := Shorten(string(r.Body)); body != "" {
		return status + ": " + body
	}
	return status
}

// Kind returns the kind of error for a status that is not a success status.
func Kind(status int) error {
	switch status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return udemy.ErrInvalid
	case http.StatusUnauthorized:
		return udemy.ErrUnauthorized
	case http.StatusForbidden:
		return udemy.ErrForbidden
	case http.StatusNotFound, http.StatusGone:
		return udemy.ErrNotFound
	case http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return udemy.ErrNotOffered
	case http.StatusConflict:
		return udemy.ErrConflict
	case http.StatusRequestTimeout: // Gateways also send it while the server is still working on the request.
		return udemy.ErrUnavailable
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return udemy.ErrRefused // The client should send the same request elsewhere. 302 and 303 may also refer to a result.
	}
	if status >= 400 && status < 500 {
		return udemy.ErrRefused
	}
	return udemy.ErrUnavailable
}
