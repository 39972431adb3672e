// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

type jsonFunction struct{}

// NewJSONFunction returns the provider function roster_json.
func NewJSONFunction() function.Function {
	return jsonFunction{}
}

func (jsonFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "roster_json"
}

func (jsonFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Reads learners from a CSV file, as JSON for udemy_roster",
		MarkdownDescription: "Reads learners from the text of a CSV file and validates them, as [`roster`](roster.md) does. Returns the text of a JSON object for " +
			"the attribute `learners` of `udemy_roster`. The keys are sorted, and attributes that are null are left out, so equal lists give equal texts. " +
			"Terraform converts the objects of `roster` one by one, which takes most of the time of a plan with thousands of learners. A text needs no " +
			"conversion.\n\n" + rosterDescription,
		Parameters:        []function.Parameter{csvParameter},
		VariadicParameter: optionsParameter,
		Return:            function.StringReturn{},
	}
}

func (jsonFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	learners, o, known, err := readArguments(ctx, req)
	switch {
	case err != nil:
		resp.Error = err
		return
	case !known:
		resp.Error = resp.Result.Set(ctx, types.StringUnknown())
		return
	}
	records := make(map[string]map[string]any, len(learners))
	for _, l := range learners {
		records[o.keyOf(l)] = record(l)
	}
	text, failed := json.Marshal(records)
	if failed != nil {
		resp.Error = function.NewFuncError(failed.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, string(text))
}

// record returns the attributes of a learner that are not null.
func record(l Learner) map[string]any {
	attributes := map[string]any{"active": l.Active}
	if l.Groups != nil {
		attributes["groups"] = l.Groups
	}
	if l.ID != "" {
		attributes["udemy_id"] = l.ID
	}
	for _, field := range udemy.Profile {
		switch {
		case field.IsEmpty(l.User):
		case field.List != nil:
			attributes[field.Name] = *field.List(&l.User)
		default:
			attributes[field.Name] = *field.Text(&l.User)
		}
	}
	return attributes
}
