// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// rosterOf returns the values of a roster. Each record is "key email external_id active", followed by members in JSON. A key in lower
// case has an ID.
func rosterOf(settings map[string]any, records ...string) map[string]any {
	learners, ids := map[string]any{}, map[string]string{}
	for _, text := range records {
		fields := strings.SplitN(text, " ", 5)
		record := map[string]any{"email": fields[1], "external_id": nil, "active": fields[3] == "true", "role": nil}
		if fields[2] != "-" {
			record["external_id"] = fields[2]
		}
		if len(fields) == 5 {
			if err := json.Unmarshal([]byte(fields[4]), &record); err != nil {
				panic(err)
			}
		}
		learners[fields[0]] = record
		if strings.ToLower(fields[0]) == fields[0] {
			ids[strings.ToLower(fields[1])] = "id-" + fields[0]
		}
	}
	values := map[string]any{"learners": encode(learners), "ids": encode(ids), "on_removal": "deactivate", "unlisted": "ignore"}
	for name, value := range settings {
		values[name] = value
	}
	return values
}

// rosterChange returns a change of udemy_roster.all with further members in pairs.
func rosterChange(action string, before, after map[string]any, more ...any) string {
	return planned("udemy_roster.all", action, before, after, more...)
}

// read returns a data source udemy_users with learners.
func read(users ...map[string]any) string {
	return state("data.udemy_users.all", map[string]any{"users": users})
}

// readActive returns a data source udemy_users that reads only active learners.
func readActive(users ...map[string]any) string {
	return state("data.udemy_users.active", map[string]any{"status": "active", "users": users})
}

func TestRoster(t *testing.T) {
	t.Parallel()
	lastChange := map[string]any{"last_change": true}
	authoritative := map[string]any{"unlisted": "deactivate"}
	keeping := map[string]any{"unlisted": "deactivate", "on_removal": "keep"}
	unlisted := map[string]any{"id": "id-3", "email": "other@example.com", "active": true, "status": "active", "role": "learner"}
	colleague := map[string]any{"id": "4", "email": "colleague@example.com", "active": true, "status": "active"}
	admin := map[string]any{"id": "5", "email": "admin@example.com", "active": true, "status": "active", "role": "admin"}
	const (
		eve = `eve@example.com`
		ada = `ada@example.com`
	)
	for name, test := range map[string]struct {
		changes []string
		net     int
		want    []string
		note    string
	}{
		"invited": {
			changes: []string{rosterChange("create", nil, rosterOf(nil, `A ada@example.com - true {"groups": ["Art"]}`, `E eve@example.com - true`))},
			net:     2,
			want:    []string{"group_changed Art ? +1 -0", "new ada@example.com +1 groups +[Art] -[]", "new eve@example.com +1"},
		},
		"adopted, reactivated and deactivated": {
			changes: []string{
				read(
					map[string]any{"id": "1", "email": "Ada@example.com", "active": true, "status": "active", "group_ids": []string{"g1", "g2"}},
					map[string]any{"id": "2", "email": eve, "active": false, "status": "deactivated"},
					map[string]any{"id": "3", "email": "old@example.com", "external_id": "E3", "active": true, "status": "active"},
					map[string]any{"id": "4", "email": "leaver@example.com", "active": true, "status": "active"},
				),
				state("data.udemy_groups.all", map[string]any{"groups": []any{map[string]any{"id": "g1", "name": "Art"}, map[string]any{"id": "g2", "name": "Music"}}}),
				rosterChange("create", nil, rosterOf(nil, `A ada@example.com - true {"groups": ["art", "Law"]}`, `E eve@example.com - true`,
					`N new@example.com E3 true`, `L leaver@example.com - false`, `G gone@example.com - false`)),
			},
			net: 0,
			want: []string{
				"group_changed Law ? +1 -0", "group_changed Music 1 +0 -1", "adopted ada@example.com +0 groups +[Law] -[Music]",
				"reactivated eve@example.com +1 (adopted)", "deactivated leaver@example.com -1 (adopted)", "adopted new@example.com +0 was old@example.com",
			},
		},
		"changed": {
			changes: []string{rosterChange("update",
				rosterOf(nil, `a ada@example.com - true {"groups": ["Art", "Law"], "first_name": "A", "last_name": "L", "role": "admin", "license_pool": "One", "license_types": ["x"]}`,
					`e eve@example.com - true`, `i ida@example.com - false`, `k kit@example.com - true`, `u uma@example.com - true {"groups": ["Art"], "first_name": "U"}`),
				rosterOf(nil, `a ada@example.com - true {"groups": ["art", "Music"], "first_name": "B", "role": "learner", "license_pool": "Two", "license_types": ["y"]}`,
					`e eve@example.com - false {"groups": ["Art"], "first_name": "Not changed"}`, `i ida@example.com - true`, `k kit.2@example.com - true`, `u UMA@example.com - true`),
			)},
			net: 0,
			want: []string{
				"group_changed Law 1 +0 -1", "group_changed Music ? +1 -0",
				"changed ada@example.com +0 name A L>B L role admin>learner licenses +[y] -[x] pool One>Two groups +[Music] -[Law]",
				"deactivated eve@example.com -1", "reactivated ida@example.com +1", "changed kit.2@example.com +0 was kit@example.com",
			},
		},
		"another key, and a key that passes to another learner": {
			changes: []string{rosterChange("update",
				rosterOf(nil, `a ada@example.com E1 true`, `b bob@example.com - true`, `ada@example.com c@example.com E3 true`),
				rosterOf(nil, `x ada.2@example.com E1 true`, `y BOB@example.com - true`, `ada@example.com new@example.com E4 true`, `z c@example.com E3 true`),
			)},
			net:  1,
			want: []string{"changed ada.2@example.com +0 was ada@example.com", "new new@example.com +1"},
		},
		"a line that failed at creation": {
			changes: []string{rosterChange("update", rosterOf(nil, `A ada@example.com - true`, `I ida@example.com - false`),
				rosterOf(nil, `A ada@example.com - true`, `I ida@example.com - false`))},
			net: 1, want: []string{"new ada@example.com +1"}, note: "1 inactive line without an account",
		},
		"an external ID that two lines had": {
			changes: []string{rosterChange("update",
				rosterOf(nil, `a ada@example.com E2 true`, `b bob@example.com E2 true`), rosterOf(nil, `a ada.2@example.com E1 true`, `b bob@example.com E2 true`))},
			want: []string{"changed ada.2@example.com +0 was ada@example.com"},
		},
		"removed": {
			changes: []string{
				read(map[string]any{"id": "id-v", "email": "val@example.com", "active": true, "status": "invited"}),
				rosterChange("update", rosterOf(nil, `a ada@example.com - true`, `i ida@example.com - false`, `v val@example.com - true`, `N never@example.com - false`), rosterOf(nil)),
			},
			net: -2,
			want: []string{
				"deactivated ada@example.com -1 (removed from the roster)", "forgotten ida@example.com +0 (has no seat)", "invitation_canceled val@example.com -1",
			},
		},
		"removed and deleted": {
			changes: []string{rosterChange("update", rosterOf(nil, `a ada@example.com - true`, `i ida@example.com - false`), rosterOf(map[string]any{"on_removal": "delete"}))},
			net:     -1, want: []string{"deleted ada@example.com -1", "deleted ida@example.com +0"},
		},
		"removed and kept": {
			changes: []string{rosterChange("update", rosterOf(nil, `a ada@example.com - true`), rosterOf(map[string]any{"on_removal": "keep"}))},
			want:    []string{"forgotten ada@example.com +0 (keeps the seat)"},
		},
		"destroyed": {
			changes: []string{rosterChange("delete", rosterOf(map[string]any{"on_removal": "deactivate"}, `a ada@example.com - true`), nil)},
			net:     -1, want: []string{"deactivated ada@example.com -1 (on destroy)"},
		},
		"destroyed and kept": {
			changes: []string{rosterChange("delete", rosterOf(map[string]any{"on_removal": "keep"}, `a ada@example.com - true`), nil)},
			want:    []string{"forgotten ada@example.com +0 (keeps the seat)"},
		},
		"forgotten": {
			changes: []string{rosterChange("forget", rosterOf(map[string]any{"on_removal": "delete"}, `a ada@example.com - true`), nil)},
			want:    []string{"forgotten ada@example.com +0 (keeps the seat)"},
		},
		"replaced": {
			changes: []string{rosterChange("delete+create", rosterOf(map[string]any{"on_removal": "delete"}, `a ada@example.com - true`, `e eve@example.com - true`),
				rosterOf(map[string]any{"on_removal": "delete"}, `a ada@example.com - true`))},
			want: []string{"forgotten eve@example.com +0 (keeps the seat)"},
		},
		"unlisted": {
			changes: []string{
				readActive(
					map[string]any{"id": "id-a", "email": "Ada@example.com", "active": true, "status": "active"},
					map[string]any{"id": "2", "email": "boss@example.com", "active": true, "status": "active", "role": "owner"},
					map[string]any{"id": "3", "email": "other@example.com", "active": true, "status": "active", "role": "learner"},
					map[string]any{"id": "4", "email": "single@example.com", "active": true, "status": "active"},
					map[string]any{"id": "5", "email": "inactive@example.com", "active": false, "status": "deactivated"},
					map[string]any{"id": "id-e", "email": eve, "active": true, "status": "active"},
				),
				planned("udemy_user.single", "no-op", account("single@example.com"), account("single@example.com")),
				rosterChange("update", rosterOf(authoritative, `a ada@example.com - true`, `e eve@example.com - true`), rosterOf(authoritative, `a ada@example.com - true`),
					"after_unknown", lastChange),
			},
			net:  -2,
			want: []string{"deactivated eve@example.com -1 (removed from the roster)", "deactivated other@example.com -1 (in no roster)"},
			note: "deactivates learners whom the plan has not read",
		},
		"unlisted by a new roster": {
			changes: []string{read(unlisted, colleague, admin), rosterChange("create", nil, rosterOf(authoritative), "after_unknown", lastChange)},
			note:    "The next plan deactivates 2 learners.",
		},
		"unlisted by a replaced roster": {
			changes: []string{readActive(unlisted), rosterChange("delete+create", rosterOf(authoritative), rosterOf(authoritative), "after_unknown", lastChange)},
			note:    "The next plan deactivates at least 1 learner.",
		},
		"unlisted for the first time": {
			changes: []string{readActive(), rosterChange("update", rosterOf(nil), rosterOf(authoritative), "after_unknown", lastChange)},
			note:    "The next plan deactivates learners whom this plan has not read",
		},
		"unlisted, and kept by the same roster": {
			changes: []string{
				read(unlisted, colleague),
				rosterChange("update", rosterOf(keeping, `3 other@example.com - true`), rosterOf(keeping), "after_unknown", lastChange),
			},
			net:  -1,
			want: []string{"deactivated colleague@example.com -1 (in no roster)", "forgotten other@example.com +0 (keeps the seat; in no roster, so the next plan deactivates the learner)"},
			note: "The next plan deactivates 1 learner.",
		},
		"unlisted, and kept by other resources": {
			changes: []string{
				read(unlisted, colleague),
				planned("udemy_roster.leavers", "delete", rosterOf(map[string]any{"on_removal": "keep"}, `3 other@example.com - true`), nil),
				planned("udemy_user.colleague", "forget", account("colleague@example.com"), nil),
				rosterChange("no-op", rosterOf(authoritative), rosterOf(authoritative)),
			},
			want: []string{
				"forgotten colleague@example.com +0 (keeps the seat; in no roster, so the next plan deactivates the learner)",
				"forgotten other@example.com +0 (keeps the seat; in no roster, so the next plan deactivates the learner)",
			},
			note: "The next plan deactivates 2 learners.",
		},
		"known after apply": {
			changes: []string{rosterChange("update", rosterOf(nil, `a ada@example.com - true`), map[string]any{"on_removal": "deactivate"}, "after_unknown", map[string]any{"learners": true})},
			want:    []string{"new (known after apply) ? (the lines of the roster are known after apply)"},
		},
		"imported and changed": {
			changes: []string{rosterChange("update", rosterOf(nil, `a ada@example.com - true`), rosterOf(nil, `a ada@example.com - false`), "importing", map[string]any{"id": "all"})},
			net:     -1, want: []string{"deactivated ada@example.com -1 (imported)"},
		},
		"moved from single learners by import": {
			changes: []string{
				planned("udemy_user.ada", "forget", account(ada), nil), planned("udemy_user.eve", "forget", account(eve), nil),
				rosterChange("no-op", rosterOf(nil, `a ada@example.com - true`), rosterOf(nil, `a ada@example.com - true`), "importing", map[string]any{"id": "all"}),
			},
			want: []string{"forgotten eve@example.com +0 (keeps the seat)"},
		},
		"moved from single learners by adoption": {
			changes: []string{planned("udemy_user.ada", "forget", account(ada), nil), rosterChange("create", nil, rosterOf(nil, `A ada@example.com - true`))},
		},
		"moved to a single learner": {
			changes: []string{
				planned("udemy_user.ada", "create", nil, account(ada)),
				rosterChange("update", rosterOf(nil, `a ada@example.com - true`), rosterOf(map[string]any{"on_removal": "keep"})),
			},
		},
		"unchanged": {
			changes: []string{rosterChange("no-op", rosterOf(nil, `a ada@example.com - true`), rosterOf(nil, `a ada@example.com - true`))},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := reportOn(t, planOf(test.changes...))
			expectRows(t, got.Learners, got.Groups, test.want)
			if got.NetChange != test.net {
				t.Errorf("the net change is %d, want %d", got.NetChange, test.net)
			}
			if !strings.Contains(strings.Join(got.Notes, "\n"), test.note) {
				t.Errorf("no note with %q: %q", test.note, got.Notes)
			}
		})
	}
}

// A roster may deactivate learners whom the plan has not read, unless the plan has read all learners.
func TestRoster_uncounted(t *testing.T) {
	t.Parallel()
	authoritative := map[string]any{"unlisted": "deactivate"}
	roster := rosterChange("update", rosterOf(authoritative), rosterOf(authoritative), "after_unknown", map[string]any{"last_change": true})
	first := rosterChange("update", rosterOf(nil), rosterOf(authoritative), "after_unknown", map[string]any{"last_change": true})
	inactive := rosterChange("update", rosterOf(nil), rosterOf(nil, `A a@example.com - false`))
	for _, test := range []struct {
		read, roster string
		uncounted    bool
	}{{read(), roster, false}, {readActive(), roster, true}, {readActive(), first, false}, {read(), inactive, false}, {readActive(), inactive, true}} {
		if got := reportOn(t, planOf(test.read, test.roster)).Uncounted; got != test.uncounted {
			t.Errorf("%s, %s: uncounted: %t, want %t", test.read, test.roster, got, test.uncounted)
		}
	}
}

// The report on a sensitive roster has numbers and no values.
func TestRoster_sensitive(t *testing.T) {
	t.Parallel()
	plan := planOf(
		`{"address": "udemy_group_membership.x", "mode": "managed", "type": "udemy_group_membership", "change": {"actions": ["create"], "before": null,
			"after": {"user_id": "id-a", "group_id": "g1"}}}`,
		rosterChange("update", rosterOf(nil, `a hidden-1@example.com - true {"groups": ["hidden-2"], "role": "learner", "first_name": "hidden-3"}`, `h hidden-7@example.com - true`),
			rosterOf(nil, `a hidden-4@example.com - true {"groups": ["hidden-5"], "role": "admin", "first_name": "hidden-6"}`, `N hidden-8@example.com - true`),
			"before_sensitive", map[string]any{"learners": true}, "after_sensitive", map[string]any{}))
	for _, format := range []string{"markdown", "json"} {
		output := runSeats(t, plan, "-format", format)
		if strings.Contains(output, "hidden") || !strings.Contains(output, sensitive) {
			t.Errorf("the %s report on a sensitive roster is\n%s", format, output)
		}
	}
	if output := runSeats(t, plan); !strings.Contains(output, "(1 taken, 1 freed)") {
		t.Errorf("the numbers are missing:\n%s", output)
	}
}

// The time of a report is not quadratic in the lines of a roster.
func TestRoster_large(t *testing.T) {
	t.Parallel()
	const size = 10_000
	var before, after, forgotten []string
	for i := range size {
		before = append(before, fmt.Sprintf(`a%d old%[1]d@example.com E%[1]d true {"groups": ["Art", "Law"]}`, i))
		after = append(after, fmt.Sprintf(`b%d new%[1]d@example.com E%[1]d true {"groups": ["Art"]}`, i+size/2))
		forgotten = append(forgotten, planned("udemy_user.x", "forget", account(fmt.Sprintf("new%d@example.com", i)), nil))
	}
	plan := planOf(append(forgotten, rosterChange("update", rosterOf(nil, before...), rosterOf(nil, after...)))...)
	begin := time.Now()
	r := reportOn(t, plan)
	// A second on two free cores. The race detector and the tests beside this one take most of the rest.
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("the report took %s", took)
	}
	for k, want := range map[kind]total{
		kindEmail: {5000, 0}, kindGroups: {10000, 0}, kindDeactivated: {5000, -5000}, kindNew: {5000, 5000}, kindForgotten: {10000, 0},
	} {
		if r.Totals[k] != want {
			t.Errorf("%s: %v, want %v", k, r.Totals[k], want)
		}
	}
}
