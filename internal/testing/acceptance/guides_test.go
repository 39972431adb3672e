// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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
