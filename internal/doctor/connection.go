// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// connectionChecks look at the first request, which has been sent already.
func (e *evidence) connectionChecks() []check {
	return []check{
		{"Connection", "endpoint", e.checkEndpoint},
		{"Connection", "proxy", e.checkProxy},
		{"Connection", "host name", e.checkHost},
		{"Connection", "TLS", e.checkTLS},
		{"Connection", "response", e.checkResponse},
		{"Connection", "credential", e.checkCredential},
		{"Connection", "organization", e.checkOrganization},
	}
}

func (e *evidence) checkEndpoint(context.Context) row {
	name := "user-management API"
	if e.isSCIM() {
		name = "SCIM"
	}
	if e.environment.Endpoint == "" {
		return row{Result: name + " at Udemy's own endpoint", Verdict: good}
	}
	return row{Result: name + " at a custom endpoint", Verdict: good, Note: "UDEMY_ENDPOINT is set"}
}

func (e *evidence) isSCIM() bool { return e.environment.API == "scim" }

func (e *evidence) checkProxy(ctx context.Context) row {
	return e.proxyOf(ctx, e.environment.Transport.BaseURL)
}

// proxyOf words which proxy the requests to an address use.
func (e *evidence) proxyOf(ctx context.Context, address *url.URL) row {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), http.NoBody)
	if err != nil {
		return row{Result: "unknown", Verdict: notChecked}
	}
	proxy, err := e.proxy(request)
	switch {
	case err != nil:
		return row{
			Result: "malformed", Verdict: problem, Note: "from " + e.proxyVariable(),
			next: "Correct the environment variable " + e.proxyVariable() + ".",
		}
	case proxy == nil && e.getenv(e.proxyVariable()) != "" && address.Scheme == "https":
		return row{Result: "none", Verdict: good, Note: e.proxyVariable() + " is set but not used: it is malformed, or NO_PROXY excludes the host"}
	case proxy == nil:
		return row{Result: "none", Verdict: good}
	default:
		return row{Result: "used", Verdict: good, Note: "from " + e.proxyVariable()}
	}
}

// proxyVariable returns the environment variable of the proxy for https. Plain http is for loopback only, which has no proxy.
func (e *evidence) proxyVariable() string {
	if e.getenv("HTTPS_PROXY") != "" {
		return "HTTPS_PROXY"
	}
	return "https_proxy"
}

func (e *evidence) checkHost(ctx context.Context) row {
	c := e.connection
	note := ""
	if e.checkProxy(ctx).Result == "used" {
		note = "of the proxy"
	}
	switch {
	case c.dnsErr != nil:
		return row{Result: e.first.text(), Verdict: problem, Note: note, next: e.unreached(ctx, c, e.environment.Transport.BaseURL, e.addressVariables())}
	case c.resolved:
		return row{Result: "resolved in " + milliseconds(c.dns), Verdict: good, Note: note}
	default:
		return row{Result: "not needed: an IP address", Verdict: good, Note: note}
	}
}

// addressVariables names the variables that decide where the requests go.
func (e *evidence) addressVariables() string {
	if e.isSCIM() {
		return "UDEMY_SUBDOMAIN and UDEMY_ENDPOINT"
	}
	return "UDEMY_ENDPOINT"
}

// unreached returns what to do if there was no response from an address, which the variables select.
func (e *evidence) unreached(ctx context.Context, c connection, address *url.URL, variables string) string {
	switch proxy := e.proxyOf(ctx, address); {
	case proxy.next != "":
		return proxy.next
	case c.tlsErr != nil:
		return "Check " + variables + ". If a proxy inspects TLS traffic, let this machine trust its certificate, for example with SSL_CERT_FILE."
	case proxy.Result == "used" && !c.open:
		return "Check the proxy in " + e.proxyVariable() + ": its address, whether it needs a sign-in, and whether it allows the host of the API."
	case c.dnsErr != nil:
		return "Check " + variables + ", and the DNS settings of this machine."
	default:
		return "Check the network first, then " + variables + ": the API can't be reached."
	}
}

func (e *evidence) checkTLS(ctx context.Context) row {
	c := e.connection
	switch {
	case e.environment.Transport.BaseURL.Scheme == "http":
		return row{Result: "not used", Verdict: good, Note: "plain HTTP on a loopback address"}
	case c.tlsErr != nil:
		return row{Result: e.first.text(), Verdict: problem, next: e.unreached(ctx, c, e.environment.Transport.BaseURL, e.addressVariables())}
	case !c.secured:
		return row{Verdict: notChecked, Note: "needs a connection"}
	default:
		return row{Result: fmt.Sprintf("%s, handshake in %s", tls.VersionName(c.version), milliseconds(c.handshake)), Verdict: good}
	}
}

func (e *evidence) checkResponse(ctx context.Context) row {
	a := e.first
	switch {
	case e.connection.dnsErr != nil || e.connection.tlsErr != nil:
		return without("a connection")
	case a.late:
		return row{Result: a.failure, Verdict: problem, next: "Try again later, and from another network. If the problem persists, ask Udemy's support why its API is slow."}
	case a.status == 0:
		return row{
			Result: a.failure, Verdict: problem,
			next: e.unreached(ctx, e.connection, e.environment.Transport.BaseURL, e.addressVariables()),
		}
	case a.isOutage():
		return row{Result: a.text(), Verdict: problem, next: "Try again later. If the problem persists, ask Udemy's support why its API fails."}
	case a.isPage():
		return row{
			Result: a.text(), Verdict: problem, Note: "a sign-in page, a proxy or another service",
			next: "Check " + e.addressVariables() + ", and that no proxy requires a sign-in: a web page answers instead of the API." + e.pageHint(),
		}
	case a.failure != "":
		return row{
			Result: a.text(), Verdict: problem,
			next: "Check " + e.addressVariables() + ": another service answers, or a proxy changes the responses.",
		}
	default:
		return row{Result: a.text(), Verdict: good, Note: "to the list of learners"}
	}
}

// pageHint returns what else a web page can mean: some servers send one with each error.
func (e *evidence) pageHint() string {
	switch {
	case e.first.status == http.StatusUnauthorized, e.first.status == http.StatusForbidden:
		return " If the address is right, create a new token and set UDEMY_TOKEN. " + e.tokenSource()
	case e.first.status == http.StatusNotFound && e.isSCIM():
		return " If the address is right, set up SCIM under Manage › Settings › Provisioning (SCIM)."
	default:
		return ""
	}
}

// answered reports whether the API has processed the first request.
func (e *evidence) answered() bool {
	return e.checkResponse(context.Background()).Verdict == good
}

func (e *evidence) checkCredential(context.Context) row {
	switch {
	case !e.answered():
		return without("a response of the API")
	case e.first.status == http.StatusUnauthorized:
		return row{
			Result: "rejected", Verdict: problem, Note: e.first.text(),
			next: "Create a new token at Udemy and set UDEMY_TOKEN. " + e.tokenSource(),
		}
	case e.first.status == http.StatusForbidden:
		return row{
			Result: "not allowed", Verdict: problem, Note: e.first.text(),
			next: "Check that the token in UDEMY_TOKEN belongs to this organization: compare " + e.organizationSource() + ". Also check that the " +
				"organization's plan includes the API. " + e.tokenSource(),
		}
	case e.first.isOK():
		return row{Result: "accepted", Verdict: documented}
	default:
		return row{Verdict: notChecked, Note: e.first.text() + " does not show it"}
	}
}

// organizationSource returns the variable of the organization and where Udemy shows its value.
func (e *evidence) organizationSource() string {
	if e.isSCIM() {
		return "UDEMY_SUBDOMAIN with the URL of Udemy's admin pages"
	}
	return "UDEMY_ORGANIZATION_UUID with the UUID that Udemy's admin pages show"
}

func (e *evidence) tokenSource() string {
	if e.isSCIM() {
		return "An admin generates it under Manage › Settings › Provisioning (SCIM)."
	}
	return "It is a personal access token from Settings › API."
}

func (e *evidence) checkOrganization(context.Context) row {
	switch {
	case !e.answered():
		return without("a response of the API")
	case e.first.isOK():
		return row{Result: "found", Verdict: documented}
	default:
		return row{Verdict: notChecked, Note: e.first.text() + " does not show it"}
	}
}

// trafficChecks look at all requests.
func (e *evidence) trafficChecks() []check {
	return []check{
		{"Traffic", "latency", e.checkLatency},
		{"Traffic", "rate limit", e.checkRateLimit},
		{"Traffic", "rate-limit headers", e.checkLimitHeaders},
		{"Traffic", "server", e.checkServer},
	}
}

// slow is a third of the default of request_timeout. A page may take longer at another time.
const slow = 10 * time.Second

func (e *evidence) checkLatency(context.Context) row {
	times := slices.Sorted(slices.Values(e.probe.latencies))
	if len(times) == 0 {
		return without("a response")
	}
	slowest := times[len(times)-1]
	found := row{
		Result:  fmt.Sprintf("median %s, slowest %s", milliseconds(times[len(times)/2]), milliseconds(slowest)),
		Verdict: good, Note: "until the first byte of a response",
	}
	if slowest > slow {
		found.settings = map[string]string{"request_timeout": "90s"}
	}
	return found
}

// checkRateLimit looks at refusals. Udemy documents status 429 with Retry-After, but no numbers.
func (e *evidence) checkRateLimit(context.Context) row {
	refused, announced := 0, 0
	for _, response := range e.probe.responses {
		if response.status == http.StatusTooManyRequests {
			refused++
			announced += min(len(response.header.Values("Retry-After")), 1)
		}
	}
	if refused == 0 {
		return row{Result: "not reached", Verdict: good}
	}
	found := row{Result: fmt.Sprintf("%d of %d requests refused", refused, len(e.probe.responses)), Verdict: documented, Note: "HTTP status 429 with Retry-After"}
	if announced < refused {
		found.Verdict, found.Note = missing, "HTTP status 429 without Retry-After; the provider waits longer after each one"
	}
	return found
}

// limitHeader matches the names of headers that announce a rate limit, in the forms that are in use. It lists their words, because
// any other word could name the organization.
var limitHeader = regexp.MustCompile(
	`(?i)^(retry-after|(x-)?rate-?limit(-(limit|remaining|reset|used|policy|requests|after|second|minute|hour|day)){0,3})$`)

func (e *evidence) checkLimitHeaders(context.Context) row {
	values := map[string]string{}
	for _, response := range e.probe.responses {
		for name := range response.header {
			if limitHeader.MatchString(name) {
				values[name] = cmp.Or(number(response.header.Get(name)), values[name])
			}
		}
	}
	if len(values) == 0 {
		return row{Result: "none", Verdict: good}
	}
	var seen []string
	for name, value := range values {
		seen = append(seen, strings.TrimSuffix(name+": "+value, ": "))
	}
	return row{Result: strings.Join(slices.Sorted(slices.Values(seen)), ", "), Verdict: good, Note: "the last values"}
}

// number returns a text if it is a number, and otherwise nothing: a text could be personal.
func number(text string) string {
	if _, err := strconv.ParseFloat(text, 64); err != nil || len(text) > 12 {
		return ""
	}
	return text
}

// servers are the names that the report may contain. The header of any other server may contain a host name.
var servers = []string{
	"cloudflare", "nginx", "openresty", "envoy", "istio-envoy", "gunicorn", "uvicorn", "apache", "awselb", "cloudfront", "akamaighost", "varnish", "caddy", "kestrel",
}

func (e *evidence) checkServer(context.Context) row {
	header := e.first.header.Get("Server")
	name, _, _ := strings.Cut(strings.ToLower(header), "/")
	switch {
	case e.first.status == 0:
		return without("a response")
	case header == "":
		return row{Result: "not named", Verdict: good}
	case slices.Contains(servers, name):
		return row{Result: name, Verdict: good}
	default:
		return row{Result: "another", Verdict: good}
	}
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%d ms", d.Milliseconds())
}
