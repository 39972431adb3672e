// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package command runs the subcommands of the provider's binary. It implements completion, help and version. The others are in packages
// of their own: check in roster, doctor, export and seats.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command/usage"
	"github.com/udemy-iac/terraform-provider-udemy/internal/doctor"
	"github.com/udemy-iac/terraform-provider-udemy/internal/export"
	"github.com/udemy-iac/terraform-provider-udemy/internal/roster"
	"github.com/udemy-iac/terraform-provider-udemy/internal/seats"
)

const program = "terraform-provider-udemy"

// pluginCookie is the environment variable that Terraform and OpenTofu set for a plugin.
const pluginCookie = "TF_PLUGIN_MAGIC_COOKIE"

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
	usage *usage.Command
	run   func(ctx context.Context, args []string, p Process) error
}

// subcommands are the subcommands, except those about the subcommands themselves.
func subcommands() []subcommand {
	return []subcommand{
		{roster.CheckUsage(), func(_ context.Context, args []string, p Process) error {
			return roster.RunCheck(args, p.Stdout)
		}},
		{doctor.Usage(), func(ctx context.Context, args []string, p Process) error {
			return doctor.Run(ctx, args, p.version, p.Getenv, p.Stdout)
		}},
		{export.Usage(), func(ctx context.Context, args []string, p Process) error {
			return export.Run(ctx, args, p.Getenv, p.Stdout, p.Stderr)
		}},
		{seats.Usage(), func(_ context.Context, args []string, p Process) error {
			return seats.Run(args, p.Stdin, p.Stdout)
		}},
		{versionUsage(), printVersion},
	}
}

// IsSubcommand reports whether Run handles the arguments. Terraform starts the provider without arguments and with a cookie in the
// environment, and a debugger starts it with flags only.
func IsSubcommand(args []string, getenv func(string) string) bool {
	if len(args) == 0 {
		return getenv(pluginCookie) == ""
	}
	return isHelp(args[0]) || isVersion(args[0]) || !strings.HasPrefix(args[0], "-")
}

// Run runs the subcommand and returns the exit code. It writes errors to standard error.
func Run(ctx context.Context, args []string, version string, p Process) int {
	p.version = version
	root := newRoot(p)
	switch {
	case len(args) > 0 && isHelp(args[0]):
		args = append([]string{"help"}, args[1:]...)
	case len(args) > 0 && isVersion(args[0]):
		args = append([]string{"version"}, args[1:]...)
	}
	root.SetArgs(append([]string{}, args...)) // Nil would select the arguments of the process.
	err := root.ExecuteContext(ctx)
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

// newRoot returns the command that selects a subcommand. The subcommands parse their flags themselves: Cobra's have two hyphens.
func newRoot(p Process) *cobra.Command {
	root := &cobra.Command{
		Use: program, SilenceErrors: true, SilenceUsage: true, DisableFlagParsing: true, Args: cobra.ArbitraryArgs,
		SuggestionsMinimumDistance: 2,
		RunE: func(root *cobra.Command, args []string) error {
			if len(args) == 0 {
				return printOverview(root, p)
			}
			return &unknownError{name: args[0], root: root}
		},
	}
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	root.CompletionOptions.DisableDefaultCmd = true
	for _, sub := range subcommands() {
		root.AddCommand(newCommand(sub, p))
	}
	root.AddCommand(newCommand(completionSubcommand(root), p))
	root.SetHelpCommand(newCommand(helpSubcommand(root), p))
	root.InitDefaultHelpCmd() // Adds the command.
	return root
}

// newCommand returns a subcommand for the root.
func newCommand(sub subcommand, p Process) *cobra.Command {
	return &cobra.Command{
		Use: sub.usage.Name, Short: sub.usage.Summary, Long: sub.usage.Help(), DisableFlagParsing: true,
		ValidArgsFunction: func(_ *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return complete(sub.usage, args, word)
		},
		RunE: func(c *cobra.Command, args []string) error {
			err := sub.run(c.Context(), args, p)
			switch {
			case errors.Is(err, flag.ErrHelp):
				_, err = io.WriteString(p.Stdout, c.Long)
				return err
			case err != nil:
				return fmt.Errorf("%s: %w", sub.usage.Name, err)
			default:
				return nil
			}
		},
	}
}

type unknownError struct {
	name string
	root *cobra.Command
}

func (e *unknownError) Error() string {
	hint := ""
	if near := e.root.SuggestionsFor(e.name); len(near) > 0 {
		hint = "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return fmt.Sprintf("unknown subcommand %q%s\n\n%s", e.name, hint, list(e.root))
}

func (e *unknownError) ExitCode() int { return exitUsage }

func isHelp(arg string) bool {
	return arg == "help" || arg == "-h" || arg == "-help" || arg == "--help"
}

func isVersion(arg string) bool {
	return arg == "version" || arg == "-version" || arg == "--version"
}
