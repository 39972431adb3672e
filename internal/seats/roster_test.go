// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"encoding/json"
	"fmt"
	"slices"
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

func encode(value any) string {
	content, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(content)
}

// rosterChange returns a change of udemy_roster.all with further members in pairs.
func rosterChange(action string, before, after map[string]any, more ...any) string {
	actions := strings.Split(action, "+")
	c := map[string]any{"actions": actions, "before": before, "after": after}
	for i := 0; i < len(more); i += 2 {
		c[more[i].(string)] = more[i+1]
	}
	return encode(map[string]any{"address": "udemy_roster.all", "mode": "managed", "type": "udemy_roster", "change": c})
}

// read returns a change in which the data source udemy_users returns learners.
func read(users ...map[string]any) string {
	return encode(map[string]any{"address": "data.udemy_users.all", "mode": "data", "type": "udemy_users", "change": map[string]any{
		"actions": []string{"read"}, "before": nil, "after": map[string]any{"users": users},
	}})
}

func TestRoster(t *testing.T) {
	t.Parallel()
	lastChange := map[string]any{"last_change": true}
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
			want:    []string{"new ada@example.com +1", "groups ada@example.com +0 [Art] []", "new eve@example.com +1"},
		},
		"adopted, reactivated and deactivated": {
			changes: []string{
				read(
					map[string]any{"id": "1", "email": "Ada@example.com", "active": true, "status": "active", "group_ids": []string{"g1", "g2"}},
					map[string]any{"id": "2", "email": eve, "active": false, "status": "deactivated"},
					map[string]any{"id": "3", "email": "old@example.com", "external_id": "E3", "active": true, "status": "active"},
					map[string]any{"id": "4", "email": "leaver@example.com", "active": true, "status": "active"},
				),
				`{"address": "data.udemy_groups.all", "mode": "data", "type": "udemy_groups", "change": {"actions": ["read"], "before": null,
					"after": {"groups": [{"id": "g1", "name": "Art"}, {"id": "g2", "name": "Music"}]}}}`,
				rosterChange("create", nil, rosterOf(nil, `A ada@example.com - true {"groups": ["art", "Law"]}`, `E eve@example.com - true`,
					`N new@example.com E3 true`, `L leaver@example.com - false`, `G gone@example.com - false`)),
			},
			net: 0,
			want: []string{
				"adopted ada@example.com +0", "groups ada@example.com +0 [Law] [Music]", "adopted eve@example.com +1 reactivated",
				"adopted leaver@example.com -1 deactivated", "adopted new@example.com +0", "email new@example.com +0 old@example.com>new@example.com",
			},
			note: "1 inactive line without an account",
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
				"role ada@example.com +0 admin>learner", "license_types ada@example.com +0 [y] [x]", "license_pool ada@example.com +0 One>Two",
				"name ada@example.com +0 A L>B L", "groups ada@example.com +0 [Music] [Law]", "deactivated eve@example.com -1",
				"reactivated ida@example.com +1", "email kit.2@example.com +0 kit@example.com>kit.2@example.com",
			},
		},
		"another key, and a key that passes to another learner": {
			changes: []string{rosterChange("update",
				rosterOf(nil, `a ada@example.com E1 true`, `b bob@example.com - true`, `ada@example.com c@example.com E3 true`),
				rosterOf(nil, `x ada.2@example.com E1 true`, `y BOB@example.com - true`, `ada@example.com new@example.com E4 true`, `z c@example.com E3 true`),
			)},
			net:  1,
			want: []string{"email ada.2@example.com +0 ada@example.com>ada.2@example.com", "new new@example.com +1"},
		},
		"a line that failed at creation": {
			changes: []string{rosterChange("update", rosterOf(nil, `A ada@example.com - true`, `I ida@example.com - false`),
				rosterOf(nil, `A ada@example.com - true`, `I ida@example.com - false`))},
			net: 1, want: []string{"new ada@example.com +1"}, note: "1 inactive line without an account",
		},
		"removed": {
			changes: []string{
				read(map[string]any{"id": "id-v", "email": "val@example.com", "active": true, "status": "invited"}),
				rosterChange("update", rosterOf(nil, `a ada@example.com - true`, `i ida@example.com - false`, `v val@example.com - true`, `N never@example.com - false`), rosterOf(nil)),
			},
			net: -2,
			want: []string{
				"deactivated ada@example.com -1 removed from the roster", "forgotten ida@example.com +0 has no seat", "invitation_canceled val@example.com -1",
			},
		},
		"removed and deleted": {
			changes: []string{rosterChange("update", rosterOf(nil, `a ada@example.com - true`, `i ida@example.com - false`), rosterOf(map[string]any{"on_removal": "delete"}))},
			net:     -1, want: []string{"deleted ada@example.com -1", "deleted ida@example.com +0"},
		},
		"removed and kept": {
			changes: []string{rosterChange("update", rosterOf(nil, `a ada@example.com - true`), rosterOf(map[string]any{"on_removal": "keep"}))},
			want:    []string{"forgotten ada@example.com +0 keeps the seat"},
		},
		"destroyed": {
			changes: []string{rosterChange("delete", rosterOf(map[string]any{"on_removal": "deactivate"}, `a ada@example.com - true`), nil)},
			net:     -1, want: []string{"deactivated ada@example.com -1 on destroy"},
		},
		"destroyed and kept": {
			changes: []string{rosterChange("delete", rosterOf(map[string]any{"on_removal": "keep"}, `a ada@example.com - true`), nil)},
			want:    []string{"forgotten ada@example.com +0 keeps the seat"},
		},
		"forgotten": {
			changes: []string{rosterChange("forget", rosterOf(map[string]any{"on_removal": "delete"}, `a ada@example.com - true`), nil)},
			want:    []string{"forgotten ada@example.com +0 keeps the seat"},
		},
		"replaced": {
			changes: []string{rosterChange("delete+create", rosterOf(map[string]any{"on_removal": "delete"}, `a ada@example.com - true`, `e eve@example.com - true`),
				rosterOf(map[string]any{"on_removal": "delete"}, `a ada@example.com - true`))},
			want: []string{"forgotten eve@example.com +0 keeps the seat"},
		},
		"unlisted": {
			changes: []string{
				read(
					map[string]any{"id": "1", "email": "Ada@example.com", "active": true, "status": "active"},
					map[string]any{"id": "2", "email": "boss@example.com", "active": true, "status": "active", "role": "owner"},
					map[string]any{"id": "3", "email": "other@example.com", "active": true, "status": "active", "role": "learner"},
					map[string]any{"id": "4", "email": "single@example.com", "active": true, "status": "active"},
					map[string]any{"id": "5", "email": "inactive@example.com", "active": false, "status": "deactivated"},
					map[string]any{"id": "6", "email": eve, "active": true, "status": "active"},
				),
				changeOf("no-op", learner("single@example.com"), learner("single@example.com")),
				rosterChange("update", rosterOf(nil, `a ada@example.com - true`, `e eve@example.com - true`), rosterOf(map[string]any{"unlisted": "deactivate"}, `a ada@example.com - true`),
					"after_unknown", lastChange),
			},
			net:  -2,
			want: []string{"deactivated eve@example.com -1 removed from the roster", "deactivated other@example.com -1 in no roster"},
			note: "deactivates learners whom the plan has not read",
		},
		"known after apply": {
			changes: []string{rosterChange("update", rosterOf(nil, `a ada@example.com - true`), map[string]any{"on_removal": "deactivate"}, "after_unknown", map[string]any{"learners": true})},
			want:    []string{"new (known after apply) ? the lines of the roster are known after apply"},
		},
		"imported and changed": {
			changes: []string{rosterChange("update", rosterOf(nil, `a ada@example.com - true`), rosterOf(nil, `a ada@example.com - false`), "importing", map[string]any{"id": "all"})},
			net:     -1, want: []string{"imported ada@example.com +0", "deactivated ada@example.com -1"},
		},
		"moved from single learners by import": {
			changes: []string{
				changeOf("forget", learner(ada), "null"), changeOf("forget", learner(eve), "null"),
				rosterChange("no-op", rosterOf(nil, `a ada@example.com - true`), rosterOf(nil, `a ada@example.com - true`), "importing", map[string]any{"id": "all"}),
			},
			want: []string{"forgotten eve@example.com +0 keeps the seat"},
		},
		"moved from single learners by adoption": {
			changes: []string{changeOf("forget", learner(ada), "null"), rosterChange("create", nil, rosterOf(nil, `A ada@example.com - true`))},
		},
		"moved to a single learner": {
			changes: []string{
				changeOf("create", "null", learner(ada)),
				rosterChange("update", rosterOf(nil, `a ada@example.com - true`), rosterOf(map[string]any{"on_removal": "keep"})),
			},
		},
		"unchanged": {
			changes: []string{rosterChange("no-op", rosterOf(nil, `a ada@example.com - true`), rosterOf(nil, `a ada@example.com - true`))},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got report
			if err := json.Unmarshal([]byte(runSeats(t, planOf(test.changes...), "-format", "json")), &got); err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, c := range got.Changes {
				lines = append(lines, describe(c))
			}
			if !slices.Equal(lines, test.want) {
				t.Errorf("the changes are\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(test.want, "\n"))
			}
			if got.NetChange != test.net {
				t.Errorf("the net change is %d, want %d", got.NetChange, test.net)
			}
			if !strings.Contains(strings.Join(got.Notes, "\n"), test.note) {
				t.Errorf("no note with %q: %q", test.note, got.Notes)
			}
		})
	}
}

func describe(c change) string {
	text := fmt.Sprintf("%s %s ?", c.Kind, c.Learner)
	if c.Seats != nil {
		text = fmt.Sprintf("%s %s %+d", c.Kind, c.Learner, *c.Seats)
	}
	if c.From+c.To != "" {
		text += fmt.Sprintf(" %s>%s", c.From, c.To)
	}
	if len(c.Added)+len(c.Removed) > 0 {
		text += fmt.Sprintf(" %v %v", c.Added, c.Removed)
	}
	return strings.TrimSpace(text + " " + c.Note)
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
		forgotten = append(forgotten, changeOf("forget", learner(fmt.Sprintf("new%d@example.com", i)), "null"))
	}
	plan := planOf(append(forgotten, rosterChange("update", rosterOf(nil, before...), rosterOf(nil, after...)))...)
	begin := time.Now()
	output := runSeats(t, plan)
	// A second on two free cores. The race detector and the tests beside this one take most of the rest.
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("the report took %s", took)
	}
	for _, want := range []string{"| E-mail address | 5000 | 0 |", "| Groups | 10000 | 0 |", "| Deactivated | 5000 | −5000 |", "| New | 5000 | +5000 |"} {
		if !strings.Contains(output, want) {
			t.Errorf("no %q in\n%s", want, output[:1000])
		}
	}
}
