// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/doctor"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

var update = flag.Bool("update", false, "rewrite the report in examples/guides")

// The guide shows the report of a simulated organization.
func TestGuide(t *testing.T) {
	t.Parallel()
	file := filepath.Join("..", "..", "examples", "guides", "checking-an-organization", "report.txt")
	org := start(t, acceptance.UserManagement, simulator.Config{})
	got := table(t, envOf(org.API, org.Endpoint))
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || got != string(want) {
		t.Errorf("%s differs (%v); rewrite it with go test ./internal/doctor -run TestGuide -update\n%s", file, err, got)
	}
}

// table returns the report as a table. Times are replaced, with the same width.
func table(t *testing.T, variables env) string {
	t.Helper()
	var out bytes.Buffer
	_ = doctor.Run(t.Context(), nil, "0.1.0", variables.get, &out) // The report has the result as well.
	times := regexp.MustCompile(`\d+ ms, slowest \d+ ms +`)
	return times.ReplaceAllStringFunc(out.String(), func(found string) string {
		const steady = "48 ms, slowest 131 ms"
		return steady + strings.Repeat(" ", max(len(found)-len(steady), 1))
	})
}

// The table is Markdown: every line has five cells, and only the last column is not aligned.
func TestTable(t *testing.T) {
	t.Parallel()
	org := start(t, acceptance.SCIM, simulator.Config{Variations: simulator.Variations{LicenseType: true}})
	text := table(t, envOf(org.API, org.Endpoint))
	column := -1
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		line = strings.TrimSuffix(line, "\n")
		if cells := strings.Count(line, "|") - 1; cells != 5 || !strings.HasSuffix(line, "|") {
			t.Errorf("%d cells: %s", cells, line)
		}
		last := strings.LastIndex(strings.TrimSuffix(line, "|"), "|")
		if column >= 0 && last != column {
			t.Errorf("not aligned: %s", line)
		}
		column = last
	}
	for _, words := range []string{
		"    license_attribute = \"licenseType\"\n", "\nResult: usable\n", "\nFirst thing to do: Add the suggested settings to the provider block.\n",
	} {
		if !strings.Contains(text, words) {
			t.Errorf("the report does not contain %q:\n%s", words, text)
		}
	}
}
