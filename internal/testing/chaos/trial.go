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

// maxTries is the maximum number of applies and of plans. One that ends with an error is repeated.
const maxTries = 3

// The kinds of trials.
const (
	faults   = "faults"
	refusals = "refusals"
	roster   = "roster"
)

// kinds maps each kind of trial to its faults.
var kinds = map[string]func(s settings, seed uint64) simulator.Faults{
	// Each fault is as likely as the others.
	faults: func(s settings, seed uint64) simulator.Faults {
		return simulator.Faults{Seed: seed, Rate: s.rate, Slow: s.slow}
	},
	// The provider takes a share of refusals above a quarter for a rate limit.
	refusals: func(s settings, seed uint64) simulator.Faults {
		return simulator.Faults{Seed: seed, Rate: s.rate / 2, Kinds: []simulator.Fault{simulator.FaultTooMany, simulator.FaultTooManyForNow}}
	},
	// All learners are in one udemy_roster, and applies are killed and interrupted.
	roster: func(s settings, seed uint64) simulator.Faults {
		return simulator.Faults{Seed: seed, Rate: s.rate, Slow: s.slow}
	},
}

// trial is one run on one API with one seed.
type trial struct {
	settings
	api      string
	kind     string
	seed     uint64
	cli      *terraform.CLI
	dir      string
	env      []string
	sim      *simulator.Simulator
	wanted   []learner
	progress *log.Logger

	applies int
	// disturbed counts the applies that were killed or interrupted.
	disturbed int
	took      time.Duration
	// problem is the reason why the trial failed, or empty.
	problem string
}

// runTrial runs a trial. A failed check is the trial's problem; an error means that the trial has no result.
func runTrial(ctx context.Context, cli *terraform.CLI, dir string, opts settings, api, kind string, seed uint64, progress *log.Logger) (*trial, error) {
	sim := simulator.New(simulator.Config{
		Faults: kinds[kind](opts, seed),
		// Faults can change the type of numeric IDs. SCIM allows two groups with the same name, which shows a group that was
		// created twice; REST responds with a conflict. Small pages shift more often.
		Variations: simulator.Variations{NumericIDs: true, SameGroupNames: api == apiSCIM, PageSize: 50, Lag: opts.lag},
	})
	server := httptest.NewServer(sim)
	defer server.Close()
	dir, err := os.MkdirTemp(dir, "trial-")
	if err != nil {
		return nil, err
	}
	t := &trial{
		settings: opts, api: api, kind: kind, seed: seed, cli: cli, dir: dir, sim: sim, progress: progress,
		wanted: learners(opts.learners, opts.groups),
		env:    terraform.Environment(api, server.URL),
	}
	if kind == roster {
		err = t.prepareRoster()
	} else {
		err = writeConfiguration(dir, t.wanted, opts.groups, opts.slow/2)
	}
	if err != nil {
		return nil, err
	}
	if output, code, err := t.run(ctx, "init"); err != nil {
		return nil, err
	} else if code != 0 {
		return nil, fmt.Errorf("init: exit code %d:\n%s", code, output)
	}
	begin := time.Now()
	if kind == roster {
		t.problem, err = t.rosterVerdict(ctx)
	} else {
		t.problem, err = t.verdict(ctx)
	}
	t.took = time.Since(begin)
	return t, err
}

// verdict applies the configuration and returns the problem of the first failed check.
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

// apply applies until an apply succeeds.
func (t *trial) apply(ctx context.Context) (problem string, err error) {
	for t.applies < maxTries {
		output, code, err := t.run(ctx, "apply", "-auto-approve")
		if err != nil {
			return "", err
		}
		t.applies++
		if t.applies == 1 && strings.Contains(output, "Adopted existing") {
			return "the first apply reports a created object as adopted", nil
		}
		if code == 0 {
			return "", nil
		}
	}
	return fmt.Sprintf("apply failed %d times", maxTries), nil
}

// plan plans until a plan succeeds. A plan with changes is a problem and is not repeated.
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
	return fmt.Sprintf("plan failed %d times", maxTries), nil
}

// run runs the CLI, and prints the end of its output if it fails.
func (t *trial) run(ctx context.Context, arguments ...string) (output string, code int, err error) {
	t.progress.Printf("%s, %s, seed %d: %s", t.api, t.kind, t.seed, arguments[0])
	output, code, err = t.cli.Run(ctx, t.dir, t.env, append(slices.Clone(arguments), "-input=false", "-no-color")...)
	if err == nil && code == 1 {
		t.progress.Print(end(output))
	}
	return output, code, err
}

// end returns the end of an output, which contains the errors.
func end(output string) string {
	const shown = 3000
	return output[max(0, len(output)-shown):]
}

// header and line format the table of trials.
const header = "API              kind      seed  requests  faults  applies  seconds  verdict  faults by kind"

func (t *trial) line() string {
	counts := t.sim.FaultCounts()
	total := 0
	var each []string
	if t.disturbed > 0 {
		each = append(each, fmt.Sprintf("killed or interrupted: %d", t.disturbed))
	}
	for _, fault := range slices.Sorted(maps.Keys(counts)) {
		total += counts[fault]
		each = append(each, fmt.Sprintf("%s: %d", fault, counts[fault]))
	}
	verdict := "ok"
	if t.problem != "" {
		verdict = "FAILED: " + t.problem
	}
	return fmt.Sprintf("%-15s  %-8s  %4d  %8d  %6d  %7d  %7.0f  %-7s  %s",
		t.api, t.kind, t.seed, t.sim.RequestCount(), total, t.applies, t.took.Seconds(), verdict, strings.Join(each, ", "))
}
