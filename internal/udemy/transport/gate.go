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
	// longestRefusal is how long a server may refuse every request before the client gives up.
	longestRefusal = 10 * time.Minute

	// A first refusal after fewer answers than this in a second doesn't tell the server's limit: something else
	// may have used it up. This is the pace then, in requests per second, and it grows fast.
	firstPace = 15
	// minPace is where a pace stops falling.
	minPace = 1
	// headroom is how much of the pace that the server accepted is used.
	headroom = 0.95
	// A pace has doubled this long after a pause, if the server's limit is known, and if it isn't.
	slowDoubling = 15 * time.Second
	fastDoubling = 2 * time.Second
)

// errRateLimit ends a wait that has no end in sight.
var errRateLimit = fmt.Errorf("the server's rate limit: no request gets through within %s", longestRefusal)

// gate is where every attempt of a client waits for its turn. It is open until the server refuses an attempt. Then
// it closes for as long as the server asks, and afterwards lets attempts through one by one: at first at about
// the pace that the server was seen to accept, then faster and faster, until the server refuses again.
type gate struct {
	// limit is the pace that is never exceeded, in requests per second; infinite if there is none.
	limit float64
	// pause is how long to close for; refusals counts the times before, since the last answer.
	pause func(refusals int, response *http.Response) time.Duration
	// turn is held by the attempt that is the next to start: only that one watches the clock.
	turn chan struct{}

	mu sync.Mutex
	// next is when the next attempt may start as far as the pace is concerned.
	next time.Time
	// round counts how often the gate has opened.
	round int
	// opens is when the gate opens, or opened last; closed says that it has not been passed since.
	opens  time.Time
	closed bool
	// base is the pace right after opening, infinite as long as nothing was refused; doubling is how long it
	// takes to double.
	base     float64
	doubling time.Duration
	// refusedPace is the pace at which the server refused.
	refusedPace float64
	// answers tells how many attempts of the round the server let through in about a second, see answered.
	answers    float64
	answeredAt time.Time
	// refusals counts the rounds since the last answer, and refusedSince is when the first refusal after it came.
	refusals     int
	refusedSince time.Time
}

// newGate makes a gate; a limit of zero is none.
func newGate(limit float64, pause func(int, *http.Response) time.Duration) *gate {
	if limit <= 0 {
		limit = math.Inf(1)
	}
	return &gate{limit: limit, pause: pause, turn: make(chan struct{}, 1), base: math.Inf(1), doubling: slowDoubling}
}

// wait returns when an attempt may start, with the round that it starts in.
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

// pass lets an attempt through, in a round, or says how long is left before it may ask again.
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
	interval := time.Duration(float64(time.Second) / g.pace(now))
	// A timer that fires late doesn't put off all that follow, but time without requests is not made up for.
	if g.next.Before(now.Add(-interval)) {
		g.next = now
	}
	g.next = g.next.Add(interval)
	return g.round, 0, nil
}

// pace is how many attempts may start in a second.
func (g *gate) pace(now time.Time) float64 {
	// The cube stays close to a pace that is known to work, and soon tries a much higher one if all goes well.
	growth := 1 + math.Pow(now.Sub(g.opens).Seconds()/g.doubling.Seconds(), 3)
	return min(g.limit, g.base*growth)
}

// refused closes the gate because an attempt was told to wait. It returns for how long if the gate was open.
func (g *gate) refused(round int, response *http.Response) (closedFor time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if g.refusedSince.IsZero() {
		g.refusedSince = now
	}
	pause := g.pause(g.refusals, response)
	if round == g.round && !g.closed && pause > 0 {
		g.closed, g.refusedPace = true, g.pace(now)
		closedFor = pause
	}
	// What an attempt of an earlier round is told counts as well, but it says nothing about the pace of this one.
	if opens := now.Add(pause); opens.After(g.opens) {
		g.opens = opens
	}
	return closedFor
}

// answered notes that the server let an attempt through. Older answers count for less, those of a second ago for
// a third, so that what remains is how many the server let through in about a second.
func (g *gate) answered() {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	g.answers = g.answers*math.Exp(-now.Sub(g.answeredAt).Seconds()) + 1
	g.answeredAt = now
	g.refusals, g.refusedSince = 0, time.Time{}
}

// reopen begins a round. It learns the pace from the round before only now, when the answers to attempts that were
// under way while the gate closed have come in.
func (g *gate) reopen(now time.Time) {
	switch known := !math.IsInf(g.base, 1); {
	case !known && g.answers < firstPace:
		g.base, g.doubling = firstPace, fastDoubling
	case g.answers == 0:
		// The server was still closed to everyone, whatever the pace.
	default:
		g.base, g.doubling = headroom*min(g.refusedPace, g.answers), slowDoubling
		if known {
			g.base = max(g.base, g.refusedPace/2, minPace)
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
