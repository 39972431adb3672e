// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package runs_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// replaced has a group, its learner and another member, with a lifecycle block in each resource.
func replaced(lifecycle, revision, more string) string {
	return fmt.Sprintf(`
resource "terraform_data" "revision" { input = %[2]q }
resource "udemy_group" "g" {
  name = "Mathematics"
  lifecycle {
    %[1]s
  }
}
resource "udemy_user" "ada" {
  email       = "ada@example.com"
  first_name  = "Ada"
  last_name   = "L"
  external_id = "E-1"
  group_ids   = [udemy_group.g.id]
  %[3]s
  lifecycle {
    %[1]s
  }
}
resource "udemy_user" "eve" {
  email      = "eve@example.com"
  first_name = "Eve"
  last_name  = "L"
  %[3]s
  lifecycle {
    %[1]s
  }
}
resource "udemy_group_membership" "eve" {
  group_id = udemy_group.g.id
  user_id  = udemy_user.eve.id
  lifecycle {
    %[1]s
  }
}
`, lifecycle, revision, more)
}

// A replacement keeps the account, the seat, the group and its members, and says so at apply.
func testReplacement(t *testing.T, cli installation) {
	t.Helper()
	for _, createFirst := range []bool{false, true} {
		for name, way := range map[string]struct {
			lifecycle, more string
			taint           []string
			arguments       []string
		}{
			"-replace of the learner": {arguments: []string{"-replace=udemy_user.ada"}},
			"-replace of all": {arguments: []string{
				"-replace=udemy_user.ada", "-replace=udemy_user.eve", "-replace=udemy_group.g", "-replace=udemy_group_membership.eve",
			}},
			"-replace without refresh":              {arguments: []string{"-replace=udemy_user.ada", "-replace=udemy_group.g", "-refresh=false"}},
			"taint":                                 {taint: []string{"udemy_user.ada", "udemy_group.g", "udemy_group_membership.eve"}},
			"-replace without adoption":             {arguments: []string{"-replace=udemy_user.ada"}, more: "adopt_existing = false"},
			"taint without adoption":                {taint: []string{"udemy_user.ada", "udemy_user.eve"}, more: "adopt_existing = false"},
			"taint, without adoption and refresh":   {taint: []string{"udemy_user.ada"}, more: "adopt_existing = false", arguments: []string{"-refresh=false"}},
			"replace_triggered_by":                  {lifecycle: "replace_triggered_by = [terraform_data.revision]"},
			"replace_triggered_by, to be erased":    {lifecycle: "replace_triggered_by = [terraform_data.revision]", more: "on_destroy = \"delete\""},
			"-replace, while the name changes, too": {arguments: []string{"-replace=udemy_user.ada"}, more: "# first_name"},
		} {
			t.Run(fmt.Sprintf("%s, create first %t", name, createFirst), func(t *testing.T) {
				t.Parallel()
				scenario := func(t *testing.T, api acceptance.API) {
					t.Helper()
					lifecycle := fmt.Sprintf("create_before_destroy = %t\n    %s", createFirst, way.lifecycle)
					run := start(t, cli, api, replaced(lifecycle, "1", way.more), nil)
					before := run.snapshot(t)
					for _, address := range way.taint {
						run.command(t, nil, "taint", address).expect(t, 0)
					}
					after := replaced(lifecycle, "2", way.more)
					if way.more == "# first_name" {
						after = strings.Replace(after, `"Ada"`, `"Augusta"`, 1)
					}
					run.write(t, after)
					if way.more == "adopt_existing = false" {
						run.apply(t, way.arguments).expect(t, 1, "exists already", "run `terraform untaint` with the resource's address")
						before.expectSameOrganization(t, run.snapshot(t))
						for _, address := range way.taint {
							run.command(t, nil, "untaint", address).expect(t, 0)
						}
						run.apply(t, nil).expect(t, 0)
					} else {
						run.apply(t, way.arguments).expect(t, 0, `Learner "ada@example.com" keeps the account and the seat`)
					}
					if way.more == "# first_name" {
						run.org.Edit("ada@example.com", func(l *simulator.Learner) { l.FirstName = "Ada" })
						run.write(t, replaced(lifecycle, "2", way.more))
					}
					before.expectSame(t, run.snapshot(t))
					run.expectNothingToDo(t)
				}
				if strings.Contains(way.more, "delete") { // SCIM can't delete learners.
					scenario(t, acceptance.UserManagement)
					return
				}
				acceptance.OnEachAPI(t, scenario)
			})
		}
	}
}

// A learner who was created, and could not join the group, is tainted. The replacement keeps the learner.
func testCreationUnfinished(t *testing.T, cli installation) {
	t.Helper()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for _, onDestroy := range []string{"deactivate", "delete"} {
			if onDestroy == "delete" && api == acceptance.SCIM {
				continue
			}
			t.Run(onDestroy, func(t *testing.T) {
				t.Parallel()
				broken := true
				org := acceptance.Start(t, api, simulator.Config{
					Latency: latency, Variations: simulator.Variations{AutoProvision: true},
					Intercept: func(w http.ResponseWriter, r *http.Request) bool {
						fails := broken && r.Method == http.MethodPatch
						if fails {
							w.WriteHeader(http.StatusForbidden)
						}
						return fails
					},
				})
				run := with(t, cli, org)
				run.write(t, `
resource "udemy_group" "g" { name = "Mathematics" }
resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "L"
  group_ids  = [udemy_group.g.id]
  active     = `+fmt.Sprint(api == acceptance.SCIM)+` # The step after the creation.
  on_destroy = "`+onDestroy+`"
}
`)
				run.apply(t, nil).expect(t, 1, `Unable to finish creating learner "ada@example.com"`, "untaint")
				before := run.snapshot(t)
				broken = false
				org.ResetRequests()
				run.apply(t, nil).expect(t, 0)
				if writes := org.Writes(); len(writes) != 1 || !strings.HasPrefix(writes[0], "PATCH") {
					t.Errorf("Udemy got %q", writes)
				}
				after := run.snapshot(t)
				if before.learner("ada@example.com").ID != after.learner("ada@example.com").ID || after.members("Mathematics") != 1 {
					t.Errorf("%+v became %+v", before, after)
				}
				run.expectNothingToDo(t)
			})
		}
	})
}

// A tainted learner and a tainted group get another address and another name. Nothing is replaced, and both are changed in place after
// the way out that the error names.
func testTaintedAndChanged(t *testing.T, cli installation) {
	t.Helper()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for _, parallelism := range []string{"1", "10"} {
			t.Run("parallelism "+parallelism, func(t *testing.T) {
				t.Parallel()
				const before, after = `
resource "udemy_group" "g" { name = "Data" }
resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "L"
}
`, `
resource "udemy_group" "g" { name = "Math" }
resource "udemy_user" "ada" {
  email      = "lovelace@example.com"
  first_name = "Ada"
  last_name  = "L"
}
`
				run := start(t, cli, api, before, nil)
				addresses := []string{"udemy_group.g", "udemy_user.ada"}
				for _, address := range addresses {
					run.command(t, nil, "taint", address).expect(t, 0)
				}
				was := run.snapshot(t)
				run.org.ResetRequests()
				run.write(t, after)
				run.apply(t, []string{"-parallelism=" + parallelism}).expect(t, 1,
					`Group "Data" can't be replaced`, `Learner "ada@example.com" can't be replaced`, "terraform untaint")
				run.org.ExpectWrites(t)
				was.expectSame(t, run.snapshot(t))
				for _, address := range addresses {
					run.command(t, nil, "untaint", address).expect(t, 0)
				}
				run.apply(t, nil).expect(t, 0, "0 added, 2 changed, 0 destroyed")
				run.expectNothingToDo(t)
				now := run.snapshot(t)
				if now.learner("lovelace@example.com").ID != was.learner("ada@example.com").ID || now.groups[0].ID != was.groups[0].ID {
					t.Errorf("%+v became %+v", was, now)
				}
				run.command(t, nil, "destroy", "-auto-approve", "-input=false").expect(t, 0)
				gone := run.snapshot(t)
				allGone(t, gone, gone)
				if len(gone.groups) > 0 {
					t.Errorf("Udemy has %+v", gone.groups)
				}
			})
		}
	})
}
