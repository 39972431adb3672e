// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package export implements the subcommand export. It writes a configuration for an existing organization: applying the
// configuration imports all learners and groups and changes nothing.
package export

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command/usage"
	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
	"github.com/udemy-iac/terraform-provider-udemy/internal/roster"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

const help = `Usage: terraform-provider-udemy export [FLAGS] -dir DIR

Writes the learners and groups of a Udemy Business organization to a folder, as a Terraform configuration that imports
them without a change:

  roster.csv  the learners and their groups, one learner per line
  groups.csv  the groups
  main.tf     the resources for the two files, and the import blocks for existing learners and groups

Flags:

The folder may be new, or a clone of a repository. No file is overwritten, and a folder with Terraform files is refused.

The CSV files contain personal data. Only their owner can read them. An apostrophe precedes each value that a
spreadsheet would evaluate as a formula; the provider removes it.

The command omits what Terraform can't manage, and lists it with the reason on standard error. It changes nothing
at Udemy.

The provider's environment variables select the organization: UDEMY_SUBDOMAIN (SCIM) or UDEMY_ORGANIZATION_UUID
(user-management API), UDEMY_TOKEN and, if needed, UDEMY_API and UDEMY_ENDPOINT.

Exit codes: 0 success, 1 failure, 2 wrong usage.
`

type options struct {
	dir    string
	roster bool
	review bool
}

// Usage describes the subcommand.
func Usage() *usage.Command { return new(options).usage() }

func (o *options) usage() *usage.Command {
	c := usage.New("export", "write a configuration that imports an organization", help)
	c.Flags.StringVar(&o.dir, "dir", "", "write the files to the folder `DIR`")
	c.Flags.BoolVar(&o.roster, "roster", false, "manage all learners with one udemy_roster, without groups.csv. Use it for a few hundred\n"+
		"learners or more: Terraform's own time grows with the square of the number of resources.")
	c.Flags.BoolVar(&o.review, "review", false, "add what a repository at GitHub needs for the review of seat changes: review.tf with the\n"+
		"data sources for the report, .gitignore, and in .github the workflows that report the plan of a\n"+
		"pull request, apply it after the merge, and look for differences each night. For other CI systems,\n"+
		"copy one of the folders examples/pull-request-review-* of the provider's repository.")
	return c
}

// Run reads the organization that the environment variables select and writes it to the folder in the arguments.
func Run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	var o options
	if err := o.usage().Parse(args); err != nil {
		return err
	}
	if o.dir == "" {
		return &usage.Error{Err: errors.New("-dir is required")}
	}
	return export(ctx, o.dir, o.roster, o.review, getenv, stdout, stderr)
}

func export(ctx context.Context, dir string, asRoster, withReview bool, getenv func(string) string, stdout, stderr io.Writer) error {
	var review []file
	if withReview {
		var err error
		if review, err = reviewFiles(); err != nil {
			return err
		}
	}
	if err := expectUnused(dir, review); err != nil {
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
	if err := write(dir, append(review, files...)); err != nil {
		return err
	}
	steps := nextSteps
	if withReview {
		steps = nextStepsOfReview
	}
	_, err = fmt.Fprintf(stdout, steps, config.summary(dir), config.objects())
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
