// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// maxBody is far above any page of learners, and far below what would hurt.
const maxBody = 16 << 20

// exchange is one request with all its attempts. To http.Client it is the RoundTripper: an attempt has
// succeeded only when the answer's last byte is here, so that an answer cut short is repeated like any other.
type exchange struct {
	client  *Client
	request Request
	// attempts counts those that were sent, and failures those that are repeated because no usable answer came.
	attempts int
	failures int
	// refused says that the last attempt was told to wait.
	refused bool
	// body is the last attempt's answer.
	body []byte
	// lost says that the last attempt may have been carried out although no usable answer came.
	lost bool
	// resent says that an attempt before the last one was lost.
	resent bool
}

// RoundTrip is one attempt. It waits with a slot in hand: while the gate is closed, nobody else could use it.
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
	if x.refused = tellsToWait(response); !x.refused {
		x.client.gate.answered()
	} else if wait := x.client.gate.refused(round, response); wait > 0 {
		tflog.Debug(request.Context(), "Udemy API told to wait: no request is sent", map[string]any{
			"status": response.StatusCode, "wait_ms": wait.Milliseconds(),
		})
	}
	return response, nil
}

// send sends the request and reads the answer to its end.
func (x *exchange) send(request *http.Request) (*http.Response, error) {
	x.attempts++
	x.resent = x.resent || x.lost
	x.body, x.lost, x.refused = nil, false, false

	ctx, cancel := context.WithTimeout(request.Context(), x.client.config.RequestTimeout)
	defer cancel()
	// Before there is a connection, certainly nothing has reached the server.
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})

	start := time.Now()
	response, err := x.client.http.RoundTrip(request.WithContext(ctx))
	if err == nil {
		x.body, err = readAll(response)
	}
	if err != nil && ctx.Err() != nil && request.Context().Err() == nil {
		err = fmt.Errorf("no complete answer within %s", x.client.config.RequestTimeout)
	}
	x.log(request, response, err, time.Since(start))
	if err != nil {
		x.lost = connected.Load()
		return nil, err
	}
	x.lost = response.StatusCode >= http.StatusInternalServerError
	return response, nil
}

// readAll takes the body out of a response.
func readAll(response *http.Response) ([]byte, error) {
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("the answer broke off: %w", err)
	}
	if len(body) > maxBody {
		return nil, errTooLarge
	}
	response.Body = http.NoBody
	return body, nil
}

// log leaves out what could be personal or secret: headers, bodies, and the query, which holds e-mail addresses.
func (x *exchange) log(request *http.Request, response *http.Response, err error, took time.Duration) {
	fields := map[string]any{
		"method":      request.Method,
		"path":        request.URL.EscapedPath(),
		"attempt":     x.attempts,
		"duration_ms": took.Milliseconds(),
	}
	if response != nil {
		fields["status"] = response.StatusCode
	}
	if err != nil {
		fields["error"] = x.client.describe(err)
	}
	tflog.Debug(request.Context(), "Udemy API request", fields)
}

// failure turns what ended the exchange into the error for the caller. Only the text is kept: the errors
// below hold the whole URL, and a timeout among them would pass for the caller's own deadline.
func (x *exchange) failure(ctx context.Context, err error) error {
	call := x.request.Call()
	if ctx.Err() != nil && x.refused {
		return fmt.Errorf("%s: while waiting for the server's rate limit: %w", call, ctx.Err())
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", call, ctx.Err())
	}
	detail := x.client.describe(err)
	if x.attempts > 1 {
		detail = fmt.Sprintf("%s (%d attempts)", detail, x.attempts)
	}
	return &udemy.Error{Kind: udemy.ErrUnavailable, Call: call, Detail: detail}
}

// describe is the text of an error without the URL, which may hold an e-mail address, and without the credential.
func (c *Client) describe(err error) string {
	if withURL, ok := errors.AsType[*url.Error](err); ok {
		err = withURL.Err
	}
	return Shorten(c.secrets.Replace(err.Error()))
}
