// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// optionsParameter is the optional second parameter of roster and roster_json. Only the last parameter of a function can be
// optional, as a variadic one.
var optionsParameter = function.DynamicParameter{
	Name: "options",
	MarkdownDescription: "At most one object with the members `key`, `columns`, `ignore`, `today`, `grace_days`, `min_rows` and `separator`, all of them " +
		"optional. The table above describes them.",
}

// readArguments reads the learners and the options of a call. It reports whether all options are known: OpenTofu 1.8 calls a
// function before they are.
func readArguments(ctx context.Context, req function.RunRequest) (learners []Learner, o options, known bool, failed *function.FuncError) {
	var text string
	var objects []types.Dynamic
	if failed = req.Arguments.Get(ctx, &text, &objects); failed != nil {
		return nil, o, false, failed
	}
	values := map[string]any{}
	for i, object := range objects {
		argument := int64(1 + i)
		raw, err := object.ToTerraformValue(ctx)
		if err != nil {
			return nil, o, false, function.NewArgumentFuncError(argument, err.Error())
		}
		if !raw.IsFullyKnown() {
			return nil, o, false, nil
		}
		var ok bool
		if values, ok = plain(raw).(map[string]any); !ok {
			return nil, o, false, function.NewArgumentFuncError(argument, `the options are not an object, such as { key = "external_id" }`)
		}
		if i > 0 {
			return nil, o, false, function.NewArgumentFuncError(argument, "more than one object of options; use one object with all options")
		}
	}
	o, err := newOptions(values)
	if err != nil {
		return nil, o, false, function.NewArgumentFuncError(1, err.Error())
	}
	if learners, err = parse(text, o); err != nil {
		return nil, o, false, function.NewArgumentFuncError(0, err.Error())
	}
	return learners, o, true, nil
}

// plain returns a known value as nil, string, float64, bool, []any or map[string]any.
func plain(value tftypes.Value) any {
	var (
		text     string
		number   big.Float
		elements []tftypes.Value
		members  map[string]tftypes.Value
	)
	switch {
	case value.IsNull():
		return nil
	case value.As(&text) == nil:
		return text
	case value.As(&number) == nil:
		float, _ := number.Float64()
		return float
	case value.As(&elements) == nil:
		list := make([]any, 0, len(elements))
		for _, element := range elements {
			list = append(list, plain(element))
		}
		return list
	case value.As(&members) == nil:
		object := make(map[string]any, len(members))
		for name, member := range members {
			object[name] = plain(member)
		}
		return object
	default:
		var yes bool
		_ = value.As(&yes) // No other type is left.
		return yes
	}
}
