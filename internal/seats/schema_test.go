// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const schemaFile = "report.schema.json"

// The JSON of all reports in testdata is valid, and contains no member without a description.
func TestSchema(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	checked := 0
	for _, pattern := range []string{"testdata/*.json", "testdata/rendering/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, ".plan.json") {
				continue
			}
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			report, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(report); err != nil {
				t.Errorf("%s: %v", file, err)
			}
			checked++
		}
	}
	if checked < 6 {
		t.Errorf("only %d reports are checked", checked)
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document := readSchema(t)
	strict(document)
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(schemaFile, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// The JSON is valid for each plan in testdata, also if a gate is broken, the plan failed, or a member of the plan is missing.
func TestSchema_allPlans(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	plans, err := filepath.Glob("testdata/*.plan.json")
	if err != nil || len(plans) == 0 {
		t.Fatalf("%d plans, error %v", len(plans), err)
	}
	strictest := gates{
		limit: new(-1000), maxDeletions: new(0), maxNew: &amount{}, maxRemovals: &amount{isPercent: true}, forbidOverPurchased: true, forbidAdmin: true,
	}
	for _, file := range plans {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var whole map[string]any
		if err := json.Unmarshal(content, &whole); err != nil {
			t.Fatal(err)
		}
		check := func() {
			r := reportOn(t, encode(whole))
			r.BrokenGates = strictest.broken(r)
			decoded, err := jsonschema.UnmarshalJSON(strings.NewReader(encode(r)))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(decoded); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
		check()
		eachMember(whole, check)
		whole["errored"] = true
		check()
		whole["resource_drift"] = whole["resource_changes"]
		check()
		whole["resource_changes"] = nil
		check()
	}
}

// strict forbids members that the schema does not describe, which the published schema allows for later versions.
func strict(node any) {
	switch node := node.(type) {
	case map[string]any:
		if node["properties"] != nil && node["type"] == "object" {
			node["additionalProperties"] = false
		}
		for _, child := range node {
			strict(child)
		}
	case []any:
		for _, child := range node {
			strict(child)
		}
	}
}

// The schema describes exactly the members of the Go types.
func TestSchemaIsComplete(t *testing.T) {
	t.Parallel()
	document := readSchema(t).(map[string]any)
	properties := func(node any) map[string]any { return node.(map[string]any)["properties"].(map[string]any) }
	items := func(node any, name string) any { return properties(node)[name].(map[string]any)["items"] }
	definition := func(name string) any { return document["$defs"].(map[string]any)[name] }
	for _, test := range []struct {
		value any
		node  any
	}{
		{report{}, document},
		{total{}, properties(document)["totals"].(map[string]any)["additionalProperties"]},
		{mails{}, properties(document)["mails"]},
		{organization{}, items(document, "organizations")},
		{activity{}, items(document, "activity")},
		{gate{}, items(document, "broken_gates")},
		{outside{}, properties(document)["outside"]},
		{group{}, definition("group")},
		{learner{}, definition("learner")},
		{transition{}, definition("transition")},
		{difference{}, definition("difference")},
	} {
		described := properties(test.node)
		required, _ := test.node.(map[string]any)["required"].([]any)
		goType := reflect.TypeOf(test.value)
		for _, field := range reflect.VisibleFields(goType) {
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			member, _ := described[name].(map[string]any)
			if text, _ := member["description"].(string); !strings.HasSuffix(text, ".") {
				t.Errorf("%s.%s has no description", goType, name)
			}
			if always := options != "omitempty"; always != slices.Contains(required, any(name)) {
				t.Errorf("%s.%s is required: %t, want %t", goType, name, !always, always)
			}
			delete(described, name)
		}
		for name := range described {
			t.Errorf("the schema describes %s.%s, which does not exist", goType, name)
		}
	}

	var enums []string
	for _, name := range []string{"learner_kind", "detail_kind", "group_kind"} {
		for _, value := range definition(name).(map[string]any)["enum"].([]any) {
			enums = append(enums, value.(string))
		}
	}
	for _, k := range kinds {
		if !slices.Contains(enums, string(k)) {
			t.Errorf("the schema lacks the kind %s", k)
		}
	}
	if len(enums) != len(kinds) {
		t.Errorf("the schema has %d kinds, want %d", len(enums), len(kinds))
	}
}

func readSchema(t *testing.T) any {
	t.Helper()
	content, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var document any
	if err := json.Unmarshal(content, &document); err != nil {
		t.Fatal(err)
	}
	return document
}
