// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package export writes an organization down as a configuration that takes it over: applying it imports everybody and
// changes nothing.
package export

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command/usage"
	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

const help = `Usage: terraform-provider-udemy export -dir DIR

Writes the learners and groups of a Udemy Business organization into an empty or new folder, as a Terraform
configuration that takes them over as they are:

  roster.csv  the learners with their groups, one on each line
  groups.csv  the groups
  main.tf     what makes learners and groups of the two, and imports those that are there

The CSV files hold personal data, so only their owner may read them. A value that a spreadsheet would take for a
formula has an apostrophe before it, which main.tf takes away again.

What Terraform can't manage is left out and named on standard error, with the reason. Nothing is changed at Udemy.

The organization comes from the environment variables that the provider reads as well: UDEMY_SUBDOMAIN (SCIM) or
UDEMY_ORGANIZATION_UUID (user-management API), UDEMY_TOKEN, and if need be UDEMY_API and UDEMY_ENDPOINT.

Exit codes: 0 done, 1 failure, 2 wrong usage.
`

// Run reads the organization that the environment variables name and writes it into the folder that the arguments name.
func Run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // Mistakes are told by the error that is returned.
	dir := flags.String("dir", "", "")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, err = io.WriteString(stdout, help)
		return err
	case err != nil:
		return &usage.Error{Err: err}
	case flags.NArg() > 0:
		return &usage.Error{Err: fmt.Errorf("unexpected argument %q", flags.Arg(0))}
	case *dir == "":
		return &usage.Error{Err: errors.New("-dir names no folder to write to")}
	}
	return export(ctx, *dir, getenv, stdout, stderr)
}

func export(ctx context.Context, dir string, getenv func(string) string, stdout, stderr io.Writer) error {
	if err := expectEmpty(dir); err != nil {
		return err
	}
	environment, err := provider.FromEnvironment(getenv, "terraform-provider-udemy/export")
	if err != nil {
		return err
	}

	say := func(format string, arguments ...any) {
		_, _ = fmt.Fprintf(stderr, format, arguments...) // An export is worth no less when nobody is told.
	}
	api := environment.Directory.Capabilities()
	say("Reading the learners and groups of the organization over %s.\n", api.Name)
	found, err := read(ctx, environment.Directory)
	if err != nil {
		return explain(err, api)
	}
	say("Found %s and %s.\n", count(len(found.users), "learner"), count(len(found.groups), "group"))
	taken := takeOver(found, api)
	say("%s", taken.report())
	files, err := taken.files(environment)
	if err != nil {
		return err
	}
	if err := write(dir, files); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, nextSteps,
		dir, count(len(taken.learners), "learner"), count(len(taken.groups), "group"), len(taken.learners)+len(taken.groups))
	return err
}

const nextSteps = `Wrote main.tf, groups.csv and roster.csv to %s: %s and %s. The CSV files hold personal data.

Next, in that folder, with UDEMY_TOKEN set:

  terraform init
  terraform plan     # has to end with: %d to import, 0 to add, 0 to change, 0 to destroy
  terraform apply
`

// explain says what to do about an error, where something can be done.
func explain(err error, api udemy.Capabilities) error {
	switch {
	case errors.Is(err, udemy.ErrUnauthorized):
		return fmt.Errorf("%w: the token in UDEMY_TOKEN is wrong, has been revoked, or has expired", err)
	case errors.Is(err, udemy.ErrNotOffered):
		return fmt.Errorf("%w: without a list of learners from %s nothing can be exported; learners who are configured by hand are taken over when "+
			"they are created, as adopt_existing says", err, api.Name)
	default:
		return err
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
