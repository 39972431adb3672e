// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"strconv"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// pageSize is what is asked for; what comes may be less.
const pageSize = 100

// listAnswer is a page (RFC 7644 section 3.4.2). A search without a hit may leave out the resources.
type listAnswer[T any] struct {
	TotalResults *int `json:"totalResults"`
	Resources    []T  `json:"Resources"`
}

// isList tells a list from a web page, or from another service's answer: it would pass for an empty collection.
func isList(request transport.Request, response *transport.Response) error {
	_, err := decodeList[json.RawMessage](request, response)
	return err
}

func decodeList[T any](request transport.Request, response *transport.Response) (listAnswer[T], error) {
	answer, err := transport.Decode[listAnswer[T]](request, response)
	if err == nil && answer.TotalResults == nil {
		err = transport.Unusable(request, response, errors.New("the answer holds no totalResults"))
	}
	return answer, err
}

// hasID is an object of a collection.
type hasID interface{ id() string }

// all walks through a collection, or through what a filter finds, each object once. It pages by what arrived, not
// by what was asked for. An error is the last thing it yields.
func all[T hasID](ctx context.Context, d *Directory, route string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		// Pages are no snapshot: objects may move from one to another (RFC 7644 section 3.4.2.4).
		seen := map[string]bool{}
		for received, more := 0, true; more; {
			page, err := fetchPage[T](ctx, d, route, query, received+1)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			received += len(page.Resources)
			// A server that ignores startIndex says the same for ever; one with nothing new to say is at its end.
			more = false
			for _, object := range page.Resources {
				if seen[object.id()] {
					continue
				}
				seen[object.id()] = true
				more = received < *page.TotalResults
				if !yield(object, nil) {
					return
				}
			}
		}
	}
}

func fetchPage[T hasID](ctx context.Context, d *Directory, route string, query url.Values, startIndex int) (listAnswer[T], error) {
	pageQuery := url.Values{}
	maps.Copy(pageQuery, query)
	pageQuery.Set("startIndex", strconv.Itoa(startIndex))
	pageQuery.Set("count", strconv.Itoa(pageSize))
	request := list(route, pageQuery)
	response, err := d.send(ctx, request)
	if err != nil {
		return listAnswer[T]{}, err
	}
	page, err := decodeList[T](request, response)
	if err != nil {
		return page, err
	}
	for _, object := range page.Resources {
		if object.id() == "" {
			return page, transport.Unusable(request, response, errors.New("a resource without an id"))
		}
	}
	return page, nil
}

// search yields what a filter finds. A server may ignore the filter, so the caller has to look at what comes;
// one that doesn't know it is asked for everything instead.
func search[T hasID](ctx context.Context, d *Directory, route, attribute, value string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		unsupported := false
		for object, err := range all[T](ctx, d, route, url.Values{"filter": {equals(attribute, value)}}) {
			if errors.Is(err, udemy.ErrInvalid) || errors.Is(err, udemy.ErrNotOffered) {
				unsupported = true
				break
			}
			if !yield(object, err) {
				return
			}
		}
		if !unsupported {
			return
		}
		for object, err := range all[T](ctx, d, route, nil) {
			if !yield(object, err) {
				return
			}
		}
	}
}

// equals is a filter. Its value is a JSON string (RFC 7644 section 3.4.2.2), so quotes and backslashes are escaped.
func equals(attribute, value string) string {
	quoted, _ := json.Marshal(value) // A string can always be encoded.
	return fmt.Sprintf("%s eq %s", attribute, quoted)
}
