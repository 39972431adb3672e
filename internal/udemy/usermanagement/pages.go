// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/paging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// Assumption: pages are asked for by page= and page_size=, and hold at most this many.
const pageSize = 100

// page is one page of a collection.
type page[T any] struct {
	// Count is how many objects there are on all pages.
	Count *int `json:"count"`
	// Next is only asked for whether it is null: an address from an answer is never followed.
	Next    any  `json:"next"`
	Results *[]T `json:"results"`
}

func decodePage[T any](request transport.Request, response *transport.Response) (page[T], error) {
	p, err := transport.Decode[page[T]](request, response)
	if err == nil && p.Results == nil {
		// It would pass for an empty collection, and learners for gone.
		err = transport.Unusable(request, response, errors.New("the answer holds no results"))
	}
	return p, err
}

// hasID is an object of a collection.
type hasID interface{ id() string }

// search lists what a filter finds. A server may ignore the filter: the caller has to look at what comes.
func search[T hasID](ctx context.Context, c *Client, route, filter, value string) iter.Seq2[T, error] {
	request := transport.Request{Method: http.MethodGet, Route: route, Query: url.Values{filter: {value}}}
	if value != "" {
		return list[T](ctx, c, request)
	}
	return func(yield func(T, error) bool) {
		var none T
		// Every object without the attribute would match.
		yield(none, &udemy.Error{Kind: udemy.ErrInvalid, Call: request.Call(), Detail: fmt.Sprintf("%s is empty", filter)})
	}
}

// list yields each object of a collection.
func list[T hasID](ctx context.Context, c *Client, request transport.Request) iter.Seq2[T, error] {
	return paging.Walk(func(object T) string { return object.id() }, func(number, _ int) ([]T, int, error) {
		p, err := fetchPage[T](ctx, c, request, number)
		if err != nil {
			return nil, 0, err
		}
		if p.Next == nil || p.Next == "" {
			return *p.Results, 0, nil // No more than what has been seen.
		}
		return *p.Results, paging.Unknown, nil
	})
}

func fetchPage[T hasID](ctx context.Context, c *Client, request transport.Request, number int) (page[T], error) {
	query := url.Values{}
	maps.Copy(query, request.Query)
	query.Set("page", strconv.Itoa(number))
	query.Set("page_size", strconv.Itoa(pageSize))
	request.Query = query

	response, err := c.client.Do(ctx, request)
	if err != nil {
		return page[T]{}, err
	}
	if number > 1 && response.Status == http.StatusNotFound {
		// Assumption: a page after the last one may be answered like this.
		return page[T]{Results: &[]T{}}, nil
	}
	if err := c.check(ctx, request, response); err != nil {
		return page[T]{}, err
	}
	p, err := decodePage[T](request, response)
	if err != nil {
		return page[T]{}, err
	}
	for _, object := range *p.Results {
		if object.id() == "" {
			return page[T]{}, transport.Unusable(request, response, errors.New("a result holds no id"))
		}
	}
	return p, nil
}

// numbered reads one page of a collection for a caller who reads all of them at once, and so has to know their number.
func numbered[T hasID, Item any](ctx context.Context, c *Client, request transport.Request, number int, item func(T) Item) (udemy.Page[Item], error) {
	p, err := fetchPage[T](ctx, c, request, number)
	if err != nil {
		return udemy.Page[Item]{}, err
	}
	if p.Count == nil && number == 1 {
		return udemy.Page[Item]{}, &udemy.Error{Kind: udemy.ErrUnavailable, Call: request.Call(), Detail: "the answer holds no count"}
	}
	result := udemy.Page[Item]{Items: make([]Item, 0, len(*p.Results))}
	if p.Count != nil {
		result.Total = *p.Count
	}
	for _, object := range *p.Results {
		result.Items = append(result.Items, item(object))
	}
	return result, nil
}
