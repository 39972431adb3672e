// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/logging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/shutdown"
)

const (
	// maxBody limits response bodies. A page of learners is far smaller.
	maxBody = 16 << 20
	// maxRefusal limits the body of a refusal: a message, not a page of learners.
	maxRefusal = 64 << 10
)

// exchange is a request with all its attempts. It is the RoundTripper of http.Client and reads the whole body in RoundTrip, so
// that a truncated response is retried like any other failure.
type exchange struct {
	client  *Client
	request Request
	// id identifies the attempts of this request in the log.
	id string
	// attempts counts the sent attempts. failures counts the retries after failed attempts; a 429 is not a failure.
	attempts int
	failures int
	// refused is true if the server refused the last attempt because of its rate limit or its load.
	refused bool
	// body is the response body of the last attempt.
	body []byte
	// connected is true once an attempt has had a connection to the server.
	connected bool
	// lost is true if the last attempt got no usable response, but may have been carried out.
	lost bool
	// resent is true if an attempt before the last one was lost.
	resent bool
	// settled is the error of BeforeResend.
	settled error
}

// RoundTrip sends one attempt. It holds a slot while it waits for the gate: no other attempt could use the slot meanwhile.
func (x *exchange) RoundTrip(request *http.Request) (*http.Response, error) {
	select {
	case x.client.slots <- struct{}{}:
		defer func() { <-x.client.slots }()
	case <-request.Context().Done():
		return nil, request.Context().Err()
	}
	round, err := x.client.gate.wait(request.Context())
	if err != nil {
		return nil, err
	}
	response, err := x.send(request)
	if err != nil {
		return nil, err
	}
	if x.refused = isRefusal(response); !x.refused {
		x.client.gate.accepted()
		return response, nil
	}
	wait, err := x.client.gate.refused(round, response)
	if err != nil {
		return nil, err
	}
	if wait > 0 {
		logging.Transport.Debug(request.Context(), "Udemy API rate limit: all requests wait", map[string]any{
			"status": response.StatusCode, "wait_ms": wait.Milliseconds(),
		})
	}
	return response, nil
}

// send sends the request and reads the complete response.
func (x *exchange) send(request *http.Request) (*http.Response, error) {
	x.attempts++
	x.resent = x.resent || x.lost
	x.body, x.lost, x.refused = nil, false, false

	lasting := request.Context()
	if request.Method != http.MethodGet { // State must record the result of a change, even after Terraform is stopped.
		var release context.CancelFunc
		lasting, release = shutdown.WithGracePeriod(lasting)
		defer release()
	}
	ctx, cancel := context.WithTimeout(lasting, x.client.config.RequestTimeout)
	defer cancel()
	// Without a connection, the attempt can't have reached the server.
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})

	start := time.Now()
	response, err := x.client.http.RoundTrip(request.WithContext(ctx))
	if observe := x.client.config.Observe; err == nil && observe != nil {
		observe(response)
	}
	if err == nil {
		x.body, err = readAll(response)
	}
	if err == nil {
		err = unusable(request.Method, response, x.body)
	}
	if err != nil && ctx.Err() != nil && lasting.Err() == nil {
		err = fmt.Errorf("no complete response within %s", x.client.config.RequestTimeout)
	}
	x.log(request, response, err, time.Since(start))
	x.connected = x.connected || connected.Load() || response != nil
	if err != nil {
		x.lost = connected.Load()
		return nil, err
	}
	x.lost = response.StatusCode >= http.StatusInternalServerError || response.StatusCode == http.StatusRequestTimeout
	return response, nil
}

// readAll reads the body of a response and replaces it with an empty body.
func readAll(response *http.Response) ([]byte, error) {
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("the response is incomplete: %w", err)
	}
	if len(body) > maxBody {
		return nil, errTooLarge
	}
	response.Body = http.NoBody
	return bytes.TrimPrefix(body, []byte("\ufeff")), nil // Some servers begin a JSON text with a byte order mark.
}

// unusable returns an error if a response has a success status but no usable body. A sign-in page in front of an API answers
// all requests with 200 and an HTML page. A proxy can deliver a truncated body as a complete response.
func unusable(method string, response *http.Response, body []byte) error {
	mediaType, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	isEmpty := len(bytes.TrimSpace(body)) == 0
	reason := ""
	switch {
	case response.StatusCode < 200 || response.StatusCode >= 300:
	case isEmpty && method == http.MethodGet:
		reason = "empty"
	case isEmpty:
	case mediaType == "text/html": // Other media types are accepted if the body is JSON.
		reason = "an HTML page"
	case !json.Valid(body):
		reason = "not valid JSON"
	}
	if reason == "" {
		return nil
	}
	return fmt.Errorf("HTTP status %d, but the response is %s", response.StatusCode, reason)
}

// failure converts the final error of an exchange to the error for the caller. It keeps only the text: the original error
// contains the whole URL, and errors.Is would take a timeout of an attempt for the caller's deadline.
func (x *exchange) failure(ctx context.Context, err error) error {
	call := x.request.Call()
	if ctx.Err() != nil && x.refused {
		return fmt.Errorf("%s: while waiting for the server's rate limit: %w", call, ctx.Err())
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", call, ctx.Err())
	}
	if x.settled != nil {
		return x.settled
	}
	detail := x.client.describe(err)
	if x.attempts > 1 {
		detail = fmt.Sprintf("%s (%d attempts)", detail, x.attempts)
	}
	switch {
	case errors.Is(err, errRateLimit) && !x.lost && !x.resent:
		return &udemy.Error{Kind: udemy.ErrRefused, Call: call, Detail: detail}
	case !x.connected:
		return x.client.unreachable(call, detail)
	}
	return &udemy.Error{Kind: udemy.ErrUnavailable, Call: call, Detail: detail}
}

// unreachable returns the error for a request that no attempt could send.
func (c *Client) unreachable(call, reason string) *udemy.Error {
	return &udemy.Error{
		Kind: udemy.ErrUnreachable, Call: call,
		Detail: fmt.Sprintf("could not reach %s (%s): nothing was sent; the base URL is %s", c.config.BaseURL.Host, reason, c.config.BaseURL),
	}
}

// describe returns the text of an error without the credential and without the URL, which can contain an e-mail address.
func (c *Client) describe(err error) string {
	if withURL, ok := errors.AsType[*url.Error](err); ok {
		err = withURL.Err
	}
	return Shorten(c.secrets.redact(err.Error()))
}
