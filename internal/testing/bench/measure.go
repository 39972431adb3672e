// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"log"
	"slices"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// bench is one run.
type bench struct {
	settings
	installation *installation
	progress     *log.Logger
	report       report
}

// all measures the table and, unless disabled, the promises. With -pace or -roster, it
// measures only what the flag names.
func (b *bench) all(ctx context.Context) error {
	switch {
	case b.pace:
		return b.promisePace(ctx)
	case len(b.rosters) > 0:
		return b.onlyRosters(ctx)
	}
	for _, n := range b.sizes {
		if err := b.organization(ctx, n); err != nil {
			return fmt.Errorf("%d learners: %w", n, err)
		}
	}
	if !b.promises {
		return nil
	}
	return b.allPromises(ctx)
}

// organization measures the rows of the table for n learners with as many memberships.
func (b *bench) organization(ctx context.Context, n int) error {
	s := usersInGroups(n, groups)
	fx, err := b.installation.newFixture(ctx, simulator.Config{}, func(*simulator.Simulator) scenario { return s })
	if err != nil {
		return err
	}
	defer fx.close()
	fx.SetPace(b.latency, b.rate)
	add := func(do step, times int) (row, error) {
		b.progress.Printf("%d learners: %s", n, do.name)
		r, err := b.measure(ctx, fx, do, times)
		r.Learners, r.Memberships, r.Groups = n, n, min(n, groups)
		if err == nil {
			b.report.Rows = append(b.report.Rows, r)
		}
		return r, err
	}

	if _, err := add(create, 1); err != nil {
		return err
	}
	noop, err := add(unchanged, b.repeat)
	if err != nil {
		return err
	}
	// Setting up the same organization twice takes long, so its promises are measured here if the size matches.
	if b.promises && n == promisedLearners && b.latency == promisedLatency && b.rate == 0 {
		if err := b.promiseNoop(ctx, fx, noop); err != nil {
			return err
		}
		fx.SetPace(b.latency, b.rate)
	}
	if err := fx.setData(withOneChange(learners(n, groups))); err != nil {
		return err
	}
	_, err = add(oneChange, b.repeat)
	return err
}

// setData replaces the data of both configurations.
func (fx *fixture) setData(data any) error {
	if err := fx.udemy.setData(data); err != nil {
		return err
	}
	return fx.empty.setData(data)
}

// measure runs a step several times with each provider. The providers alternate, so that other load of the machine affects
// both. Times are medians. The number of requests and the memory are maxima.
func (b *bench) measure(ctx context.Context, fx *fixture, do step, times int) (row, error) {
	r := row{Step: do.name}
	var udemy, empty []time.Duration
	for range times {
		fx.ResetRequests()
		memory := b.installation.watchMemory()
		took, err := fx.udemy.run(ctx, do)
		r.PeakMiB = max(r.PeakMiB, memory())
		if err != nil {
			return r, fmt.Errorf("udemy: %w", err)
		}
		udemy = append(udemy, took)
		r.Requests, r.Refused = max(r.Requests, fx.RequestCount()), max(r.Refused, fx.refused())
		b.progress.Printf("  udemy %6.1f s, %d requests", took.Seconds(), fx.RequestCount())

		if took, err = fx.empty.run(ctx, do); err != nil {
			return r, fmt.Errorf("empty: %w", err)
		}
		empty = append(empty, took)
		b.progress.Printf("  empty %6.1f s", took.Seconds())
	}
	r.UdemySeconds, r.EmptySeconds = median(udemy).Seconds(), median(empty).Seconds()
	r.Ratio = r.UdemySeconds / r.EmptySeconds
	return r, nil
}

// median returns the middle value, or the higher of the two middle values.
func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}
