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

// visibility explains why an existing object may not be found. The source is the vendor of a SCIM connector.
const visibility = "SCIM shows only what was created through SCIM or has been reconciled into it"

// explainAbsence adds the visibility to an ErrNotFound of a search.
func explainAbsence(err error) error {
	if absent, ok := errors.AsType[*udemy.Error](err); ok && errors.Is(absent, udemy.ErrNotFound) {
		absent.Detail += "; " + visibility
	}
	return err
}

// listAnswer is a page (RFC 7644 section 3.4.2). If a search has no result, the resources may be absent.
type listAnswer[T any] struct {
	TotalResults transport.Scalar `json:"totalResults"`
	Resources    *[]T             `json:"Resources"`
	// NextCursor leads to the next page of a server that ignores startIndex (RFC 9865 section 2).
	NextCursor transport.Scalar `json:"nextCursor"`
}

// page is a valid listAnswer.
type page[T any] struct {
	total     int
	resources []T
	// more is true if the page has no total, but shows that others follow.
	more bool
}

// isList returns an error if a response is not a list. The response of another service would look like an empty collection.
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
		total, err := strconv.ParseFloat(string(answer.TotalResults), 64) // Some servers write an integer as 15.0.
		if decoded.total = int(total); err != nil || float64(decoded.total) != total {
			return decoded, transport.Unusable(request, response, errors.New("the response is not a list"))
		}
	}
	decoded.more = decoded.total == paging.Unknown && answer.NextCursor != ""
	return decoded, nil
}

// hasID is an object of a collection.
type hasID interface{ id() string }

// all yields each object of a collection, or each result of a filter. The next page begins after the objects that have arrived,
// however many were requested.
func all[T hasID](ctx context.Context, c *Client, route string, query url.Values) iter.Seq2[T, error] {
	total := 0
	return paging.Walk(func(object T) string { return object.id() }, func(_, seen int) (udemy.Page[T], error) {
		got, err := fetchPage[T](ctx, c, route, query, seen+1)
		// Without a total, or once it is reached, a refused page marks the end.
		isEnd := total == paging.Unknown || seen >= total
		if seen > 0 && isEnd && (errors.Is(err, udemy.ErrInvalid) || errors.Is(err, udemy.ErrNotOffered)) {
			return udemy.Page[T]{Total: total}, nil
		}
		if err == nil && seen > 0 && seen >= total && len(got.resources) == 0 {
			c.totalsHold.Store(true)
		}
		total = got.total
		isLast := c.totalsHold.Load() && seen+len(got.resources) >= total
		return udemy.Page[T]{Items: got.resources, Total: total, More: got.more, Last: isLast, Call: http.MethodGet + " " + route}, err
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
		if err := transport.CheckID(object.id()); err != nil {
			return got, transport.Unusable(request, response, fmt.Errorf("in a resource: %w", err))
		}
	}
	return got, nil
}

// search yields the results of a filter. A server may ignore the filter, so the caller must check each result. If the server
// refuses the filter, search yields all objects.
func search[T hasID](ctx context.Context, c *Client, route, attribute, value string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if value == "" {
			var none T
			// An empty value would match every object without the attribute.
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

// refusesFilter reports whether a server may have refused a filter. It checks the status, because servers leave out the keyword
// invalidFilter or send another one. If the cause is not the filter, the request without a filter is refused as well. The keyword
// "sensitive" marks a value that must not be part of a URL (RFC 7644 section 7.5.2).
func refusesFilter(err error) bool {
	return errors.Is(err, udemy.ErrInvalid) || errors.Is(err, udemy.ErrNotOffered) || isScimType(err, "sensitive")
}

// equals returns a filter. Its value is a JSON string (RFC 7644 section 3.4.2.2), so quotes and backslashes are escaped. Other
// characters are escaped only if JSON requires it: some servers do not decode \u0026 in a filter.
func equals(attribute, value string) string {
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // A string can always be encoded.
	return attribute + " eq " + string(bytes.TrimSpace(quoted.Bytes()))
}
