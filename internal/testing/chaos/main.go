// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Command chaos applies a configuration with the real CLI against a simulator with faults, and checks that no learner is
// lost. After at most three applies the organization must match the configuration, the IDs in state must match the
// organization, and the plan must be empty. The exit code is 1 if one of the checks fails. One kind of trial has all faults,
// another only refusals at random (status 429). In a trial of a roster, applies are also killed and interrupted at random. `make chaos` runs it.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
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
	kinds    []string
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

// run runs a trial for each API, kind and seed.
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
	table.Printf("%d learners and memberships in %d groups\n\n%s", opts.learners, opts.groups, header)
	failed := false
	for _, api := range opts.apis {
		for _, kind := range opts.kinds {
			for i := range opts.seeds {
				tr, err := runTrial(ctx, cli, dir, opts, api, kind, opts.first+uint64(i), progress)
				if err != nil {
					return err
				}
				table.Print(tr.line())
				failed = failed || tr.problem != ""
			}
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
	names := slices.Sorted(maps.Keys(kinds))
	wanted := flags.String("kind", strings.Join(names, ","), "the `kinds` of trials")
	flags.IntVar(&s.seeds, "seeds", 10, "`number` of seeds for each API and kind")
	flags.Uint64Var(&s.first, "seed", 1, "the first `seed`; the others follow it")
	flags.IntVar(&s.learners, "learners", 500, "`number` of learners, each in one group")
	flags.IntVar(&s.groups, "groups", 5, "`number` of groups")
	flags.Float64Var(&s.rate, "rate", 0.2, "`share` of the requests that have a fault, from 0 to 1; half of it are refused in a trial of the kind "+refusals)
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
	s.kinds = strings.Split(*wanted, ",")
	for _, kind := range s.kinds {
		if _, ok := kinds[kind]; !ok {
			return s, fmt.Errorf("-kind: unknown kind %q; use some of %q", kind, names)
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
	return s, simulator.Faults{Rate: s.rate}.Validate()
}
