// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Command compat runs the acceptance tests with several CLIs, one after the other, and prints what each of them
// passed and what it skipped and why. `make test-compat` starts it.
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

var errFailed = errors.New("there are failed tests")

func main() {
	log.SetFlags(0)
	log.SetPrefix("compat: ")
	if len(os.Args) < 2 {
		log.Fatal("name the CLIs to test with")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

// run tests with each CLI and prints a table of all.
func run(ctx context.Context, programs []string, out io.Writer) error {
	tested := map[string]bool{}
	var reports []report
	for _, program := range programs {
		path, err := exec.LookPath(program)
		if err != nil {
			return err
		}
		// The CLI that was found may be the one that was built.
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
	said, err := exec.CommandContext(ctx, program, "version").Output()
	if err != nil {
		return report{}, err
	}
	version, _, _ := strings.Cut(string(said), "\n")
	log.Printf("testing with %s (%s)", version, program)

	command := exec.CommandContext(ctx, "go", "test", "-json", "-count=1", "-timeout", "10m", "-run", "^TestAcc", "./internal/...")
	command.Env = append(os.Environ(), "TF_ACC=1", "TF_ACC_TERRAFORM_PATH="+program)
	// OpenTofu has another default registry than Terraform, and the test framework has to be told so.
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
	// A failed test is in the report; anything else that go test ends with is not.
	var exit *exec.ExitError
	if waited := command.Wait(); waited != nil && !(errors.As(waited, &exit) && len(tests.failed) > 0) {
		err = errors.Join(err, waited)
	}
	return tests, err
}

// show is the table of all reports, and below it what failed.
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
	_, _ = io.WriteString(writer, rows.String()) // A strings.Builder takes everything.
	_ = writer.Flush()
	return table.String() + failures.String()
}
