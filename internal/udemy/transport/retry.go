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
	// The first wait without a Retry-After, and what waits grow up to.
	firstWait   = time.Second
	longestWait = 30 * time.Second
	// Retry-After is the server's word, and a server may err by hours.
	longestRetryAfter = 2 * time.Minute
)

var errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)

// interruptedError is the end of a wait for the pace: the caller's context is done, or would be.
type interruptedError struct{ error }

// checkRetry is the retry policy, in the form that retryablehttp asks for.
func checkRetry(ctx context.Context, response *http.Response, err error) (bool, error) {
	if err != nil {
		return !permanent(ctx, err), nil
	}
	status := response.StatusCode
	return status == http.StatusTooManyRequests ||
		status >= http.StatusInternalServerError && status != http.StatusNotImplemented, nil
}

// permanent reports whether another attempt would fail in the same way.
func permanent(ctx context.Context, err error) bool {
	if _, ok := errors.AsType[interruptedError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	return ctx.Err() != nil || errors.Is(err, errTooLarge) || errors.Is(err, http.ErrSchemeMismatch)
}

// backoff waits as long as the server asks for, or else ever longer; a part of it is random, so that
// requests that failed together don't come back together.
func backoff(attempt int, response *http.Response) time.Duration {
	if response != nil {
		if wait, ok := retryAfter(response.Header.Get("Retry-After"), time.Now()); ok {
			return wait + rand.N(firstWait)
		}
	}
	wait := longestWait
	if attempt < 5 { // 2⁵ seconds are more than the longest wait.
		wait = firstWait << attempt
	}
	return wait/2 + rand.N(wait/2)
}

// retryAfter reads the header of that name, seconds or a date (RFC 9110, section 10.2.3).
func retryAfter(header string, now time.Time) (time.Duration, bool) {
	if seconds, err := strconv.ParseUint(header, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, longestRetryAfter), true
	}
	if date, err := http.ParseTime(header); err == nil {
		return min(max(date.Sub(now), 0), longestRetryAfter), true
	}
	return 0, false
}
