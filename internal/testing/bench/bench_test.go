// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
)

// A small run of the bench succeeds, so its configurations fit the provider.
func TestAccBench(t *testing.T) {
	t.Parallel()
	acceptance.NeedsCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		file := filepath.Join(t.TempDir(), "report.json")
		var stdout, stderr bytes.Buffer
		args := []string{"-api", string(api), "-n", "2", "-latency", "0", "-repeat", "1", "-promises=false", "-json", file}
		if err := run(t.Context(), args, &stdout, &stderr); err != nil {
			t.Fatalf("%v\n%s", err, &stderr)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var got report
		if err := json.Unmarshal(content, &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Rows) != 3 || !strings.Contains(stdout.String(), "plan with one change") {
			t.Fatalf("%d rows:\n%s", len(got.Rows), &stdout)
		}
		for _, r := range got.Rows {
			if r.Learners != 2 || r.Groups != 2 || r.Requests == 0 || r.UdemySeconds <= 0 || r.Ratio <= 0 {
				t.Errorf("unexpected row: %+v", r)
			}
		}
	})
}

// The configurations of a roster fit both providers. Promises for this size don't exist.
func TestAccBench_roster(t *testing.T) {
	t.Parallel()
	acceptance.NeedsCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		var stdout, stderr bytes.Buffer
		args := []string{"-api", string(api), "-roster", "30", "-latency", "0", "-repeat", "1", "-promises=false"}
		if err := run(t.Context(), args, &stdout, &stderr); err != nil {
			t.Fatalf("%v\n%s", err, &stderr)
		}
		for _, name := range []string{rosterCreate.name, rosterNoop.name, rosterChange.name, rosterApply.name, takeoverRosterName, jsonName} {
			if !strings.Contains(stdout.String(), name) {
				t.Errorf("no step %q in\n%s", name, &stdout)
			}
		}
	})
}

func TestPromise(t *testing.T) {
	t.Parallel()
	b := &bench{}
	b.promise("kept", "requests", 7, 7)
	if b.report.missed() {
		t.Error("a figure at its limit is reported as missed")
	}
	b.promise("broken", "ratio", 1.2, 1.21)
	if !b.report.missed() {
		t.Error("a figure above its limit is not reported as missed")
	}
	var lines [][]string
	for line := range strings.Lines(b.report.text()) {
		lines = append(lines, strings.Fields(line))
	}
	for _, want := range []string{"kept requests 7 7 ok", "broken ratio 1.20 1.21 MISSED"} {
		found := false
		for _, line := range lines {
			found = found || strings.Join(line, " ") == want
		}
		if !found {
			t.Errorf("no line %q in\n%s", want, b.report.text())
		}
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	if got := median([]time.Duration{9, 1, 2}); got != 2 {
		t.Errorf("median %d, want 2", got)
	}
}

func TestParseRefusals(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"-n":          {"-n", "10,x"},
		"-roster":     {"-roster", "0"},
		"-api":        {"-api", "soap"},
		"-repeat":     {"-repeat", "0"},
		"-latency":    {"-latency", "-1s"},
		"-cli":        {"-cli", "no-such-program"},
		"argument":    {"now"},
		"not defined": {"-color", "red"},
	} {
		if _, err := parse(args, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want one with %q", args, err, want)
		}
	}
}
