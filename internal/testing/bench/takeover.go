// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/terraform"
)

const takeoverRosterName = "roster: take over"

// The promised time of taking an organization over, to that of a plan of the empty provider.
const (
	promisedTakeoverPlans   = 4
	promisedTakeoverSeconds = 10 // more
)

// The steps after the export, measured as one.
var rosterTakeover = []step{
	{"plan", []string{"plan", "-out=plan.tfplan"}, 0, "Plan: 1 to import, 0 to add, 0 to change, 0 to destroy."},
	{"apply", []string{"apply", "plan.tfplan"}, 0, "1 imported, 0 added, 0 changed, 0 destroyed."},
	unchanged,
}

// takeOverRoster exports an existing organization as a roster and imports it. The empty provider has nothing to export, so the row
// has the time of as many of its plans as the promise allows.
func (b *bench) takeOverRoster(ctx context.Context, n int, emptyPlan float64, limits rosterLimits) error {
	sim := simulator.New(rosterConfig(b.api))
	addRoster(sim, n)
	server := httptest.NewServer(sim)
	defer server.Close()
	sim.SetPace(b.latency, b.rate)
	dir, err := os.MkdirTemp(b.installation.dir, "takeover-")
	if err != nil {
		return err
	}
	exported := &workspace{installation: b.installation, dir: filepath.Join(dir, "exported"), env: terraform.Environment(b.api, server.URL)}

	b.progress.Printf("%d learners: %s", n, takeoverRosterName)
	memory := b.installation.watchMemory()
	total, err := exported.takeOver(ctx, func(name string, took time.Duration) {
		b.progress.Printf("  %s %.1f s, %d requests so far", name, took.Seconds(), sim.RequestCount())
	})
	peak := memory()
	if err != nil {
		return err
	}
	r := row{
		Learners: n, Memberships: n, Groups: min(n, rosterGroups), Step: takeoverRosterName, Requests: sim.RequestCount(),
		UdemySeconds: total.Seconds(), EmptySeconds: promisedTakeoverPlans * emptyPlan, PeakMiB: peak,
	}
	r.Ratio = r.UdemySeconds / r.EmptySeconds
	b.report.Rows = append(b.report.Rows, r)
	if limits.takeoverRequests > 0 {
		b.promiseRoster(n, r, "requests", limits.takeoverRequests, float64(r.Requests))
		b.promiseRoster(n, r, "seconds", r.EmptySeconds+promisedTakeoverSeconds, r.UdemySeconds)
	}
	return nil
}

// takeOver exports the organization, imports it, and expects that nothing is left to do. The time does not include init, which
// installs the provider.
func (w *workspace) takeOver(ctx context.Context, report func(name string, took time.Duration)) (total time.Duration, err error) {
	begin := time.Now()
	if err := w.export(ctx, "-roster"); err != nil {
		return 0, err
	}
	total = time.Since(begin)
	report("export", total)
	if _, err := w.run(ctx, initialize); err != nil {
		return 0, err
	}
	for _, do := range rosterTakeover {
		took, err := w.run(ctx, do)
		if err != nil {
			return 0, err
		}
		report(do.name, took)
		total += took
	}
	return total, nil
}
