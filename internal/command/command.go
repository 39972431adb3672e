// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package command implements the subcommands of the provider's binary: export, seats, doctor, check, version and help.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/doctor"
	"github.com/udemy-iac/terraform-provider-udemy/internal/export"
	"github.com/udemy-iac/terraform-provider-udemy/internal/roster"
	"github.com/udemy-iac/terraform-provider-udemy/internal/seats"
)

const program = "terraform-provider-udemy"

// The exit codes that all subcommands share. An error with an ExitCode method overrides them.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

// Process holds the environment and the standard streams of a subcommand.
type Process struct {
	Getenv         func(string) string
	Stdin          io.Reader
	Stdout, Stderr io.Writer

	version string // set by Run
}

type subcommand struct {
	name    string
	summary string
	run     func(ctx context.Context, args []string, p Process) error
}

var subcommands = []subcommand{
	{"export", "write a configuration that imports an organization", func(ctx context.Context, args []string, p Process) error {
		return export.Run(ctx, args, p.Getenv, p.Stdout, p.Stderr)
	}},
	{"seats", "report how a Terraform plan changes seats", func(_ context.Context, args []string, p Process) error {
		return seats.Run(args, p.Stdin, p.Stdout)
	}},
	{"doctor", "check what an organization's API offers, without changing anything", func(ctx context.Context, args []string, p Process) error {
		return doctor.Run(ctx, args, p.version, p.Getenv, p.Stdout)
	}},
	{"check", "check CSV files of learners", func(_ context.Context, args []string, p Process) error {
		return roster.RunCheck(args, p.Stdout)
	}},
}

// IsSubcommand reports whether Run handles the arguments. Terraform starts the provider without arguments, and a debugger
// starts it with flags only.
func IsSubcommand(args []string) bool {
	return len(args) > 0 && (isHelp(args[0]) || isVersion(args[0]) || !strings.HasPrefix(args[0], "-"))
}

// Run runs the subcommand and returns the exit code. It writes errors to standard error.
func Run(ctx context.Context, args []string, version string, p Process) int {
	p.version = version
	err := dispatch(ctx, args, p)
	if err == nil {
		return exitOK
	}
	_, _ = fmt.Fprintf(p.Stderr, "%s: %v\n", program, err) // If this write fails, the exit code still reports the error.
	var coded interface{ ExitCode() int }
	if errors.As(err, &coded) {
		return coded.ExitCode()
	}
	return exitFailure
}

func dispatch(ctx context.Context, args []string, p Process) error {
	switch {
	case isHelp(args[0]):
		_, err := io.WriteString(p.Stdout, usage())
		return err
	case isVersion(args[0]):
		_, err := fmt.Fprintln(p.Stdout, program, p.version)
		return err
	}
	for _, sub := range subcommands {
		if sub.name != args[0] {
			continue
		}
		if err := sub.run(ctx, args[1:], p); err != nil {
			return fmt.Errorf("%s: %w", sub.name, err)
		}
		return nil
	}
	return &unknownError{args[0]}
}

type unknownError struct {
	name string
}

func (e *unknownError) Error() string {
	return fmt.Sprintf("unknown subcommand %q\n\n%s", e.name, usage())
}

func (e *unknownError) ExitCode() int { return exitUsage }

func isHelp(arg string) bool {
	return arg == "help" || arg == "-h" || arg == "-help" || arg == "--help"
}

func isVersion(arg string) bool {
	return arg == "version" || arg == "-version" || arg == "--version"
}

func usage() string {
	var text strings.Builder
	fmt.Fprintf(&text, "Usage: %s SUBCOMMAND [FLAGS]\n\nSubcommands:\n", program)
	for _, sub := range subcommands {
		fmt.Fprintf(&text, "  %-8s %s\n", sub.name, sub.summary)
	}
	fmt.Fprintf(&text, `  version  print the version
  help     print this help

"%s SUBCOMMAND -h" prints the help of a subcommand. Without a subcommand, this binary is the plugin that
Terraform and OpenTofu start. The flag -debug runs the plugin for a debugger.
`, program)
	return text.String()
}
