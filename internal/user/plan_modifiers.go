// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
)

var (
	_ planmodifier.String = clearIfRemoved{}
	_ planmodifier.Set    = releaseIfRemoved{}
	_ planmodifier.String = statusFollowsActive{}
)

// configuredKey is the key in private state under which rememberConfigured stores whether an attribute was configured.
func configuredKey(attribute string) string {
	return attribute + "_configured"
}

// rememberConfigured stores which attributes were configured at the last apply. Only with it can a later plan tell
// "removed from the configuration" from "never configured, but present when the learner was adopted".
func rememberConfigured(ctx context.Context, config model, private providerdata.PrivateState) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, a := range attributes {
		if a.removed != keepValue {
			diags.Append(private.SetKey(ctx, configuredKey(a.field.Name), []byte(strconv.FormatBool(!a.isNull(config))))...)
		}
	}
	return diags
}

// importedKey is the key in private state that an import sets and the next run's refresh removes. The apply of a run is
// another process than its plan, so the ledger can't tell it.
const importedKey = "imported"

// justImported reports whether the same run has imported the learner.
func justImported(ctx context.Context, private providerdata.PrivateState, diags *diag.Diagnostics) bool {
	value, keyDiags := private.GetKey(ctx, importedKey)
	diags.Append(keyDiags...)
	return string(value) == "true"
}

func wasConfigured(ctx context.Context, private providerdata.PrivateState, attribute string, diags *diag.Diagnostics) bool {
	value, keyDiags := private.GetKey(ctx, configuredKey(attribute))
	diags.Append(keyDiags...)
	return string(value) == "true"
}

// clearIfRemoved plans null for a value that was removed from the configuration, and keeps a value that was never
// configured.
type clearIfRemoved struct{ attribute string }

// Description implements planmodifier.String.
func (clearIfRemoved) Description(context.Context) string {
	return "cleared when removed from the configuration, left alone when never configured"
}

// MarkdownDescription implements planmodifier.String.
func (m clearIfRemoved) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

// PlanModifyString implements planmodifier.String.
func (m clearIfRemoved) PlanModifyString(ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	switch {
	case !req.ConfigValue.IsNull():
	case req.State.Raw.IsNull(), wasConfigured(ctx, req.Private, m.attribute, &resp.Diagnostics):
		resp.PlanValue = types.StringNull()
	default:
		resp.PlanValue = req.StateValue
	}
}

// releaseIfRemoved plans null, which means "not managed", for a value that was removed from the configuration, and keeps
// what an import found.
type releaseIfRemoved struct{ attribute string }

// Description implements planmodifier.Set.
func (releaseIfRemoved) Description(context.Context) string {
	return "no longer managed when removed from the configuration"
}

// MarkdownDescription implements planmodifier.Set.
func (m releaseIfRemoved) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

// PlanModifySet implements planmodifier.Set.
func (m releaseIfRemoved) PlanModifySet(ctx context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	switch {
	case !req.ConfigValue.IsNull():
	case req.State.Raw.IsNull(), wasConfigured(ctx, req.Private, m.attribute, &resp.Diagnostics):
		resp.PlanValue = types.SetNull(types.StringType)
	default:
		resp.PlanValue = req.StateValue
	}
}

// statusFollowsActive keeps the status known in a plan unless the plan moves it.
type statusFollowsActive struct{}

// Description implements planmodifier.String.
func (statusFollowsActive) Description(context.Context) string {
	return "changes only together with active"
}

// MarkdownDescription implements planmodifier.String.
func (m statusFollowsActive) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

// PlanModifyString implements planmodifier.String.
func (statusFollowsActive) PlanModifyString(ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.State.Raw.IsNull() || req.StateValue.IsNull() {
		return
	}
	var planned, known types.Bool
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("active"), &planned)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("active"), &known)...)
	if planned.Equal(known) {
		resp.PlanValue = req.StateValue
	}
}
