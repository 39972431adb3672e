// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package command is what the provider's binary does when a person starts it, instead of Terraform.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/export"
	"github.com/udemy-iac/terraform-provider-udemy/internal/seats"
)

const program = "terraform-provider-udemy"

// The exit codes that are the same for all subcommands. An error with a method ExitCode names another one.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

// Process is what a subcommand has of the process that it runs in.
type Process struct {
	Getenv         func(string) string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

type subcommand struct {
	name    string
	summary string
	run     func(ctx context.Context, args []string, p Process) error
}

var subcommands = []subcommand{
	{"export", "write an organization as a configuration that imports it", func(ctx context.Context, args []string, p Process) error {
		return export.Run(ctx, args, p.Getenv, p.Stdout, p.Stderr)
	}},
	{"seats", "say what a Terraform plan does to seats", func(_ context.Context, args []string, p Process) error {
		return seats.Run(args, p.Stdin, p.Stdout)
	}},
}

// Asked reports whether the arguments ask for something that is done here. Terraform starts the provider with none, a
// debugger with flags.
func Asked(args []string) bool {
	return len(args) > 0 && (isHelp(args[0]) || isVersion(args[0]) || !strings.HasPrefix(args[0], "-"))
}

// Run does what the arguments ask for and returns the exit code. What went wrong is said on standard error.
func Run(ctx context.Context, args []string, version string, p Process) int {
	err := dispatch(ctx, args, version, p)
	if err == nil {
		return exitOK
	}
	_, _ = fmt.Fprintf(p.Stderr, "%s: %v\n", program, err) // If that fails, the exit code still tells.
	var coded interface{ ExitCode() int }
	if errors.As(err, &coded) {
		return coded.ExitCode()
	}
	return exitFailure
}

func dispatch(ctx context.Context, args []string, version string, p Process) error {
	switch {
	case isHelp(args[0]):
		_, err := io.WriteString(p.Stdout, usage())
		return err
	case isVersion(args[0]):
		_, err := fmt.Fprintln(p.Stdout, program, version)
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

// unknownError is a subcommand that does not exist.
type unknownError struct {
	name string
}

// Error implements error.
func (e *unknownError) Error() string {
	return fmt.Sprintf("there is no subcommand %q\n\n%s", e.name, usage())
}

// ExitCode is what the process ends with.
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
  help     print this

"%s SUBCOMMAND -h" says more about one. Without a subcommand this is the plugin that Terraform and
OpenTofu start; -debug runs it for a debugger.
`, program)
	return text.String()
}
