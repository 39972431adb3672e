// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// Plans have the same checksum if they change the same, and "none" if they change nothing.
func TestChecksum(t *testing.T) {
	t.Parallel()
	const resource = `"mode": "managed", "type": "udemy_user", "name": "ada"`
	const other = `{"address": "other.one", "mode": "managed", "type": "other", "name": "one", "change": {"actions": ["update"], "before": {"n": 1}, "after": {"n": %d}}}`
	change := func(name, address, more string) string {
		return fmt.Sprintf(`{"address": %q, %s, "change": {%s "before": {"email": "ada@example.com"},
			"after": {"email": "ada@example.com", "first_name": %q}}}`, address, resource, more, name)
	}
	const update = `"actions": ["update"],`
	const noOp = `{"address": "udemy_user.ada", ` + resource + `, %s "change": {"actions": ["no-op"], %s "before": {"email": "ada@example.com"}, "after": {"email": "ada@example.com"}}}`

	sum := func(plan string) string { return strings.TrimSpace(runSeats(t, plan, "-format", "checksum")) }
	first := sum(planOf(change("Ada", "udemy_user.ada", update)))
	if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(first) {
		t.Fatalf("the checksum is %q", first)
	}
	if again := sum(planOf(change("Ada", "udemy_user.ada", update), fmt.Sprintf(noOp, "", ""))); again != first {
		t.Errorf("an object without a change changes the checksum from %s to %s", first, again)
	}
	if got := sum(planOf(fmt.Sprintf(noOp, "", ""))); got != "none" {
		t.Errorf("the checksum of a plan without a change is %q", got)
	}
	seen := map[string]string{"the first": first}
	for name, plan := range map[string]string{
		"another name":             planOf(change("Augusta", "udemy_user.ada", update)),
		"another address":          planOf(change("Ada", "udemy_user.augusta", update)),
		"another action":           planOf(change("Ada", "udemy_user.ada", `"actions": ["delete", "create"],`)),
		"an import":                planOf(fmt.Sprintf(noOp, "", `"importing": {"id": "1"},`)),
		"a move":                   planOf(fmt.Sprintf(noOp, `"previous_address": "udemy_user.old",`, "")),
		"another provider":         planOf(fmt.Sprintf(other, 9007199254740992)),
		"a large number":           planOf(fmt.Sprintf(other, 9007199254740993)),
		"a deferred change":        strings.Replace(planOf(), "{", `{"deferred_changes": [{"reason": "x", "resource_change": {"address": "a.b"}}],`, 1),
		"an action":                strings.Replace(planOf(), "{", `{"action_invocations": [{"address": "action.udemy_x.y", "type": "udemy_x"}],`, 1),
		"a change and another one": planOf(change("Ada", "udemy_user.ada", update), fmt.Sprintf(other, 2)),
	} {
		got := sum(plan)
		for earlier, checksum := range seen {
			if got == checksum || got == "none" {
				t.Errorf("the checksum of %s is %s, as for %s", name, got, earlier)
			}
		}
		seen[name] = got
	}
}

// A plan that failed or does not pass a gate has no checksum.
func TestChecksum_refused(t *testing.T) {
	t.Parallel()
	added := planOf(`{"address": "udemy_user.ada", "mode": "managed", "type": "udemy_user", "name": "ada",
		"change": {"actions": ["create"], "before": null, "after": {"email": "ada@example.com"}}}`)
	for name, test := range map[string]struct {
		plan string
		args []string
	}{
		"gate":   {added, []string{"-max-new", "0"}},
		"failed": {strings.Replace(added, "{", `{"errored": true,`, 1), nil},
	} {
		var out bytes.Buffer
		err := Run(append([]string{"-format", "checksum"}, test.args...), strings.NewReader(test.plan), &out)
		if err == nil || out.Len() > 0 {
			t.Errorf("%s: the checksum is %q, error %v", name, out.String(), err)
		}
	}
}
