// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Request is one call of an API.
type Request struct {
	Method string
	// Route is the path below the base URL, with a name in braces where an id goes: "/groups/{group}/users/{user}/".
	Route string
	// IDs take the places of the names, in order, each as one segment of the path whatever is in it.
	IDs   []string
	Query url.Values
	// Body is sent as JSON; nil is no body.
	Body any
	// BeforeResend, if not nil, is called before the request is sent again after its answer was lost. An error says that
	// it must not be, and is what Do returns.
	BeforeResend func(context.Context) error
}

// Call names the request in errors: the method and the route, without ids.
func (r Request) Call() string {
	return r.Method + " " + r.Route
}

// path puts the ids into the route.
func (r Request) path() (string, error) {
	segments := strings.Split(r.Route, "/")
	next := 0
	for i, segment := range segments {
		if !strings.HasPrefix(segment, "{") {
			continue
		}
		id := r.IDs[next]
		next++
		// No escaping makes these safe: an empty segment or dots, even as %2E, lead to another resource.
		if id == "" || id == "." || id == ".." {
			return "", &udemy.Error{Kind: udemy.ErrInvalid, Call: r.Call(), Detail: fmt.Sprintf("%q is not an id", id)}
		}
		segments[i] = url.PathEscape(id)
	}
	return strings.Join(segments, "/"), nil
}

// Response is an answer, read to its end.
type Response struct {
	Status int
	// Body is as it came if the status is a success; otherwise the credential has been taken out of it.
	Body []byte
	// Location is where a redirect leads, without the query.
	Location string
	// Resent says that the same request was sent before, may have been carried out, and its answer was lost.
	Resent bool
}

// OK reports whether the status is one of success.
func (r *Response) OK() bool {
	return r.Status >= 200 && r.Status < 300
}

// Text describes the answer to a person: the status, and what is fit to be shown of the body.
func (r *Response) Text() string {
	status := fmt.Sprintf("HTTP status %d", r.Status)
	if r.Status >= 300 && r.Status < 400 {
		return strings.TrimSuffix(status+", a redirect to "+r.Location, " to ") + ", which is not followed"
	}
	if body := Shorten(string(r.Body)); body != "" {
		return status + ": " + body
	}
	return status
}

// Kind is the kind of error that a status other than success amounts to.
func Kind(status int) error {
	switch status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return udemy.ErrInvalid
	case http.StatusUnauthorized:
		return udemy.ErrUnauthorized
	case http.StatusForbidden:
		return udemy.ErrForbidden
	case http.StatusNotFound:
		return udemy.ErrNotFound
	case http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return udemy.ErrNotOffered
	case http.StatusConflict:
		return udemy.ErrConflict
	default:
		return udemy.ErrUnavailable
	}
}
