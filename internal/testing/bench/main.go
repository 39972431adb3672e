// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Command bench measures the requests and the time of create, no-op plan and plan with one change, with the real CLI and
// a simulator with latency. In the same run it measures a provider that does nothing with as many resources, which gives
// the time of Terraform itself. The exit code is 1 if a figure exceeds its promised limit. `make bench` runs it.
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
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The values of the provider's api attribute.
const (
	apiSCIM           = "scim"
	apiUserManagement = "user_management"
)

// settings are the values of the flags.
type settings struct {
	cli      string
	api      string
	sizes    []int
	latency  time.Duration
	rate     float64
	repeat   int
	promises bool
	pace     bool
	json     string
	keep     bool
	rosters  []int
}

// garbage is the value of GOGC for the simulator. It stands for Udemy's servers, but takes its time from the processors that are measured.
const garbage = 400

func main() {
	debug.SetGCPercent(garbage)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	opts, err := parse(args, stderr)
	if err != nil {
		return err
	}
	progress := log.New(stderr, "", log.Ltime)
	dir, err := os.MkdirTemp("", "udemy-bench-")
	if err != nil {
		return err
	}
	if opts.keep {
		progress.Print("configurations and states are kept in ", dir)
	} else {
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	begin := time.Now()
	progress.Print("building the providers")
	cli, err := newInstallation(ctx, dir, opts.cli, opts.api)
	if err != nil {
		return err
	}
	version, err := cli.Version(ctx)
	if err != nil {
		return err
	}
	b := &bench{settings: opts, installation: cli, progress: progress, report: report{
		CLI: version, API: opts.api, CPUs: runtime.NumCPU(), Repeat: opts.repeat,
		LatencySeconds: opts.latency.Seconds(), RequestsPerSecond: opts.rate,
		Rows: []row{}, Promises: []promise{},
	}}
	measured := b.all(ctx)
	// The total includes the steps before a failure.
	b.report.Seconds = time.Since(begin).Seconds()
	return errors.Join(measured, b.publish(stdout))
}

// publish writes the report, and returns errMissed if a promise is missed.
func (b *bench) publish(stdout io.Writer) error {
	if _, err := io.WriteString(stdout, b.report.text()); err != nil {
		return err
	}
	if b.json != "" {
		if err := b.report.write(b.json); err != nil {
			return err
		}
	}
	if b.report.missed() {
		return errMissed
	}
	return nil
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.cli, "cli", cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"), "`program` of Terraform or OpenTofu")
	flags.StringVar(&s.api, "api", apiUserManagement, "the API: user_management or scim")
	sizes := flags.String("n", "100,500,1000", "`numbers` of learners, with as many memberships")
	flags.DurationVar(&s.latency, "latency", promisedLatency, "minimum `duration` of each API call")
	flags.Float64Var(&s.rate, "rate", 0, "rate limit in API `calls` per second; calls above it get status 429; 0 disables it")
	flags.IntVar(&s.repeat, "repeat", 3, "`number` of runs of each plan")
	flags.BoolVar(&s.promises, "promises", true, "also measure the promised figures, each with its promised latency and rate limit")
	flags.BoolVar(&s.pace, "pace", false, "measure only the promises about refused requests")
	flags.StringVar(&s.json, "json", "", "`file` for the report in JSON")
	rosters := flags.String("roster", "", "measure only udemy_roster with these `numbers` of learners and, with -promises, 1000 udemy_user as a comparison")
	flags.BoolVar(&s.keep, "keep", false, "keep the configurations and states")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	var err error
	if s.sizes, err = numbers(*sizes); err != nil {
		return s, fmt.Errorf("-n: %w", err)
	}
	if *rosters != "" {
		if s.rosters, err = numbers(*rosters); err != nil {
			return s, fmt.Errorf("-roster: %w", err)
		}
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case s.api != apiUserManagement && s.api != apiSCIM:
		return s, fmt.Errorf("-api: unknown API %q; use %s or %s", s.api, apiUserManagement, apiSCIM)
	case s.latency < 0 || s.rate < 0 || s.repeat < 1:
		return s, errors.New("-latency and -rate must not be negative, and -repeat must be at least 1")
	}
	if _, err := exec.LookPath(s.cli); err != nil {
		return s, fmt.Errorf("-cli: %w", err)
	}
	return s, nil
}

// numbers parses numbers of learners, separated by commas.
func numbers(list string) ([]int, error) {
	var all []int
	for number := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(number))
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is not a number of learners", number)
		}
		all = append(all, n)
	}
	return all, nil
}
