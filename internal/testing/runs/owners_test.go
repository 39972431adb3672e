// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package runs_test

import (
	"fmt"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// team is a group and its learners. What follows tells who owns the memberships.
const (
	team = `
resource "udemy_group" "g" { name = "Mathematics" }
` + teamLearners + `
}
`
	teamLearners = `
resource "udemy_user" "u" {
  count      = 10
  email      = "p${count.index}@example.com"
  first_name = "P"
  last_name  = "L${count.index}"
`
	memberships = team + `
resource "udemy_group_membership" "m" {
  count    = 10
  group_id = udemy_group.g.id
  user_id  = udemy_user.u[count.index].id
}
`
	members = team + `
resource "udemy_group_members" "m" {
  group_id = udemy_group.g.id
  members  = { for u in udemy_user.u : u.email => u.id }
}
`
	groupIDs = `
resource "udemy_group" "g" { name = "Mathematics" }
` + teamLearners + `
  group_ids = [udemy_group.g.id]
}
`
	// mixed has memberships of two resources.
	mixed = team + `
resource "udemy_group_membership" "m" {
  count    = 4
  group_id = udemy_group.g.id
  user_id  = udemy_user.u[count.index].id
}
resource "udemy_group_membership" "named" {
  for_each = { for u in slice(udemy_user.u, 4, 10) : u.email => u.id }
  group_id = udemy_group.g.id
  user_id  = each.value
}
`
)

// One apply changes who owns memberships, and each member stays.
func testOwners(t *testing.T, cli installation) {
	t.Helper()
	testPairs(t, cli, map[string]pair{
		"memberships to members": {before: memberships, after: members, right: unchanged},
		"members to memberships": {before: members, after: memberships, right: unchanged},
		"members to IDs":         {before: members, after: groupIDs, right: unchanged},
		"IDs to members":         {before: groupIDs, after: members, right: unchanged},
		"IDs to memberships":     {before: groupIDs, after: memberships, right: unchanged},
		"memberships to IDs":     {before: memberships, after: groupIDs, right: unchanged},
		"mixed to members":       {before: mixed, after: members, right: unchanged},
		"members to mixed":       {before: members, after: mixed, right: unchanged},
	})
}

// contradictions are pairs with two owners of one membership.
var contradictions = map[string]pair{
	"two udemy_group_members": {
		before: team,
		after: team + `
resource "udemy_group_members" "a" {
  group_id = udemy_group.g.id
  members  = { for u in slice(udemy_user.u, 0, 2) : u.email => u.id }
#1   depends_on = [udemy_group_members.b]
}
resource "udemy_group_members" "b" {
  group_id = udemy_group.g.id
  members  = { for u in slice(udemy_user.u, 2, 4) : u.email => u.id }
#2   depends_on = [udemy_group_members.a]
}
`,
		refused: []string{"Two udemy_group_members for group", "Put all members into one of them"},
	},
	"udemy_group_members without a learner that has the group in group_ids": {
		before: groupIDs,
		after: groupIDs + `
resource "udemy_group_members" "a" {
  group_id = udemy_group.g.id
  members  = { for u in slice(udemy_user.u, 0, 9) : u.email => u.id }
}
`,
		refused: []string{"contradicts", "group_ids"},
	},
	"udemy_group_members with a learner that has no group": {
		before: team,
		after: team + `
resource "udemy_user" "eve" {
  email      = "eve@example.com"
  first_name = "Eve"
  last_name  = "L"
  group_ids  = []
}
`,
		said:  []string{"1 added"},
		right: func(*testing.T, snapshot, snapshot) {},
	},
	"two memberships of one learner": {
		before: team,
		after: team + `
resource "udemy_group_membership" "a" {
  group_id = udemy_group.g.id
  user_id  = udemy_user.u[0].id
#1   depends_on = [udemy_group_membership.b]
}
resource "udemy_group_membership" "b" {
  group_id = udemy_group.g.id
  user_id  = udemy_user.u[0].id
#2   depends_on = [udemy_group_membership.a]
}
`,
		refused: []string{"The membership of learner", "contradicts udemy_group_membership"},
	},
	"a membership that udemy_group_members does not have": {
		before: members,
		after: members + `
resource "udemy_user" "eve" {
  email      = "eve@example.com"
  first_name = "Eve"
  last_name  = "L"
}
resource "udemy_group_membership" "eve" {
  group_id = udemy_group.g.id
  user_id  = udemy_user.eve.id
}
`,
		between: func(org *acceptance.Organization) {
			org.Add(simulator.Learner{Email: "eve@example.com", FirstName: "Eve", LastName: "L"})
		},
		refused: []string{"contradicts udemy_group_members"},
	},
	"a membership of a learner with another group_ids": {
		before: groupIDs + `
resource "udemy_group" "h" { name = "Physics" }
`,
		after: groupIDs + `
resource "udemy_group" "h" { name = "Physics" }
resource "udemy_group_membership" "m" {
  group_id = udemy_group.h.id
  user_id  = udemy_user.u[0].id
#1   depends_on = [udemy_user.u]
}
`,
		refused: []string{"contradicts", "group_ids"},
	},
}

func testContradictions(t *testing.T, cli installation) {
	t.Helper()
	testPairs(t, cli, contradictions)
}

// In the first apply, the IDs of group and learners are unknown at plan.
func testTwoOwnersOfNew(t *testing.T, cli installation) {
	t.Helper()
	for name, owners := range map[string]string{
		"members": `
resource "udemy_group_members" "a" {
  group_id = udemy_group.g.id
  members  = { for u in slice(udemy_user.u, 0, 2) : u.email => u.id }
}
resource "udemy_group_members" "b" {
  group_id = udemy_group.g.id
  members  = { for u in slice(udemy_user.u, 2, 4) : u.email => u.id }
}
`,
		"memberships": `
resource "udemy_group_membership" "a" {
  group_id = udemy_group.g.id
  user_id  = udemy_user.u[0].id
}
resource "udemy_group_membership" "b" {
  group_id = udemy_group.g.id
  user_id  = udemy_user.u[0].id
}
`,
	} {
		for _, parallelism := range []string{"1", "10"} {
			t.Run(name+", parallelism "+parallelism, func(t *testing.T) {
				t.Parallel()
				acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
					t.Helper()
					run := with(t, cli, acceptance.Start(t, api, simulator.Config{Latency: latency}))
					run.write(t, team+owners)
					run.apply(t, []string{"-parallelism=" + parallelism}).expect(t, 1, "udemy_group_member")
					before := run.snapshot(t)
					run.org.ResetRequests()
					run.apply(t, []string{"-parallelism=" + parallelism}).expect(t, 1, "udemy_group_member")
					run.org.ExpectWrites(t)
					before.expectSame(t, run.snapshot(t))
				})
			})
		}
	}
}

// A group that exists is adopted and gets udemy_group_members in one run. Each member that leaves is named before.
func testAdoptThenOwn(t *testing.T, cli installation) {
	t.Helper()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for name, unready := range map[string]bool{"named at plan": false, "not known at plan": true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				org := acceptance.Start(t, api, simulator.Config{Latency: latency})
				var ids []string
				for i := range 50 {
					ids = append(ids, org.Add(simulator.Learner{Email: fmt.Sprintf("old%d@example.com", i), FirstName: "Old", LastName: "L"}).ID)
				}
				org.AddGroup("Mathematics", ids...)
				run := with(t, cli, org)
				config := `
resource "udemy_user" "u" {
  email      = "old0@example.com"
  first_name = "Old"
  last_name  = "L"
}
resource "udemy_group" "g" { name = "Mathematics" }
resource "udemy_group_members" "m" {
  group_id = udemy_group.g.id
  members  = { ada = udemy_user.u.id }
}
`
				before := run.snapshot(t)
				if unready {
					run.write(t, config+`
resource "terraform_data" "token" { input = "`+simulator.DefaultToken+`" }
provider "udemy" { token = terraform_data.token.output }
`)
					run.apply(t, nil).expect(t, 1, "is adopted in the same run and has members that are not listed", "old", "Import the group first")
					before.expectSameOrganization(t, run.snapshot(t))
					return
				}
				run.write(t, config)
				run.apply(t, nil).expect(t, 1, `Group "Mathematics"`, "is adopted in the same run and has members that are not listed", "Import the group first")
				before.expectSameOrganization(t, run.snapshot(t))
				run.apply(t, []string{"-target=udemy_group.g"}).expect(t, 0)
				said := run.plan(t)
				said.expect(t, 0, `49 members of group "Mathematics"`)
				for i := 1; i < 50; i++ {
					said.expect(t, 0, fmt.Sprintf("old%d@example.com", i))
				}
			})
		}
	})
}
