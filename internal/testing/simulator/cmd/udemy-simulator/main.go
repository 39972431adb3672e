// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Command udemy-simulator serves an in-memory Udemy Business organization, to try the provider without a
// real one. When it listens, it prints two lines on standard output: the endpoint of the user-management
// API, which is also that of the activity report, and that of SCIM. The page at "/" is the administrator's view. Standard error has
// one line per request.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator/page"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "udemy-simulator:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends, and returns nil then.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("udemy-simulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	listen := flags.String("listen", "127.0.0.1:8080", "`address` to listen on; port 0 selects a free port")
	token := flags.String("token", simulator.DefaultToken, "access `token` that clients must send")
	organization := flags.String("organization", simulator.DefaultOrganization, "`UUID` of the organization")
	learners := flags.Int("learners", 0, "`number` of learners that exist at the start")
	idle := flags.Int("idle", 0, "`number` of these learners who do not use their seat, according to the activity report")
	seats := flags.Int("seats", 0, "`number` of purchased seats; without one left, the APIs refuse to create and to reactivate learners; 0 for any number")
	pools := map[string]int{}
	flags.Func("pool", "custom license pool of SCIM, as `name=licenses`; can be repeated", func(text string) error {
		name, size, _ := strings.Cut(text, "=")
		licenses, err := strconv.Atoi(size)
		if name == "" || err != nil || licenses < 0 {
			return errors.New("must be a name and a number of licenses, such as Research=20")
		}
		pools[name] = licenses
		return nil
	})
	latency := flags.Duration("latency", 0, "minimum `duration` of each API call, such as 50ms")
	rate := flags.Float64("rate", 0, "rate limit in API `calls` per second; calls above it get status 429; 0 disables it")
	var faults simulator.Faults
	flags.Float64Var(&faults.Rate, "faults", 0, "`share` of the API calls that have a fault, from 0 to 1")
	flags.Uint64Var(&faults.Seed, "seed", 1, "`number` that determines the calls with faults")
	flags.DurationVar(&faults.Slow, "slow", simulator.DefaultSlow, "delay of slow responses, a `duration`")
	flags.Func("fault-kinds", fmt.Sprintf("comma-separated `kinds` of faults, by default all of %v; or %v", simulator.AllFaults(), simulator.Lies()),
		func(kinds string) error {
			for kind := range strings.SplitSeq(kinds, ",") {
				faults.Kinds = append(faults.Kinds, simulator.Fault(kind))
			}
			return faults.Validate()
		})
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case *token == "":
		return errors.New("-token must not be empty")
	case *organization == "" || strings.Contains(*organization, "/"):
		return errors.New("-organization must be a UUID")
	case *learners < 0:
		return errors.New("-learners must not be negative")
	case *idle < 0 || *idle > *learners:
		return errors.New("-idle must not be negative, and not larger than -learners")
	case *seats < 0:
		return errors.New("-seats must not be negative")
	case *latency < 0:
		return errors.New("-latency must not be negative")
	case math.IsNaN(*rate) || math.IsInf(*rate, 0) || *rate < 0:
		return errors.New("-rate must be a number and not negative")
	}
	if err := faults.Validate(); err != nil {
		return err
	}

	log := slog.New(slog.NewTextHandler(stderr, nil))
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", *listen)
	if err != nil {
		return err
	}
	address, err := netip.ParseAddrPort(listener.Addr().String())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if !address.Addr().IsLoopback() {
		log.Warn("not a loopback address: other machines can reach the APIs of the simulator. Its page answers only on this machine",
			"address", address)
	}
	handler := page.New(simulator.New(simulator.Config{
		Organization:      *organization,
		Token:             *token,
		Learners:          *learners,
		Idle:              *idle,
		Seats:             *seats,
		LicensePools:      pools,
		Latency:           *latency,
		RequestsPerSecond: *rate,
		Faults:            faults,
		Log:               log,
	}))
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelError),
	}
	server.RegisterOnShutdown(handler.Close)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	if _, err := fmt.Fprintf(stdout, "http://%[1]s/api-2.0\nhttp://%[1]s/scim/v2\n", reachable(address)); err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	log.Info("stopping")
	// ctx is canceled, but requests in progress get time to finish.
	shutdown, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return server.Shutdown(shutdown)
}

// reachable returns a host and port that a client on this machine can connect to.
func reachable(address netip.AddrPort) string {
	if address.Addr().IsUnspecified() {
		return fmt.Sprintf("127.0.0.1:%d", address.Port())
	}
	return address.String()
}
