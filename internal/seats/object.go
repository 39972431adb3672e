// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"math"
	"slices"
)

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
func sides(c *change) (before, after object) {
	sensitive := []any{c.BeforeSensitive.value, c.AfterSensitive.value}
	return object{values: c.Before, sensitive: sensitive}, object{values: c.After, unknown: c.AfterUnknown.value, sensitive: sensitive}
}

// object makes an object a source.
func (o object) object() object { return o }

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

// number returns false if the value is not a number of learners, seats or days.
func (o object) number(name string) (n int, known bool) {
	value, isNumber := o.values[name].(float64)
	return int(value), isNumber && value >= 0 && value <= math.MaxInt32
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

// set is a set of strings.
type set struct {
	items []string
	null  bool
	// open is the number of elements that are known only after apply. It is -1 if it is not known either.
	open int
}

func (o object) set(name string) set {
	elements, ok := o.values[name].([]any)
	result := set{null: !ok && !o.isUnknown(name)}
	for _, element := range elements {
		if text, known := element.(string); known { // Terraform writes null for an unknown element.
			result.items = append(result.items, text)
		}
	}
	if attributes, _ := o.unknown.(map[string]any); attributes != nil {
		switch marks := attributes[name].(type) {
		case bool:
			if marks {
				result.open = -1
			}
		case []any:
			for _, mark := range marks {
				if isMarked(mark) {
					result.open++
				}
			}
		}
	}
	return result
}

// without returns the items that are not in another set.
func (s set) without(other set) []string {
	exclude := make(map[string]bool, len(other.items))
	for _, item := range other.items {
		exclude[item] = true
	}
	return slices.DeleteFunc(slices.Clone(s.items), func(item string) bool { return exclude[item] })
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
