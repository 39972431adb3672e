// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// longestRefusal is the time of continuous refusals after which the client gives up.
	longestRefusal = 10 * time.Minute

	// A refusal delays only its own request while the share of refusals among the recent attempts is at most maxShare. A higher
	// share means that the server has a rate limit.
	maxShare = 0.25
	recent   = 50

	// When the gate closes, the rate falls to this part. The server accepts the lower rate, because it has accepted about three
	// quarters of the higher one.
	decrease = 0.6
	minRate  = 1
	// The rate doubles within a number of accepted attempts. That number doubles with each decrease, because the limit is known
	// more precisely.
	firstDoubling   = 50
	longestDoubling = 600
)

// errRateLimit ends a request if the server refuses all requests for too long.
var errRateLimit = fmt.Errorf("the server has refused all requests for %s because of its rate limit or its load", longestRefusal)

// gate limits the rate at which attempts start. It is open while the server accepts most of them. Otherwise it closes for the
// time that the server requests, and then lets attempts through at a lower rate, which increases with each accepted attempt.
type gate struct {
	// ceiling is the maximum rate. It is rate.Inf if there is no limit.
	ceiling rate.Limit
	// pause returns the time to stay closed. closings counts the previous closings since the last accepted attempt.
	pause func(closings int, response *http.Response) time.Duration

	mu       sync.Mutex
	limiter  *rate.Limiter
	doubling float64
	// started estimates the number of attempts within a second in which the gate is open.
	started   float64
	startedAt time.Time
	// share estimates the share of refused attempts since the gate has opened.
	share float64
	// round counts how often the gate has closed. opens is the time at which it opens or has opened. responsive is true if the
	// server has accepted an attempt since the gate closed.
	round      int
	opens      time.Time
	responsive bool
	// closings counts the closings since the last accepted attempt. refusedSince is the time of the first refusal after it.
	closings     int
	refusedSince time.Time
}

// newGate returns an open gate. A limit of zero means no limit.
func newGate(limit float64, pause func(int, *http.Response) time.Duration) *gate {
	ceiling := rate.Inf
	if limit > 0 {
		ceiling = rate.Limit(limit)
	}
	return &gate{ceiling: ceiling, pause: pause, limiter: rate.NewLimiter(ceiling, 1), doubling: firstDoubling}
}

// wait blocks until an attempt may start. It returns the round of the attempt.
func (g *gate) wait(ctx context.Context) (round int, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		round, left, err := g.pass(time.Now())
		if err != nil || left <= 0 {
			return round, err
		}
		select {
		case <-time.After(left):
		case <-ctx.Done():
		}
	}
}

// pass lets an attempt through and returns its round, or returns the time left until the next call.
func (g *gate) pass(now time.Time) (round int, left time.Duration, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if left := g.opens.Sub(now); left > 0 {
		return 0, left, g.hopeless(now)
	}
	reservation := g.limiter.ReserveN(now, 1)
	if left := reservation.DelayFrom(now); left > 0 {
		reservation.CancelAt(now) // The rate can change until then.
		return 0, left, nil
	}
	g.started = g.started*math.Exp(-now.Sub(g.startedAt).Seconds()) + 1
	g.startedAt = now
	return g.round, 0, nil
}

// accepted records that the server did not refuse an attempt.
func (g *gate) accepted() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.share -= g.share / recent
	g.responsive, g.closings, g.refusedSince = true, 0, time.Time{}
	g.setRate(g.limiter.Limit() * rate.Limit(1+math.Ln2/g.doubling))
}

// refused records a refusal of an attempt. It returns the time that the gate stays closed if the refusal has closed it, and
// errRateLimit if no further attempt can be expected to succeed.
func (g *gate) refused(round int, response *http.Response) (closedFor time.Duration, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if g.refusedSince.IsZero() {
		g.refusedSince = now
	}
	if round == g.round { // Otherwise the gate has closed since the attempt started.
		g.share += (1 - g.share) / recent
		if g.share > maxShare || g.closings > 0 {
			closedFor = g.pause(g.closings, response)
			g.close(now, closedFor)
		}
	}
	return closedFor, g.hopeless(now)
}

// close begins a round with a lower rate. If the server has accepted nothing, its refusals do not depend on the rate.
func (g *gate) close(now time.Time, pause time.Duration) {
	if g.responsive {
		g.setRate(decrease * min(g.limiter.Limit(), rate.Limit(g.started)))
		g.doubling = min(2*g.doubling, longestDoubling)
	}
	g.opens, g.startedAt = now.Add(pause), g.startedAt.Add(pause)
	g.round++
	g.closings++
	g.share, g.responsive = 0, false
}

func (g *gate) setRate(limit rate.Limit) {
	g.limiter.SetLimit(min(max(limit, minRate), g.ceiling))
}

// hopeless returns errRateLimit if the server has refused all attempts for too long.
func (g *gate) hopeless(now time.Time) error {
	if !g.refusedSince.IsZero() && now.Sub(g.refusedSince) > longestRefusal {
		return errRateLimit
	}
	return nil
}
