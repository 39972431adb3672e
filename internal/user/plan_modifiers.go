// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"

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

// The keys under which private state remembers what was configured at the last apply.
const (
	externalIDConfigured = "external_id_configured"
	groupIDsConfigured   = "group_ids_configured"
)

// rememberConfigured notes which of the attributes that may be left out were configured. Only so can a later
// plan tell "removed from the configuration" from "never mentioned, but there when the learner was taken over".
func rememberConfigured(ctx context.Context, config model, private providerdata.PrivateState) diag.Diagnostics {
	var diags diag.Diagnostics
	for key, configured := range map[string]bool{
		externalIDConfigured: !config.ExternalID.IsNull(),
		groupIDsConfigured:   !config.GroupIDs.IsNull(),
	} {
		value := []byte("false")
		if configured {
			value = []byte("true")
		}
		diags.Append(private.SetKey(ctx, key, value)...)
	}
	return diags
}

func wasConfigured(ctx context.Context, private providerdata.PrivateState, key string, diags *diag.Diagnostics) bool {
	value, keyDiags := private.GetKey(ctx, key)
	diags.Append(keyDiags...)
	return string(value) == "true"
}

// clearIfRemoved plans an external id that was taken out of the configuration as null, and leaves alone
// one that the configuration never held.
type clearIfRemoved struct{}

// Description implements planmodifier.String.
func (clearIfRemoved) Description(context.Context) string {
	return "cleared when removed from the configuration, left alone when never configured"
}

// MarkdownDescription implements planmodifier.String.
func (m clearIfRemoved) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

// PlanModifyString implements planmodifier.String.
func (clearIfRemoved) PlanModifyString(ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	switch {
	case !req.ConfigValue.IsNull():
	case req.State.Raw.IsNull(): // A learner who is adopted may bring an external id along.
	case wasConfigured(ctx, req.Private, externalIDConfigured, &resp.Diagnostics):
		resp.PlanValue = types.StringNull()
	default:
		resp.PlanValue = req.StateValue
	}
}

// releaseIfRemoved plans null, which stands for "not managed", for groups that were taken out of the
// configuration, and keeps what an import found.
type releaseIfRemoved struct{}

// Description implements planmodifier.Set.
func (releaseIfRemoved) Description(context.Context) string {
	return "no longer managed when removed from the configuration"
}

// MarkdownDescription implements planmodifier.Set.
func (m releaseIfRemoved) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

// PlanModifySet implements planmodifier.Set.
func (releaseIfRemoved) PlanModifySet(ctx context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	switch {
	case !req.ConfigValue.IsNull():
	case req.State.Raw.IsNull(), wasConfigured(ctx, req.Private, groupIDsConfigured, &resp.Diagnostics):
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
