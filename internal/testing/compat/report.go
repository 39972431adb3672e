// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// report has the results of the tests with one CLI. It counts subtests instead of their parents.
type report struct {
	cli    string
	passed int
	failed []string       // name and output
	skips  map[string]int // number of tests by reason
}

func (r report) skipped() int {
	total := 0
	for _, count := range r.skips {
		total += count
	}
	return total
}

// reasons returns the reasons for skips, sorted by descending number of tests.
func (r report) reasons() []string {
	return slices.SortedFunc(maps.Keys(r.skips), func(a, b string) int {
		if r.skips[a] != r.skips[b] {
			return r.skips[b] - r.skips[a]
		}
		return strings.Compare(a, b)
	})
}

// event is a line of `go test -json`; see `go doc test2json`.
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
}

// read counts the tests in the output of `go test -json`.
func read(events io.Reader) (report, error) {
	r := report{skips: map[string]int{}}
	output := map[string]string{}
	parents := map[string]bool{} // tests that have subtests
	failed := map[string]bool{}  // packages with a failed test
	last := map[string]string{}  // by package, the test with the last output
	for decoder := json.NewDecoder(events); ; {
		var e event
		if err := decoder.Decode(&e); errors.Is(err, io.EOF) {
			return r, nil
		} else if err != nil {
			return r, fmt.Errorf("reading the output of go test: %w", err)
		}
		// The last event of a package has no test name. A failed package without a failed test did not compile or start, or it ran
		// out of time, which is in the output of a test that did not end.
		name := e.Package + "." + e.Test
		if e.Test == "" && (e.Action != "fail" || failed[e.Package]) {
			continue
		}
		switch e.Action {
		case "run":
			if i := strings.LastIndexByte(e.Test, '/'); i >= 0 {
				parents[e.Package+"."+e.Test[:i]] = true
			}
		case "output":
			output[name] += e.Output
			last[e.Package] = name
		case "pass":
			if !parents[name] {
				r.passed++
			}
		case "fail":
			failed[e.Package] = true
			if e.Test == "" {
				output[name] = output[last[e.Package]]
			}
			if !parents[name] {
				r.failed = append(r.failed, name+"\n"+output[name])
			}
		case "skip":
			r.skips[reason(output[name])]++
		}
	}
}

// logLine matches a log line of a test, which begins with its position: "    file_test.go:12: ".
var logLine = regexp.MustCompile(`(?m)^ +\S+\.go:\d+: (.+)$`)

// reason returns the last log line of a skipped test.
func reason(output string) string {
	lines := logLine.FindAllStringSubmatch(output, -1)
	if len(lines) == 0 {
		return "no reason given"
	}
	return lines[len(lines)-1][1]
}
