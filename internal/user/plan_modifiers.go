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
	_ planmodifier.Set    = unmanageIfRemoved{}
	_ planmodifier.String = statusFollowsActive{}
)

// configuredKey is the key in private state under which rememberConfigured stores whether an attribute was configured.
func configuredKey(attribute string) string {
	return attribute + "_configured"
}

// rememberConfigured stores which attributes were configured at the last apply. A later plan needs it to distinguish an
// attribute that was removed from the configuration from one that the adopted learner had and that was never configured.
func rememberConfigured(ctx context.Context, config model, private providerdata.PrivateState) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, a := range attributes {
		if a.removed != keepValue {
			diags.Append(private.SetKey(ctx, configuredKey(a.field.Name), []byte(strconv.FormatBool(!a.isNull(config))))...)
		}
	}
	return diags
}

// importedKey is the key in private state that an import sets and the refresh of the next run removes. The ledger can't
// record the import, because the apply of a run is a different process than its plan.
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

func (clearIfRemoved) Description(context.Context) string {
	return "cleared if removed from the configuration, unchanged if never configured"
}

func (m clearIfRemoved) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

func (m clearIfRemoved) PlanModifyString(ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	switch {
	case !req.ConfigValue.IsNull():
	case req.State.Raw.IsNull(), wasConfigured(ctx, req.Private, m.attribute, &resp.Diagnostics):
		resp.PlanValue = types.StringNull()
	default:
		resp.PlanValue = req.StateValue
	}
}

// unmanageIfRemoved plans null, which means "not managed", for a value that was removed from the configuration, and keeps
// an imported value.
type unmanageIfRemoved struct{ attribute string }

func (unmanageIfRemoved) Description(context.Context) string {
	return "no longer managed if removed from the configuration"
}

func (m unmanageIfRemoved) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

func (m unmanageIfRemoved) PlanModifySet(ctx context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	switch {
	case !req.ConfigValue.IsNull():
	case req.State.Raw.IsNull(), wasConfigured(ctx, req.Private, m.attribute, &resp.Diagnostics):
		resp.PlanValue = types.SetNull(types.StringType)
	default:
		resp.PlanValue = req.StateValue
	}
}

// statusFollowsActive plans the status in state unless the plan changes active.
type statusFollowsActive struct{}

func (statusFollowsActive) Description(context.Context) string {
	return "changes only if active changes"
}

func (m statusFollowsActive) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

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
