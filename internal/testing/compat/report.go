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

// report is what came of the tests with one CLI. A test with subtests counts as these.
type report struct {
	cli    string
	passed int
	failed []string       // name and output
	skips  map[string]int // how many tests, by reason
}

func (r report) skipped() int {
	total := 0
	for _, count := range r.skips {
		total += count
	}
	return total
}

// reasons are sorted: most tests first.
func (r report) reasons() []string {
	return slices.SortedFunc(maps.Keys(r.skips), func(a, b string) int {
		if r.skips[a] != r.skips[b] {
			return r.skips[b] - r.skips[a]
		}
		return strings.Compare(a, b)
	})
}

// event is a line of `go test -json`, as `go doc test2json` describes it.
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
}

// read counts the tests that `go test -json` tells of.
func read(events io.Reader) (report, error) {
	r := report{skips: map[string]int{}}
	output := map[string]string{}
	parents := map[string]bool{} // tests that have subtests
	failed := map[string]bool{}  // packages with a failed test
	for decoder := json.NewDecoder(events); ; {
		var e event
		if err := decoder.Decode(&e); errors.Is(err, io.EOF) {
			return r, nil
		} else if err != nil {
			return r, fmt.Errorf("reading what go test says: %w", err)
		}
		// A package ends last, like a test without a name. What failed in it is told already, unless it didn't even start.
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
		case "pass":
			if !parents[name] {
				r.passed++
			}
		case "fail":
			failed[e.Package] = true
			if !parents[name] {
				r.failed = append(r.failed, name+"\n"+output[name])
			}
		case "skip":
			r.skips[reason(output[name])]++
		}
	}
}

// said is what a test says, after the place where it does: "    file_test.go:12: ".
var said = regexp.MustCompile(`(?m)^ +\S+\.go:\d+: (.+)$`)

// reason is the last that a skipped test said.
func reason(output string) string {
	lines := said.FindAllStringSubmatch(output, -1)
	if len(lines) == 0 {
		return "no reason given"
	}
	return lines[len(lines)-1][1]
}
