// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/time/rate"
)

// SetPace changes Latency and RequestsPerSecond of the Config for the following API calls.
func (s *Simulator) SetPace(latency time.Duration, requestsPerSecond float64) {
	s.pace.Store(newPace(latency, requestsPerSecond))
	s.switches.Add(1)
}

// Pace returns the values of SetPace.
func (s *Simulator) Pace() (latency time.Duration, requestsPerSecond float64) {
	p := s.pace.Load()
	if p.limiter.Limit() == rate.Inf {
		return p.latency, 0
	}
	return p.latency, float64(p.limiter.Limit())
}

// pace is the latency and the rate limit of API calls.
type pace struct {
	latency time.Duration
	limiter *rate.Limiter
}

func newPace(latency time.Duration, requestsPerSecond float64) *pace {
	p := &pace{latency: latency, limiter: rate.NewLimiter(rate.Inf, 0)}
	if requestsPerSecond > 0 {
		p.limiter = rate.NewLimiter(rate.Limit(requestsPerSecond), int(math.Ceil(requestsPerSecond)))
	}
	return p
}

// wait waits for the latency, and reports whether the client is still connected.
func (p *pace) wait(r *http.Request) bool {
	if p.latency > 0 {
		pause(r.Context(), p.latency)
	}
	return r.Context().Err() == nil
}

// pause waits until the time is over or the client disconnects.
func pause(ctx context.Context, length time.Duration) {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// retryAfter returns the time until the next allowed call, in whole seconds.
func (p *pace) retryAfter() int {
	missing := 1 - p.limiter.Tokens()
	return max(1, int(math.Ceil(missing/float64(p.limiter.Limit()))))
}

// writeTooMany responds to a call above the rate limit.
func (s *Simulator) writeTooMany(w http.ResponseWriter, r *http.Request, seconds int) {
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	s.refuse(w, r, http.StatusTooManyRequests, fmt.Sprintf("Request was throttled. Expected available in %d seconds.", seconds))
}

// refuse responds with an error in the format of the called API.
func (s *Simulator) refuse(w http.ResponseWriter, r *http.Request, status int, detail string) {
	if isSCIM(r) {
		s.scim.writeError(w, &scimError{status: status, detail: detail})
		return
	}
	writeDetail(w, status, detail)
}
