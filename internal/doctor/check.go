// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"net/http"
	"net/url"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
)

// verdict compares a result with what is documented or assumed. The help explains each value.
type verdict string

const (
	good       verdict = "ok"
	documented verdict = "documented"
	missing    verdict = "documented: not offered"
	confirmed  verdict = "assumed: confirmed"
	notOffered verdict = "assumed: not offered"
	notChecked verdict = "not checked"
	problem    verdict = "problem"
)

// row is one line of the report. Nothing in it may come from a learner, a group or a setting: texts are written in this
// package, and only numbers and recognized words come from responses.
type row struct {
	Area    string  `json:"area"`
	Check   string  `json:"check"`
	Result  string  `json:"result"`
	Verdict verdict `json:"verdict"`
	Note    string  `json:"note"`

	// blocks is true if the provider can't be used, although the verdict is not a problem.
	blocks bool
	// next is what to do first if the provider can't be used.
	next string
	// settings are suggested attributes of the provider block.
	settings map[string]string
}

// check fills one row of the report. It may send requests, and uses what earlier checks have found out.
type check struct {
	area, name string
	run        func(context.Context) row
}

func runAll(ctx context.Context, checks []check) []row {
	rows := make([]row, 0, len(checks))
	for _, c := range checks {
		found := c.run(ctx)
		found.Area, found.Check = c.area, c.name
		rows = append(rows, found)
	}
	return rows
}

// without returns the row of a check that needs what the organization does not have.
func without(what string) row {
	return row{Verdict: notChecked, Note: "needs " + what}
}

// evidence is what both APIs share.
type evidence struct {
	environment provider.Environment
	getenv      func(string) string
	probe       *probe
	// proxy returns the proxy of a request, or nil.
	proxy func(*http.Request) (*url.URL, error)
	// first is the response to the first request, and connection how it was reached.
	first      answer
	connection connection
}

// api has the checks of one API. The first ones apply even if the learners can't be listed.
type api struct {
	list          func(context.Context) bool
	first, others []check
}
