// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// people are the learners that exist before the first apply.
var people = []simulator.Learner{
	{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"},
	{Email: "grace@example.com", FirstName: "Grace", LastName: "Hopper"},
	{Email: "katherine@example.com", FirstName: "Katherine", LastName: "Johnson"},
}

// unused are the same learners. Ada has not visited for a long time, and Katherine never.
var unused = func() []simulator.Learner {
	learners := slices.Clone(people)
	learners[0].Activity = &simulator.Activity{Joined: "2024-01-01", LastVisit: "2025-01-01"}
	learners[2].Activity = &simulator.Activity{Joined: "2024-01-01"}
	return learners
}()

// The commands of each guide, run in order, have the documented result.
func TestAccGuides(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	for name, test := range map[string]struct {
		api    acceptance.API
		before []simulator.Learner
		after  string // status of each learner
		writes int
		needs  []acceptance.Feature
	}{
		"getting-started":        {acceptance.SCIM, nil, "ada active", 3, nil},
		"taking-over":            {acceptance.UserManagement, people, "ada active, grace active, katherine active", 0, nil},
		"reviewing-seats":        {acceptance.SCIM, people, "ada active, grace active, katherine active", 0, nil},
		"joiners-movers-leavers": {acceptance.UserManagement, nil, "ada invited, grace invited", 4, nil},
		"offboarding":            {acceptance.SCIM, people, "ada deactivated, grace active, katherine active", 1, nil},
		"unused-seats":           {acceptance.SCIM, unused, "ada active, grace active, katherine deactivated", 3, nil},
		"csv-upload":             {acceptance.UserManagement, people, "ada active, grace active, katherine active", 2, nil},

		"checking-an-organization": {acceptance.SCIM, people, "ada active, grace active, katherine active", 0, nil},
		"moving-to-a-roster":       {acceptance.UserManagement, nil, "ada invited, grace invited, katherine deactivated", 6, []acceptance.Feature{acceptance.Removed}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, feature := range test.needs {
				acceptance.Needs(t, feature)
			}
			org := acceptance.Start(t, test.api, simulator.Config{})
			for _, learner := range test.before {
				org.Add(learner)
			}
			dir := workspace(t, filepath.Join("guides", name))
			scripts, err := filepath.Glob(filepath.Join(dir, "*.sh"))
			if err != nil || len(scripts) == 0 {
				t.Fatal("no commands found", err)
			}
			for _, script := range scripts {
				shell(t, cli.For(org), dir, script)
			}
			if got := statuses(org); got != test.after {
				t.Errorf("the learners are %s, want %s", got, test.after)
			}
			if writes := org.Writes(); len(writes) != test.writes {
				t.Errorf("%d write requests, want %d:\n%s", len(writes), test.writes, strings.Join(writes, "\n"))
			}
		})
	}
}

// notRun maps the first line of each command that no test runs to the reason.
var notRun = map[string]string{
	"export UDEMY_SUBDOMAIN=acme # for https://acme.udemy.com":         "it prompts for a token; the tests set the same variables",
	"version=0.1.0 platform=linux_amd64 name=terraform-provider-udemy": "it downloads a release",
	"terraform query": "it needs Terraform 1.14; the tests of the list resources run it there",
}

// A test runs every command of a guide, or notRun has the reason why not.
func TestGuideCommandsAreTested(t *testing.T) {
	t.Parallel()
	guides, err := filepath.Glob(filepath.Join(root, "templates", "guides", "*.md.tmpl"))
	if err != nil || len(guides) == 0 {
		t.Fatal("no guides found", err)
	}
	inline := regexp.MustCompile("```(?:shell|sh|bash|console)\n(.*)\n")
	file := regexp.MustCompile(`codefile "shell" "([^"]+)"`)
	var found []string
	for _, guide := range guides {
		content, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range inline.FindAllSubmatch(content, -1) {
			found = append(found, string(block[1]))
			if notRun[string(block[1])] == "" {
				t.Errorf("%s: no test runs %q", guide, block[1])
			}
		}
		for _, script := range file.FindAllSubmatch(content, -1) {
			name := strings.TrimSuffix(filepath.Base(guide), ".md.tmpl")
			if want := "examples/guides/" + name + "/"; !strings.HasPrefix(string(script[1]), want) {
				t.Errorf("%s: no test runs %s; move it to %s", guide, script[1], want)
			}
		}
	}
	for command := range notRun {
		if !slices.Contains(found, command) {
			t.Errorf("no guide contains %q; remove it from notRun", command)
		}
	}
}

// workspace copies an example to an empty folder.
func workspace(t *testing.T, example string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, "examples", example))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// shell runs a script like a CI job: the first failing command ends it.
func shell(t *testing.T, cli *acceptance.CLI, dir string, script ...string) {
	t.Helper()
	cli.OnPath(t).Command(t, dir, "bash", append([]string{"-euo", "pipefail"}, script...)...)
}

// statuses lists all learners with the first part of the address and the status.
func statuses(org *acceptance.Organization) string {
	var all []string
	for _, learner := range org.Learners() {
		name, _, _ := strings.Cut(learner.Email, "@")
		all = append(all, name+" "+learner.Status)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}
