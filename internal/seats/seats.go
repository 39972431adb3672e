// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package seats implements the subcommand seats. It reads the JSON of a Terraform or OpenTofu plan and reports what the plan
// changes in a Udemy Business organization: seats, learners, groups and e-mails. It sends no requests.
package seats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command/usage"
	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
)

const help = `Usage: terraform show -json PLAN | terraform-provider-udemy seats [FLAGS]

Reports what a Terraform or OpenTofu plan changes in a Udemy Business organization: seats, learners, groups and e-mails.
Dangerous changes come first: groups and learners who are deleted, new administrators, learners who lose their seat.

Flags:

If the plan does not pass a gate, the report names it at the top, and the exit code is 3. A percentage needs the data source
udemy_seats in the plan, and -forbid-over-purchased also needs its attribute purchased. Without them, a plan that the gate
concerns does not pass. A seat or a role that is known only after apply counts against each gate, and so do learners whom a
roster may remove although the plan has not read them.

A learner to create counts as new and takes a seat, unless the plan has read the learner with the data source
udemy_users. An existing learner is adopted instead, and takes a seat only if the learner was deactivated before. If the
plan has read the data source udemy_seats, the report shows the seats in use. Each learner of a udemy_roster is reported
like a learner of a udemy_user.

Invited and active learners count as seats in use. Deactivated learners don't. Udemy's documentation is inconsistent on
whether an invitation takes a seat before the learner accepts it. If the seat of a learner is known only after apply, the
net change does not include it.

Two plans with the same checksum change the same. What a plan only reads is not part of it. A plan that failed or does not
pass a gate has no checksum, and nothing is printed.

The JSON has a format_version. Later versions of the provider only add members to version 1. The JSON Schema is in the
documentation of the provider. "(known after apply)" and "(sensitive)" replace values that are unknown or sensitive.

Exit codes: 0 success, 1 failure, 2 wrong usage, 3 the plan does not pass a gate, 4 Terraform could not finish the plan
(also if it does not pass a gate). With 3 and 4, the report is printed.
`

// failedPlanError reports a plan that Terraform could not finish.
type failedPlanError struct {
	gates error // nil if the plan passes all gates
}

func (e *failedPlanError) Error() string {
	text := "the plan failed: Terraform could not finish it, and the report covers only a part. See the output of terraform plan"
	if e.gates != nil {
		text += "; " + e.gates.Error()
	}
	return text
}

func (e *failedPlanError) Unwrap() error { return e.gates }

func (e *failedPlanError) ExitCode() int { return 4 }

// gatesError reports a plan that does not pass its gates.
type gatesError struct {
	gates []gate
}

func (e *gatesError) Error() string {
	var texts []string
	for _, g := range e.gates {
		texts = append(texts, g.Flag+": "+g.Text)
	}
	return fmt.Sprintf("the plan does not pass %s: %s", plural.Count(len(e.gates), "gate"), strings.Join(texts, "; "))
}

func (e *gatesError) ExitCode() int { return 3 }

type options struct {
	gates
	format   string
	maxBytes int
}

// Usage describes the subcommand.
func Usage() *usage.Command { return new(options).usage() }

func (o *options) usage() *usage.Command {
	c := usage.New("seats", "report how a Terraform plan changes seats", help)
	c.NoArgument = "the plan is read from standard input"
	c.Choice(&o.format, "format", "print the report as `FORMAT`: markdown (the default), for a comment on a pull request; text, for a\n"+
		"terminal; or json. checksum prints a checksum of all that the plan changes, or \"none\" if it changes nothing.",
		"markdown", "text", "json", "checksum")
	o.maxBytes = maxComment
	c.Flags.Func("max-bytes", "print at most `N` bytes of Markdown: 65536 by default, the limit of GitHub, and at least 8192.\n"+
		"Harmless lists are cut first, and each list states how many rows are left out.", func(text string) error {
		n, err := strconv.Atoi(text)
		if o.maxBytes = n; err == nil && n < minComment {
			err = fmt.Errorf("%d is less than %d", n, minComment)
		}
		return err
	})
	o.register(c.Flags)
	return c
}

// Run reads a plan from stdin and writes the report to stdout.
func Run(args []string, stdin io.Reader, stdout io.Writer) error {
	var o options
	if err := o.usage().Parse(args); err != nil {
		return err
	}

	var content bytes.Buffer
	if o.format == "checksum" {
		stdin = io.TeeReader(stdin, &content)
	}
	debug.SetGCPercent(50) // A runner of a CI system has little memory, and the plan of a large organization has tens of megabytes.
	plan, err := readPlan(stdin)
	if err != nil {
		return err
	}
	r := analyze(plan)
	r.sort()
	r.BrokenGates = o.broken(r)
	if o.format == "checksum" {
		return printChecksum(content.Bytes(), r, stdout)
	}
	if err := formats[o.format](r, stdout, o.maxBytes); err != nil {
		return err
	}
	return r.failure()
}

// formats prints a report.
var formats = map[string]func(r *report, out io.Writer, maxBytes int) error{
	"markdown": func(r *report, out io.Writer, maxBytes int) error {
		_, err := io.WriteString(out, r.markdown(maxBytes))
		return err
	},
	"text": func(r *report, out io.Writer, _ int) error {
		_, err := io.WriteString(out, r.text())
		return err
	},
	"json": func(r *report, out io.Writer, _ int) error {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(r)
	},
}

// failure returns why the plan must not be applied as it is.
func (r *report) failure() error {
	var broken error
	if len(r.BrokenGates) > 0 {
		broken = &gatesError{gates: r.BrokenGates}
	}
	if r.Errored {
		return &failedPlanError{gates: broken}
	}
	return broken
}
