// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package page

import (
	"errors"
	"math"
	"slices"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const (
	maxDelay = 3_600_000 // milliseconds
	maxRate  = 1e6       // requests per second
)

// switches is what the page changes about the behavior of the APIs. A zero switches it off.
type switches struct {
	Seats     int        `json:"seats"`
	Latency   int        `json:"latency"` // milliseconds
	Rate      float64    `json:"rate"`    // requests per second
	Lag       int        `json:"lag"`     // milliseconds
	Share     float64    `json:"share"`   // of the requests that have a fault, in percent
	FaultKind faultClass `json:"faultKind"`
}

// faultClass is a choice of faults. An empty class keeps the kinds that the simulator was started with.
type faultClass string

var faultClasses = map[faultClass][]simulator.Fault{
	"all":         nil,
	"429":         {simulator.FaultTooMany, simulator.FaultTooManyForNow},
	"5xx":         {simulator.FaultError, simulator.FaultUnavailable, simulator.FaultTimeout},
	"connections": {simulator.FaultClosedBefore, simulator.FaultClosedAfter, simulator.FaultTruncated},
	"slow":        {simulator.FaultSlowHeaders, simulator.FaultSlowBody},
}

// switches returns the current state.
func (p *Page) switches() switches {
	latency, rate := p.simulator.Pace()
	_, lag := p.simulator.Lag()
	faults := p.simulator.Faults()
	state := switches{
		Seats: p.simulator.Counts().Seats, Latency: int(latency.Milliseconds()), Rate: rate, Lag: int(lag.Milliseconds()),
		Share: math.Round(faults.Rate*1e6) / 1e4, // 7 %, not 7.000000000000001 %
	}
	for class, kinds := range faultClasses {
		if slices.Equal(kinds, faults.Kinds) {
			state.FaultKind = class
		}
	}
	return state
}

// set changes the state. Nothing changes after an error.
func (p *Page) set(state switches) error {
	if min(state.Seats, state.Latency, state.Lag) < 0 || state.Rate < 0 {
		return errors.New("no value may be negative")
	}
	if max(state.Latency, state.Lag) > maxDelay {
		return errors.New("latency and lag must not be longer than an hour")
	}
	if state.Rate > maxRate {
		return errors.New("the limit must not be above 1,000,000 requests per second; 0 is for no limit")
	}
	faults := p.simulator.Faults()
	faults.Rate = state.Share / 100
	if kinds, known := faultClasses[state.FaultKind]; known {
		faults.Kinds = kinds
	}
	if err := faults.Validate(); err != nil {
		return errors.New("the share of faults must be from 0 to 100 percent")
	}
	reads, _ := p.simulator.Lag()
	p.simulator.SetSeats(state.Seats)
	p.simulator.SetPace(milliseconds(state.Latency), state.Rate)
	p.simulator.SetLag(reads, milliseconds(state.Lag))
	p.simulator.SetFaults(faults)
	return nil
}

func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }
