// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const keptLearners = versions + `
resource "udemy_user" "kept" {
  for_each   = toset([%s])
  email      = "${each.key}@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"

  lifecycle {
    destroy = false
  }
}
`

// While the resource block stays, lifecycle { destroy = false } keeps learners active when they leave state. If the
// block is removed, only OpenTofu still applies the setting. The offboarding guide documents both.
func TestAccLifecycleDestroy(t *testing.T) {
	t.Parallel()
	acceptance.Needs(t, acceptance.LifecycleDestroy)
	installed := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		org.Add(people[0])
		org.Add(people[1])
		cli, dir := installed.For(org), t.TempDir()
		apply := func(config string) {
			if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
			cli.Init(t, dir)
			cli.Run(t, dir, "apply", "-auto-approve", "-input=false", "-no-color")
		}
		apply(fmt.Sprintf(keptLearners, `"ada", "grace"`))
		org.ResetRequests()

		apply(fmt.Sprintf(keptLearners, `"ada"`))
		org.ExpectWrites(t)

		apply(versions)
		want := "ada deactivated, grace active"
		if strings.HasPrefix(cli.Run(t, dir, "version"), "OpenTofu") {
			want = "ada active, grace active"
		}
		if got := statuses(org); got != want {
			t.Errorf("the learners are %s, want %s", got, want)
		}
	})
}
