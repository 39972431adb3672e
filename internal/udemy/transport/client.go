// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package transport is the one HTTP client for both of Udemy's APIs. What holds for every call is here and
// nowhere else: the credential, retries, pace, limits, and what may be shown of an answer.
package transport

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-cleanhttp"
	"github.com/hashicorp/go-retryablehttp"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

const (
	// DefaultConcurrentRequests leaves room above the ten objects that Terraform works on at a time unless told
	// otherwise: some of them take several requests at once.
	DefaultConcurrentRequests = 16

	defaultRequestTimeout = time.Minute
)

// Config is what a Client is made of.
type Config struct {
	// BaseURL is what every route is appended to; see ParseBaseURL.
	BaseURL    *url.URL
	Credential Credential
	// Accept and ContentType are the media types of answers and of request bodies.
	Accept      string
	ContentType string
	UserAgent   string
	// MaxRetries is how many times a request is sent again at the most after a failure. A 429 is none: the
	// request is sent again until the context is done, or until the server has refused everything for long.
	MaxRetries int
	// RequestTimeout is how long one attempt may take, to the last byte of its answer; a minute if zero.
	RequestTimeout time.Duration
	// RequestsPerSecond is the pace of all attempts of this client together; zero is no limit.
	RequestsPerSecond float64
	// MaxConcurrentRequests is how many attempts are under way at once; DefaultConcurrentRequests if zero.
	MaxConcurrentRequests int
	// Backoff is how long to wait before a request is sent again after a failure, counted from 0; the response
	// is nil if none came. It is also how long all requests wait when the server asks them to, counted by the
	// times it did so in a row, and how long Settle waits. If Backoff is nil, waits grow exponentially, and Retry-After is honoured.
	Backoff func(failure int, response *http.Response) time.Duration
}

// Client sends requests to one API. It is safe for concurrent use.
type Client struct {
	config Config
	http   http.RoundTripper
	gate   *gate
	// slots holds one element for each attempt that is under way.
	slots chan struct{}
	// secrets replaces every form of the credential.
	secrets *strings.Replacer
}

// New makes a client. It sends nothing yet.
func New(config Config) *Client {
	config.RequestTimeout = cmp.Or(config.RequestTimeout, defaultRequestTimeout)
	config.MaxConcurrentRequests = cmp.Or(config.MaxConcurrentRequests, DefaultConcurrentRequests)
	if config.Backoff == nil {
		config.Backoff = backoff
	}
	// Go's own minimum is TLS 1.2, and its default is to go through the proxy that the environment names.
	pool := cleanhttp.DefaultPooledTransport()
	// No attempt should have to dial anew.
	pool.MaxIdleConns, pool.MaxIdleConnsPerHost = config.MaxConcurrentRequests, config.MaxConcurrentRequests
	return &Client{
		config:  config,
		http:    pool,
		gate:    newGate(config.RequestsPerSecond, config.Backoff),
		slots:   make(chan struct{}, config.MaxConcurrentRequests),
		secrets: config.Credential.replacer(),
	}
}

// Do sends a request until there is an answer that is worth having or no retry is left. Any answer with a
// status is a Response, whatever the status. The error is a *udemy.Error, or wraps that of the context.
//
// Every method is sent again after a failure, POST too. The APIs make that safe: what the first attempt
// created is the conflict that the second one is told of, see Response.Resent.
func (c *Client) Do(ctx context.Context, request Request) (*Response, error) {
	httpRequest, err := c.newHTTPRequest(ctx, request)
	if err != nil {
		return nil, err
	}
	x := &exchange{client: c, request: request, id: rand.Text()[:8]}
	retrying := &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: x,
			// A redirect would turn a POST into a GET, or take the credential to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		// The exchange counts: it tells a refusal from a failure.
		RetryMax:     math.MaxInt,
		CheckRetry:   x.checkRetry,
		Backoff:      x.backoff,
		PrepareRetry: x.lookBeforeResending,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	httpResponse, err := retrying.Do(httpRequest)
	if err != nil {
		return nil, x.failure(ctx, err)
	}
	httpResponse.Body.Close() // It is empty: the exchange has read it.

	response := &Response{Status: httpResponse.StatusCode, Body: x.body, Resent: x.resent, Location: c.location(httpResponse)}
	if !response.OK() {
		response.Body = []byte(c.redact(string(x.body)))
	}
	return response, nil
}

// location is where a redirect leads: the place alone, because the rest of the address may hold a secret.
func (c *Client) location(response *http.Response) string {
	location, err := response.Location()
	if err != nil {
		return ""
	}
	place := url.URL{Scheme: location.Scheme, Host: location.Host, Path: location.Path}
	return Shorten(c.redact(place.String()))
}

func (c *Client) newHTTPRequest(ctx context.Context, request Request) (*retryablehttp.Request, error) {
	path, err := request.path()
	if err != nil {
		return nil, err
	}
	address := strings.TrimSuffix(c.config.BaseURL.String(), "/") + path
	if len(request.Query) > 0 {
		// Not every server reads "+" as a space.
		address += "?" + strings.ReplaceAll(request.Query.Encode(), "+", "%20")
	}
	// A typed nil would be a body of no bytes; only an untyped one is no body.
	var body any
	if request.Body != nil {
		if body, err = encode(request.Body); err != nil {
			return nil, fmt.Errorf("%s: encoding the request: %w", request.Call(), err)
		}
	}
	httpRequest, err := retryablehttp.NewRequestWithContext(ctx, request.Method, address, body)
	if err != nil {
		return nil, &udemy.Error{Kind: udemy.ErrUnavailable, Call: request.Call(), Detail: "the address is not a URL"}
	}
	httpRequest.Header.Set("Authorization", c.config.Credential.header())
	httpRequest.Header.Set("Accept", c.config.Accept)
	httpRequest.Header.Set("User-Agent", c.config.UserAgent)
	if body != nil {
		httpRequest.Header.Set("Content-Type", c.config.ContentType)
	}
	return httpRequest, nil
}

// encode writes JSON as it was meant: "R&D" stays readable, and no newline follows.
func encode(body any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}
