// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// object is a JSON object of a response. Names are case-insensitive, as in RFC 7643 section 2.1.
type object map[string]any

// parse returns nil if the text is not a JSON object.
func parse(text []byte) object {
	var parsed object
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&parsed) != nil {
		return nil
	}
	return parsed
}

func (o object) get(name string) any {
	if value, exact := o[name]; exact {
		return value
	}
	for other, value := range o {
		if strings.EqualFold(other, name) {
			return value
		}
	}
	return nil
}

func (o object) has(name string) bool { return o.get(name) != nil }

// text returns a string or a number, and an empty text for any other value.
func (o object) text(name string) string {
	switch value := o.get(name).(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	default:
		return ""
	}
}

// number returns -1 if the value is not an integer.
func (o object) number(name string) int {
	n, err := strconv.Atoi(o.text(name))
	if err != nil {
		return -1
	}
	return n
}

func (o object) object(name string) object {
	inner, _ := o.get(name).(map[string]any)
	return inner
}

// isTrue also accepts the string "true".
func (o object) isTrue(name string) bool {
	value := o.get(name)
	text, _ := value.(string)
	return value == true || strings.EqualFold(text, "true")
}

// objects returns the objects in a list, and whether there is a list.
func (o object) objects(name string) ([]object, bool) {
	list, isList := o.get(name).([]any)
	var inner []object
	for _, item := range list {
		if one, isObject := item.(map[string]any); isObject {
			inner = append(inner, one)
		}
	}
	return inner, isList
}

// texts returns the strings and numbers in a list.
func (o object) texts(name string) []string {
	list, _ := o.get(name).([]any)
	var texts []string
	for _, item := range list {
		texts = append(texts, object{"": item}.text(""))
	}
	return texts
}
