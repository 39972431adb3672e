// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	// shortestWait limits the random part of the wait after a Retry-After of 0.
	shortestWait = 100 * time.Millisecond
	// Without a Retry-After, waits grow from firstWait to longestWait. The first wait after a 429 is shorter, because the server
	// is available.
	firstWait    = time.Second
	firstWait429 = 200 * time.Millisecond
	longestWait  = 30 * time.Second
	// longestRetryAfter limits Retry-After, which a misconfigured server can set to hours.
	longestRetryAfter = 2 * time.Minute
)

var errTooLarge = fmt.Errorf("the response is larger than %d MiB", maxBody>>20)

// checkRetry is the retryablehttp.CheckRetry of an exchange.
func (x *exchange) checkRetry(ctx context.Context, response *http.Response, err error) (bool, error) {
	if err == nil && isTooMany(response) {
		return true, nil
	}
	limit := x.client.config.MaxRetries
	if err == nil && response.StatusCode == http.StatusServiceUnavailable {
		limit *= 2 // The waits of eight retries exceed a minute, so that the default covers a short maintenance.
	}
	if !failed(ctx, response, err) || x.failures >= limit {
		return false, nil
	}
	x.failures++
	return true, nil
}

// backoff is the retryablehttp.Backoff of an exchange. The gate can delay the next attempt further.
func (x *exchange) backoff(_, _ time.Duration, _ int, response *http.Response) time.Duration {
	if isTooMany(response) {
		return x.client.config.Backoff(x.attempts-x.failures-1, response)
	}
	return x.client.config.Backoff(x.failures-1, response)
}

// prepareRetry calls BeforeResend if an earlier attempt may have been carried out.
func (x *exchange) prepareRetry(request *http.Request) error {
	if x.request.BeforeResend != nil && (x.lost || x.resent) {
		x.settled = x.request.BeforeResend(request.Context())
	}
	return x.settled
}

// isRefusal reports whether the server refused the attempt because of its load and not because of the request.
func isRefusal(response *http.Response) bool {
	return isTooMany(response) ||
		response.StatusCode == http.StatusServiceUnavailable && response.Header.Get("Retry-After") != ""
}

func isTooMany(response *http.Response) bool {
	return response != nil && response.StatusCode == http.StatusTooManyRequests
}

// failed reports whether an attempt got no usable response and a retry can succeed.
func failed(ctx context.Context, response *http.Response, err error) bool {
	if err != nil {
		return !permanent(ctx, err)
	}
	switch response.StatusCode {
	case http.StatusNotImplemented:
		return false
	case http.StatusRequestTimeout, http.StatusTooEarly:
		return true
	case http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect: // Temporary, for example to a maintenance page.
		return true
	default:
		return response.StatusCode >= http.StatusInternalServerError
	}
}

// permanent reports whether a retry would fail in the same way.
func permanent(ctx context.Context, err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	return ctx.Err() != nil || errors.Is(err, errRateLimit) || errors.Is(err, http.ErrSchemeMismatch)
}

// backoff returns the wait before the next attempt: a 429 has the wait in its Retry-After. Otherwise the wait grows exponentially, and
// Retry-After can only extend it. A part of the wait is random, so that requests that failed at the same time are not retried
// at the same time.
func backoff(failure int, response *http.Response) time.Duration {
	wait := firstWait
	if isTooMany(response) {
		wait = firstWait429
	}
	wait = min(wait<<min(failure, 8), longestWait)
	wait = wait/2 + rand.N(wait/2)
	if response == nil {
		return wait
	}
	after, ok := retryAfter(response.Header, time.Now())
	if !ok {
		return wait
	}
	after += rand.N(shortestWait + after/10)
	if isTooMany(response) {
		return after
	}
	return max(after, wait)
}

// retryAfter parses the Retry-After header: seconds or a date (RFC 9110 section 10.2.3). It compares a date to the Date header
// of the response, if there is one, because the clocks can differ.
func retryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, longestRetryAfter), true
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if sent, err := http.ParseTime(header.Get("Date")); err == nil {
		now = sent
	}
	return min(max(date.Sub(now), 0), longestRetryAfter), true
}
