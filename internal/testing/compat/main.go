// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Command compat runs the acceptance tests with several CLIs, one after the other, and prints the number of passed, failed
// and skipped tests of each CLI with the reasons for the skips. `make test-compat` runs it.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

var errFailed = errors.New("at least one test failed")

func main() {
	log.SetFlags(0)
	log.SetPrefix("compat: ")
	if len(os.Args) < 2 {
		log.Fatal("the paths of the CLIs are missing: compat CLI...")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

// run runs the tests with each CLI and prints the results as a table.
func run(ctx context.Context, programs []string, out io.Writer) error {
	tested := map[string]bool{}
	var reports []report
	for _, program := range programs {
		path, err := exec.LookPath(program)
		if err != nil {
			return err
		}
		// Several names may resolve to the same CLI.
		if path, err = filepath.Abs(path); err != nil || tested[path] {
			continue
		}
		tested[path] = true
		tests, err := test(ctx, path)
		if err != nil {
			return fmt.Errorf("testing with %s: %w", path, err)
		}
		reports = append(reports, tests)
	}
	if _, err := io.WriteString(out, show(reports)); err != nil {
		return err
	}
	if slices.ContainsFunc(reports, func(tests report) bool { return len(tests.failed) > 0 }) {
		return errFailed
	}
	return nil
}

// test runs the acceptance tests with one CLI.
func test(ctx context.Context, program string) (report, error) {
	output, err := exec.CommandContext(ctx, program, "version").Output()
	if err != nil {
		return report{}, err
	}
	version, _, _ := strings.Cut(string(output), "\n")
	log.Printf("testing with %s (%s)", version, program)

	command := exec.CommandContext(ctx, "go", "test", "-json", "-count=1", "-timeout", "30m", "-run", "^TestAcc", "./internal/...")
	command.Env = append(os.Environ(), "TF_ACC=1", "TF_ACC_TERRAFORM_PATH="+program)
	// OpenTofu has another default registry than Terraform. The test framework reads it from the environment.
	if strings.HasPrefix(version, "OpenTofu") {
		command.Env = append(command.Env, "TF_ACC_PROVIDER_HOST=registry.opentofu.org")
	}
	command.Stderr = os.Stderr
	events, err := command.StdoutPipe()
	if err != nil {
		return report{}, err
	}
	if err := command.Start(); err != nil {
		return report{}, err
	}
	tests, err := read(events)
	tests.cli = version
	// The report contains failed tests, but no other errors of go test.
	var exit *exec.ExitError
	if waited := command.Wait(); waited != nil && !(errors.As(waited, &exit) && len(tests.failed) > 0) {
		err = errors.Join(err, waited)
	}
	return tests, err
}

// show formats the reports as a table, followed by the output of failed tests.
func show(reports []report) string {
	var rows, failures strings.Builder
	rows.WriteString("CLI\tpassed\tfailed\tskipped\twhy skipped\n")
	for _, tests := range reports {
		why := []string{}
		for _, reason := range tests.reasons() {
			why = append(why, fmt.Sprintf("%d × %s", tests.skips[reason], reason))
		}
		fmt.Fprintf(&rows, "%s\t%d\t%d\t%d\t%s\n", tests.cli, tests.passed, len(tests.failed), tests.skipped(),
			cmp.Or(strings.Join(why, "\n\t\t\t\t"), "-"))
		for _, failed := range tests.failed {
			fmt.Fprintf(&failures, "\n--- %s: %s\n", tests.cli, failed)
		}
	}
	var table strings.Builder
	writer := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	_, _ = io.WriteString(writer, rows.String()) // A strings.Builder returns no errors.
	_ = writer.Flush()
	return table.String() + failures.String()
}
