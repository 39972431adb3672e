// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// The failures of a name server can't be provoked on a loopback address.
func TestUnknownHost(t *testing.T) {
	t.Parallel()
	for want, cause := range map[string]error{
		"the host name does not exist":    &net.DNSError{Name: "wonderland.udemy.com", IsNotFound: true},
		"the host name can't be resolved": &net.DNSError{Name: "wonderland.udemy.com", IsTimeout: true},
	} {
		p := newProbe(transport.Config{})
		p.connection.dnsErr = cause
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
