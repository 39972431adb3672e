// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// An ID is opaque, but it can't forge a line of a message or lead to another resource.
func TestID(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"u1"`: "u1", `42`: "42", `9007199254740993`: "9007199254740993", `null`: "", `" a/b%20#c  d "`: " a/b%20#c  d ", `"Zo\u00eb\u200d"`: "Zoë\u200d",
	} {
		var id transport.ID
		if err := json.Unmarshal([]byte(text), &id); err != nil || string(id) != want {
			t.Errorf("%s: %q, %v, want %q", text, id, err, want)
		}
	}
	for _, text := range []string{
		`"."`, `".."`, `"a/../b"`, `"%2e%2E"`, `"u1\nError: forged"`, `"u\u0000"`, `"\u001b[31mu"`, `"u\u0085"`, `"u\u2028"`, `"u\u202e1"`, `"u\u2066"`, `true`, `{}`, `["u1"]`,
	} {
		var id transport.ID
		if err := json.Unmarshal([]byte(text), &id); err == nil {
			t.Errorf("%s is accepted as %q", text, id)
		}
	}
}

// Only the elements of a list itself count for its limit.
func TestDecode_lists(t *testing.T) {
	t.Parallel()
	const limit, depth = 16 << 20 / 64, 10_000
	nested := `[[1,2],{"a":[3,4],"b":"]"},"a,\"b,c\\",","]` // Four elements.
	for name, test := range map[string]struct {
		text string
		want int // -1 if the list is refused
	}{
		"null":          {"null", 0},
		"empty":         {"[]", 0},
		"nested":        {nested, 4},
		"no list":       {`{"a": 1}`, -1},
		"at the limit":  {"[" + strings.Repeat(nested+",", limit-1) + nested + "]", limit},
		"above it":      {"[" + strings.Repeat("{},", limit) + "{}]", -1},
		"inside":        {`[{"a": [` + strings.Repeat("{},", limit) + "{}]}]", -1},
		"malformed":     {`]}[`, -1},
		"commas inside": {`["` + strings.Repeat(",", 2*limit) + `"]`, 1},
		"deepest":       {strings.Repeat("[", depth) + strings.Repeat("]", depth), 1},
		"deeper":        {strings.Repeat("[", depth+1) + strings.Repeat("]", depth+1), -1},
		"deep objects":  {"[" + strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth) + "]", -1},
		"brackets only": {strings.Repeat("[", 16<<20), -1},
		"deep in turn":  {"[" + strings.Repeat("[],{},", depth) + "1]", 2*depth + 1},
		"deep in text":  {`["` + strings.Repeat("[{", depth) + `"]`, 1},
		"cut in list":   {`[{"a": 1},`, -1},
		"cut in object": {`[{"a"`, -1},
		"cut in text":   {`["a`, -1},
		"cut in escape": {`["a\`, -1},
		"empty text":    {"", -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list, err := transport.Decode[[]any](transport.Request{}, &transport.Response{Body: []byte(test.text)})
			if test.want < 0 && err == nil || test.want >= 0 && (err != nil || len(list) != test.want) {
				t.Errorf("%d elements, error %v, want %d elements", len(list), err, test.want)
			}
		})
	}
}
