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

// Collection is all learners, or all groups, of an API that may not show them at all.
type Collection struct {
	// Request asks for a page of the collection.
	Request Request
	// Valid tells a page from a success of another kind, such as a web page.
	Valid func(Request, *Response) error
	// Refusal makes an error of an answer that is no success.
	Refusal func(Request, *Response) error

	mu sync.Mutex
	// checked says that readable is known. It stays so for the life of a client, which is one run of Terraform.
	checked  bool
	readable bool
}

// IsReadable finds out whether the API shows the collection at all. If it doesn't, a 404 on one of its members says
// nothing about that member. A failure is not remembered.
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
	case response.Status == http.StatusNotFound || response.Status == http.StatusMethodNotAllowed || response.Status == http.StatusNotImplemented:
	default:
		err = c.Refusal(c.Request, response)
	}
	if err != nil {
		return false, err
	}
	c.checked, c.readable = true, response.OK()
	return c.readable, nil
}

// ConfirmAbsent decides what a 404 on a call about one object means, by a look at the object itself: if it is still there,
// then it is the call that doesn't exist, which is an udemy.ErrNotOffered. Any other error is left as it is.
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
