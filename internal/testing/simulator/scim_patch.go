// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// operation is one operation of a PATCH (RFC 7644 section 3.5.2).
type operation struct {
	op    string     // "add", "remove" or "replace"
	path  *patchPath // may be nil
	value any        // may be nil
}

// patchPath is the target of an operation: attribute, attribute.sub, attribute[filter] or
// attribute[filter].sub. The licenses are a sub-attribute of Udemy's URN. Names are in lower case,
// without the URN of the core schema.
type patchPath struct {
	attribute string
	filter    alternatives // may be nil
	sub       string
}

// readOnly are the attributes that clients cannot write (RFC 7643 sections 3.1 and 4.1.2).
var readOnly = []string{"id", "meta", "groups"}

// readOperations reads the body of a PATCH. attributes are the attributes that a path may contain with
// their sub-attributes.
func readOperations(r *http.Request, core string, attributes map[string][]string) ([]operation, error) {
	sent, err := readObject(r)
	if err != nil {
		return nil, err
	}
	if err := checkSchemas(sent, patchURN); err != nil {
		return nil, err
	}
	listed, _ := sent["operations"].([]any)
	if len(listed) == 0 {
		return nil, refuse(invalidSyntax, "Operations is required, as a list that is not empty.")
	}
	if err := onlyNames(sent, "schemas", "operations"); err != nil {
		return nil, err
	}
	var operations []operation
	for _, item := range listed {
		object, ok := item.(map[string]any)
		if !ok {
			return nil, refuse(invalidSyntax, "Each of the Operations must be an object.")
		}
		o, err := readOperation(object, core, attributes)
		if err != nil {
			return nil, err
		}
		operations = append(operations, o)
	}
	return operations, nil
}

func readOperation(object map[string]any, core string, attributes map[string][]string) (operation, error) {
	if err := onlyNames(object, "op", "path", "value"); err != nil {
		return operation{}, err
	}
	o := operation{value: object["value"]}
	o.op, _ = object["op"].(string)
	if !slices.Contains([]string{"add", "remove", "replace"}, o.op) {
		return operation{}, refuse(invalidSyntax, "op %v is not add, remove or replace.", object["op"])
	}
	if _, ok := object["value"]; !ok && o.op != "remove" {
		return operation{}, refuse(invalidValue, "The operation %s needs a value.", o.op)
	}
	if object["path"] == nil {
		if o.op == "remove" { // RFC 7644 section 3.5.2.2
			return operation{}, refuse(noTarget, "The operation remove needs a path.")
		}
		if _, ok := o.value.(map[string]any); !ok {
			return operation{}, refuse(invalidValue, "Without a path the value must be an object.")
		}
		return o, nil
	}
	given, ok := object["path"].(string)
	if !ok {
		return operation{}, refuse(invalidPath, "path must be a string.")
	}
	parsed, err := parsePath(given, core, attributes)
	if err != nil {
		return operation{}, err
	}
	if slices.Contains(readOnly, parsed.attribute) {
		return operation{}, refuse(mutability, "%s is read-only.", parsed.attribute)
	}
	o.path = &parsed
	return o, nil
}

// parsePath parses a path (RFC 7644 section 3.5.2, figure 7).
func parsePath(given, core string, attributes map[string][]string) (patchPath, error) {
	invalid := refuse(invalidPath, "The path %q is not supported.", given)
	var parsed patchPath
	name, bracket, filtered := strings.Cut(given, "[")
	name = strings.TrimPrefix(strings.ToLower(name), strings.ToLower(core)+":")
	if rest, ok := strings.CutPrefix(name, extensionName); ok {
		parsed.attribute = extensionName
		sub, colon := strings.CutPrefix(rest, ":")
		if rest != "" && (!colon || sub == "") {
			return patchPath{}, invalid
		}
		parsed.sub = sub
	} else {
		var dotted bool
		parsed.attribute, parsed.sub, dotted = strings.Cut(name, ".")
		if dotted && (parsed.sub == "" || filtered) {
			return patchPath{}, invalid
		}
	}
	if filtered {
		reader := filterReader{rest: bracket, core: core}
		var err error
		if parsed.filter, err = reader.until("]", ""); err != nil {
			return patchPath{}, err
		}
		if after := strings.ToLower(reader.rest); after != "" {
			if parsed.sub != "" || !strings.HasPrefix(after, ".") || after == "." {
				return patchPath{}, invalid
			}
			parsed.sub = after[1:]
		}
	}
	subs, known := attributes[parsed.attribute]
	if !known || parsed.sub != "" && !slices.Contains(subs, parsed.sub) {
		return patchPath{}, invalid
	}
	return parsed, nil
}

// onlyNames rejects an object with names that are not allowed.
func onlyNames(object map[string]any, allowed ...string) error {
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(allowed, name) {
			return refuse(invalidSyntax, "Unknown attribute %q.", name)
		}
	}
	return nil
}
