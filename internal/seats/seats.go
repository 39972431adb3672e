// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package seats implements the subcommand seats. It reads the JSON of a Terraform or OpenTofu plan and reports how the plan
// changes the seats of a Udemy Business organization. It sends no requests.
package seats

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command/usage"
)

const help = `Usage: terraform show -json PLAN | terraform-provider-udemy seats [FLAGS]

Reports how a Terraform or OpenTofu plan changes the seats of a Udemy Business organization.

Flags:

A learner to create counts as new and takes a seat, unless the plan has read the learner with the data source
udemy_users. An existing learner is adopted instead, and takes a seat only if the learner was deactivated before. If the
plan has read the data source udemy_seats, the report shows the seats in use. Each learner of a udemy_roster is reported
like a learner of a udemy_user.

Invited and active learners count as seats in use. Deactivated learners don't. Udemy's documentation is inconsistent on
whether an invitation takes a seat before the learner accepts it. If the seat of a learner is known only after apply, the
net change does not include it, and -limit ignores it.

The JSON is an object with
  net_change    seats taken minus seats freed
  taken, freed  numbers of seats
  unknown       number of learners whose seat is known only after apply
  totals        by kind: changes, and their net change in seats
  organization  used_before, used_after, purchased, available_after; null unless the plan has read udemy_seats
                (the last two are null if the number of purchased seats is not set)
  changes       sorted by e-mail address, then by address of the resource or action: kind, learner, address,
                seats (1, -1, 0, or null if known after apply), and if applicable from, to, added, removed, note
  notes         remarks on the numbers
The kinds are new, adopted, imported, reactivated, deactivated, invitation_canceled, deleted, forgotten, role,
license_types, license_pool, email, name, groups, invitation_resent. "(known after apply)" and "(sensitive)" replace
values that are unknown or sensitive.

Exit codes: 0 success, 1 failure, 2 wrong usage, 3 limit exceeded.
`

type limitError struct {
	netChange, limit int
}

func (e *limitError) Error() string {
	return fmt.Sprintf("the net change of %+d seats exceeds the limit of %d", e.netChange, e.limit)
}

func (e *limitError) ExitCode() int { return 3 }

type options struct {
	format string
	limit  *int
}

// Usage describes the subcommand.
func Usage() *usage.Command { return new(options).usage() }

func (o *options) usage() *usage.Command {
	c := usage.New("seats", "report how a Terraform plan changes seats", help)
	c.NoArgument = "the plan is read from standard input"
	c.Choice(&o.format, "format", "the `FORMAT`: markdown (the default), for a comment on a pull request, or json", "markdown", "json")
	c.Flags.Func("limit", "exit with code 3 if the net change is more than `N`, which can be negative;\nthe report is printed in any case",
		func(text string) error {
			n, err := strconv.Atoi(text)
			o.limit = &n
			return err
		})
	return c
}

// Run reads a plan from stdin and writes the report to stdout.
func Run(args []string, stdin io.Reader, stdout io.Writer) error {
	var o options
	if err := o.usage().Parse(args); err != nil {
		return err
	}

	plan, err := readPlan(stdin)
	if err != nil {
		return err
	}
	r := analyze(plan)
	if o.format == "json" {
		encoder := json.NewEncoder(stdout)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(r)
	} else {
		_, err = io.WriteString(stdout, r.markdown())
	}
	if err == nil && o.limit != nil && r.NetChange > *o.limit {
		return &limitError{netChange: r.NetChange, limit: *o.limit}
	}
	return err
}
