// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Command bench measures what the provider takes: requests and time of create, no-op plan and plan with
// one change, with the real CLI and a simulator that takes its time. Beside it, in the same run, are the
// times of as many resources of a provider that does nothing, which is what Terraform itself takes. It
// ends with 1 when a promised figure is missed. `make bench` starts it.
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
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The APIs, as the provider block calls them.
const (
	apiSCIM           = "scim"
	apiUserManagement = "user_management"
)

// settings is what is asked for.
type settings struct {
	cli      string
	api      string
	sizes    []int
	latency  time.Duration
	rate     float64
	repeat   int
	promises bool
	json     string
	keep     bool
}

func main() {
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

// run measures and reports.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	asked, err := parse(args, stderr)
	if err != nil {
		return err
	}
	progress := log.New(stderr, "", log.Ltime)
	dir, err := os.MkdirTemp("", "udemy-bench-")
	if err != nil {
		return err
	}
	if asked.keep {
		progress.Print("configurations and states stay in ", dir)
	} else {
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	begin := time.Now()
	progress.Print("building the providers")
	w, err := newWorkshop(ctx, dir, asked.cli, asked.api)
	if err != nil {
		return err
	}
	version, err := w.Version(ctx)
	if err != nil {
		return err
	}
	b := &bench{settings: asked, workshop: w, progress: progress, report: report{
		CLI: version, API: asked.api, CPUs: runtime.NumCPU(), Repeat: asked.repeat,
		LatencySeconds: asked.latency.Seconds(), RequestsPerSecond: asked.rate,
		Rows: []row{}, Promises: []promise{},
	}}
	measured := b.all(ctx)
	// What was measured before a failure took its time, too.
	b.report.Seconds = time.Since(begin).Seconds()
	return errors.Join(measured, b.publish(stdout))
}

// publish writes what has been measured, and fails when a promise is missed.
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

// parse reads the flags.
func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.cli, "cli", cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"), "`program` of Terraform or OpenTofu")
	flags.StringVar(&s.api, "api", apiUserManagement, "the API: user_management or scim")
	sizes := flags.String("n", "100,500,1000", "`numbers` of learners, with as many memberships")
	flags.DurationVar(&s.latency, "latency", promisedLatency, "how long each API call takes at least")
	flags.Float64Var(&s.rate, "rate", 0, "API `calls` a second, beyond which they are answered with 429; 0 is no limit")
	flags.IntVar(&s.repeat, "repeat", 3, "how `often` plans are run")
	flags.BoolVar(&s.promises, "promises", true, "measure the promised figures, too, as they are promised")
	flags.StringVar(&s.json, "json", "", "`file` to write everything to")
	flags.BoolVar(&s.keep, "keep", false, "keep the configurations and states")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	for number := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(number))
		if err != nil || n < 1 {
			return s, fmt.Errorf("-n: %q is no number of learners", number)
		}
		s.sizes = append(s.sizes, n)
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case s.api != apiUserManagement && s.api != apiSCIM:
		return s, fmt.Errorf("-api: %q is not known; use %s or %s", s.api, apiUserManagement, apiSCIM)
	case s.latency < 0 || s.rate < 0 || s.repeat < 1:
		return s, errors.New("-latency and -rate must not be negative, and -repeat must be at least 1")
	}
	if _, err := exec.LookPath(s.cli); err != nil {
		return s, fmt.Errorf("-cli: %w", err)
	}
	return s, nil
}
