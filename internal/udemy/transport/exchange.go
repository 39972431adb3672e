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

// maxBody is far above any page of learners, and far below what would hurt.
const maxBody = 16 << 20

// exchange is one request with all its attempts. To http.Client it is the RoundTripper: an attempt has
// succeeded only when the answer's last byte is here, so that an answer cut short is repeated like any other.
type exchange struct {
	client  *Client
	request Request
	// id tells the attempts of this request from others in the log.
	id string
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
	// settled is what a look before resending found out.
	settled error
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
		logging.Transport.Debug(request.Context(), "Udemy API told to wait: no request is sent", map[string]any{
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

	lasting := request.Context()
	if request.Method != http.MethodGet { // State has to know what became of a change.
		var release context.CancelFunc
		lasting, release = shutdown.WithGracePeriod(lasting)
		defer release()
	}
	ctx, cancel := context.WithTimeout(lasting, x.client.config.RequestTimeout)
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
	if err == nil {
		err = unusable(request.Method, response, x.body)
	}
	if err != nil && ctx.Err() != nil && lasting.Err() == nil {
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

// unusable is an error if a success is none. What stands in front of an API, such as a page to sign in, answers 200 to
// everything and does nothing; and what was cut off on its way to a proxy arrives as a whole answer.
func unusable(method string, response *http.Response, body []byte) error {
	mediaType, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	isEmpty := len(bytes.TrimSpace(body)) == 0
	reason := ""
	switch {
	case response.StatusCode < 200 || response.StatusCode >= 300:
	case isEmpty && method == http.MethodGet:
		reason = "empty"
	case isEmpty:
	case mediaType == "text/html": // Other labels than JSON's are no reason: the body tells.
		reason = "an HTML page"
	case !json.Valid(body):
		reason = "no JSON, or not all of it"
	}
	if reason == "" {
		return nil
	}
	return fmt.Errorf("HTTP status %d, but the answer is %s", response.StatusCode, reason)
}

// log tells of one attempt. What may be personal, the query and the bodies, is for TRACE alone, and headers are for no level.
func (x *exchange) log(request *http.Request, response *http.Response, err error, took time.Duration) {
	fields := map[string]any{
		"request_id":  x.id,
		"method":      request.Method,
		"path":        request.URL.EscapedPath(),
		"attempt":     x.attempts,
		"duration_ms": took.Milliseconds(),
	}
	if response != nil {
		fields["status"] = response.StatusCode
		if id := response.Header.Get("X-Request-Id"); id != "" {
			fields["server_request_id"] = Shorten(x.client.redact(id))
		}
	}
	if err != nil {
		fields["error"] = x.client.describe(err)
	}
	logging.Transport.Debug(request.Context(), "Udemy API request", fields)

	var sent []byte
	if x.request.Body != nil {
		sent, _ = encode(x.request.Body) // It was encoded once, so it can be.
	}
	logging.Transport.Trace(request.Context(), "Udemy API request and answer", map[string]any{
		"request_id": x.id,
		"attempt":    x.attempts,
		"query":      x.client.excerpt(x.request.Query.Encode()),
		"sent":       x.client.excerpt(string(sent)),
		"received":   x.client.excerpt(string(x.body)),
	})
}

// excerpt is the beginning of a text, for the log. It is made of every answer, and these may be 16 MiB: so only twice as
// much is searched for the credential as can be kept, which leaves no room for a half of it.
func (c *Client) excerpt(text string) string {
	const kept = 16 << 10
	text = c.redact(text[:min(len(text), 2*kept)])
	return Shorten(text[:min(len(text), kept)])
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
	if x.settled != nil {
		return x.settled
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
	return Shorten(c.redact(err.Error()))
}
