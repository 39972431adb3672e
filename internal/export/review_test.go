// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package export_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// An export with -review into a fresh clone can be committed as it is: its plan imports, and the report needs nothing else.
func TestAccExport_review(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		seedExample(org)
		dir := t.TempDir()
		here := cli.For(org)
		here.Command(t, dir, "git", "init", "--quiet")
		if err := os.WriteFile(filepath.Join(dir, "README.md"), []byte("# Learners\n"), 0o600); err != nil {
			t.Fatal(err)
		}

		got := runWith(t, org.Env(), "-roster", "-review", "-dir", dir)
		if got.err != nil {
			t.Fatal(got.err)
		}
		for _, words := range []string{"1 to import, 0 to add", "terraform providers lock", "backend"} {
			if !strings.Contains(got.stdout, words) {
				t.Errorf("the next steps don't contain %q:\n%s", words, got.stdout)
			}
		}
		here.Run(t, dir, "fmt", "-check", "-diff")
		here.Init(t, dir)
		here.Run(t, dir, "plan", "-input=false", "-out=plan.tfplan")
		here.OnPath(t).With("GITHUB_STEP_SUMMARY="+os.DevNull).Command(t, dir, "bash", ".github/report.sh")
		if seats := got.read(t, "seats.md"); !strings.Contains(seats, "ada@example.com") {
			t.Errorf("the report does not name the imported learners:\n%s", seats)
		}

		// Neither state nor plan nor report is committed, and everything else is.
		here.Command(t, dir, "git", "add", ".")
		want := ".github/report.sh .github/workflows/apply.yml .github/workflows/nightly.yml .github/workflows/plan.yml .gitignore " +
			".terraform.lock.hcl README.md main.tf review.tf roster.csv"
		if files := strings.Fields(here.Command(t, dir, "git", "ls-files")); strings.Join(files, " ") != want {
			t.Errorf("the commit has %v, want %s", files, want)
		}
		for _, name := range []string{"review.tf", ".github/report.sh", ".github/workflows/plan.yml"} {
			if strings.Contains(got.read(t, name), "Copyright") {
				t.Errorf("%s has the header of the example", name)
			}
		}
	})
}
