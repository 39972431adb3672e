// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package runs_test

import "testing"

// groups are pairs in which a group's name or place in the configuration changes hands.
var groups = map[string]pair{
	"a new group gets the name of another": {
		before: `
resource "udemy_group" "a" { name = "Data" }
` + adaIn("udemy_group.a"),
		after: `
resource "udemy_group" "a" {
  name = "Data (old)"
#1   depends_on = [udemy_group.new]
}
resource "udemy_group" "new" {
  name = "Data"
#2   depends_on = [udemy_group.a]
}
` + adaIn("udemy_group.a"),
		refused: []string{`The name "Data" moves to another group in one plan`, `becomes "Data (old)"`, "in a first apply"},
	},
	"two groups swap names": {
		before: `
resource "udemy_group" "g" {
  for_each = { a = "Data", b = "Math" }
  name     = each.value
}
` + adaIn(`udemy_group.g["a"]`),
		after: `
resource "udemy_group" "g" {
  for_each = { a = "Math", b = "Data" }
  name     = each.value
}
` + adaIn(`udemy_group.g["a"]`),
		refused: []string{"belongs to another group", `"Data"`, `"Math"`, "in a first apply"},
	},
	"the name of a destroyed group goes to another one": {
		before: `
resource "udemy_group" "a" {
  name = "Data"
#1   depends_on = [udemy_group.b]
}
resource "udemy_group" "b" {
  name = "Math"
#2   depends_on = [udemy_group.a]
}
`,
		after: `
resource "udemy_group" "a" {
  name = "Math"
}
`,
		refused: []string{`The name "Math" belongs to another group`, "in a first apply"},
	},
	"renamed without moved": {
		before: `
resource "udemy_group" "a" { name = "Data" }
` + adaIn("udemy_group.a"),
		after: `
resource "udemy_group" "b" { name = "Data" }
` + adaIn("udemy_group.b"),
		refused: []string{`Group "Data" is destroyed and created in one plan`, "moved {", "udemy_group.OLD"},
	},
	"renamed with on_destroy = keep": {
		before: `
resource "udemy_group" "a" {
  name       = "Data"
  on_destroy = "keep"
}
` + adaIn("udemy_group.a"),
		after: `
resource "udemy_group" "b" {
  name       = "Data"
  on_destroy = "keep"
}
` + adaIn("udemy_group.b"),
		said:  []string{"1 added, 0 changed, 1 destroyed"},
		right: unchanged,
	},
	"renamed with moved": {
		before: `
resource "udemy_group" "a" { name = "Data" }
` + adaIn("udemy_group.a"),
		after: `
resource "udemy_group" "b" { name = "Data" }
moved {
  from = udemy_group.a
  to   = udemy_group.b
}
` + adaIn("udemy_group.b"),
		right: unchanged,
	},
}

// adaIn is a learner in a group.
func adaIn(group string) string {
	return `
resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "L"
  group_ids  = [` + group + `.id]
}
`
}

func testGroups(t *testing.T, cli installation) {
	t.Helper()
	testPairs(t, cli, groups)
}
