// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package doctor implements the subcommand doctor. It finds out with GET requests what the API of an organization offers, and
// reports it without personal data. Udemy documents only a part of its APIs; the provider assumes the rest.
package doctor

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command/usage"
	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
)

const help = `Usage: terraform-provider-udemy doctor [FLAGS]

Checks which calls the API of a Udemy Business organization offers, and whether the provider can use them. It sends
fewer than 25 GET requests, not counting retries, and reads no more than two pages of any list. It changes nothing at
Udemy.

Flags:

The report contains no address, name, ID, token, subdomain or host name, so that it can be pasted into a public issue.

The provider's environment variables select the organization: UDEMY_SUBDOMAIN (SCIM) or UDEMY_ORGANIZATION_UUID
(user-management API), UDEMY_TOKEN and, if needed, UDEMY_API and UDEMY_ENDPOINT. The activity report is checked if
UDEMY_ACCOUNT_ID, UDEMY_CLIENT_ID or UDEMY_CLIENT_SECRET is set, and needs all three. It is at UDEMY_REPORTING_ENDPOINT
or at UDEMY_SUBDOMAIN.

Each check has a verdict:
  ok                       holds, and is independent of the API
  documented               Udemy or the SCIM standard (RFC 7643, RFC 7644) documents it, and it holds
  documented: not offered  documented, but it does not hold; the provider works without it
  assumed: confirmed       not documented, but the provider's assumption holds
  assumed: not offered     not documented, and the API does not offer it
  not checked              not configured, or the organization has no suitable learner or group
  problem                  the provider can't work like this

The JSON is an object with version, api, requests, usable, checks (area, check, result, verdict, note), settings
(suggested attributes of the provider block) and first_thing_to_do.

Exit codes: 0 usable, 1 not usable or a problem with the activity report, 2 wrong usage.
`

// maxDuration limits the whole run. Without a rate limit, it takes seconds.
const maxDuration = 10 * time.Minute

// errUnusable makes the exit code 1. The report has the reason.
var errUnusable = errors.New("the provider can't use this organization as it is; the report has the reason")

// report is the result of all checks.
type report struct {
	Version        string            `json:"version"`
	API            string            `json:"api"` // as in the provider block; empty without a valid configuration
	Requests       int               `json:"requests"`
	Usable         bool              `json:"usable"`
	Checks         []row             `json:"checks"`
	Settings       map[string]string `json:"settings"`
	FirstThingToDo string            `json:"first_thing_to_do"`
}

type options struct {
	format string
}

// Usage describes the subcommand.
func Usage() *usage.Command { return new(options).usage() }

func (o *options) usage() *usage.Command {
	c := usage.New("doctor", "check what an organization's API offers, without changing anything", help)
	c.Choice(&o.format, "format", "print the report as `FORMAT`: table (the default), a Markdown table for a terminal or an issue, or json", "table", "json")
	return c
}

// Run checks the organization that the environment variables select, and writes the report to stdout.
func Run(ctx context.Context, args []string, version string, getenv func(string) string, stdout io.Writer) error {
	var o options
	if err := o.usage().Parse(args); err != nil {
		return err
	}

	ctx, cancel := context.WithTimeout(ctx, maxDuration)
	defer cancel()
	r, configErr := examine(ctx, version, getenv)
	var err error
	if o.format == "json" {
		encoder := json.NewEncoder(stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(r)
	} else {
		_, err = io.WriteString(stdout, r.markdown())
	}
	switch {
	case err != nil:
		return err
	case configErr != nil:
		return configErr
	case !r.Usable:
		return errUnusable
	default:
		return nil
	}
}

// examine runs all checks. The error has the details of an invalid configuration: it can contain values of environment
// variables, so they are not in the report.
func examine(ctx context.Context, version string, getenv func(string) string) (report, error) {
	r := report{Version: version}
	environment, err := provider.FromEnvironment(getenv, "terraform-provider-udemy/doctor")
	if err != nil {
		r.add([]row{{
			Area: "Connection", Check: "settings", Result: "missing or malformed", Verdict: problem, Note: "standard error has the details",
			next: "Set the environment variables that standard error names.",
		}})
		return r, err
	}
	r.API = environment.API

	p := newProbe(environment.Transport)
	e := &evidence{environment: environment, getenv: getenv, probe: p, proxy: http.ProxyFromEnvironment}
	selected := newSCIM(e)
	if environment.API != "scim" {
		selected = newUserManagement(e)
	}
	reached := selected.list(ctx) // All checks of the connection look at this request.
	r.add(runAll(ctx, e.connectionChecks()))
	r.add(runAll(ctx, selected.first))
	if reached {
		r.add(runAll(ctx, selected.others))
	} else {
		r.add([]row{{Area: "Learners", Check: "all other checks", Verdict: notChecked, Note: "they need the list of learners"}})
	}
	if p.sent > 0 {
		r.add(runAll(ctx, e.trafficChecks()))
	}
	activity := newActivityReport(environment.Reporting, e)
	r.add([]row{activity.check(ctx)})
	r.Requests = p.sent + activity.sent()
	return r, nil
}

// add appends rows, and updates what follows from them.
func (r *report) add(rows []row) {
	r.Checks = append(r.Checks, rows...)
	blocks := func(one row) bool { return one.Verdict == problem || one.blocks }
	r.Usable = !slices.ContainsFunc(r.Checks, blocks)
	r.Settings = map[string]string{}
	r.FirstThingToDo = ""
	for _, one := range r.Checks {
		for name, value := range one.settings {
			r.Settings[name] = value
		}
		if blocks(one) {
			r.FirstThingToDo = cmp.Or(r.FirstThingToDo, one.next)
		}
	}
	if r.FirstThingToDo != "" {
		return
	}
	switch {
	case !r.Usable:
		r.FirstThingToDo = "Open an issue with this report."
	case len(r.Settings) > 0:
		r.FirstThingToDo = "Add the suggested settings to the provider block."
	default:
		r.FirstThingToDo = "Write a configuration. The provider can use this organization."
	}
}
