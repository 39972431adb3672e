// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// The failures of a name server, of a proxy and of a certificate that is trusted can't be provoked on a loopback address.
func TestExplain(t *testing.T) {
	t.Parallel()
	started := time.Now()
	untrusted := func(err error) connection {
		return connection{connected: true, tlsStart: started, tlsErr: &tls.CertificateVerificationError{Err: err}}
	}
	for want, cause := range map[string]connection{
		"the host name does not exist":             {dnsErr: &net.DNSError{Name: "wonderland.udemy.com", IsNotFound: true}},
		"the host name can't be resolved":          {dnsErr: &net.DNSError{Name: "wonderland.udemy.com", IsTimeout: true}},
		"the proxy did not connect":                {connected: true},
		"the certificate is not trusted":           untrusted(x509.UnknownAuthorityError{}),
		"the certificate is for another host name": untrusted(x509.HostnameError{Host: "wonderland.udemy.com", Certificate: &x509.Certificate{}}),
		"the certificate has expired or is not valid yet, according to the clock of this machine": untrusted(x509.CertificateInvalidError{Reason: x509.Expired}),
	} {
		p := newProbe(transport.Config{})
		p.connection = cause
		if got := p.explain(t.Context(), answer{}); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A slow organization needs a longer timeout than the default.
func TestSlowResponses(t *testing.T) {
	t.Parallel()
	e := &evidence{probe: &probe{latencies: []time.Duration{time.Second, 12 * time.Second, 2 * time.Second}}}
	found := e.checkLatency(t.Context())
	if found.Result != "median 2000 ms, slowest 12000 ms" || found.settings["request_timeout"] != "90s" {
		t.Errorf("%+v", found)
	}
}

// A header name can contain the name of an organization, and a value anything.
func TestRateLimitHeaders(t *testing.T) {
	t.Parallel()
	header := http.Header{}
	for name, value := range map[string]string{
		"X-RateLimit-Limit-Minute": "600", "RateLimit-Policy": `"wonderland";q=100`, "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT",
		"X-RateLimit-Wonderland": "600", "X-Wonderland-RateLimit-Limit": "600",
	} {
		header.Set(name, value)
	}
	e := &evidence{probe: &probe{responses: []head{{header: header}}}}
	if got, want := e.checkLimitHeaders(t.Context()).Result, "Ratelimit-Policy, Retry-After, X-Ratelimit-Limit-Minute: 600"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Behind a proxy, the next step is about the proxy.
func TestUnreached(t *testing.T) {
	t.Parallel()
	address, err := url.Parse("https://wonderland.udemy.com/scim/v2")
	if err != nil {
		t.Fatal(err)
	}
	proxy := func(*http.Request) (*url.URL, error) { return &url.URL{Scheme: "http", Host: "proxy.example.com"}, nil }
	none := func(*http.Request) (*url.URL, error) { return nil, nil }
	for name, test := range map[string]struct {
		proxy      func(*http.Request) (*url.URL, error)
		connection connection
		want       string
	}{
		"unknown host":     {none, connection{dnsErr: &net.DNSError{}}, "Check UDEMY_ENDPOINT, and the DNS settings of this machine."},
		"refused":          {none, connection{}, "Check the network first, then UDEMY_ENDPOINT: the API can't be reached."},
		"unknown proxy":    {proxy, connection{dnsErr: &net.DNSError{}}, "Check the proxy in HTTPS_PROXY"},
		"refused by proxy": {proxy, connection{connected: true}, "Check the proxy in HTTPS_PROXY"},
		"certificate":      {proxy, connection{connected: true, tlsErr: x509.UnknownAuthorityError{}}, "SSL_CERT_FILE"},
		"silent server":    {proxy, connection{connected: true, open: true}, "Check the network first, then UDEMY_ENDPOINT"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := &evidence{getenv: func(string) string { return "set" }, proxy: test.proxy}
			if got := e.unreached(t.Context(), test.connection, address, "UDEMY_ENDPOINT"); !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// Go ignores a malformed proxy, so the row has to name it.
func TestProxy_notUsed(t *testing.T) {
	t.Parallel()
	e := &evidence{getenv: func(string) string { return "::proxy" }, proxy: func(*http.Request) (*url.URL, error) { return nil, nil }}
	for address, want := range map[string]string{
		"https://wonderland.udemy.com": "HTTPS_PROXY is set but not used: it is malformed, or NO_PROXY excludes the host", "http://127.0.0.1:8080": "",
	} {
		parsed, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if found := e.proxyOf(t.Context(), parsed); found.Result != "none" || found.Note != want {
			t.Errorf("%s: %+v", address, found)
		}
	}
}

// A response that takes too long is not one that was closed.
func TestTimeout(t *testing.T) {
	t.Parallel()
	for want, handler := range map[string]http.HandlerFunc{
		"no response in time": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"HTTP status 200, but no complete response in time": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
		"the connection was closed without a complete response": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(handler)
			t.Cleanup(server.Close)
			address, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			noWait := func(int, *http.Response) time.Duration { return 0 }
			p := newProbe(transport.Config{BaseURL: address, RequestTimeout: 500 * time.Millisecond, Backoff: noWait})
			if got := p.get(t.Context(), "/Users", nil).failure; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// The wait of a rate limit is not a slow response.
func TestTimeout_rateLimit(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	t.Cleanup(server.Close)
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	p := newProbe(transport.Config{BaseURL: address, RequestTimeout: 100 * time.Millisecond})
	if a := p.get(ctx, "/Users", nil); a.failure != "HTTP status 429 for too long" || a.late {
		t.Errorf("%+v", a)
	}
}
