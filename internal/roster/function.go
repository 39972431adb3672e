// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

type rosterFunction struct{}

// NewFunction returns the provider function roster.
func NewFunction() function.Function {
	return rosterFunction{}
}

func (rosterFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "roster"
}

// valueType is the type of a learner in the result: the fields of the profile, groups, active and udemy_id.
var valueType = func() types.ObjectType {
	attributes := map[string]attr.Type{
		"groups":   types.ListType{ElemType: types.StringType},
		"active":   types.BoolType,
		"udemy_id": types.StringType,
	}
	for _, field := range udemy.Profile {
		attributes[field.Name] = types.StringType
		if field.List != nil {
			attributes[field.Name] = types.ListType{ElemType: types.StringType}
		}
	}
	return types.ObjectType{AttrTypes: attributes}
}()

// value converts a learner to an object of the result. Values that the line does not set are null.
func value(l Learner) attr.Value {
	attributes := map[string]attr.Value{
		"groups":   listOrNull(l.Groups),
		"active":   types.BoolValue(l.Active),
		"udemy_id": textOrNull(l.ID),
	}
	for _, field := range udemy.Profile {
		if field.List != nil {
			attributes[field.Name] = listOrNull(*field.List(&l.User))
		} else {
			attributes[field.Name] = textOrNull(*field.Text(&l.User))
		}
	}
	return types.ObjectValueMust(valueType.AttrTypes, attributes)
}

// csvParameter is the first parameter of all functions.
var csvParameter = function.StringParameter{
	Name:                "csv",
	MarkdownDescription: "The text of the CSV file in UTF-8, as `file` returns it.",
}

func (rosterFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Reads learners from a CSV file",
		MarkdownDescription: "Reads learners from the text of a CSV file and validates them. A mistake fails the plan with its line and column. Returns a " +
			"map of objects for `for_each`. The keys are the e-mail addresses in lower case, or the external IDs (option `key`). " +
			"[`roster_json`](roster_json.md) returns the same as a text for `udemy_roster`, in a fraction of the time.\n\n" + rosterDescription,
		Parameters:        []function.Parameter{csvParameter},
		VariadicParameter: optionsParameter,
		Return:            function.MapReturn{ElementType: valueType},
	}
}

func (rosterFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	learners, o, known, err := readArguments(ctx, req)
	switch {
	case err != nil:
		resp.Error = err
		return
	case !known:
		resp.Error = resp.Result.Set(ctx, types.MapUnknown(valueType))
		return
	}
	values := make(map[string]attr.Value, len(learners))
	for _, l := range learners {
		values[o.keyOf(l)] = value(l)
	}
	resp.Error = resp.Result.Set(ctx, types.MapValueMust(valueType, values))
}

func textOrNull(text string) attr.Value {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

func listOrNull(texts []string) attr.Value {
	if texts == nil {
		return types.ListNull(types.StringType)
	}
	elements := make([]attr.Value, 0, len(texts))
	for _, text := range texts {
		elements = append(elements, types.StringValue(text))
	}
	return types.ListValueMust(types.StringType, elements)
}
