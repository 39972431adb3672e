// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

type notAPlanError struct {
	reason error
}

func (e *notAPlanError) Error() string {
	return "standard input is not the JSON of a plan: " + e.reason.Error() + ". Save the plan and print its JSON:\n\n" +
		"  terraform plan -out=udemy.tfplan\n  terraform show -json udemy.tfplan | terraform-provider-udemy seats\n\n" +
		"With OpenTofu, run tofu instead of terraform."
}

func (e *notAPlanError) Unwrap() error { return e.reason }

func readPlan(in io.Reader) (*tfjson.Plan, error) {
	content, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("reading the plan: %w", err)
	}
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return nil, &notAPlanError{errors.New("it is empty")}
	case bytes.HasPrefix(content, []byte("PK\x03\x04")): // A saved plan is a zip archive.
		return nil, &notAPlanError{errors.New("it is a saved plan file")}
	}
	var plan tfjson.Plan
	if err := json.Unmarshal(content, &plan); err != nil {
		return nil, &notAPlanError{err}
	}
	// A state decodes as a plan without changes, but every plan has planned values.
	if plan.PlannedValues == nil {
		return nil, &notAPlanError{errors.New("it is the JSON of a state")}
	}
	return &plan, nil
}

// The replacements of values that the report can't or must not show.
const (
	knownAfterApply = "(known after apply)"
	sensitive       = "(sensitive)"
)

// object holds the attributes of a learner, group or membership, with their marks. A mark is true for the whole object or
// maps attributes to marks.
type object struct {
	values    map[string]any // nil if the object does not exist
	unknown   any
	sensitive []any
}

// sides returns the object before and after a change. A value that is sensitive on one side is sensitive on both.
func sides(change *tfjson.Change) (before, after object) {
	marks := []any{change.BeforeSensitive, change.AfterSensitive}
	before, after = object{sensitive: marks}, object{unknown: change.AfterUnknown, sensitive: marks}
	before.values, _ = change.Before.(map[string]any)
	after.values, _ = change.After.(map[string]any)
	return before, after
}

func (o object) exists() bool { return o.values != nil }

func (o object) isUnknown(name string) bool {
	return attributeMarked(o.unknown, name)
}

func (o object) isSensitive(name string) bool {
	return slices.ContainsFunc(o.sensitive, func(mark any) bool { return attributeMarked(mark, name) })
}

// raw returns the value of an attribute. Use it to compare values; the report must use shown.
func (o object) raw(name string) string {
	text, _ := o.values[name].(string)
	return text
}

// shown returns the value of an attribute, or its replacement.
func (o object) shown(name string) string {
	switch {
	case o.isSensitive(name):
		return sensitive
	case o.isUnknown(name):
		return knownAfterApply
	default:
		return o.raw(name)
	}
}

// set is a set of strings. It is open if it can contain more than its known items.
type set struct {
	items []string
	open  bool
	null  bool
}

func (o object) set(name string) set {
	elements, ok := o.values[name].([]any)
	result := set{open: o.isUnknown(name), null: !ok && !o.isUnknown(name)}
	for _, element := range elements {
		if text, known := element.(string); known { // Terraform writes null for an unknown element.
			result.items = append(result.items, text)
		}
	}
	return result
}

func (s set) without(other set) []string {
	return slices.DeleteFunc(slices.Clone(s.items), func(item string) bool { return slices.Contains(other.items, item) })
}

// attributeMarked reports whether an attribute or a part of it is marked.
func attributeMarked(mark any, name string) bool {
	if attributes, ok := mark.(map[string]any); ok {
		return isMarked(attributes[name])
	}
	return mark == true
}

func isMarked(mark any) bool {
	switch mark := mark.(type) {
	case bool:
		return mark
	case []any:
		return slices.ContainsFunc(mark, isMarked)
	case map[string]any:
		for _, part := range mark {
			if isMarked(part) {
				return true
			}
		}
	}
	return false
}

// directory holds the objects that a plan contains besides its changes.
type directory struct {
	prior    map[string]object // managed resources before the plan, by address and deposed key
	emails   map[string]string // e-mail addresses of learners by ID, as shown
	groups   map[string]string // names of groups by ID, as shown
	existing map[string]object // learners from data sources, by e-mail address
	// byExternalID has the same learners by external ID.
	byExternalID map[string]object
	seats        []object // results of the data source udemy_seats
}

// readDirectory reads the planned values last, so that the new name replaces the old one.
func readDirectory(plan *tfjson.Plan) directory {
	d := directory{prior: map[string]object{}, emails: map[string]string{}, groups: map[string]string{}, existing: map[string]object{}, byExternalID: map[string]object{}}
	if plan.PriorState != nil && plan.PriorState.Values != nil {
		eachResource(plan.PriorState.Values.RootModule, func(resource *tfjson.StateResource, o object) {
			d.add(resource.Mode, resource.Type, o)
			d.prior[resource.Address+resource.DeposedKey] = o
		})
	}
	eachResource(plan.PlannedValues.RootModule, func(resource *tfjson.StateResource, o object) {
		d.add(resource.Mode, resource.Type, o)
	})
	for _, resource := range plan.ResourceChanges {
		if resource.Mode == tfjson.DataResourceMode && resource.Change != nil {
			_, after := sides(resource.Change)
			d.add(resource.Mode, resource.Type, after)
		}
	}
	return d
}

// eachResource visits the resources of a module and of its child modules.
func eachResource(module *tfjson.StateModule, visit func(*tfjson.StateResource, object)) {
	if module == nil {
		return
	}
	for _, resource := range module.Resources {
		var marks any
		_ = json.Unmarshal(resource.SensitiveValues, &marks) // Part of valid JSON. It can be absent.
		visit(resource, object{values: resource.AttributeValues, sensitive: []any{marks}})
	}
	for _, child := range module.ChildModules {
		eachResource(child, visit)
	}
}

func (d *directory) add(mode tfjson.ResourceMode, resourceType string, o object) {
	switch resourceType {
	case "udemy_user":
		d.addLearner(o, mode == tfjson.DataResourceMode)
	case "udemy_users":
		for _, learner := range o.list("users") {
			d.addLearner(learner, true)
		}
	case "udemy_roster":
		for email, id := range o.ids() {
			addName(d.emails, object{values: map[string]any{"id": id, "email": email}, sensitive: []any{o.isSensitive("ids") || o.isSensitive("learners")}}, "email")
		}
	case "udemy_group":
		addName(d.groups, o, "name")
	case "udemy_groups":
		for _, group := range o.list("groups") {
			addName(d.groups, group, "name")
		}
	case "udemy_seats":
		if _, known := o.values["used"].(float64); known {
			d.seats = append(d.seats, o)
		}
	}
}

func (d *directory) addLearner(o object, found bool) {
	addName(d.emails, o, "email")
	if email := o.raw("email"); found && email != "" {
		d.existing[udemy.EmailKey(email)] = o
		if externalID := o.raw("external_id"); externalID != "" {
			d.byExternalID[externalID] = o
		}
	}
}

// addName adds the name of an object. A name that is sensitive once stays sensitive.
func addName(names map[string]string, o object, name string) {
	if id := o.raw("id"); id != "" && o.raw(name) != "" && names[id] != sensitive {
		names[id] = o.shown(name)
	}
}

// list returns a list of objects. If a part of the list is sensitive, all objects are.
func (o object) list(name string) []object {
	elements, _ := o.values[name].([]any)
	var objects []object
	for _, element := range elements {
		values, _ := element.(map[string]any)
		objects = append(objects, object{values: values, sensitive: []any{o.isSensitive(name)}})
	}
	return objects
}

// nameOf returns the name of the object with the ID in idAttribute, or the ID if the plan does not contain the name.
func nameOf(names map[string]string, o object, idAttribute string) string {
	shown := o.shown(idAttribute)
	if name, ok := names[o.raw(idAttribute)]; ok && shown == o.raw(idAttribute) {
		return name
	}
	return shown
}
