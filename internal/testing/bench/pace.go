// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const promisedPaceLearners = 200

// promisedRefusals has the promised times while the server refuses a share of the requests at random.
var promisedRefusals = []struct {
	share float64
	ratio float64 // to the time without refusals
}{{0.01, 1.3}, {0.05, 2}}

// promisedLimits has the promised times and numbers of requests with a rate limit. The provider learns the limit from
// refusals, which are a larger part of the requests if the limit is low.
var promisedLimits = []struct {
	perSecond float64
	ratio     float64 // to the time that the limit needs for the accepted requests
	attempts  float64 // for each accepted request
}{{20, 1.15, 1.3}, {5, 1.15, 1.5}}

// promisePace creates learners while the server refuses requests.
func (b *bench) promisePace(ctx context.Context) error {
	name := fmt.Sprintf("create %d learners", promisedPaceLearners)
	calm, err := b.createRefused(ctx, name, 0)
	if err != nil {
		return err
	}
	for _, want := range promisedRefusals {
		refused := fmt.Sprintf("%s, %g %% of the requests refused", name, 100*want.share)
		took, err := b.createRefused(ctx, refused, want.share)
		if err != nil {
			return err
		}
		b.promise(refused, "time to that without refusals", want.ratio, took.Seconds()/calm.Seconds())
	}
	for _, want := range promisedLimits {
		limited := fmt.Sprintf("%s, %g requests a second allowed", name, want.perSecond)
		made, err := b.createOnce(ctx, limited, want.perSecond, simulator.Faults{})
		if err != nil {
			return err
		}
		accepted := float64(made.Requests - made.Refused)
		minimum := accepted / want.perSecond
		b.promise(limited, "seconds", made.EmptySeconds+want.ratio*minimum, made.UdemySeconds)
		b.promise(limited, "requests for each accepted one", want.attempts, float64(made.Requests)/accepted)
	}
	return nil
}

// createRefused creates learners while the server refuses a share of the requests, and returns the median time of several seeds.
func (b *bench) createRefused(ctx context.Context, name string, share float64) (time.Duration, error) {
	var times []time.Duration
	for seed := range b.repeat {
		made, err := b.createOnce(ctx, name, 0, simulator.Faults{Seed: uint64(seed), Rate: share, Kinds: []simulator.Fault{simulator.FaultTooMany}})
		if err != nil {
			return 0, err
		}
		times = append(times, time.Duration(made.UdemySeconds*float64(time.Second)))
	}
	return median(times), nil
}

// createOnce creates learners in a new organization.
func (b *bench) createOnce(ctx context.Context, name string, perSecond float64, faults simulator.Faults) (row, error) {
	fx, err := b.installation.newFixture(ctx, simulator.Config{}, always(usersOnly(promisedPaceLearners)))
	if err != nil {
		return row{}, err
	}
	defer fx.close()
	fx.SetPace(promisedLatency, perSecond)
	fx.SetFaults(faults)
	b.progress.Print(name)
	made, err := b.measure(ctx, fx, create, 1)
	if err != nil {
		return row{}, fmt.Errorf("%s: %w", name, err)
	}
	return made, nil
}
