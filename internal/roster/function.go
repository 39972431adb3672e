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

// csvParameter is the parameter of both functions.
var csvParameter = function.StringParameter{
	Name:                "csv",
	MarkdownDescription: "The text of the CSV file in UTF-8, as `file` returns it.",
}

func (rosterFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Reads learners from a CSV file",
		MarkdownDescription: "Reads learners from the text of a CSV file and validates them. A mistake fails the plan with its line and column. Returns a " +
			"map of objects for `for_each`. The keys are the e-mail addresses in lower case.\n\n" +
			"OpenTofu before 1.10 configures the provider before it calls the function. With these versions, the provider needs its settings in a " +
			"provider block or in the environment, even if the configuration uses only the function.\n\n" +
			"The first line contains the column names, in any order. Column names ignore case, blanks, underscores and hyphens. The column names of " +
			"Udemy's own CSV files are accepted as well: the user list, and the file for the upload, in which `email` is the only required column. Commas, " +
			"semicolons or tabs separate the columns. Byte order marks, a line such as `sep=;` and blank lines before the header are skipped, and line ends " +
			"may be those of Windows, Unix or older Macs.\n\n" +
			"| Attribute | Column | Value |\n|---|---|---|\n" +
			"| `email` | `email`, `email address`, `user email`; required | as written |\n" +
			"| `first_name` | `first name`, `given name`, `name` | null if empty: the name is left alone |\n" +
			"| `last_name` | `last name`, `surname`, `family name` | null if empty, as for a person with one name |\n" +
			"| `external_id` | `external id` | null if empty; two lines can't have the same |\n" +
			"| `role` | `role` | `learner` (or `user`, `student`, `member`) or `admin`; null if empty. Also null for `group admin` and " +
			"`owner`, which can't be assigned: the role at Udemy is left alone. Any other role is an error |\n" +
			"| `groups` | `groups`, `group`, `group name` | a sorted list of names. Semicolons separate the names, as in Udemy's own files. A backslash escapes a " +
			"semicolon or a backslash in a name. If the cell is empty, the list is empty: the learner is in no group. Without the column, or if the cell is `*`, " +
			"the value is null: groups are not managed. Two spellings of a name that differ only in letter case or invisible characters are an error |\n" +
			"| `license_types` | `license types`, `licenses` | names, in the format of groups; null if empty |\n" +
			"| `license_pool` | `license pool`, `pool` | null if empty |\n" +
			"| `active` | `active`, `status` | `true`, `yes`, `1`, `active` or `invited`, or `false`, `no`, `0`, `deactivated` or `inactive`; `true` if empty |\n" +
			"| `udemy_id` | `udemy id`, `id` | null if empty |\n\n" +
			"An apostrophe before a value that a spreadsheet would evaluate as a formula is not part of the value: `'=x` is `=x`. Such values begin with " +
			"`=`, `+`, `-` or `@`, or their full-width forms. A value that begins with a typographic quotation mark is an error unless an apostrophe precedes it.\n\n" +
			"Udemy's columns `group admin for` and `LMS user ID` are ignored, and so are other columns whose name contains license or course, which newer " +
			"files for the upload have. Any other column is an error.",
		Parameters: []function.Parameter{csvParameter},
		Return:     function.MapReturn{ElementType: valueType},
	}
}

func (rosterFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	learners, err := parse(text)
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
