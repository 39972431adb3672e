// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// NotAPlanError says that something else than a plan's JSON was read.
type NotAPlanError struct {
	// What was read instead.
	What string
	// Err is why it could not be decoded; nil if it could.
	Err error
}

// Error implements error.
func (e *NotAPlanError) Error() string {
	what := e.What
	if e.Err != nil {
		what += fmt.Sprintf(" (%v)", e.Err)
	}
	return "standard input is " + what + ", not the JSON of a plan. Save the plan and show it:\n\n" +
		"  terraform plan -out=udemy.tfplan\n  terraform show -json udemy.tfplan | terraform-provider-udemy seats\n\n" +
		"With OpenTofu, write tofu instead of terraform."
}

// Unwrap gives errors.Is and errors.As the reason.
func (e *NotAPlanError) Unwrap() error { return e.Err }

func readPlan(in io.Reader) (*tfjson.Plan, error) {
	content, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("reading the plan: %w", err)
	}
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return nil, &NotAPlanError{What: "empty"}
	case bytes.HasPrefix(content, []byte("PK\x03\x04")): // A saved plan is a zip archive.
		return nil, &NotAPlanError{What: "the plan file itself"}
	}
	var plan tfjson.Plan
	if err := json.Unmarshal(content, &plan); err != nil {
		return nil, &NotAPlanError{What: "something else", Err: err}
	}
	// A state passes for a plan in which nothing is planned, but every plan has planned values.
	if plan.PlannedValues == nil {
		return nil, &NotAPlanError{What: "the JSON of a state"}
	}
	return &plan, nil
}

// What is shown in place of a value.
const (
	knownAfterApply = "(known after apply)"
	sensitive       = "(sensitive)"
)

// object is the attributes of a learner, group or membership, and what Terraform says about showing them: a mark is true
// for all there is, or holds further marks by attribute.
type object struct {
	values    map[string]any // nil if there is no such object
	unknown   any
	sensitive []any
}

// sides are what is there before and after a change. A value that may be shown on one side only is shown on none.
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

// raw is an attribute's text, to compare and never to show.
func (o object) raw(name string) string {
	text, _ := o.values[name].(string)
	return text
}

// shown is an attribute's text, or what stands for it.
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

// set is a set of texts. It is open if more may be in it than its items.
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

// attributeMarked reports whether an attribute, or a part of it, is marked.
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

// directory is whom and what a plan shows beside its changes.
type directory struct {
	prior    map[string]object // managed resources before the plan, by address and deposed key
	emails   map[string]string // of learners by id, as they may be shown
	groups   map[string]string // names by id, as they may be shown
	existing map[string]object // learners whom data sources have found, by e-mail address
	seats    []object          // what the data sources udemy_seats say
}

// readDirectory takes the planned values last: where a name changes, the new one is known from there on.
func readDirectory(plan *tfjson.Plan) directory {
	d := directory{prior: map[string]object{}, emails: map[string]string{}, groups: map[string]string{}, existing: map[string]object{}}
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

// eachResource visits a module and those below it.
func eachResource(module *tfjson.StateModule, visit func(*tfjson.StateResource, object)) {
	if module == nil {
		return
	}
	for _, resource := range module.Resources {
		var marks any
		_ = json.Unmarshal(resource.SensitiveValues, &marks) // Part of JSON that has been decoded; may be absent.
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
	}
}

// addName notes what an object is called. A name that is sensitive anywhere stays so.
func addName(names map[string]string, o object, name string) {
	if id := o.raw("id"); id != "" && o.raw(name) != "" && names[id] != sensitive {
		names[id] = o.shown(name)
	}
}

// list is a list of objects. If anything in it is sensitive, all is.
func (o object) list(name string) []object {
	elements, _ := o.values[name].([]any)
	var objects []object
	for _, element := range elements {
		values, _ := element.(map[string]any)
		objects = append(objects, object{values: values, sensitive: []any{o.isSensitive(name)}})
	}
	return objects
}

// nameOf is what something with an id is called, as far as the plan knows.
func nameOf(names map[string]string, o object, idAttribute string) string {
	shown := o.shown(idAttribute)
	if name, ok := names[o.raw(idAttribute)]; ok && shown == o.raw(idAttribute) {
		return name
	}
	return shown
}
