// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

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
	for _, format := range []string{"markdown", "json"} {
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
	if decoded.Changes == nil || decoded.Notes == nil || len(decoded.Totals) == 0 {
		t.Errorf("lists of the JSON are null instead of empty: %+v", decoded)
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	takes, frees := planOf(created("ada@example.com")), planOf(destroyed("ada@example.com"))
	for _, test := range []struct {
		plan     string
		limit    int
		exceeded bool
	}{
		{takes, 1, false},
		{takes, 0, true},
		{frees, 0, false},
		{frees, -1, false},
		{frees, -2, true},
	} {
		var stdout strings.Builder
		err := Run([]string{"-limit", strconv.Itoa(test.limit)}, strings.NewReader(test.plan), &stdout)
		var exceeded *limitError
		if errors.As(err, &exceeded) != test.exceeded || err != nil && exceeded == nil {
			t.Errorf("limit %d: error %v, want limit exceeded: %t", test.limit, err, test.exceeded)
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
		"-color":       "-color",
		"plan.json":    "standard input",
	} {
		err := Run(strings.Fields(args), strings.NewReader(planOf()), &strings.Builder{})
		var invalid *usage.Error
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want a usage error with %s", args, err, want)
		}
	}
}

func TestNotAPlan(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ input, want string }{
		"empty input":           {"\n", "it is empty"},
		"plan file":             {"PK\x03\x04\x14\x00", "a saved plan file"},
		"state":                 {`{"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {}}}`, "the JSON of a state"},
		"empty state":           {`{"format_version": "1.0"}`, "the JSON of a state"},
		"log of terraform plan": {"{\"@level\":\"info\"}\n{\"@level\":\"info\"}\n", "invalid character '{' after top-level value"},
		"text of a plan":        {"Terraform will perform the following actions:", "invalid character 'T'"},
		"truncated plan":        {planOf()[:40], "unexpected end of JSON input"},
		"future plan":           {`{"format_version": "2.0", "planned_values": {}}`, `"2.0`},
	} {
		err := Run(nil, strings.NewReader(test.input), &strings.Builder{})
		var notAPlan *notAPlanError
		if !errors.As(err, &notAPlan) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "terraform show -json") {
			t.Errorf("%s: error %v, want the text %q and the commands to run", name, err, test.want)
		}
	}
}

// Values of a plan must not mention users, create links or change the layout of the comment.
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
		output := runSeats(t, planOf(created(email)))
		if !strings.Contains(output, "\n"+want) {
			t.Errorf("%q: no line %q in\n%s", email, want, output)
		}
	}
}

// The report on a large plan stays below GitHub's limit for comments and states the number of omitted changes.
func TestLongPlan(t *testing.T) {
	t.Parallel()
	changes := []string{}
	for i := range 1000 {
		changes = append(changes, created(fmt.Sprintf("new%04d@example.com", i)), destroyed(fmt.Sprintf("old%04d@example.com", i)))
	}
	output := runSeats(t, planOf(changes...))
	if len(output) > 65536 || len(output) < 50000 {
		t.Errorf("%d bytes, want 50000 to 65536", len(output))
	}
	lines := strings.Count(output, "\n- ")
	omitted := 0
	for _, match := range regexp.MustCompile(`(\d+) of 1000 under`).FindAllStringSubmatch(output, -1) {
		n, err := strconv.Atoi(match[1])
		if err != nil {
			t.Fatal(err)
		}
		omitted += n
	}
	if omitted == 0 || lines+omitted != 2000 {
		t.Errorf("%d changes listed and %d omitted, want a total of 2000", lines, omitted)
	}
	if opened, closed := strings.Count(output, "<details>"), strings.Count(output, "</details>"); opened != closed || opened == 0 {
		t.Errorf("%d <details> and %d </details>", opened, closed)
	}
	if !strings.Contains(output, "1000 taken, 1000 freed") {
		t.Error("the totals don't include the whole plan")
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
		"enough":        {[]string{`{"used": 10, "purchased": 12}`}, "Purchased: 12, **0** left.\n", true},
		"too few":       {[]string{`{"used": 10, "purchased": 11}`}, "Purchased: 11, **1 too few**.\n", true},
		"twice":         {[]string{`{"used": 10, "purchased": 11}`, `{"used": 10, "purchased": 11}`}, "Purchased: 11,", true},
		"contradiction": {[]string{`{"used": 10}`, `{"used": 500}`}, "different results of udemy_seats", false},
		"after apply":   {[]string{`{"used": null}`}, "", false},
	} {
		changes := []string{created("ada@example.com"), created("grace@example.com")}
		for _, values := range test.seats {
			changes = append(changes, fmt.Sprintf(`{"address": "data.udemy_seats.now", "mode": "data", "type": "udemy_seats",
				"change": {"actions": ["read"], "before": null, "after": %s}}`, values))
		}
		output := runSeats(t, planOf(changes...))
		if !strings.Contains(output, test.want) {
			t.Errorf("%s: no %q in\n%s", name, test.want, output)
		}
		if shown := strings.Contains(output, "Seats in use"); shown != test.shown {
			t.Errorf("%s: the report shows seats in use: %t, want %t", name, shown, test.shown)
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
