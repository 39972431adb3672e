// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package runs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// people are so many learners, each with further arguments.
func people(count int, arguments string) string {
	return fmt.Sprintf(`
resource "udemy_user" "u" {
  count      = %d
  email      = "p${count.index}@example.com"
  first_name = "P"
  last_name  = "L${count.index}"
  %s
}
`, count, arguments)
}

// limit is a provider block with max_removals.
func limit(removals int) string {
	return fmt.Sprintf("provider \"udemy\" { max_removals = %d }\n", removals)
}

func allGone(t *testing.T, _, after snapshot) {
	t.Helper()
	for _, learner := range after.learners {
		if learner.Status != simulator.StatusDeactivated {
			t.Errorf("%s is %s", learner.Email, learner.Status)
		}
	}
}

var limits = map[string]pair{
	"twelve are destroyed": {
		before: people(12, ""), after: limit(11),
		refused: []string{"Too many learners would lose their seat", "t most 11 learners", "and 2 more", "UDEMY_MAX_REMOVALS"},
	},
	"twelve become inactive": {
		before: people(12, ""), after: limit(11) + people(12, "active = false"),
		refused: []string{"Too many learners would lose their seat", "t most 11 learners", "and 2 more"},
	},
	"some are destroyed and some become inactive": {
		before: people(4, ""), after: limit(3) + people(2, "active = false"),
		refused: []string{"t most 3 learners"},
	},
	"the environment sets the limit": {
		before: people(4, ""), after: "", environment: []string{"UDEMY_MAX_REMOVALS=3"},
		refused: []string{"t most 3 learners"},
	},
	"none may go": {
		before: people(1, ""), after: limit(0),
		refused: []string{"t most 0 learners", "p0@example.com"},
	},
	"an adopted learner becomes inactive": {
		between: func(org *acceptance.Organization) {
			org.Add(simulator.Learner{Email: "p0@example.com", FirstName: "P", LastName: "L0"})
		},
		after:   limit(0) + people(1, "active = false"),
		refused: []string{"t most 0 learners", "p0@example.com"},
	},
	"as many as allowed": {
		before: people(12, ""), after: limit(12),
		right: allGone,
	},
	"the provider block wins over the environment": {
		before: people(4, ""), after: limit(4), environment: []string{"UDEMY_MAX_REMOVALS=0"},
		right: allGone,
	},
	"deactivated learners do not count": {
		before: people(4, "active = false"), after: limit(0),
		right: allGone,
	},
	"kept learners do not count": {
		before: people(4, `on_destroy = "keep"`), after: limit(0),
		right: unchanged,
	},
}

func testMaxRemovals(t *testing.T, cli installation) {
	t.Helper()
	testPairs(t, cli, limits)
}

// The error comes once for a plan, and names ten learners.
func testMaxRemovalsOnce(t *testing.T, cli installation) {
	t.Helper()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		run := start(t, cli, api, people(12, ""), nil)
		run.write(t, limit(2))
		said := run.plan(t)
		said.expect(t, 1)
		if errors, names := strings.Count(said.text, "Error: "), strings.Count(said.text[strings.Index(said.text, "Error: "):], "@example.com"); errors != 1 || names > 10 {
			t.Errorf("%d errors name %d learners:\n%s", errors, names, said.text)
		}
	})
}

// A plan that was made with another limit is checked at apply.
func testMaxRemovalsAtApply(t *testing.T, cli installation) {
	t.Helper()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		run := start(t, cli, api, people(12, ""), nil)
		run.write(t, "")
		run.plan(t, "-out=plan").expect(t, 0)
		run.command(t, []string{"UDEMY_MAX_REMOVALS=3"}, "apply", "-input=false", "plan").expect(t, 1, "t most 3 learners")
		after := run.snapshot(t)
		seated := 0
		for _, learner := range after.learners {
			if learner.Status == simulator.StatusActive {
				seated++
			}
		}
		if seated != 9 || len(after.ids) != 9 {
			t.Errorf("%d learners have a seat, and state holds %d", seated, len(after.ids))
		}
	})
}

// The last administrator keeps role and seat. SCIM does not return roles.
func testLastAdmin(t *testing.T, cli installation) {
	t.Helper()
	admins := func(count int, arguments string) string { return people(count, "role = \"admin\"\n  "+arguments) }
	last := []string{`is the last administrator`, "make another learner an administrator first"}
	isOwner := []string{`is an owner`, "transfer the ownership"}
	owner := func(org *acceptance.Organization) {
		org.Edit("p0@example.com", func(l *simulator.Learner) { l.Role = "owner" })
	}
	const api = acceptance.UserManagement
	testPairs(t, cli, map[string]pair{
		"destroyed":   {only: api, before: admins(1, ""), refused: last},
		"erased":      {only: api, before: admins(1, `on_destroy = "delete"`), refused: last},
		"deactivated": {only: api, before: admins(1, ""), after: admins(1, "active = false"), refused: last},
		"demoted":     {only: api, before: admins(1, ""), after: people(1, `role = "learner"`), refused: last},
		"both of two, one each way": {
			only: api, before: admins(2, ""), after: people(1, `role = "learner"`), refused: last,
		},
		"owner destroyed":   {only: api, before: people(1, ""), between: owner, refused: isOwner},
		"owner erased":      {only: api, before: people(1, `on_destroy = "delete"`), between: owner, refused: isOwner},
		"owner deactivated": {only: api, before: people(1, ""), between: owner, after: people(1, "active = false"), refused: isOwner},
		"owner demoted":     {only: api, before: people(1, ""), between: owner, after: people(1, `role = "admin"`), refused: isOwner},
		"owner kept":        {only: api, before: people(1, `on_destroy = "keep"`), between: owner, right: unchanged},
		"all but one": {
			only: api, before: admins(3, ""), after: admins(1, ""),
			right: func(t *testing.T, _, after snapshot) {
				t.Helper()
				if after.learner("p0@example.com").Status != simulator.StatusActive || after.learner("p2@example.com").Status == simulator.StatusActive {
					t.Errorf("Udemy has %+v", after.learners)
				}
			},
		},
		"another one is new": {
			only: api, before: admins(1, ""),
			between: func(org *acceptance.Organization) {
				org.Add(simulator.Learner{Email: "root@example.com", FirstName: "R", LastName: "L", Role: "admin"})
			},
			right: func(t *testing.T, _, after snapshot) {
				t.Helper()
				if after.learner("p0@example.com").Status == simulator.StatusActive {
					t.Errorf("Udemy has %+v", after.learners)
				}
			},
		},
	})
}

// group is a group with one member that Terraform does not know, and arguments.
func group(arguments string) string {
	return "resource \"udemy_group\" \"g\" {\n  name = \"Mathematics\"\n" + arguments + "}\n"
}

func stranger(org *acceptance.Organization) {
	eve := org.Add(simulator.Learner{Email: "eve@example.com", FirstName: "Eve", LastName: "L"})
	org.SetMembers(org.Groups()[0].ID, eve.ID)
}

func testGroupDeletion(t *testing.T, cli installation) {
	t.Helper()
	gone := func(t *testing.T, before, after snapshot) {
		t.Helper()
		if len(after.groups) > 0 || len(after.learners) != len(before.learners) || len(after.ids) > 0 {
			t.Errorf("there are %+v", after)
		}
	}
	testPairs(t, cli, map[string]pair{
		"delete": {before: group(`on_destroy = "delete"` + "\n"), between: stranger, right: gone},
		"keep":   {before: group(`on_destroy = "keep"` + "\n"), between: stranger, right: unchanged},
		"no member": {
			before: group(""), right: gone,
		},
		"a member without seat": {
			before: group(""), right: gone,
			between: func(org *acceptance.Organization) {
				stranger(org)
				org.Edit("eve@example.com", func(l *simulator.Learner) { l.Status = simulator.StatusDeactivated })
			},
		},
		"the members go in the same run": {
			before: group("") + `
resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "L"
  group_ids  = [udemy_group.g.id]
}
resource "udemy_user" "bob" {
  email      = "bob@example.com"
  first_name = "Bob"
  last_name  = "L"
}
resource "udemy_group_membership" "bob" {
  group_id = udemy_group.g.id
  user_id  = udemy_user.bob.id
}
`,
			right: func(t *testing.T, before, after snapshot) {
				t.Helper()
				gone(t, before, after)
				allGone(t, before, after)
			},
		},
	})
}

// Terraform deletes a group before it changes the learners who have left it in the configuration. The error names the way
// out.
func testGroupLeftAndDeleted(t *testing.T, cli installation) {
	t.Helper()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		run := start(t, cli, api, group("")+ada("group_ids = [udemy_group.g.id]"), nil)
		before := run.snapshot(t)
		run.write(t, ada("group_ids = []"))
		run.apply(t, nil).expect(t, 1, `Unable to delete group "Mathematics"`, "ada@example.com, who has a seat", "in an apply of its own")
		before.expectSame(t, run.snapshot(t))
		run.write(t, group("")+ada("group_ids = []"))
		run.apply(t, nil).expect(t, 0)
		run.write(t, ada("group_ids = []"))
		run.apply(t, nil).expect(t, 0, "1 destroyed")
	})
}

// The plan warns of members, and apply does not delete the group.
func testGroupWithMembers(t *testing.T, cli installation) {
	t.Helper()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		run := start(t, cli, api, group(""), stranger)
		before := run.snapshot(t)
		run.write(t, "")
		run.plan(t).expect(t, 0, `Group "Mathematics" has 1 member`, "can't be undone", `on_destroy = "delete"`)
		for _, arguments := range [][]string{{"apply"}, {"destroy"}} {
			run.org.ResetRequests()
			run.command(t, nil, append(arguments, "-auto-approve", "-input=false")...).expect(t, 1,
				`Unable to delete group "Mathematics"`, "eve@example.com, who has a seat", `on_destroy = "delete"`, "The group stays in state")
			run.org.ExpectWrites(t)
			before.expectSame(t, run.snapshot(t))
		}
		// The way out that the error names.
		run.write(t, group(`on_destroy = "delete"`+"\n"))
		run.apply(t, nil).expect(t, 0)
		run.write(t, "")
		run.apply(t, nil).expect(t, 0, "1 destroyed")
		if groups := run.org.Groups(); len(groups) > 0 {
			t.Errorf("Udemy has %+v", groups)
		}
	})
}

// terraform destroy removes everything in one go.
func testDestroyEverything(t *testing.T, cli installation) {
	t.Helper()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for _, parallelism := range []string{"1", "10"} {
			t.Run("parallelism "+parallelism, func(t *testing.T) {
				t.Parallel()
				run := start(t, cli, api, everything, nil)
				run.command(t, nil, "destroy", "-auto-approve", "-input=false", "-parallelism="+parallelism).expect(t, 0)
				after := run.snapshot(t)
				allGone(t, after, after)
				if len(after.groups) > 0 || len(after.ids) > 0 {
					t.Errorf("there are %+v", after)
				}
			})
		}
	})
}

// A group is looked up by name before it is created, because the server accepts several groups with one name.
func testGroupNameTwice(t *testing.T, cli installation) {
	t.Helper()
	sameNames := simulator.Variations{SameGroupNames: true}
	t.Run("adopted", func(t *testing.T) {
		t.Parallel()
		org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Latency: latency, Variations: sameNames})
		existing := org.AddGroup("Mathematics")
		run := with(t, cli, org)
		run.write(t, group(""))
		run.apply(t, nil).expect(t, 0, `Group "Mathematics" exists already and will be adopted`)
		if after := run.snapshot(t); len(after.groups) != 1 || after.ids["udemy_group.g"] != existing.ID {
			t.Errorf("there are %+v", after)
		}
		run.expectNothingToDo(t)
	})
	t.Run("two exist", func(t *testing.T) {
		t.Parallel()
		org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Latency: latency, Variations: sameNames})
		first, second := org.AddGroup("Mathematics"), org.AddGroup("Mathematics")
		run := with(t, cli, org)
		run.write(t, group(""))
		run.apply(t, nil).expect(t, 1, first.ID, second.ID)
		org.ExpectWrites(t)
	})
	t.Run("created after the plan", func(t *testing.T) {
		t.Parallel()
		org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Latency: latency, Variations: sameNames})
		run := with(t, cli, org)
		run.write(t, group(""))
		run.plan(t, "-out=plan").expect(t, 0)
		existing := org.AddGroup("Mathematics")
		run.command(t, nil, "apply", "-input=false", "plan").expect(t, 0, `Adopted existing group "Mathematics"`)
		if after := run.snapshot(t); len(after.groups) != 1 || after.ids["udemy_group.g"] != existing.ID {
			t.Errorf("there are %+v", after)
		}
	})
}
