// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package transport is the HTTP client of all Udemy APIs. It implements what all calls share: authentication, retries, rate
// limiting, size limits, logging, the redaction of responses, waiting until a change shows, and the check that an object is absent.
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
	"path"
	"strings"
	"time"

	"github.com/hashicorp/go-cleanhttp"
	"github.com/hashicorp/go-retryablehttp"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

const (
	// DefaultConcurrentRequests is higher than Terraform's default parallelism of 10, because some operations send several
	// requests at a time.
	DefaultConcurrentRequests = udemy.MaxParallelRequests

	defaultRequestTimeout = time.Minute
)

// Config configures a Client.
type Config struct {
	// BaseURL is the prefix of all routes; see ParseBaseURL.
	BaseURL    *url.URL
	Credential Credential
	// Accept and ContentType are the media types of responses and request bodies.
	Accept      string
	ContentType string
	UserAgent   string
	// MaxRetries is the maximum number of retries after a failure. It is doubled for a 503. A 429 is not a failure: the request is
	// retried until the context ends or the server has refused all requests for ten minutes.
	MaxRetries int
	// RequestTimeout limits an attempt, including the response body. The default is one minute.
	RequestTimeout time.Duration
	// RequestsPerSecond limits the rate of all attempts of the client. Zero means no limit.
	RequestsPerSecond float64
	// MaxConcurrentRequests limits the number of concurrent attempts. The default is DefaultConcurrentRequests.
	MaxConcurrentRequests int
	// Backoff returns the wait before a retry. The failure counts from 0, and the response is nil if the attempt got none.
	// Backoff also returns the wait of a request after a 429, where failure counts the previous ones, the wait of all requests
	// after many refusals, and the waits of Settle and Await. If Backoff is nil, the wait honors Retry-After and grows
	// exponentially.
	Backoff func(failure int, response *http.Response) time.Duration
	// Observe, if not nil, receives the status and the headers of each attempt's response, even of one that is retried or
	// unusable. It must not read the body.
	Observe func(*http.Response)
}

// Client sends requests to one API. It is safe for concurrent use.
type Client struct {
	config Config
	http   http.RoundTripper
	gate   *gate
	// slots holds one element for each running attempt.
	slots   chan struct{}
	secrets *secrets
	fresh   fresh
}

// New returns a client. It sends no requests.
func New(config Config) *Client {
	config.RequestTimeout = cmp.Or(config.RequestTimeout, defaultRequestTimeout)
	config.MaxConcurrentRequests = cmp.Or(config.MaxConcurrentRequests, DefaultConcurrentRequests)
	if config.Backoff == nil {
		config.Backoff = backoff
	}
	// Go requires TLS 1.2 by default and uses the proxy from the environment.
	pool := cleanhttp.DefaultPooledTransport()
	pool.OnProxyConnectResponse = proxyResponse
	// Concurrent attempts reuse their connections.
	pool.MaxIdleConns, pool.MaxIdleConnsPerHost = config.MaxConcurrentRequests, config.MaxConcurrentRequests
	// All attempts share one HTTP/2 connection. If it is dead, an attempt fails before its timeout, and the next one connects.
	pool.HTTP2 = &http.HTTP2Config{SendPingTimeout: config.RequestTimeout / 3, PingTimeout: config.RequestTimeout / 3}
	return &Client{
		config:  config,
		http:    pool,
		gate:    newGate(config.RequestsPerSecond, config.Backoff),
		slots:   make(chan struct{}, config.MaxConcurrentRequests),
		secrets: config.Credential.secrets(),
	}
}

// Do sends a request and retries it after failures. A response with any HTTP status is a Response. The error is a
// *udemy.Error, or wraps the error of the context.
//
// Do retries all methods, including POST. This is safe with both APIs: if the first attempt has created an object, the second
// one gets a conflict; see Response.Resent.
func (c *Client) Do(ctx context.Context, request Request) (*Response, error) {
	httpRequest, err := c.newHTTPRequest(ctx, request)
	if err != nil {
		return nil, err
	}
	x := &exchange{client: c, request: request, id: rand.Text()[:8]}
	retrying := &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: x,
			// Following a redirect could turn a POST into a GET or send the credential to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		// The exchange counts the retries, because refusals don't count.
		RetryMax:     math.MaxInt,
		CheckRetry:   x.checkRetry,
		Backoff:      x.backoff,
		PrepareRetry: x.prepareRetry,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	httpResponse, err := retrying.Do(httpRequest)
	if err != nil {
		return nil, x.failure(ctx, err)
	}
	httpResponse.Body.Close() // The exchange has read the body.

	response := &Response{
		Status: httpResponse.StatusCode, Body: x.body, Resent: x.resent,
		location: c.location(httpResponse), ETag: httpResponse.Header.Get("ETag"),
	}
	switch {
	case !response.OK():
		response.Body = []byte(c.secrets.excerpt(x.body, maxRefusal))
	case c.secrets.echoedIn(string(x.body)): // No part of it may reach state.
		return nil, &udemy.Error{
			Kind: udemy.ErrUnavailable, Call: request.Call(),
			Detail: fmt.Sprintf("HTTP status %d, but the response is not used because it contains the token", response.Status),
		}
	default:
		response.CreatedID = c.createdID(request, httpResponse)
	}
	return response, nil
}

// createdID returns the ID of a new object, if the response refers to an object of the collection to which the request was sent.
func (c *Client) createdID(request Request, response *http.Response) string {
	location, err := url.Parse(response.Header.Get("Location"))
	if request.Method != http.MethodPost || err != nil {
		return ""
	}
	collection, id := path.Split(strings.TrimSuffix(location.EscapedPath(), "/"))
	id, err = url.PathUnescape(id)
	if path.Base(collection) != path.Base(request.Route) || err != nil || !udemy.IsID(id) || c.secrets.isIn(id) {
		return ""
	}
	return id
}

// location returns the target of a redirect without user and query, which can contain secrets.
func (c *Client) location(response *http.Response) string {
	location, err := response.Location()
	if err != nil {
		return ""
	}
	return Shorten(c.secrets.redact(location.Scheme + "://" + location.Host + location.EscapedPath()))
}

func (c *Client) newHTTPRequest(ctx context.Context, request Request) (*retryablehttp.Request, error) {
	route, err := request.path()
	if err != nil {
		return nil, err
	}
	address := strings.TrimSuffix(c.config.BaseURL.String(), "/") + route
	if len(request.Query) > 0 {
		// Not all servers decode "+" as a space.
		address += "?" + strings.ReplaceAll(request.Query.Encode(), "+", "%20")
	}
	// retryablehttp sends an empty body for a typed nil, and no body for an untyped nil.
	var body any
	if request.Body != nil {
		if body, err = encode(request.Body); err != nil {
			return nil, fmt.Errorf("%s: encoding the request: %w", request.Call(), err)
		}
	}
	httpRequest, err := retryablehttp.NewRequestWithContext(ctx, request.Method, address, body)
	if err != nil {
		return nil, c.unreachable(request.Call(), "the address is not a valid URL")
	}
	httpRequest.Header.Set("Authorization", c.config.Credential.header())
	httpRequest.Header.Set("Accept", c.config.Accept)
	httpRequest.Header.Set("User-Agent", c.config.UserAgent)
	if body != nil {
		httpRequest.Header.Set("Content-Type", c.config.ContentType)
	}
	if request.IfMatch != "" {
		httpRequest.Header.Set("If-Match", request.IfMatch)
	}
	return httpRequest, nil
}

// encode encodes JSON without HTML escapes, so that "R&D" stays readable, and without a final newline.
func encode(body any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}
