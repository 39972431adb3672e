// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim

import (
	"bytes"
	"context"
	"encoding/json"
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

// pageSize is the requested number of resources. The API may return fewer.
const pageSize = 100

// visibility is why something may be there and yet not be found, by the account of a connector's vendor.
const visibility = "SCIM shows only what was created through SCIM or has been reconciled into it"

// listAnswer is a page (RFC 7644 section 3.4.2). A search without a hit may leave out the resources.
type listAnswer[T any] struct {
	TotalResults transport.Scalar `json:"totalResults"`
	Resources    *[]T             `json:"Resources"`
}

// page is a listAnswer that has been checked.
type page[T any] struct {
	total     int
	resources []T
}

// isList tells a list from another service's answer, which would pass for an empty collection.
func isList(request transport.Request, response *transport.Response) error {
	_, err := decodeList[json.RawMessage](request, response)
	return err
}

func decodeList[T any](request transport.Request, response *transport.Response) (page[T], error) {
	answer, err := transport.Decode[listAnswer[T]](request, response)
	if err != nil {
		return page[T]{}, err
	}
	decoded := page[T]{total: paging.Unknown}
	if answer.Resources != nil {
		decoded.resources = *answer.Resources
	}
	if answer.TotalResults != "" || answer.Resources == nil {
		if decoded.total, err = strconv.Atoi(string(answer.TotalResults)); err != nil {
			return decoded, transport.Unusable(request, response, errors.New("the answer is no list"))
		}
	}
	return decoded, nil
}

// hasID is an object of a collection.
type hasID interface{ id() string }

// all yields each object of a collection, or of what a filter finds. It pages by what arrived, not by what was asked for.
func all[T hasID](ctx context.Context, c *Client, route string, query url.Values) iter.Seq2[T, error] {
	total := 0
	return paging.Walk(func(object T) string { return object.id() }, func(_, seen int) ([]T, int, error) {
		got, err := fetchPage[T](ctx, c, route, query, seen+1)
		// Without a total, the end is where the API has no further page.
		if seen > 0 && total == paging.Unknown && (errors.Is(err, udemy.ErrInvalid) || errors.Is(err, udemy.ErrNotOffered)) {
			return nil, total, nil
		}
		total = got.total
		return got.resources, total, err
	})
}

func fetchPage[T hasID](ctx context.Context, c *Client, route string, query url.Values, startIndex int) (page[T], error) {
	pageQuery := url.Values{}
	maps.Copy(pageQuery, query)
	pageQuery.Set("startIndex", strconv.Itoa(startIndex))
	pageQuery.Set("count", strconv.Itoa(pageSize))
	request := list(route, pageQuery)
	response, err := c.send(ctx, request)
	if err != nil {
		return page[T]{}, err
	}
	got, err := decodeList[T](request, response)
	if err != nil {
		return got, err
	}
	for _, object := range got.resources {
		if object.id() == "" {
			return got, transport.Unusable(request, response, errors.New("a resource without an id"))
		}
	}
	return got, nil
}

// search yields what a filter finds. A server may ignore the filter, so the caller has to look at what comes;
// one that refuses it is asked for everything instead.
func search[T hasID](ctx context.Context, c *Client, route, attribute, value string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if value == "" {
			var none T
			// Every object without the attribute would match.
			yield(none, &udemy.Error{Kind: udemy.ErrInvalid, Call: http.MethodGet + " " + route, Detail: attribute + " is empty"})
			return
		}
		filtered := url.Values{"filter": {equals(attribute, value)}}
		maps.Copy(filtered, query)
		first := true
		for object, err := range all[T](ctx, c, route, filtered) {
			if first && refusesFilter(err) {
				all[T](ctx, c, route, nil)(yield)
				return
			}
			first = false
			if !yield(object, err) {
				return
			}
		}
	}
}

// refusesFilter goes by the status: servers leave out the keyword invalidFilter, or take another one. What was wrong
// with something else than the filter is refused without it, too. "Sensitive" is a value that may not stand in an
// address (RFC 7644 section 7.5.2).
func refusesFilter(err error) bool {
	return errors.Is(err, udemy.ErrInvalid) || errors.Is(err, udemy.ErrNotOffered) || isScimType(err, "sensitive")
}

// only is the one object that a search finds, whatever else it brings; two are a conflict.
func only[T hasID](found iter.Seq2[T, error], matches func(T) bool, route, what string) (T, error) {
	var one, none T
	for object, err := range found {
		if err != nil {
			return none, err
		}
		if !matches(object) {
			continue
		}
		if one.id() != "" {
			return none, &udemy.Error{
				Kind: udemy.ErrConflict, Call: http.MethodGet + " " + route,
				Detail: fmt.Sprintf("%s and %s both have the %s", one.id(), object.id(), what),
			}
		}
		one = object
	}
	if one.id() == "" {
		return none, notFound(route, "none has the "+what+"; "+visibility)
	}
	return one, nil
}

// equals is a filter. Its value is a JSON string (RFC 7644 section 3.4.2.2), so quotes and backslashes are escaped.
// Nothing else is without need: not every server's filters know \u0026.
func equals(attribute, value string) string {
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // A string can always be encoded.
	return attribute + " eq " + string(bytes.TrimSpace(quoted.Bytes()))
}
