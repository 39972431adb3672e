// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"log"
	"maps"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/terraform"
)

// maxTries is how often applying and planning may be repeated when they end with an error.
const maxTries = 3

// trial is one run on one API with one seed.
type trial struct {
	settings
	api      string
	seed     uint64
	cli      *terraform.CLI
	dir      string
	env      []string
	sim      *simulator.Simulator
	wanted   []learner
	progress *log.Logger

	applies int
	took    time.Duration
	// problem is what went wrong; empty if nothing did.
	problem string
}

// try does a trial. Only what keeps it from coming to a verdict is an error.
func try(ctx context.Context, cli *terraform.CLI, dir string, asked settings, api string, seed uint64, progress *log.Logger) (*trial, error) {
	sim := simulator.New(simulator.Config{
		Faults: asked.faults(seed),
		// Ids can change their type if they look like numbers. Two groups of one name would be a learner's group lost; REST
		// answers with a conflict, and SCIM doesn't have to. Small pages are more occasions to shift.
		Variations: simulator.Variations{NumericIDs: true, SameGroupNames: api == apiSCIM, PageSize: 50},
	})
	server := httptest.NewServer(sim)
	defer server.Close()
	dir, err := os.MkdirTemp(dir, "trial-")
	if err != nil {
		return nil, err
	}
	t := &trial{
		settings: asked, api: api, seed: seed, cli: cli, dir: dir, sim: sim, progress: progress,
		wanted: learners(asked.learners, asked.groups),
		env:    terraform.Environment(api, server.URL),
	}
	if err := writeConfiguration(dir, t.wanted, asked.groups, asked.slow/2); err != nil {
		return nil, err
	}
	if output, code, err := t.run(ctx, "init"); err != nil {
		return nil, err
	} else if code != 0 {
		return nil, fmt.Errorf("init ends with %d:\n%s", code, output)
	}
	begin := time.Now()
	t.problem, err = t.verdict(ctx)
	t.took = time.Since(begin)
	return t, err
}

// verdict applies, and says what is wrong afterwards.
func (t *trial) verdict(ctx context.Context) (string, error) {
	if problem, err := t.apply(ctx); problem != "" || err != nil {
		return problem, err
	}
	if problem := t.organization(); problem != "" {
		return problem, nil
	}
	if problem, err := t.state(ctx); problem != "" || err != nil {
		return problem, err
	}
	return t.plan(ctx)
}

// apply applies until it passes.
func (t *trial) apply(ctx context.Context) (problem string, err error) {
	for t.applies < maxTries {
		output, code, err := t.run(ctx, "apply", "-auto-approve")
		if err != nil {
			return "", err
		}
		t.applies++
		if t.applies == 1 && strings.Contains(output, "Adopted existing") {
			return "what was created is said to have been there before", nil
		}
		if code == 0 {
			return "", nil
		}
	}
	return fmt.Sprintf("apply fails for the %d. time", maxTries), nil
}

// plan plans until it passes. To plan a change is no failure that may be repeated.
func (t *trial) plan(ctx context.Context) (problem string, err error) {
	for range maxTries {
		output, code, err := t.run(ctx, "plan", "-detailed-exitcode")
		switch {
		case err != nil:
			return "", err
		case code == 0:
			return "", nil
		case code == 2:
			t.progress.Print(end(output))
			return "the plan is not empty", nil
		}
	}
	return fmt.Sprintf("plan fails for the %d. time", maxTries), nil
}

// run runs the CLI, and shows how it ended if that was not well.
func (t *trial) run(ctx context.Context, arguments ...string) (output string, code int, err error) {
	t.progress.Printf("%s, seed %d: %s", t.api, t.seed, arguments[0])
	output, code, err = t.cli.Run(ctx, t.dir, t.env, append(slices.Clone(arguments), "-input=false", "-no-color")...)
	if err == nil && code == 1 {
		t.progress.Print(end(output))
	}
	return output, code, err
}

// end is the last part of an output, where errors stand.
func end(output string) string {
	const shown = 3000
	return output[max(0, len(output)-shown):]
}

// header and line are the table of all trials.
const header = "API              seed  requests  faults  applies  seconds  verdict  faults by kind"

func (t *trial) line() string {
	counts := t.sim.FaultCounts()
	faults := 0
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		faults += counts[kind]
		kinds = append(kinds, fmt.Sprintf("%s: %d", kind, counts[kind]))
	}
	verdict := "ok"
	if t.problem != "" {
		verdict = "FAILED: " + t.problem
	}
	return fmt.Sprintf("%-15s  %4d  %8d  %6d  %7d  %7.0f  %-7s  %s",
		t.api, t.seed, t.sim.RequestCount(), faults, t.applies, t.took.Seconds(), verdict, strings.Join(kinds, ", "))
}
