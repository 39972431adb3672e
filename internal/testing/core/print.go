// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package core

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// String writes a configuration as a person would, an instance of for_each as a block of its own.
func (c Config) String() string {
	var text strings.Builder
	for _, resource := range c.Resources {
		var arguments []string
		for _, name := range slices.Sorted(maps.Keys(resource.Attributes)) {
			arguments = append(arguments, name+" = "+expression(resource.Attributes[name]))
		}
		if resource.CreateBeforeDestroy {
			arguments = append(arguments, "lifecycle { create_before_destroy = true }")
		}
		for _, dependency := range resource.DependsOn {
			arguments = append(arguments, "depends_on = "+dependency.String())
		}
		fmt.Fprintf(&text, "resource %s { %s }\n", resource.Address, strings.Join(arguments, "; "))
	}
	for _, from := range slices.SortedFunc(maps.Keys(c.Moved), compareAddresses) {
		fmt.Fprintf(&text, "moved { from = %s; to = %s }\n", from, c.Moved[from])
	}
	for _, address := range c.Forgotten {
		fmt.Fprintf(&text, "removed { from = %s; lifecycle { destroy = false } }\n", address)
	}
	return text.String()
}

func expression(value any) string {
	switch value := value.(type) {
	case Reference:
		return value.String() + "." + value.Attribute
	case []any:
		var elements []string
		for _, element := range value {
			elements = append(elements, expression(element))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case map[string]any:
		var elements []string
		for _, key := range slices.Sorted(maps.Keys(value)) {
			elements = append(elements, fmt.Sprintf("%q = %s", key, expression(value[key])))
		}
		return "{ " + strings.Join(elements, ", ") + " }"
	case string:
		return fmt.Sprintf("%q", value)
	default:
		return fmt.Sprint(value)
	}
}

// String writes a call and its outcome in one line.
func (c Call) String() string {
	line := c.Name + " " + c.Address.String()
	if c.Outcome != "" {
		line += ": " + c.Outcome
	}
	return line
}

// String writes diagnostics one after the other.
func (d Diagnostics) String() string {
	var text strings.Builder
	for _, diagnostic := range d {
		severity := "Error"
		if diagnostic.Warning {
			severity = "Warning"
		}
		fmt.Fprintf(&text, "%s at %s: %s\n\t%s\n", severity, diagnostic.Address, diagnostic.Summary, strings.ReplaceAll(diagnostic.Detail, "\n", "\n\t"))
	}
	return text.String()
}
