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
	workshop *workshop
	progress *log.Logger
	report   report
}

// all measures what the settings ask for.
func (b *bench) all(ctx context.Context) error {
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

// organization fills the table's rows for n learners with as many memberships.
func (b *bench) organization(ctx context.Context, n int) error {
	played := usersInGroups(n, groups)
	st, err := b.workshop.newStage(ctx, simulator.Config{}, func(*simulator.Simulator) scenario { return played })
	if err != nil {
		return err
	}
	defer st.close()
	st.SetPace(b.latency, b.rate)
	add := func(do step, times int) (row, error) {
		b.progress.Printf("%d learners: %s", n, do.name)
		r, err := b.measure(ctx, st, do, times)
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
	// The promises about this organization are measured here when it stands already.
	if b.promises && n == promisedLearners && b.latency == promisedLatency && b.rate == 0 {
		if err := b.promiseNoop(ctx, st, noop); err != nil {
			return err
		}
		st.SetPace(b.latency, b.rate)
	}
	if err := st.setData(withOneChange(learners(n, groups))); err != nil {
		return err
	}
	_, err = add(oneChange, b.repeat)
	return err
}

// setData changes what both configurations read.
func (st *stage) setData(data any) error {
	if err := st.udemy.setData(data); err != nil {
		return err
	}
	return st.empty.setData(data)
}

// measure does a step some times with each provider, in turns, so that what else the machine does meets
// both alike. Times are medians; of the requests, the run with the most counts.
func (b *bench) measure(ctx context.Context, st *stage, do step, times int) (row, error) {
	r := row{Step: do.name}
	var udemy, empty []time.Duration
	for range times {
		st.ResetRequests()
		took, err := st.udemy.run(ctx, do)
		if err != nil {
			return r, fmt.Errorf("udemy: %w", err)
		}
		udemy = append(udemy, took)
		r.Requests, r.Refused = max(r.Requests, st.RequestCount()), max(r.Refused, st.refused())
		b.progress.Printf("  udemy %6.1f s, %d requests", took.Seconds(), st.RequestCount())

		if took, err = st.empty.run(ctx, do); err != nil {
			return r, fmt.Errorf("empty: %w", err)
		}
		empty = append(empty, took)
		b.progress.Printf("  empty %6.1f s", took.Seconds())
	}
	r.UdemySeconds, r.EmptySeconds = median(udemy).Seconds(), median(empty).Seconds()
	r.Ratio = r.UdemySeconds / r.EmptySeconds
	return r, nil
}

// median is the middle one, or the higher one of the two in the middle.
func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}
