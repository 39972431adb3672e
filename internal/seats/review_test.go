// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// A reviewer must see these changes, and a gate must stop them.
func TestReview(t *testing.T) {
	t.Parallel()
	var twelve []map[string]any
	for i := range 12 {
		twelve = append(twelve, account(fmt.Sprintf("member%d@example.com", i), "id", fmt.Sprint(i), "group_ids", []string{"g1"}))
	}
	engineering := map[string]any{"id": "g1", "name": "Engineering", "on_destroy": "delete"}

	var many []string
	for i := range 700 {
		email := fmt.Sprintf("new%03d@example.com", i)
		many = append(many, planned(fmt.Sprintf("udemy_user.all[%q]", email), "create", nil, account(email, "first_name", "Ada", "last_name", strings.Repeat("Lovelace", 20))))
	}
	many = append(many,
		planned("udemy_user.z", "delete", account("zoe@example.com", "on_destroy", "delete"), nil),
		planned("udemy_user.y", "create", nil, account("yves@example.com", "role", "admin")))

	var lines []string
	for i := range 20 {
		lines = append(lines, fmt.Sprintf("k%d line%d@example.com - true", i, i))
	}
	emptied := []string{
		state("data.udemy_seats.all", map[string]any{"used": 20, "purchased": 100}),
		rosterChange("update", rosterOf(nil, lines...), rosterOf(nil)),
	}

	for name, test := range map[string]struct {
		plan  string
		flags string
		code  int
		want  []string
	}{
		"a group with members is deleted": {
			planOf(read(twelve...), planned("udemy_group.engineering", "delete", engineering, nil)), "-max-deletions 0", 3,
			[]string{"### This plan does not pass 1 gate\n\n- **`-max-deletions 0`**: 1 group deleted\n", "**1 group deleted**", "| Engineering | 12 |"},
		},
		"one deletion and one administrator among 700 new learners": {
			planOf(many...), "-forbid-admin", 3,
			[]string{"**1 learner deleted, 1 new administrator**, 700 new learners", "| `zoe@example.com` |", "| `yves@example.com` |", "New learners (700, "},
		},
		"an empty file and a limit":                  {planOf(emptied...), "-limit 20", 0, []string{"**20 learners deactivated**"}},
		"an empty file and a percentage of removals": {planOf(emptied...), "-limit 20 -max-removals 5%", 3, []string{"20 learners lose a seat, 20 seats in use"}},
		"a percentage without udemy_seats":           {planOf(emptied[1:]...), "-max-removals 5%", 3, []string{"add the data source udemy_seats"}},
		"unknown lines": {
			planOf(rosterChange("create", nil, map[string]any{"on_removal": "deactivate"}, "after_unknown", map[string]any{"learners": true})),
			"-limit 1000 -max-removals 1000 -forbid-admin", 3,
			[]string{"does not pass 3 gates", openText},
		},
		"a failed plan": {
			planWith(`"errored": true, `, created("ada@example.com")), "-limit 0", 4,
			[]string{"### This plan does not pass 1 gate", "### This plan failed", "1 new learner"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout strings.Builder
			err := Run(strings.Fields(test.flags), strings.NewReader(test.plan), &stdout)
			code := 0
			if coded := interface{ ExitCode() int }(nil); errors.As(err, &coded) {
				code = coded.ExitCode()
			}
			if code != test.code || err != nil && code == 0 {
				t.Errorf("error %v, want exit code %d", err, test.code)
			}
			for _, want := range test.want {
				if !strings.Contains(stdout.String(), want) {
					t.Errorf("no %q in\n%.3000s", want, stdout.String())
				}
			}
		})
	}
}
