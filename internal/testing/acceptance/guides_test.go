// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// The command of the guide about seats works.
func TestAccReviewingSeats(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{})
	for _, learner := range people {
		org.Add(learner)
	}
	dir := workspace(t, filepath.Join("guides", "reviewing-seats"))
	scripts, err := filepath.Glob(filepath.Join(dir, "*.sh"))
	if err != nil || len(scripts) == 0 {
		t.Fatal("no commands found", err)
	}
	for _, script := range scripts {
		shell(t, cli.For(org), dir, script)
	}
	org.ExpectWrites(t)
}

// The steps of the workflows work, except those that need GitHub.
func TestAccPullRequestReview(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		org.Add(people[0])
		dir := workspace(t, "pull-request-review")

		for _, step := range steps(t, dir, "plan.yml") {
			if !strings.HasPrefix(step, "gh ") {
				shell(t, cli.For(org), dir, "-c", step)
			}
		}
		comment, err := os.ReadFile(filepath.Join(dir, "seats.md"))
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range []string{"ada@example.com", "adopted", "grace@example.com", "katherine@example.com"} {
			if !strings.Contains(strings.ToLower(string(comment)), words) {
				t.Errorf("the comment doesn't contain %q:\n%s", words, comment)
			}
		}
		if writes := org.Writes(); len(writes) > 0 {
			t.Errorf("the plan sent write requests: %v", writes)
		}

		for _, step := range steps(t, dir, "apply.yml") {
			shell(t, cli.For(org), dir, "-c", step)
		}
		want := "ada active, grace active, katherine deactivated"
		if api == acceptance.UserManagement {
			want = "ada active, grace invited, katherine deactivated"
		}
		if got := statuses(org); got != want {
			t.Errorf("the learners are %s, want %s", got, want)
		}
	})
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
	bin := t.TempDir()
	if err := os.Symlink(cli.Program, filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	cli.With("PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH")).Command(t, dir, "bash", append([]string{"-euo", "pipefail"}, script...)...)
}

// steps returns the shell steps of a workflow.
func steps(t *testing.T, dir, workflow string) []string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, ".github", "workflows", workflow))
	if err != nil {
		t.Fatal(err)
	}
	var parsed struct {
		Jobs map[string]struct {
			Steps []struct {
				Run string `yaml:"run"`
			} `yaml:"steps"`
		} `yaml:"jobs"`
	}
	if err := yaml.Unmarshal(content, &parsed); err != nil {
		t.Fatal(err)
	}
	var runs []string
	for _, job := range parsed.Jobs {
		for _, step := range job.Steps {
			if step.Run != "" {
				runs = append(runs, step.Run)
			}
		}
	}
	if len(runs) == 0 {
		t.Fatalf("%s has no steps", workflow)
	}
	return runs
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
