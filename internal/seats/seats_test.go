// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command/usage"
	"github.com/udemy-iac/terraform-provider-udemy/internal/seats"
)

var update = flag.Bool("update", false, "write the files in testdata anew")

// In testdata, kinds.plan.json is written by hand and holds each kind of change; the others come from a
// CLI (see TestAccRealPlan and TestAccRealPlan_invitations).
func TestReports(t *testing.T) {
	t.Parallel()
	plans, err := filepath.Glob("testdata/*.plan.json")
	if err != nil || len(plans) < 2 {
		t.Fatalf("only %d plans in testdata, %v", len(plans), err)
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
				expectFile(t, want, report(t, string(content), "-format", format))
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
	for _, format := range []string{"markdown", "json"} {
		said := report(t, string(content), "-format", format)
		for _, value := range hidden {
			if !bytes.Contains(content, []byte(value)) {
				t.Fatalf("%q is not in the plan", value)
			}
			if strings.Contains(said, value) {
				t.Errorf("%s shows %q, which is sensitive", format, value)
			}
		}
	}
}

func TestNoChange(t *testing.T) {
	t.Parallel()
	plan := planOf(`{"address": "null_resource.other", "mode": "managed", "type": "null_resource",
		"change": {"actions": ["create"], "before": null, "after": {}}}`)
	want := "### This plan takes and frees no seat at Udemy\n\nNo change to learners, licences or groups.\n"
	if got := report(t, plan); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var said seats.Report
	if err := json.Unmarshal([]byte(report(t, plan, "-format", "json")), &said); err != nil {
		t.Fatal(err)
	}
	if said.Changes == nil || said.Notes == nil || len(said.Totals) == 0 {
		t.Errorf("lists of the JSON are null instead of empty: %+v", said)
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	takes, frees := planOf(created("ada@example.com")), planOf(destroyed("ada@example.com"))
	for _, test := range []struct {
		plan   string
		limit  int
		passed bool
	}{
		{takes, 1, false},
		{takes, 0, true},
		{frees, 0, false},
		{frees, -1, false},
		{frees, -2, true},
	} {
		var stdout strings.Builder
		err := seats.Run([]string{"-limit", strconv.Itoa(test.limit)}, strings.NewReader(test.plan), &stdout)
		var passed *seats.LimitError
		if errors.As(err, &passed) != test.passed || err != nil && passed == nil {
			t.Errorf("limit %d: error %v, want a passed limit: %t", test.limit, err, test.passed)
		}
		if !strings.Contains(stdout.String(), "ada@example.com") {
			t.Errorf("limit %d: no report: %q", test.limit, &stdout)
		}
	}
}

func TestUsageErrors(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-format html": `"html"`,
		"-limit many":  `"many"`,
		"-colour":      "-colour",
		"plan.json":    "standard input",
	} {
		err := seats.Run(strings.Fields(args), strings.NewReader(planOf()), &strings.Builder{})
		var wrong *usage.Error
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want a usage error with %s", args, err, want)
		}
	}
}

func TestNotAPlan(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ input, want string }{
		"nothing":               {"\n", "empty"},
		"plan file":             {"PK\x03\x04\x14\x00", "the plan file itself"},
		"state":                 {`{"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {}}}`, "the JSON of a state"},
		"empty state":           {`{"format_version": "1.0"}`, "the JSON of a state"},
		"log of terraform plan": {"{\"@level\":\"info\"}\n{\"@level\":\"info\"}\n", "something else"},
		"text of a plan":        {"Terraform will perform the following actions:", "something else"},
		"half a plan":           {planOf()[:40], "something else"},
		"future plan":           {`{"format_version": "2.0", "planned_values": {}}`, `"2.0`},
	} {
		err := seats.Run(nil, strings.NewReader(test.input), &strings.Builder{})
		var not *seats.NotAPlanError
		if !errors.As(err, &not) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "terraform show -json") {
			t.Errorf("%s: error %v, want one with %q that says what to run", name, err, test.want)
		}
	}
}

// A comment must not call anybody, link anywhere or change its shape because of what is in a plan.
func TestHostileText(t *testing.T) {
	t.Parallel()
	for email, want := range map[string]string{
		"@octocat":                      "- `@octocat`: ",
		"a|b@example.com":               "- `a|b@example.com`: ",
		"a`b``c@example.com":            "- ``` a`b``c@example.com ```: ",
		"`":                             "- `` ` ``: ",
		"a\n\n# Title":                  "- `a\\u000a\\u000a# Title`: ",
		"a\r\tb":                        "- `a\\u000d\\u0009b`: ",
		"</details><b>x</b>":            "- `</details><b>x</b>`: ",
		"[x](https://example.com)":      "- `[x](https://example.com)`: ",
		"\u202emoc.elpmaxe\u2066\u200b": "- `\\u202emoc.elpmaxe\\u2066\\u200b`: ",
		"søren@example.com":             "- `søren@example.com`: ",
		strings.Repeat("ø", 300):        "- `" + strings.Repeat("ø", 254) + "…`: ",
	} {
		said := report(t, planOf(created(email)))
		if !strings.Contains(said, "\n"+want) {
			t.Errorf("%q: no line %q in\n%s", email, want, said)
		}
	}
}

// However large a plan is, GitHub takes the comment, and the comment says how much is missing.
func TestLongPlan(t *testing.T) {
	t.Parallel()
	changes := []string{}
	for i := range 1000 {
		changes = append(changes, created(fmt.Sprintf("new%04d@example.com", i)), destroyed(fmt.Sprintf("old%04d@example.com", i)))
	}
	said := report(t, planOf(changes...))
	if len(said) > 65536 || len(said) < 50000 {
		t.Errorf("%d bytes; the comment should use the room there is", len(said))
	}
	lines := strings.Count(said, "\n- ")
	missing := 0
	for _, match := range regexp.MustCompile(`(\d+) of 1000 under`).FindAllStringSubmatch(said, -1) {
		n, err := strconv.Atoi(match[1])
		if err != nil {
			t.Fatal(err)
		}
		missing += n
	}
	if missing == 0 || lines+missing != 2000 {
		t.Errorf("%d lines and %d left out, want 2000 together", lines, missing)
	}
	if opened, closed := strings.Count(said, "<details>"), strings.Count(said, "</details>"); opened != closed || opened == 0 {
		t.Errorf("%d <details> and %d </details>", opened, closed)
	}
	if !strings.Contains(said, "1000 taken, 1000 freed") {
		t.Error("the totals are not of the whole plan")
	}
}

func TestSeatsInUse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		seats []string
		want  string
		shown bool
	}{
		"not read":      {nil, "", false},
		"not purchased": {[]string{`{"used": 10, "purchased": null}`}, "Seats in use: **10** before, **12** after.\n", true},
		"some left":     {[]string{`{"used": 10, "purchased": 12}`}, "of 12 purchased, which leaves **0**.\n", true},
		"too few":       {[]string{`{"used": 10, "purchased": 11}`}, "of 11 purchased, **1 more than purchased**.\n", true},
		"twice":         {[]string{`{"used": 10, "purchased": 11}`, `{"used": 10, "purchased": 11}`}, "of 11 purchased", true},
		"contradiction": {[]string{`{"used": 10}`, `{"used": 500}`}, "more than once", false},
		"after apply":   {[]string{`{"used": null}`}, "", false},
	} {
		changes := []string{created("ada@example.com"), created("grace@example.com")}
		for _, values := range test.seats {
			changes = append(changes, fmt.Sprintf(`{"address": "data.udemy_seats.now", "mode": "data", "type": "udemy_seats",
				"change": {"actions": ["read"], "before": null, "after": %s}}`, values))
		}
		said := report(t, planOf(changes...))
		if !strings.Contains(said, test.want) {
			t.Errorf("%s: no %q in\n%s", name, test.want, said)
		}
		if shown := strings.Contains(said, "Seats in use"); shown != test.shown {
			t.Errorf("%s: seats in use are shown: %t, want %t", name, shown, test.shown)
		}
	}
}

// report runs the command, which must not fail.
func report(t *testing.T, plan string, args ...string) string {
	t.Helper()
	var stdout strings.Builder
	if err := seats.Run(args, strings.NewReader(plan), &stdout); err != nil {
		t.Fatal(err)
	}
	return stdout.String()
}

func planOf(changes ...string) string {
	return `{"format_version": "1.2", "planned_values": {}, "resource_changes": [` + strings.Join(changes, ",\n") + `]}`
}

func created(email string) string {
	return changeOf("create", "null", learner(email))
}

func destroyed(email string) string {
	return changeOf("delete", learner(email), "null")
}

func changeOf(action, before, after string) string {
	return fmt.Sprintf(`{"address": "udemy_user.x", "mode": "managed", "type": "udemy_user", "change": {"actions": [%q], "before": %s, "after": %s}}`,
		action, before, after)
}

func learner(email string) string {
	content, err := json.Marshal(map[string]any{"email": email, "active": true, "status": "active", "on_destroy": "deactivate"})
	if err != nil {
		panic(err)
	}
	return string(content)
}

// expectFile compares with a file, or writes it if -update is given.
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
		t.Errorf("the report differs from %s; -update writes it anew:\n%s", name, got)
	}
}
