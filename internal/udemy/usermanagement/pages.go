// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/paging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// pageSize is the requested number of objects. Assumption: page= and page_size= select a page, and a page can have this size.
const pageSize = 100

// page is one page of a collection.
type page[T any] struct {
	// Count is the number of objects on all pages.
	Count *int `json:"count"`
	// Next is only compared with the values that announce no further page. An address from a response is never followed.
	Next    json.RawMessage `json:"next"`
	Results *[]T            `json:"results"`
}

// isLast reports whether the response announces that no page follows. A response without next announces nothing.
func (p page[T]) isLast() bool {
	return slices.Contains([]string{"null", `""`, "false"}, string(p.Next))
}

func (p page[T]) hasMore() bool { return len(p.Next) > 0 && !p.isLast() }

func decodePage[T any](request transport.Request, response *transport.Response) (page[T], error) {
	p, err := transport.Decode[page[T]](request, response)
	if err == nil && p.Results == nil {
		// The response would look like an empty collection, and all learners would count as deleted.
		err = transport.Unusable(request, response, errors.New("the response has no results"))
	}
	return p, err
}

// hasID is an object of a collection.
type hasID interface{ id() string }

// search yields the results of a filter, or all objects if the server refuses the filter. A server may ignore the filter, so the
// caller must check each result.
func search[T hasID](ctx context.Context, c *Client, route, filter, value string) iter.Seq2[T, error] {
	request := transport.Request{Method: http.MethodGet, Route: route, Query: url.Values{filter: {value}}}
	return func(yield func(T, error) bool) {
		if value == "" {
			var none T
			// An empty value would match every object without the attribute.
			yield(none, &udemy.Error{Kind: udemy.ErrInvalid, Call: request.Call(), Detail: fmt.Sprintf("%s is empty", filter)})
			return
		}
		for object, err := range list[T](ctx, c, request) {
			if errors.Is(err, udemy.ErrInvalid) {
				request.Query = nil
				list[T](ctx, c, request)(yield)
				return
			}
			if !yield(object, err) {
				return
			}
		}
	}
}

// list yields each object of a collection.
func list[T hasID](ctx context.Context, c *Client, request transport.Request) iter.Seq2[T, error] {
	return paging.Walk(func(object T) string { return object.id() }, func(number, _ int) (udemy.Page[T], error) {
		p, err := fetchPage[T](ctx, c, request, number)
		if err != nil {
			return udemy.Page[T]{}, err
		}
		next := udemy.Page[T]{Items: *p.Results, Last: p.isLast(), More: p.hasMore(), Call: request.Call()}
		switch {
		case next.More, p.Count == nil && !next.Last:
			next.Total = paging.Unknown
		case p.Count != nil: // Some servers have no next, and only the total shows that more pages follow.
			next.Total = *p.Count
		}
		return next, nil
	})
}

func fetchPage[T hasID](ctx context.Context, c *Client, request transport.Request, number int) (page[T], error) {
	query := url.Values{}
	maps.Copy(query, request.Query)
	query.Set("page", strconv.Itoa(number))
	query.Set("page_size", strconv.Itoa(pageSize))
	request.Query = query

	var response *transport.Response
	err := c.client.Await(ctx, request.IDs, transport.IsNotFound, func(ctx context.Context) (err error) {
		if response, err = c.client.Do(ctx, request); err != nil {
			return err
		}
		if number > 1 && response.Status == http.StatusNotFound {
			return nil
		}
		return c.check(ctx, request, response)
	})
	if err != nil {
		return page[T]{}, err
	}
	if number > 1 && response.NotFound() {
		// Assumption: the API may answer 404 for a page after the last one.
		return page[T]{Results: &[]T{}}, nil
	}
	p, err := decodePage[T](request, response)
	if err != nil {
		return page[T]{}, err
	}
	for _, object := range *p.Results {
		if err := transport.CheckID(object.id()); err != nil {
			return page[T]{}, transport.Unusable(request, response, fmt.Errorf("in a result: %w", err))
		}
	}
	return p, nil
}

// readPage reads one page of a collection. The first page must have a total: the caller requests all other pages at the same time.
func readPage[T hasID, Item any](ctx context.Context, c *Client, request transport.Request, number int, item func(T) Item) (udemy.Page[Item], error) {
	p, err := fetchPage[T](ctx, c, request, number)
	if err != nil {
		return udemy.Page[Item]{}, err
	}
	if p.Count == nil && number == 1 {
		return udemy.Page[Item]{}, &udemy.Error{Kind: udemy.ErrUnavailable, Call: request.Call(), Detail: "the response has no count"}
	}
	result := udemy.Page[Item]{Items: make([]Item, 0, len(*p.Results)), Last: p.isLast(), More: p.hasMore(), Call: request.Call()}
	if p.Count != nil {
		result.Total = *p.Count
	}
	for _, object := range *p.Results {
		result.Items = append(result.Items, item(object))
	}
	return result, nil
}
