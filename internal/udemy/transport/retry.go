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
	// Without a Retry-After, waits grow from firstWait to longestWait.
	firstWait   = time.Second
	longestWait = 30 * time.Second
	// longestRetryAfter limits Retry-After, which a misconfigured server can set to hours.
	longestRetryAfter = 2 * time.Minute
)

var errTooLarge = fmt.Errorf("the response is larger than %d MiB", maxBody>>20)

// checkRetry is the retryablehttp.CheckRetry of an exchange.
func (x *exchange) checkRetry(ctx context.Context, response *http.Response, err error) (bool, error) {
	if err == nil && response.StatusCode == http.StatusTooManyRequests {
		return true, nil
	}
	if !failed(ctx, response, err) || x.failures == x.client.config.MaxRetries {
		return false, nil
	}
	x.failures++
	return true, nil
}

// backoff is the retryablehttp.Backoff of an exchange. After a 429, it returns 0: the gate delays the next attempt.
func (x *exchange) backoff(_, _ time.Duration, _ int, response *http.Response) time.Duration {
	if response != nil && response.StatusCode == http.StatusTooManyRequests {
		return 0
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
	return response.StatusCode == http.StatusTooManyRequests ||
		response.StatusCode == http.StatusServiceUnavailable && response.Header.Get("Retry-After") != ""
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

// backoff returns the wait from Retry-After, or else an exponentially growing wait. A part of the wait is random, so that
// requests that failed at the same time are not retried at the same time.
func backoff(failure int, response *http.Response) time.Duration {
	if response != nil {
		if wait, ok := retryAfter(response.Header, time.Now()); ok {
			return wait + rand.N(shortestWait+wait/10)
		}
	}
	wait := longestWait
	if failure < 5 { // 2⁵ seconds exceed longestWait.
		wait = firstWait << failure
	}
	return wait/2 + rand.N(wait/2)
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
