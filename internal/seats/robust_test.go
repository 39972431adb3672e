// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"encoding/json"
	"os"
	"testing"
)

// A report on a plan with missing members is not exact, but it exists: no member of the JSON is required.
func TestMissingMembers(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"kinds", "terraform", "roster", "invitations"} {
		content, err := os.ReadFile("testdata/" + name + ".plan.json")
		if err != nil {
			t.Fatal(err)
		}
		var whole map[string]any
		if err := json.Unmarshal(content, &whole); err != nil {
			t.Fatal(err)
		}
		eachMember(whole, func() { reportOn(t, encode(whole)) })
	}
}

// Elements that are null are left out.
func TestNullElements(t *testing.T) {
	t.Parallel()
	r := reportOn(t, `{"format_version": "1.2", "planned_values": null, "resource_changes": [null], "resource_drift": [null], "deferred_changes": [null],
		"action_invocations": [null], "prior_state": {"values": {"root_module": {"resources": [null], "child_modules": [null]}}},
		"configuration": {"root_module": {"resources": [null], "module_calls": {"a": null}}}}`)
	if len(r.Learners)+len(r.Groups) > 0 {
		t.Errorf("got %s", encode(r))
	}
}

// No CLI writes a variable that depends on itself, or a reference to a module without an output.
func TestImpossibleReferences(t *testing.T) {
	t.Parallel()
	refersTo := func(references ...string) attributes { return attributes{"references": references} }
	members := `"configuration": ` + encode(attributes{"root_module": attributes{"module_calls": attributes{"a": attributes{
		"expressions": attributes{"x": refersTo("module.a.y")},
		"module": attributes{
			"outputs":   attributes{"y": attributes{"expression": refersTo("var.x")}},
			"resources": []any{attributes{"address": "udemy_user.x", "expressions": attributes{"role": refersTo("var.x", "module", "var", "data", "")}}},
		},
	}}}}) + ","
	r := reportOn(t, planWith(members, planned("module.a.udemy_user.x", "create", nil, account("ada@example.com"), "after_unknown", unknownID("role"))))
	expectRows(t, r.Learners, nil, []string{"new ada@example.com +1 role >(known after apply)"})
}

// eachMember calls visit once without each member of the objects in a value, as far as the names differ.
func eachMember(value any, visit func()) {
	seen := map[string]bool{"format_version": true, "planned_values": true}
	var walk func(any)
	walk = func(value any) {
		switch value := value.(type) {
		case map[string]any:
			for name, member := range value {
				if !seen[name] {
					seen[name] = true
					delete(value, name)
					visit()
					value[name] = member
				}
				walk(member)
			}
		case []any:
			for _, element := range value {
				walk(element)
			}
		}
	}
	walk(value)
}
