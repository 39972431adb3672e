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
	// The most that is added to a Retry-After of no time.
	shortestWait = 100 * time.Millisecond
	// The first wait without a Retry-After, and what waits grow up to.
	firstWait   = time.Second
	longestWait = 30 * time.Second
	// Retry-After is the server's word, and a server may err by hours.
	longestRetryAfter = 2 * time.Minute
)

var errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)

// checkRetry is the retry policy, in the form that retryablehttp asks for.
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

// backoff is the wait before the next attempt, in the form that retryablehttp asks for. After a 429 it is none:
// that is what the gate is for.
func (x *exchange) backoff(_, _ time.Duration, _ int, response *http.Response) time.Duration {
	if response != nil && response.StatusCode == http.StatusTooManyRequests {
		return 0
	}
	return x.client.config.Backoff(x.failures-1, response)
}

// lookBeforeResending is for requests that must not be sent again before someone has looked what became of them.
func (x *exchange) lookBeforeResending(request *http.Request) error {
	if x.request.BeforeResend != nil && (x.lost || x.resent) {
		x.settled = x.request.BeforeResend(request.Context())
	}
	return x.settled
}

// tellsToWait reports whether an answer is about how much is asked of the server, not about the request.
func tellsToWait(response *http.Response) bool {
	return response.StatusCode == http.StatusTooManyRequests ||
		response.StatusCode == http.StatusServiceUnavailable && response.Header.Get("Retry-After") != ""
}

// failed reports whether an attempt got no usable answer, but another one might.
func failed(ctx context.Context, response *http.Response, err error) bool {
	if err != nil {
		return !permanent(ctx, err)
	}
	switch response.StatusCode {
	case http.StatusNotImplemented:
		return false
	case http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect: // For the time being, as to a page about maintenance.
		return true
	default:
		return response.StatusCode >= http.StatusInternalServerError
	}
}

// permanent reports whether another attempt would fail in the same way.
func permanent(ctx context.Context, err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	return ctx.Err() != nil || errors.Is(err, errRateLimit) || errors.Is(err, http.ErrSchemeMismatch)
}

// backoff waits as long as the server asks for, or else ever longer; a part of it is random, so that
// those who failed together don't come back together.
func backoff(failure int, response *http.Response) time.Duration {
	if response != nil {
		if wait, ok := retryAfter(response.Header, time.Now()); ok {
			return wait + rand.N(shortestWait+wait/10)
		}
	}
	wait := longestWait
	if failure < 5 { // 2⁵ seconds are more than the longest wait.
		wait = firstWait << failure
	}
	return wait/2 + rand.N(wait/2)
}

// retryAfter reads the header of that name, seconds or a date (RFC 9110, section 10.2.3). A date is compared to the
// server's own clock, if it tells the time.
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
