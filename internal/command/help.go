// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command/usage"
)

const overview = `The Terraform provider for Udemy Business, version %s. It manages learners, groups and memberships.

Terraform and OpenTofu start this binary as a plugin. A configuration selects it with

  terraform {
    required_providers {
      udemy = {
        source = "udemy-iac/udemy"
      }
    }
  }

%s
"%s help SUBCOMMAND" prints the flags of a subcommand. The flag -debug runs the plugin for a debugger.
Documentation: https://github.com/udemy-iac/terraform-provider-udemy
`

// printOverview prints what the binary is, for a user who starts it without arguments.
func printOverview(root *cobra.Command, p Process) error {
	_, err := fmt.Fprintf(p.Stdout, overview, p.version, list(root), program)
	return err
}

// list returns all subcommands with their summaries.
func list(root *cobra.Command) string {
	var text strings.Builder
	fmt.Fprintf(&text, "Usage: %s SUBCOMMAND [FLAGS]\n\nSubcommands:\n", program)
	for _, c := range root.Commands() {
		fmt.Fprintf(&text, "  %-10s  %s\n", c.Name(), c.Short)
	}
	return text.String()
}

const helpHelp = `Usage: terraform-provider-udemy help [SUBCOMMAND]

Prints the help of a subcommand, or a list of all subcommands.
`

func helpSubcommand(root *cobra.Command) subcommand {
	description := usage.New("help", "print the help of a subcommand", helpHelp)
	description.Words = []string{"help"}
	for _, c := range root.Commands() {
		description.Words = append(description.Words, c.Name())
	}
	return subcommand{description, func(_ context.Context, args []string, p Process) error {
		if err := description.Parse(args); err != nil {
			return err
		}
		if description.Flags.NArg() == 0 {
			return printOverview(root, p)
		}
		c, _, err := root.Find(description.Flags.Args())
		if err != nil {
			return err
		}
		_, err = io.WriteString(p.Stdout, c.Long)
		return err
	}}
}

const versionHelp = `Usage: terraform-provider-udemy version

Prints the version.
`

func versionUsage() *usage.Command { return usage.New("version", "print the version", versionHelp) }

func printVersion(_ context.Context, args []string, p Process) error {
	if err := versionUsage().Parse(args); err != nil {
		return err
	}
	_, err := fmt.Fprintln(p.Stdout, program, p.version)
	return err
}
