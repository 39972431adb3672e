// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// report has all results of a run.
type report struct {
	CLI               string    `json:"cli"`
	API               string    `json:"api"`
	CPUs              int       `json:"cpus"`
	LatencySeconds    float64   `json:"latency_seconds"`
	RequestsPerSecond float64   `json:"requests_per_second"` // 0 without a limit
	Repeat            int       `json:"repeat"`
	Rows              []row     `json:"rows"`
	Promises          []promise `json:"promises"`
	Seconds           float64   `json:"seconds"`
}

// row is the result of one step with both providers.
type row struct {
	Learners     int     `json:"learners"`
	Memberships  int     `json:"memberships"`
	Groups       int     `json:"groups"`
	Step         string  `json:"step"`
	Requests     int     `json:"requests"`
	Refused      int     `json:"refused"` // requests with status 429
	UdemySeconds float64 `json:"udemy_seconds"`
	EmptySeconds float64 `json:"empty_seconds"`
	Ratio        float64 `json:"ratio"`
	PeakMiB      float64 `json:"peak_mib"` // memory of this project's provider; 0 if unknown
}

// promise is a figure and the limit that it must not exceed.
type promise struct {
	Name     string  `json:"name"`
	Figure   string  `json:"figure"`
	Limit    float64 `json:"limit"`
	Measured float64 `json:"measured"`
	Verdict  string  `json:"verdict"`
}

// The values of Verdict.
const (
	ok     = "ok"
	missed = "MISSED"
)

// missed reports whether any promise is missed.
func (r *report) missed() bool {
	return slices.ContainsFunc(r.Promises, func(p promise) bool { return p.Verdict == missed })
}

// text formats the report as tables.
func (r *report) text() string {
	var text strings.Builder
	limit := "no limit"
	if r.RequestsPerSecond > 0 {
		limit = fmt.Sprintf("%g requests a second", r.RequestsPerSecond)
	}
	fmt.Fprintf(&text, "%s, %d CPUs, API %s, %g ms a request, %s; plans are medians of %d\n",
		r.CLI, r.CPUs, r.API, r.LatencySeconds*1000, limit, r.Repeat)
	if len(r.Rows) > 0 {
		fmt.Fprintf(&text, "\n%8s %12s %7s  %-28s %9s %8s %8s %6s %9s\n",
			"learners", "memberships", "groups", "step", "requests", "udemy s", "empty s", "ratio", "peak MiB")
	}
	for _, x := range r.Rows {
		fmt.Fprintf(&text, "%8d %12d %7d  %-28s %9d %8.1f %8.1f %6.2f %9.0f\n",
			x.Learners, x.Memberships, x.Groups, x.Step, x.Requests, x.UdemySeconds, x.EmptySeconds, x.Ratio, x.PeakMiB)
	}
	if len(r.Promises) > 0 {
		fmt.Fprintf(&text, "\n%-55s %-34s %8s %8s\n", "promise (50 ms a request)", "figure", "limit", "measured")
	}
	for _, p := range r.Promises {
		fmt.Fprintf(&text, "%-55s %-34s %8s %8s  %s\n", p.Name, p.Figure, short(p.Limit), short(p.Measured), p.Verdict)
	}
	fmt.Fprintf(&text, "\n%.0f s in total.\n", r.Seconds)
	return text.String()
}

// short formats a figure with two decimals, or none if it is an integer.
func short(figure float64) string {
	if figure == float64(int(figure)) {
		return strconv.Itoa(int(figure))
	}
	return fmt.Sprintf("%.2f", figure)
}

// write writes the report as JSON.
func (r *report) write(path string) error {
	content, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(content, '\n'), 0o644)
}
