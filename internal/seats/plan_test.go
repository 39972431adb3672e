// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

func TestNotAPlan(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ input, want string }{
		"empty input":           {"\n", "it is empty"},
		"plan file":             {"PK\x03\x04\x14\x00", "a saved plan file"},
		"state":                 {`{"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {}}}`, "the JSON of a state"},
		"empty state":           {`{"format_version": "1.0"}`, "the JSON of a state"},
		"list":                  {"[]", "not a JSON object"},
		"log of terraform plan": {"{\"@level\":\"info\"}\n{\"@level\":\"info\"}\n", "format version is missing"},
		"two plans":             {planOf() + planOf(), "more than one JSON value"},
		"text of a plan":        {"Terraform will perform the following actions:", "invalid character 'T'"},
		"truncated plan":        {planOf(created("ada@example.com"))[:150], "unexpected EOF"},
		"wrong type":            {`{"format_version": "1.2", "resource_changes": {}}`, "resource_changes: it is not an array"},
		"future plan":           {`{"format_version": "2.0", "planned_values": {}}`, `"2.0`},
	} {
		_, err := readPlan(strings.NewReader(test.input))
		var notAPlan *notAPlanError
		if !errors.As(err, &notAPlan) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "terraform show -json") {
			t.Errorf("%s: error %v, want the text %q and the commands to run", name, err, test.want)
		}
	}
}

// reportOn analyzes a plan.
func reportOn(tb testing.TB, content string) *report {
	tb.Helper()
	p, err := readPlan(strings.NewReader(content))
	if err != nil {
		tb.Fatal(err)
	}
	return analyze(p)
}

// planOf returns a plan of changes. Parts without a change are resources and data sources of the prior state.
func planOf(parts ...string) string {
	return planWith("", parts...)
}

// planWith returns a plan like planOf, with further members, each followed by a comma.
func planWith(members string, parts ...string) string {
	var changes, prior []string
	for _, part := range parts {
		if strings.Contains(part, `"change":`) {
			changes = append(changes, part)
		} else {
			prior = append(prior, part)
		}
	}
	return `{"format_version": "1.2", "planned_values": {}, ` + members + `"resource_changes": [` + strings.Join(changes, ",\n") +
		`], "prior_state": {"values": {"root_module": {"resources": [` + strings.Join(prior, ",\n") + `]}}}}`
}

// state returns a resource of the prior state. The address of a data source begins with data.
func state(address string, values map[string]any) string {
	mode, resourceType := parseAddress(address)
	return encode(map[string]any{"address": address, "mode": mode, "type": resourceType, "values": values})
}

// planned returns a change of a resource, with further members of the change in pairs.
func planned(address, actions string, before, after map[string]any, more ...any) string {
	mode, resourceType := parseAddress(address)
	c := map[string]any{"actions": strings.Split(actions, "+"), "before": before, "after": after}
	for i := 0; i < len(more); i += 2 {
		c[more[i].(string)] = more[i+1]
	}
	module, rest := "", address
	if i := strings.LastIndex(address, resourceType+"."); i > 0 {
		module, rest = strings.TrimSuffix(address[:i], "."), address[i:]
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(rest, resourceType+"."), "[")
	return encode(map[string]any{"address": address, "module_address": module, "mode": mode, "type": resourceType, "name": name, "change": c})
}

// parseAddress returns the mode and the type of a resource.
func parseAddress(address string) (mode, resourceType string) {
	mode = "managed"
	for _, part := range strings.Split(withoutKeys(address), ".") {
		if part == "data" {
			mode = "data"
		}
		if strings.HasPrefix(part, "udemy_") {
			return mode, part
		}
	}
	return mode, ""
}

func created(email string) string {
	return planned("udemy_user.x", "create", nil, account(email))
}

func destroyed(email string) string {
	return planned("udemy_user.x", "delete", account(email), nil)
}

// account returns an active learner of a udemy_user, with further attributes in pairs.
func account(email string, more ...any) map[string]any {
	values := map[string]any{"email": email, "active": true, "status": "active", "on_destroy": "deactivate"}
	for i := 0; i < len(more); i += 2 {
		values[more[i].(string)] = more[i+1]
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

// describe returns a learner of a report as a line.
func describe(l learner) string {
	text := fmt.Sprintf("%s %s ?", l.Kind, l.Email)
	if l.Seats != nil {
		text = fmt.Sprintf("%s %s %+d", l.Kind, l.Email, *l.Seats)
	}
	if l.EmailFrom != "" {
		text += " was " + l.EmailFrom
	}
	if l.NameFrom != "" {
		text += fmt.Sprintf(" name %s>%s", l.NameFrom, l.Name)
	}
	if l.Role != nil {
		text += fmt.Sprintf(" role %s>%s", l.Role.From, l.Role.To)
	}
	if l.NewAdmin {
		text += " admin"
	}
	if l.LicenseTypes != nil {
		text += fmt.Sprintf(" licenses +%v -%v", l.LicenseTypes.Added, l.LicenseTypes.Removed)
	}
	if l.LicensePool != nil {
		text += fmt.Sprintf(" pool %s>%s", l.LicensePool.From, l.LicensePool.To)
	}
	if l.Groups != nil {
		text += fmt.Sprintf(" groups +%v -%v", l.Groups.Added, l.Groups.Removed)
	}
	if l.Resent {
		text += " resent"
	}
	if len(l.Notes) > 0 {
		text += " (" + strings.Join(l.Notes, "; ") + ")"
	}
	return text
}

// describeGroup returns a group of a report as a line.
func describeGroup(g group) string {
	text := fmt.Sprintf("%s %s ?", g.Kind, g.Name)
	if g.Members != nil {
		text = fmt.Sprintf("%s %s %d", g.Kind, g.Name, *g.Members)
	}
	if g.From != "" {
		text += " was " + g.From
	}
	if g.Joining+g.Leaving > 0 {
		text += fmt.Sprintf(" +%d -%d", g.Joining, g.Leaving)
	}
	if g.Note != "" {
		text += " (" + g.Note + ")"
	}
	return text
}

// expectRows compares the learners and the groups of a report with lines: groups by name, then learners by e-mail address.
func expectRows(t *testing.T, learners []learner, groups []group, want []string) {
	t.Helper()
	slices.SortStableFunc(learners, func(x, y learner) int { return strings.Compare(udemy.EmailKey(x.Email), udemy.EmailKey(y.Email)) })
	slices.SortStableFunc(groups, func(x, y group) int { return strings.Compare(udemy.GroupKey(x.Name), udemy.GroupKey(y.Name)) })
	var lines []string
	for _, g := range groups {
		lines = append(lines, describeGroup(g))
	}
	for _, l := range learners {
		lines = append(lines, describe(l))
	}
	if got := strings.Join(lines, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("the rows are\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}
