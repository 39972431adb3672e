// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Command chaos applies a configuration with the real CLI against a simulator that misbehaves, and checks that no
// learner is lost: applied a few times at the most, the organization is what the configuration says, state holds the
// ids that the organization has, and nothing is left to plan. It ends with 1 when any of that fails. `make chaos`
// starts it.
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

// The APIs, as the provider block calls them.
const (
	apiSCIM           = "scim"
	apiUserManagement = "user_management"
)

// settings is what is asked for.
type settings struct {
	cli      string
	apis     []string
	seeds    int
	first    uint64
	learners int
	groups   int
	rate     float64
	slow     time.Duration
}

// errFailed is the outcome when at least one run failed.
var errFailed = errors.New("what the organization or state holds is not what was configured, see above")

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

// run goes through all seeds on all APIs.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	asked, err := parse(args, stderr)
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
	cli, err := terraform.New(ctx, dir, asked.cli, map[string]string{"udemy": terraform.Module})
	if err != nil {
		return err
	}
	table := log.New(stdout, "", 0)
	table.Printf("%d learners and memberships in %d groups, %g %% of the requests go wrong\n\n%s",
		asked.learners, asked.groups, 100*asked.rate, header)
	failed := false
	for _, api := range asked.apis {
		for i := range asked.seeds {
			tried, err := try(ctx, cli, dir, asked, api, asked.first+uint64(i), progress)
			if err != nil {
				return err
			}
			table.Print(tried.line())
			failed = failed || tried.problem != ""
		}
	}
	if failed {
		return errFailed
	}
	return nil
}

// parse reads the flags.
func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.cli, "cli", cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"), "`program` of Terraform or OpenTofu")
	apis := flags.String("api", apiUserManagement+","+apiSCIM, "the `APIs`: user_management, scim, or both")
	flags.IntVar(&s.seeds, "seeds", 10, "how `many` seeds to try on each API")
	flags.Uint64Var(&s.first, "seed", 1, "the `first` seed; the others follow it")
	flags.IntVar(&s.learners, "learners", 500, "`number` of learners, each in a group")
	flags.IntVar(&s.groups, "groups", 5, "`number` of groups")
	flags.Float64Var(&s.rate, "rate", 0.2, "`share` of the requests that go wrong, from 0 to 1")
	flags.DurationVar(&s.slow, "slow", time.Second, "how long slow answers take; the provider waits half as long")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	s.apis = strings.Split(*apis, ",")
	for _, api := range s.apis {
		if !slices.Contains([]string{apiUserManagement, apiSCIM}, api) {
			return s, fmt.Errorf("-api: %q is not known; use %s or %s", api, apiUserManagement, apiSCIM)
		}
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case s.seeds < 1 || s.groups < 1 || s.learners < s.groups:
		return s, errors.New("-seeds and -groups must be at least 1, and -learners at least -groups")
	case s.slow <= 0:
		return s, errors.New("-slow must be more than no time")
	}
	if _, err := exec.LookPath(s.cli); err != nil {
		return s, fmt.Errorf("-cli: %w", err)
	}
	return s, s.faults(0).Validate()
}

// faults is how the simulator misbehaves. The provider takes each refusal for the rate of its requests as a sign to be
// slower from then on, which is right but takes long, so these are a quarter as likely as other faults.
func (s settings) faults(seed uint64) simulator.Faults {
	var kinds []simulator.Fault
	for _, kind := range simulator.AllFaults() {
		likely := 4
		if kind == simulator.FaultTooMany || kind == simulator.FaultTooManyForNow {
			likely = 1
		}
		kinds = append(kinds, slices.Repeat([]simulator.Fault{kind}, likely)...)
	}
	return simulator.Faults{Seed: seed, Rate: s.rate, Slow: s.slow, Kinds: kinds}
}
