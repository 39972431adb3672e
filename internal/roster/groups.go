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

// groupColumns lists the columns of a file of groups.
var groupColumns = []column[udemy.Group]{
	{
		name: "name", others: []string{"group", "groupname", "groups"}, required: true,
		unique: func(g udemy.Group) string { return nameKey(g.Name) },
		read: func(g *udemy.Group, cell string) error {
			g.Name = unguard(cell)
			return nil
		},
		write: func(g udemy.Group) string { return guard(g.Name) },
	},
	{
		name: "udemy_id", others: []string{"id"},
		unique: func(g udemy.Group) string { return g.ID },
		read: func(g *udemy.Group, cell string) error {
			g.ID = unguard(cell)
			return nil
		},
		write: func(g udemy.Group) string { return guard(g.ID) },
	},
}

// parseGroups parses a file of groups, as parse does a roster.
func parseGroups(text string) ([]udemy.Group, error) {
	return parseRows(text, format[udemy.Group]{
		name: "file of groups", columns: groupColumns, ignored: func(string, bool) bool { return false },
	})
}

type groupsFunction struct{}

// NewGroupsFunction returns the provider function groups.
func NewGroupsFunction() function.Function {
	return groupsFunction{}
}

func (groupsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "groups"
}

// groupType is the type of a group in the result.
var groupType = types.ObjectType{AttrTypes: map[string]attr.Type{"name": types.StringType, "udemy_id": types.StringType}}

func (groupsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Reads groups from a CSV file",
		MarkdownDescription: "Reads groups from the text of a CSV file, such as the file `groups.csv` of an export, and validates them. A mistake fails the plan " +
			"with its line and column. Returns a map of objects for `for_each`. The keys are the names.\n\n" +
			"The column `name` is required, and names that differ only in letter case are an error. The column `udemy_id` (or `id`) is null if empty or missing. " +
			"Separators, column names, apostrophes before formulas, and what OpenTofu before 1.10 needs are as in [`roster`](roster.md).",
		Parameters: []function.Parameter{csvParameter},
		Return:     function.MapReturn{ElementType: groupType},
	}
}

func (groupsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	groups, err := parseGroups(text)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	values := make(map[string]attr.Value, len(groups))
	for _, g := range groups {
		values[g.Name] = types.ObjectValueMust(groupType.AttrTypes, map[string]attr.Value{"name": types.StringValue(g.Name), "udemy_id": textOrNull(g.ID)})
	}
	resp.Error = resp.Result.Set(ctx, types.MapValueMust(groupType, values))
}
