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

// Metadata implements function.Function.
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

// value returns a learner in the result. What is not given is null.
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

// Definition implements function.Function.
func (rosterFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Reads a CSV file of learners",
		MarkdownDescription: "Reads a list of learners that people keep as a CSV file, and checks it: a mistake fails the plan with the line and the " +
			"column that it stands in. Returns a map of objects by e-mail address in lower case, made for `for_each`.\n\n" +
			"OpenTofu before 1.10 configures the provider before it calls the function, so there the provider needs its settings, in a provider " +
			"block or in the environment, even if nothing else in the configuration uses it.\n\n" +
			"The first line names the columns, in any order. Case, blanks, underscores and hyphens in these names don't count, and what Udemy's " +
			"own CSV files call them is known as well. Columns are separated by commas, semicolons or tabs.\n\n" +
			"| Attribute | Column | Value |\n|---|---|---|\n" +
			"| `email` | `email`, `email address`, `user email`; needed | as written |\n" +
			"| `first_name` | `first name`, `given name`, `name`; needed | |\n" +
			"| `last_name` | `last name`, `surname`, `family name`; needed | |\n" +
			"| `external_id` | `external id` | null when empty |\n" +
			"| `role` | `role` | `learner` (or `user`, `student`, `member`) or `admin`; null when empty. Other roles, such as a group admin's, " +
			"can't be given and are an error |\n" +
			"| `groups` | `groups`, `group`, `group name` | names with semicolons between them, as Udemy writes them, with a backslash before a semicolon or " +
			"backslash of a name; a sorted list. Empty when the cell is: the learner is in no group. Null without the column, or for `*`: groups are left alone |\n" +
			"| `license_types` | `license types`, `licenses` | names, written like groups; null when empty |\n" +
			"| `active` | `active`, `status` | `true`, `yes`, `1`, `active` or `invited`, or `false`, `no`, `0`, `deactivated` or `inactive`; `true` when empty |\n" +
			"| `udemy_id` | `udemy id`, `id` | null when empty |\n\n" +
			"A value that a spreadsheet would take for a formula has an apostrophe before it, which is not part of the value: `'=x` is `=x`. " +
			"Udemy's columns `group admin for` and `LMS user ID` are passed over; any other column is an error.",
		Parameters: []function.Parameter{function.StringParameter{
			Name:                "csv",
			MarkdownDescription: "The text of the CSV file, in UTF-8, as `file` reads it.",
		}},
		Return: function.MapReturn{ElementType: valueType},
	}
}

// Run implements function.Function.
func (rosterFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	learners, err := Parse(text)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	values := make(map[string]attr.Value, len(learners))
	for _, l := range learners {
		values[udemy.EmailKey(l.Email)] = value(l)
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
