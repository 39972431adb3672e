// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package runs_test

import (
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
)

// learners are pairs in which a learner's address, external ID or place in the configuration changes hands.
var learners = map[string]pair{
	"a new learner gets the address of another": {
		before: `
resource "udemy_user" "senior" {
  email      = "smith@example.com"
  first_name = "Senior"
  last_name  = "Smith"
}
`,
		after: `
resource "udemy_user" "senior" {
  email      = "senior.smith@example.com"
  first_name = "Senior"
  last_name  = "Smith"
#1   depends_on = [udemy_user.junior]
}
resource "udemy_user" "junior" {
  email      = "smith@example.com"
  first_name = "Junior"
  last_name  = "Smith"
#2   depends_on = [udemy_user.senior]
}
`,
		refused: []string{
			`The address "smith@example.com" moves to another learner in one plan`, `becomes "senior.smith@example.com"`,
			"Change the address in a first apply",
		},
	},
	"a new learner in for_each gets the address of another, in other letter case": {
		before: `
resource "udemy_user" "all" {
  for_each    = { E-1 = "smith@example.com", E-2 = "jones@example.com" }
  email       = each.value
  external_id = each.key
  first_name  = "S"
  last_name   = each.key
}
`,
		after: `
resource "udemy_user" "all" {
  for_each    = { E-1 = "senior.smith@example.com", E-2 = "jones@example.com", E-3 = "Smith@Example.com" }
  email       = each.value
  external_id = each.key
  first_name  = "S"
  last_name   = each.key
}
`,
		refused: []string{"moves to another learner in one plan", "senior.smith@example.com", "mith@"},
	},
	"two learners swap addresses": {
		before: `
resource "udemy_user" "ada" {
  email      = "a@example.com"
  first_name = "Ada"
  last_name  = "L"
}
resource "udemy_user" "bob" {
  email      = "b@example.com"
  first_name = "Bob"
  last_name  = "L"
}
`,
		after: `
resource "udemy_user" "ada" {
  email      = "b@example.com"
  first_name = "Ada"
  last_name  = "L"
#1   depends_on = [udemy_user.bob]
}
resource "udemy_user" "bob" {
  email      = "a@example.com"
  first_name = "Bob"
  last_name  = "L"
#2   depends_on = [udemy_user.ada]
}
`,
		refused: []string{"belongs to another learner", `"a@example.com"`, `"b@example.com"`, "in a first apply"},
	},
	"three learners pass their external IDs on": {
		before: `
resource "udemy_user" "all" {
  for_each    = { a = "E-1", b = "E-2", c = "E-3" }
  email       = "${each.key}@example.com"
  external_id = each.value
  first_name  = "F"
  last_name   = "L"
}
`,
		after: `
resource "udemy_user" "all" {
  for_each    = { a = "E-2", b = "E-3", c = "E-1" }
  email       = "${each.key}@example.com"
  external_id = each.value
  first_name  = "F"
  last_name   = "L"
}
`,
		refused: []string{"belongs to another learner", "external ID", "@example.com", "in a first apply"},
	},
	"the address of a destroyed learner goes to another one": {
		before: `
resource "udemy_user" "bob" {
  email      = "bob@example.com"
  first_name = "Bob"
  last_name  = "L"
#1   depends_on = [udemy_user.eve]
}
resource "udemy_user" "eve" {
  email      = "eve@example.com"
  first_name = "Eve"
  last_name  = "L"
#2   depends_on = [udemy_user.bob]
}
`,
		after: `
resource "udemy_user" "bob" {
  email      = "eve@example.com"
  first_name = "Bob"
  last_name  = "L"
}
`,
		refused: []string{`e-mail address "eve@example.com" belongs to another learner`, "in a first apply"},
	},
	"the first of a list with count goes": {
		before: `
locals { people = ["a", "b", "c"] }
resource "udemy_user" "u" {
  count      = 3
  email      = "${local.people[count.index]}@example.com"
  first_name = "F"
  last_name  = local.people[count.index]
}
`,
		after: `
locals { people = ["b", "c"] }
resource "udemy_user" "u" {
  count      = 2
  email      = "${local.people[count.index]}@example.com"
  first_name = "F"
  last_name  = local.people[count.index]
}
`,
		refused: []string{"belongs to another learner"},
	},
	"renamed without moved": {
		before: `
resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "L"
}
`,
		after: `
resource "udemy_user" "lovelace" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "L"
}
`,
		refused: []string{`Learner "ada@example.com" is destroyed and created in one plan`, "moved {", "udemy_user.OLD"},
	},
	"renamed without moved, and a learner depends on it": {
		before: `
resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "L"
}
resource "udemy_user" "eve" {
  email      = "eve@example.com"
  first_name = "Eve"
  last_name  = "L"
#1   depends_on = [udemy_user.ada]
}
`,
		after: `
resource "udemy_user" "lovelace" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "L"
#2   depends_on = [udemy_user.eve]
}
resource "udemy_user" "eve" {
  email      = "eve@example.com"
  first_name = "Eve"
  last_name  = "L"
#1   depends_on = [udemy_user.lovelace]
}
`,
		refused: []string{`Learner "ada@example.com" is destroyed and created in one plan`, "moved {"},
	},
	"erased and created": {
		only: acceptance.UserManagement,
		before: `
resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "L"
  on_destroy = "delete"
}
`,
		after: `
resource "udemy_user" "lovelace" {
  email      = "Ada@example.com"
  first_name = "Ada"
  last_name  = "L"
  on_destroy = "delete"
}
`,
		refused: []string{"is destroyed and created in one plan", "moved {"},
	},
	"count to for_each": {
		before: `
resource "udemy_user" "u" {
  count      = 20
  email      = "p${count.index}@example.com"
  first_name = "P"
  last_name  = "L${count.index}"
}
`,
		after: `
resource "udemy_user" "u" {
  for_each   = { for i in range(20) : "p${i}" => i }
  email      = "${each.key}@example.com"
  first_name = "P"
  last_name  = "L${each.value}"
}
`,
		refused: []string{"is destroyed and created in one plan", "moved {"},
	},
	"count to for_each, with moved": {
		before: `
resource "udemy_user" "u" {
  count      = 2
  email      = "p${count.index}@example.com"
  first_name = "P"
  last_name  = "L${count.index}"
}
`,
		after: `
resource "udemy_user" "u" {
  for_each   = { for i in range(2) : "p${i}" => i }
  email      = "${each.key}@example.com"
  first_name = "P"
  last_name  = "L${each.value}"
}
moved {
  from = udemy_user.u[0]
  to   = udemy_user.u["p0"]
}
moved {
  from = udemy_user.u[1]
  to   = udemy_user.u["p1"]
}
`,
		said:  []string{"0 added, 0 changed, 0 destroyed"},
		right: unchanged,
	},
	"renamed with on_destroy = keep": {
		before: `
resource "udemy_group" "g" { name = "Mathematics" }
resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "L"
  on_destroy = "keep"
  group_ids  = [udemy_group.g.id]
}
resource "udemy_user" "eve" {
  email      = "eve@example.com"
  first_name = "Eve"
  last_name  = "L"
#1   depends_on = [udemy_user.ada]
}
`,
		after: `
resource "udemy_group" "g" { name = "Mathematics" }
resource "udemy_user" "lovelace" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "L"
  on_destroy = "keep"
  group_ids  = [udemy_group.g.id]
#2   depends_on = [udemy_user.eve]
}
resource "udemy_user" "eve" {
  email      = "eve@example.com"
  first_name = "Eve"
  last_name  = "L"
#1   depends_on = [udemy_user.lovelace]
}
`,
		said:  []string{"1 added, 0 changed, 1 destroyed"},
		right: unchanged,
	},
	"a new address under a new key, with the same external ID": {
		before: roster("ada.byron@example.com,Ada,Byron,E-1"),
		after:  roster("ada.lovelace@example.com,Ada,Byron,E-1"),
		refused: []string{
			`The learner with external ID "E-1" exists with another e-mail address`, "The learner ada.byron@example.com (ID ", `"ada.lovelace@example.com"`, "moved {",
		},
	},
	"two new addresses under new keys, and a third learner": {
		before:  roster("ada.byron@example.com,Ada,Byron,E-1", "grace@example.com,Grace,H,E-2", "eve@example.com,Eve,P,E-3"),
		after:   roster("ada.lovelace@example.com,Ada,Byron,E-1", "hopper@example.com,Grace,H,E-2", "eve@example.com,Eve,P,E-3"),
		refused: []string{`exists with another e-mail address`, "The learner ada.byron@example.com (ID ", "The learner grace@example.com (ID ", "moved {"},
	},
	"a new address under a new key, with moved": {
		before: roster("ada.byron@example.com,Ada,Byron,E-1"),
		after: roster("ada.lovelace@example.com,Ada,Byron,E-1") + `
moved {
  from = udemy_user.all["ada.byron@example.com"]
  to   = udemy_user.all["ada.lovelace@example.com"]
}
`,
		said: []string{"0 added, 1 changed, 0 destroyed"},
		right: func(t *testing.T, before, after snapshot) {
			t.Helper()
			old, now := before.learner("ada.byron@example.com"), after.learner("ada.lovelace@example.com")
			if len(after.learners) != 1 || now.ID != old.ID || now.Status != old.Status {
				t.Errorf("%+v became %+v", before.learners, after.learners)
			}
		},
	},
	"everything is destroyed": {
		before: everything,
		right: func(t *testing.T, _, after snapshot) {
			t.Helper()
			if len(after.ids) > 0 || len(after.groups) > 0 {
				t.Errorf("state has %v, and Udemy the groups %v", after.ids, after.groups)
			}
			for _, learner := range after.learners {
				if learner.Status != "deactivated" {
					t.Errorf("%s is %s", learner.Email, learner.Status)
				}
			}
		},
	},
}

// everything has all kinds of resources, each group with another owner of its members.
const everything = `
resource "udemy_group" "g" {
  count = 3
  name  = "Group ${count.index}"
}
resource "udemy_user" "u" {
  count      = 5
  email      = "p${count.index}@example.com"
  first_name = "P"
  last_name  = "L${count.index}"
}
resource "udemy_user" "grouped" {
  count      = 3
  email      = "g${count.index}@example.com"
  first_name = "G"
  last_name  = "L${count.index}"
  group_ids  = [udemy_group.g[0].id]
}
resource "udemy_group_members" "g" {
  group_id = udemy_group.g[1].id
  members  = { for u in udemy_user.u : u.email => u.id }
}
resource "udemy_group_membership" "g" {
  count    = 5
  group_id = udemy_group.g[2].id
  user_id  = udemy_user.u[count.index].id
}
`

// roster is a configuration for a file of an HR system, its lines keyed by address.
func roster(lines ...string) string {
	config := "locals {\n  lines = [\n"
	for _, line := range lines {
		config += "    \"" + line + "\",\n"
	}
	return config + `  ]
  people = { for line in local.lines : split(",", line)[0] => split(",", line) }
}
resource "udemy_user" "all" {
  for_each    = local.people
  email       = each.key
  first_name  = each.value[1]
  last_name   = each.value[2]
  external_id = each.value[3]
}
`
}

func testLearners(t *testing.T, cli installation) {
	t.Helper()
	testPairs(t, cli, learners)
}

func testPairs(t *testing.T, cli installation, pairs map[string]pair) {
	t.Helper()
	for name, p := range pairs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p.test(t, cli)
		})
	}
}
