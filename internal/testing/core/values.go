// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package core

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// schema is a schema with its type, which is costly to derive.
type schema struct {
	attributes []*tfprotov6.SchemaAttribute
	object     tftypes.Type
	null       tftypes.Value
}

func newSchema(of *tfprotov6.Schema) *schema {
	object := of.ValueType()
	return &schema{attributes: of.Block.Attributes, object: object, null: tftypes.NewValue(object, nil)}
}

// evaluate builds the value of a configuration. lookup resolves references.
func (s *schema) evaluate(attributes map[string]any, lookup func(Reference) (tftypes.Value, error)) (tftypes.Value, error) {
	values := make(map[string]tftypes.Value, len(s.attributes))
	for _, attribute := range s.attributes {
		value, err := evaluate(attribute.ValueType(), attributes[attribute.Name], lookup)
		if err != nil {
			return tftypes.Value{}, fmt.Errorf("%s: %w", attribute.Name, err)
		}
		values[attribute.Name] = value
	}
	for name := range attributes {
		if _, ok := values[name]; !ok {
			return tftypes.Value{}, fmt.Errorf("there is no attribute %s", name)
		}
	}
	return tftypes.NewValue(s.object, values), nil
}

func evaluate(as tftypes.Type, plain any, lookup func(Reference) (tftypes.Value, error)) (tftypes.Value, error) {
	switch plain := plain.(type) {
	case Reference:
		return lookup(plain)
	case []any:
		set, ok := as.(tftypes.Set)
		if !ok {
			return tftypes.Value{}, fmt.Errorf("%s is not a set", as)
		}
		elements := make([]tftypes.Value, 0, len(plain))
		for _, element := range plain {
			value, err := evaluate(set.ElementType, element, lookup)
			if err != nil {
				return tftypes.Value{}, err
			}
			elements = append(elements, value)
		}
		return tftypes.NewValue(as, elements), nil
	case map[string]any:
		mapping, ok := as.(tftypes.Map)
		if !ok {
			return tftypes.Value{}, fmt.Errorf("%s is not a map", as)
		}
		elements := make(map[string]tftypes.Value, len(plain))
		for key, element := range plain {
			value, err := evaluate(mapping.ElementType, element, lookup)
			if err != nil {
				return tftypes.Value{}, err
			}
			elements[key] = value
		}
		return tftypes.NewValue(as, elements), nil
	default:
		return tftypes.NewValue(as, plain), nil
	}
}

// proposed merges prior state and configuration, as Terraform does before it asks the provider.
func (s *schema) proposed(prior, config tftypes.Value) tftypes.Value {
	if prior.IsNull() {
		return config
	}
	merged := map[string]tftypes.Value{}
	for _, attribute := range s.attributes {
		value := attributeOf(config, attribute.Name)
		if value.IsNull() && attribute.Computed {
			value = attributeOf(prior, attribute.Name)
		}
		merged[attribute.Name] = value
	}
	return tftypes.NewValue(s.object, merged)
}

// attributeOf is an attribute of an object that is not null.
func attributeOf(object tftypes.Value, name string) tftypes.Value {
	var attributes map[string]tftypes.Value
	if err := object.As(&attributes); err != nil {
		return tftypes.Value{}
	}
	return attributes[name]
}

// changed reports whether one of the paths, which name whole attributes, differs between two objects.
func changed(paths []*tftypes.AttributePath, a, b tftypes.Value) bool {
	return slices.ContainsFunc(paths, func(path *tftypes.AttributePath) bool {
		name, ok := path.Steps()[0].(tftypes.AttributeName)
		return ok && !attributeOf(a, string(name)).Equal(attributeOf(b, string(name)))
	})
}

// invalidPlan describes how a planned value breaks the protocol's rule: a configured attribute is planned as configured, or
// stays as it is. Empty if it does not.
func (s *schema) invalidPlan(prior, config, planned tftypes.Value) string {
	for _, attribute := range s.attributes {
		wanted, got := attributeOf(config, attribute.Name), attributeOf(planned, attribute.Name)
		keeps := !prior.IsNull() && got.Equal(attributeOf(prior, attribute.Name))
		if !got.Equal(wanted) && !keeps && (!wanted.IsNull() || !attribute.Computed) {
			return fmt.Sprintf("%s is configured as %s and planned as %s", attribute.Name, wanted, got)
		}
	}
	return ""
}

// incompatible describes how a value differs from a planned one in more than what was unknown; empty if it does not.
func (s *schema) incompatible(planned, actual tftypes.Value) string {
	if planned.IsNull() || actual.IsNull() {
		if planned.IsNull() != actual.IsNull() {
			return "one of both is null"
		}
		return ""
	}
	for _, attribute := range s.attributes {
		if p, a := attributeOf(planned, attribute.Name), attributeOf(actual, attribute.Name); !compatible(p, a) {
			return fmt.Sprintf("%s was planned as %s and is %s", attribute.Name, p, a)
		}
	}
	return ""
}

func compatible(planned, actual tftypes.Value) bool {
	switch {
	case !planned.IsKnown():
		return true
	case planned.IsFullyKnown():
		return planned.Equal(actual)
	case planned.IsNull() || actual.IsNull() || !actual.IsKnown():
		return false
	}
	var plannedMap, actualMap map[string]tftypes.Value
	if planned.As(&plannedMap) == nil && actual.As(&actualMap) == nil {
		for key, value := range plannedMap {
			if other, ok := actualMap[key]; !ok || !compatible(value, other) {
				return false
			}
		}
		return len(plannedMap) == len(actualMap)
	}
	var plannedSet, actualSet []tftypes.Value
	if planned.As(&plannedSet) != nil || actual.As(&actualSet) != nil {
		return false
	}
	for _, value := range plannedSet {
		if !slices.ContainsFunc(actualSet, func(other tftypes.Value) bool { return compatible(value, other) }) {
			return false
		}
	}
	return true
}
