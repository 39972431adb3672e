// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package export implements the subcommand export. It writes a configuration for an existing organization: applying the
// configuration imports all learners and groups and changes nothing.
package export

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command/usage"
	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
	"github.com/udemy-iac/terraform-provider-udemy/internal/roster"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

const help = `Usage: terraform-provider-udemy export [-roster] -dir DIR

Writes the learners and groups of a Udemy Business organization to an empty or new folder, as a Terraform
configuration that imports them without a change:

  roster.csv  the learners and their groups, one learner per line
  groups.csv  the groups
  main.tf     the resources for the two files, and the import blocks for existing learners and groups

With -roster, one udemy_roster manages all learners, and there is no groups.csv. Use it for a few hundred
learners or more: Terraform's own time grows with the square of the number of resources.

The CSV files contain personal data. Only their owner can read them. An apostrophe precedes each value that a
spreadsheet would evaluate as a formula; the provider removes it.

The command omits what Terraform can't manage, and lists it with the reason on standard error. It changes nothing
at Udemy.

The provider's environment variables select the organization: UDEMY_SUBDOMAIN (SCIM) or UDEMY_ORGANIZATION_UUID
(user-management API), UDEMY_TOKEN and, if needed, UDEMY_API and UDEMY_ENDPOINT.

Exit codes: 0 success, 1 failure, 2 wrong usage.
`

// Run reads the organization that the environment variables select and writes it to the folder in the arguments.
func Run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // The returned error reports invalid flags.
	dir := flags.String("dir", "", "")
	asRoster := flags.Bool("roster", false, "")
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
		return &usage.Error{Err: errors.New("-dir is required")}
	}
	return export(ctx, *dir, *asRoster, getenv, stdout, stderr)
}

func export(ctx context.Context, dir string, asRoster bool, getenv func(string) string, stdout, stderr io.Writer) error {
	if err := expectEmpty(dir); err != nil {
		return err
	}
	environment, err := provider.FromEnvironment(getenv, "terraform-provider-udemy/export")
	if err != nil {
		return err
	}

	report := func(format string, arguments ...any) {
		_, _ = fmt.Fprintf(stderr, format, arguments...) // The export is complete even if this write fails.
	}
	api := environment.Directory.Capabilities()
	report("Reading the learners and groups of the organization over %s.\n", api.Name)
	found, err := read(ctx, environment.Directory)
	if err != nil {
		return explain(err, api)
	}
	report("Found %s and %s.\n", plural.Count(len(found.users), "learner"), plural.Count(len(found.groups), "group"))
	config := configuration{roster.Select(found.users, found.groups, api), api, asRoster}
	report("%s", config.report())
	files, err := config.files(environment)
	if err != nil {
		return err
	}
	if err := write(dir, files); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, nextSteps, config.summary(dir), config.objects())
	return err
}

// summary describes the files in a folder.
func (c *configuration) summary(dir string) string {
	learners := plural.Count(len(c.Learners), "learner")
	if c.asRoster {
		return fmt.Sprintf("Wrote main.tf and roster.csv to %s: %s. The CSV file contains personal data.", dir, learners)
	}
	return fmt.Sprintf("Wrote main.tf, groups.csv and roster.csv to %s: %s and %s. The CSV files contain personal data.",
		dir, learners, plural.Count(len(c.Groups), "group"))
}

const nextSteps = `%s

Next steps, in that folder, with UDEMY_TOKEN set:

  terraform init
  terraform plan     # must end with: %d to import, 0 to add, 0 to change, 0 to destroy
  terraform apply
`

// explain adds the next step to an error, if there is one.
func explain(err error, api udemy.Capabilities) error {
	switch {
	case errors.Is(err, udemy.ErrUnauthorized):
		return fmt.Errorf("%w: the token in UDEMY_TOKEN is wrong, has been revoked, or has expired", err)
	case errors.Is(err, udemy.ErrNotOffered):
		return fmt.Errorf("%w: an export needs a list of learners, and %s does not return it; configure the learners by hand: with adopt_existing, "+
			"apply adopts existing learners", err, api.Name)
	default:
		return err
	}
}
