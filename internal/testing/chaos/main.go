// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Command chaos applies a configuration with the real CLI against a simulator with faults, and checks that no learner is
// lost. After at most three applies the organization must match the configuration, the IDs in state must match the
// organization, and the plan must be empty. The exit code is 1 if one of the checks fails. `make chaos` runs it.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/terraform"
)

// The values of the provider's api attribute.
const (
	apiSCIM           = "scim"
	apiUserManagement = "user_management"
)

// settings are the values of the flags.
type settings struct {
	cli      string
	apis     []string
	seeds    int
	first    uint64
	learners int
	groups   int
	rate     float64
	slow     time.Duration
	lag      time.Duration
}

// errFailed is the error of a run in which at least one trial failed.
var errFailed = errors.New("at least one trial failed, see the table above")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

// run runs a trial for each API and seed.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	opts, err := parse(args, stderr)
	if err != nil {
		return err
	}
	progress := log.New(stderr, "", log.Ltime)
	dir, err := os.MkdirTemp("", "udemy-chaos-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	progress.Print("building the provider")
	cli, err := terraform.New(ctx, dir, opts.cli, map[string]string{"udemy": terraform.Module})
	if err != nil {
		return err
	}
	table := log.New(stdout, "", 0)
	table.Printf("%d learners and memberships in %d groups, %g %% of the requests have a fault\n\n%s",
		opts.learners, opts.groups, 100*opts.rate, header)
	failed := false
	for _, api := range opts.apis {
		for i := range opts.seeds {
			tr, err := runTrial(ctx, cli, dir, opts, api, opts.first+uint64(i), progress)
			if err != nil {
				return err
			}
			table.Print(tr.line())
			failed = failed || tr.problem != ""
		}
	}
	if failed {
		return errFailed
	}
	return nil
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.cli, "cli", cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"), "`program` of Terraform or OpenTofu")
	apis := flags.String("api", apiUserManagement+","+apiSCIM, "the `APIs`: user_management, scim, or both")
	flags.IntVar(&s.seeds, "seeds", 10, "`number` of seeds for each API")
	flags.Uint64Var(&s.first, "seed", 1, "the first `seed`; the others follow it")
	flags.IntVar(&s.learners, "learners", 500, "`number` of learners, each in one group")
	flags.IntVar(&s.groups, "groups", 5, "`number` of groups")
	flags.Float64Var(&s.rate, "rate", 0.2, "`share` of the requests that have a fault, from 0 to 1")
	flags.DurationVar(&s.slow, "slow", time.Second, "`duration` of slow responses; the provider's request timeout is half of it")
	flags.DurationVar(&s.lag, "lag", 250*time.Millisecond, "`duration` for which reads don't show a change")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	s.apis = strings.Split(*apis, ",")
	for _, api := range s.apis {
		if !slices.Contains([]string{apiUserManagement, apiSCIM}, api) {
			return s, fmt.Errorf("-api: unknown API %q; use %s or %s", api, apiUserManagement, apiSCIM)
		}
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case s.seeds < 1 || s.groups < 1 || s.learners < s.groups:
		return s, errors.New("-seeds and -groups must be at least 1, and -learners at least -groups")
	case s.slow <= 0:
		return s, errors.New("-slow must be positive")
	}
	if _, err := exec.LookPath(s.cli); err != nil {
		return s, fmt.Errorf("-cli: %w", err)
	}
	return s, s.faults(0).Validate()
}

// faults returns the faults of the simulator. After each 429 the provider lowers its request rate, which makes a trial
// slow, so these faults are a quarter as likely as the others.
func (s settings) faults(seed uint64) simulator.Faults {
	var kinds []simulator.Fault
	for _, kind := range simulator.AllFaults() {
		weight := 4
		if kind == simulator.FaultTooMany || kind == simulator.FaultTooManyForNow {
			weight = 1
		}
		kinds = append(kinds, slices.Repeat([]simulator.Fault{kind}, weight)...)
	}
	return simulator.Faults{Seed: seed, Rate: s.rate, Slow: s.slow, Kinds: kinds}
}
