// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Collection is the list of all learners or groups of an API. An API may lack it.
type Collection struct {
	// Request fetches a page of the collection.
	Request Request
	// Valid returns an error if a response with a success status is not a page, but for example a web page.
	Valid func(Request, *Response) error
	// Refusal converts a response without a success status to an error.
	Refusal func(Request, *Response) error

	mu sync.Mutex
	// checked is true once readable is known. The result is valid for the life of a client: one run of Terraform.
	checked  bool
	readable bool
	// missing is true if the collection was a 404. Then the base URL may be wrong.
	missing bool
}

// IsMissing reports whether IsReadable has got a 404 for the collection.
func (c *Collection) IsMissing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.missing
}

// BaseURL returns the base URL for messages.
func (c *Client) BaseURL() string {
	return c.config.BaseURL.String()
}

// IsReadable reports whether the API has the collection. Without it, a 404 on a member does not mean that the member is
// absent. IsReadable caches the result, but not an error.
func (c *Collection) IsReadable(ctx context.Context, client *Client) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.checked {
		return c.readable, nil
	}
	response, err := client.Do(ctx, c.Request)
	if err != nil {
		return false, err
	}
	switch {
	case response.OK():
		err = c.Valid(c.Request, response)
	case response.NotFound() || response.Status == http.StatusMethodNotAllowed || response.Status == http.StatusNotImplemented:
	default:
		err = c.Refusal(c.Request, response)
	}
	if err != nil {
		return false, err
	}
	c.checked, c.readable, c.missing = true, response.OK(), response.NotFound()
	return c.readable, nil
}

// ConfirmAbsent resolves a 404 of a call on an object. It reads the object with look: if the object exists, the API lacks the
// call, and the error becomes udemy.ErrNotOffered. ConfirmAbsent returns all other errors unchanged.
func ConfirmAbsent(err error, look func() error) error {
	refused, ok := errors.AsType[*udemy.Error](err)
	if !ok || !errors.Is(refused, udemy.ErrNotFound) {
		return err
	}
	switch looked := look(); {
	case looked == nil:
		absent := *refused
		absent.Kind = udemy.ErrNotOffered
		return &absent
	case errors.Is(looked, udemy.ErrNotFound):
		return err
	default:
		return looked
	}
}
