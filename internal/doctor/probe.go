// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"syscall"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// callTimeout limits one request with its retries and the waits of a rate limit.
const callTimeout = 90 * time.Second

// probe sends the requests of the checks, one at a time, and records how they were answered.
type probe struct {
	client *transport.Client
	// timeout limits each attempt.
	timeout time.Duration

	mu sync.Mutex // An attempt to connect may outlast its request.
	// connection and last are of the latest attempt. last is nil without a response.
	connection connection
	last       *head
	// began and started are when the latest attempt asked for a connection, and when it was sent.
	began, started time.Time

	sent      int
	latencies []time.Duration
	responses []head
}

// head is a response without its body.
type head struct {
	status int
	header http.Header
}

// connection is how a server was reached.
type connection struct {
	resolved, connected, secured bool
	dnsErr, connectErr, tlsErr   error
	dns, handshake               time.Duration
	version                      uint16 // of TLS
	open                         bool

	dnsStart, tlsStart time.Time
}

func newProbe(config transport.Config) *probe {
	p := &probe{timeout: config.RequestTimeout}
	// The report shows a failure. Without one retry, it would also show an accident.
	config.MaxRetries = 1
	config.Observe = func(response *http.Response) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.last = &head{response.StatusCode, response.Header}
		p.responses = append(p.responses, *p.last)
	}
	p.client = transport.New(config)
	return p
}

// answer is the response to one request. All texts in it can be published, except the body.
type answer struct {
	status int    // 0 without a response
	body   object // of a usable response, or of an error
	header http.Header
	// failure is the reason why there is no usable response. It is empty for an error with a status of its own.
	failure string
	html    bool
	// late is true if the failure is that of a response which took longer than the timeout.
	late bool
}

// isOK reports whether the response has a success status and a usable body.
func (a answer) isOK() bool {
	return a.failure == "" && a.status >= 200 && a.status < 300
}

// isAbsent reports whether the status means that the API lacks the call, or the object.
func (a answer) isAbsent() bool {
	return a.isNotFound() || a.status == http.StatusMethodNotAllowed || a.status == http.StatusNotImplemented
}

func (a answer) isNotFound() bool {
	return a.status == http.StatusNotFound || a.status == http.StatusGone
}

// isOutage reports whether the status is that of a server or gateway which fails, or of a rate limit.
func (a answer) isOutage() bool {
	return a.status >= http.StatusInternalServerError && a.status != http.StatusNotImplemented || a.status == http.StatusTooManyRequests
}

// isPage reports whether a web page answered, or a redirect to one.
func (a answer) isPage() bool {
	return a.html || a.status >= 300 && a.status < 400
}

// text describes the answer without its content.
func (a answer) text() string {
	switch {
	case a.failure != "":
		return a.failure
	case a.status >= 300 && a.status < 400:
		return fmt.Sprintf("HTTP status %d, a redirect", a.status)
	case a.html:
		return fmt.Sprintf("HTTP status %d with an HTML page", a.status)
	default:
		return fmt.Sprintf("HTTP status %d", a.status)
	}
}

func (p *probe) get(ctx context.Context, route string, query url.Values, ids ...string) answer {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	p.mu.Lock()
	p.last = nil
	p.mu.Unlock()
	request := transport.Request{Method: http.MethodGet, Route: route, IDs: ids, Query: query}
	response, err := p.client.Do(httptrace.WithClientTrace(ctx, p.trace()), request)

	p.mu.Lock()
	defer p.mu.Unlock()
	a := answer{}
	if p.last != nil {
		mediaType, _, _ := mime.ParseMediaType(p.last.header.Get("Content-Type"))
		a.status, a.header, a.html = p.last.status, p.last.header, mediaType == "text/html"
	}
	if err != nil {
		// The attempt began a moment before it asked for a connection. The error has only a text.
		// A refused attempt is followed by a wait.
		a.late = p.connection.open && !a.isOutage() && p.timeout > 0 && time.Since(p.began) >= p.timeout*19/20
		a.failure = p.explain(ctx, a)
		return a
	}
	a.body = parse(response.Body)
	if response.OK() && a.body == nil {
		a.failure = fmt.Sprintf("HTTP status %d without a JSON object", a.status)
	}
	return a
}

// trace records the latest connection and the time until the response begins.
func (p *probe) trace() *httptrace.ClientTrace {
	record := func(change func(*connection)) {
		p.mu.Lock()
		defer p.mu.Unlock()
		change(&p.connection)
	}
	return &httptrace.ClientTrace{
		GetConn: func(string) {
			record(func(c *connection) { c.open, p.began = false, time.Now() })
		},
		DNSStart: func(httptrace.DNSStartInfo) {
			record(func(c *connection) { *c = connection{dnsStart: time.Now()} })
		},
		DNSDone: func(info httptrace.DNSDoneInfo) {
			record(func(c *connection) { c.resolved, c.dnsErr, c.dns = info.Err == nil, info.Err, time.Since(c.dnsStart) })
		},
		ConnectDone: func(_, _ string, err error) {
			record(func(c *connection) {
				if c.connected = c.connected || err == nil; !c.connected {
					c.connectErr = err
				}
			})
		},
		TLSHandshakeStart: func() { record(func(c *connection) { c.tlsStart = time.Now() }) },
		TLSHandshakeDone: func(state tls.ConnectionState, err error) {
			record(func(c *connection) {
				c.secured, c.tlsErr, c.version, c.handshake = err == nil, err, state.Version, time.Since(c.tlsStart)
			})
		},
		GotConn: func(httptrace.GotConnInfo) { record(func(c *connection) { c.open = true }) },
		WroteRequest: func(httptrace.WroteRequestInfo) {
			record(func(*connection) {
				p.sent++
				p.started = time.Now()
			})
		},
		GotFirstResponseByte: func() {
			record(func(*connection) { p.latencies = append(p.latencies, time.Since(p.started)) })
		},
	}
}

// explain returns the reason of a failure. The error itself is not used, because it contains host names.
func (p *probe) explain(ctx context.Context, a answer) string {
	c := p.connection
	var noHost *net.DNSError
	var untrusted *tls.CertificateVerificationError
	var otherHost x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable:
		return fmt.Sprintf("HTTP status %d for too long", a.status)
	case a.late && a.status != 0:
		return fmt.Sprintf("HTTP status %d, but no complete response in time", a.status)
	case a.html:
		return fmt.Sprintf("HTTP status %d with an HTML page", a.status)
	case a.status != 0:
		return fmt.Sprintf("HTTP status %d with an unusable body", a.status)
	case errors.As(c.dnsErr, &noHost) && noHost.IsNotFound:
		return "the host name does not exist"
	case c.dnsErr != nil:
		return "the host name can't be resolved"
	case errors.As(c.tlsErr, &otherHost):
		return "the certificate is for another host name"
	case errors.As(c.tlsErr, &invalid) && invalid.Reason == x509.Expired:
		return "the certificate has expired or is not valid yet, according to the clock of this machine"
	case errors.As(c.tlsErr, &untrusted):
		return "the certificate is not trusted"
	case c.tlsErr != nil:
		return "the TLS handshake failed"
	case a.late || c.open && ctx.Err() != nil:
		return "no response in time"
	case c.open:
		return "the connection was closed without a complete response"
	case c.connected && c.tlsStart.IsZero(): // Without a proxy, the handshake follows at once.
		return "the proxy did not connect"
	case errors.Is(c.connectErr, syscall.ECONNREFUSED):
		return "the connection was refused"
	default:
		return "no connection"
	}
}
