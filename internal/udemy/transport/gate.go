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
)

const (
	// longestRefusal is the time of continuous refusals after which the client gives up.
	longestRefusal = 10 * time.Minute

	// firstRate is the rate after the first refusal if the server has answered fewer requests per second than this. Such a
	// refusal does not reveal the server's limit, because other clients may have used it up.
	firstRate = 15
	// minRate is the lower bound of the rate.
	minRate = 1
	// headroom is the used share of the rate that the server has accepted.
	headroom = 0.95
	// The rate doubles within slowDoubling if the server's limit is known, and within fastDoubling otherwise.
	slowDoubling = 15 * time.Second
	fastDoubling = 2 * time.Second
)

// errRateLimit ends the wait of an attempt if the server refuses all requests for too long.
var errRateLimit = fmt.Errorf("the server's rate limit accepted no request within %s", longestRefusal)

// gate limits the rate, in requests per second, at which attempts start. It is open until the server refuses an attempt. Then
// it closes for the time that the server requests. Afterwards it lets attempts through at about the rate that the server has
// accepted before, and increases the rate until the next refusal.
type gate struct {
	// limit is the maximum rate. It is infinite if there is no limit.
	limit float64
	// pause returns the time to stay closed. refusals counts the previous refusals since the last answer.
	pause func(refusals int, response *http.Response) time.Duration
	// turn is held by the next attempt. Only this attempt waits on a timer.
	turn chan struct{}

	mu sync.Mutex
	// next is the earliest start of the next attempt at the current rate.
	next time.Time
	// round counts how often the gate has opened.
	round int
	// opens is the time at which the gate opens or has opened. closed is true until an attempt passes the opened gate.
	opens  time.Time
	closed bool
	// base is the rate right after opening. It is infinite before the first refusal. doubling is the time in which the rate
	// doubles.
	base     float64
	doubling time.Duration
	// refusedRate is the rate at the last refusal.
	refusedRate float64
	// answers estimates the number of answered attempts of the round within a second; see answered.
	answers    float64
	answeredAt time.Time
	// refusals counts the rounds since the last answer. refusedSince is the time of the first refusal after it.
	refusals     int
	refusedSince time.Time
}

// newGate returns an open gate. A limit of zero means no limit.
func newGate(limit float64, pause func(int, *http.Response) time.Duration) *gate {
	if limit <= 0 {
		limit = math.Inf(1)
	}
	return &gate{limit: limit, pause: pause, turn: make(chan struct{}, 1), base: math.Inf(1), doubling: slowDoubling}
}

// wait blocks until an attempt may start. It returns the round of the attempt.
func (g *gate) wait(ctx context.Context) (round int, err error) {
	select {
	case g.turn <- struct{}{}:
		defer func() { <-g.turn }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
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
	if now.Before(g.opens) {
		if !g.refusedSince.IsZero() && g.opens.Sub(g.refusedSince) > longestRefusal {
			return 0, 0, errRateLimit
		}
		return 0, g.opens.Sub(now), nil
	}
	if g.closed {
		g.reopen(now)
	}
	if now.Before(g.next) {
		return 0, g.next.Sub(now), nil
	}
	interval := time.Duration(float64(time.Second) / g.rate(now))
	// A late timer does not delay the following attempts, but unused time does not accumulate.
	if g.next.Before(now.Add(-interval)) {
		g.next = now
	}
	g.next = g.next.Add(interval)
	return g.round, 0, nil
}

// rate returns the number of attempts that may start per second.
func (g *gate) rate(now time.Time) float64 {
	// Cubic growth stays close to the accepted rate at first, and reaches a much higher rate soon.
	growth := 1 + math.Pow(now.Sub(g.opens).Seconds()/g.doubling.Seconds(), 3)
	return min(g.limit, g.base*growth)
}

// refused closes the gate after a refused attempt. If the gate was open, it returns the time that the gate stays closed.
func (g *gate) refused(round int, response *http.Response) (closedFor time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if g.refusedSince.IsZero() {
		g.refusedSince = now
	}
	pause := g.pause(g.refusals, response)
	if round == g.round && !g.closed && pause > 0 {
		g.closed, g.refusedRate = true, g.rate(now)
		closedFor = pause
	}
	// A refusal of an earlier round delays the opening as well, but does not affect the rate of this round.
	if opens := now.Add(pause); opens.After(g.opens) {
		g.opens = opens
	}
	return closedFor
}

// answered records that the server did not refuse an attempt. The weight of an answer decays to a third within a second, so
// that the sum estimates the answers per second.
func (g *gate) answered() {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	g.answers = g.answers*math.Exp(-now.Sub(g.answeredAt).Seconds()) + 1
	g.answeredAt = now
	g.refusals, g.refusedSince = 0, time.Time{}
}

// reopen begins a round. It sets the rate from the previous round only now, because answers to running attempts arrive while
// the gate is closed.
func (g *gate) reopen(now time.Time) {
	switch known := !math.IsInf(g.base, 1); {
	case !known && g.answers < firstRate:
		g.base, g.doubling = firstRate, fastDoubling
	case g.answers == 0:
		// The server refused all requests, regardless of the rate.
	default:
		g.base, g.doubling = headroom*min(g.refusedRate, g.answers), slowDoubling
		if known {
			g.base = max(g.base, g.refusedRate/2, minRate)
		}
	}
	if g.answers == 0 {
		g.refusals++
	}
	if g.next.Before(now) {
		g.next = now
	}
	g.round++
	g.opens, g.closed, g.answers = now, false, 0
}
