// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command/usage"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

// In testdata, kinds.plan.json is written by hand and contains each kind of change. A CLI wrote the other plans (see
// TestAccRealPlan and TestAccRealPlan_invitations).
func TestReports(t *testing.T) {
	t.Parallel()
	plans, err := filepath.Glob("testdata/*.plan.json")
	if err != nil || len(plans) < 2 {
		t.Fatalf("%d plans in testdata, error %v", len(plans), err)
	}
	for _, plan := range plans {
		for format, suffix := range map[string]string{"markdown": ".md", "json": ".json"} {
			want := strings.TrimSuffix(plan, ".plan.json") + suffix
			t.Run(want, func(t *testing.T) {
				t.Parallel()
				content, err := os.ReadFile(plan)
				if err != nil {
					t.Fatal(err)
				}
				expectFile(t, want, runSeats(t, string(content), "-format", format))
			})
		}
	}
}

func TestNothingSensitive(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("testdata/kinds.plan.json")
	if err != nil {
		t.Fatal(err)
	}
	hidden := []string{
		"secret@example.com", "secret.new@example.com", "Secret-before", "Secret-after", "secret-role", "g-secret",
		"secret-label", "secret-id", "secret-recipient",
	}
	for _, format := range []string{"markdown", "text", "json"} {
		output := runSeats(t, string(content), "-format", format)
		for _, value := range hidden {
			if !bytes.Contains(content, []byte(value)) {
				t.Fatalf("%q is not in the plan", value)
			}
			if strings.Contains(output, value) {
				t.Errorf("the %s report contains the sensitive value %q", format, value)
			}
		}
	}
}

func TestNoChange(t *testing.T) {
	t.Parallel()
	plan := planOf(`{"address": "null_resource.other", "mode": "managed", "type": "null_resource",
		"change": {"actions": ["create"], "before": null, "after": {}}}`)
	want := "### This plan does not change Udemy seats\n\nNo changes to learners, licenses or groups.\n"
	if got := runSeats(t, plan); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var decoded report
	if err := json.Unmarshal([]byte(runSeats(t, plan, "-format", "json")), &decoded); err != nil {
		t.Fatal(err)
	}
	if decoded.Learners == nil || decoded.BrokenGates == nil || decoded.Notes == nil || len(decoded.Totals) == 0 {
		t.Errorf("lists of the JSON are null instead of empty: %+v", decoded)
	}
}

func TestUsageErrors(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-format html":       `"html"`,
		"-limit many":        `"many"`,
		"-max-new few":       `"few"`,
		"-max-removals 101%": `"101%"`,
		"-max-removals -1":   `"-1"`,
		"-max-deletions 1%":  `"1%"`,
		"-max-bytes 100":     "less than 8192",
		"-max-bytes much":    `"much"`,
		"-color":             "-color",
		"plan.json":          "standard input",
	} {
		err := Run(strings.Fields(args), strings.NewReader("{}"), &strings.Builder{})
		var invalid *usage.Error
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want a usage error with %s", args, err, want)
		}
	}
}

// runSeats runs the subcommand and returns its output. An error fails the test.
func runSeats(t *testing.T, plan string, args ...string) string {
	t.Helper()
	var stdout strings.Builder
	if err := Run(args, strings.NewReader(plan), &stdout); err != nil {
		t.Fatal(err)
	}
	return stdout.String()
}

// expectFile compares got with a file. With -update, it writes the file.
func expectFile(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the report differs from %s; -update rewrites it:\n%s", name, got)
	}
}
