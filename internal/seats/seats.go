// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package seats says what a Terraform or OpenTofu plan does to the seats of a Udemy Business organization, for the
// people who review the plan. It reads the plan's JSON and asks nobody else.
package seats

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command/usage"
)

const help = `Usage: terraform show -json PLAN | terraform-provider-udemy seats [FLAGS]

Says what a plan, of Terraform or of OpenTofu, does to the seats of a Udemy Business organization.

Flags:
  -format FORMAT  markdown (the default), made to be a comment on a pull request, or json
  -limit N        end with exit code 3 if the net change is more than N, which may be negative;
                  the report is printed all the same

A learner who is to be created counts as new, which takes a seat, unless the plan has read the learner with the data
source udemy_users: then the learner is adopted, and takes a seat only if deactivated until now. What is left of the
purchased seats is said if the plan has read the data source udemy_seats.

Invited and active learners count as taking a seat, deactivated ones don't. Udemy's own pages disagree on whether an
invitation takes a seat before it is accepted. A learner whose seat is known only after apply is not part of
the net change, and so not of what -limit compares.

The JSON is an object with
  net_change    seats taken less seats freed: taken, freed
  unknown       how many learners' seats are known only after apply
  totals        by kind: changes, and seats, their net change
  organization  null unless the plan has read udemy_seats: used_before, used_after, purchased, available_after
                (null if the number of purchased seats is not known)
  changes       by e-mail address and then address of resource or action: kind, learner, address, seats (1, -1, 0, or null if known
                after apply), and as far as they say something: from, to, added, removed, note
  notes         what to know about the numbers
The kinds are new, adopted, imported, reactivated, deactivated, invitation_cancelled, deleted, forgotten, role,
license_types, email, name, groups, invitation_resent. In place of a value there may be "(known after apply)" or "(sensitive)".

Exit codes: 0 done, 1 failure, 2 wrong usage, 3 limit passed.
`

// LimitError says that a plan takes more seats than it may.
type LimitError struct {
	NetChange, Limit int
}

// Error implements error.
func (e *LimitError) Error() string {
	return fmt.Sprintf("the net change of %+d seats passes the limit of %d", e.NetChange, e.Limit)
}

// ExitCode is what the process ends with.
func (e *LimitError) ExitCode() int { return 3 }

// Run reads a plan from stdin and reports on it.
func Run(args []string, stdin io.Reader, stdout io.Writer) error {
	var limit *int
	flags := flag.NewFlagSet("seats", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // Mistakes are told by the error that is returned.
	format := flags.String("format", "markdown", "")
	flags.Func("limit", "", func(text string) error {
		n, err := strconv.Atoi(text)
		limit = &n
		return err
	})
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, err = io.WriteString(stdout, help)
		return err
	case err != nil:
		return &usage.Error{Err: err}
	case flags.NArg() > 0:
		return &usage.Error{Err: fmt.Errorf("unexpected argument %q: the plan is read from standard input", flags.Arg(0))}
	case *format != "markdown" && *format != "json":
		return &usage.Error{Err: fmt.Errorf("-format %q is not known, use markdown or json", *format)}
	}

	plan, err := readPlan(stdin)
	if err != nil {
		return err
	}
	report := Analyse(plan)
	if *format == "json" {
		encoder := json.NewEncoder(stdout)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(report)
	} else {
		_, err = io.WriteString(stdout, report.Markdown())
	}
	if err == nil && limit != nil && report.NetChange > *limit {
		return &LimitError{NetChange: report.NetChange, Limit: *limit}
	}
	return err
}
