// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package group

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/logging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// ModifyPlan implements resource.ResourceWithModifyPlan. It changes nothing in the plan, but says before anything is done
// what creating will really do.
func (r *groupResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.Data == nil {
		return
	}
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || plan.Name.IsUnknown() {
		return
	}
	isNew := req.State.Raw.IsNull()
	r.Claim(ctx, path.Root("name"), "group", plan.Name.ValueString(), isNew, resp.Private, &resp.Diagnostics)
	if isNew && r.Ready() && !resp.Diagnostics.HasError() {
		r.announceAdoption(ctx, plan.Name.ValueString(), &resp.Diagnostics)
	}
}

// announceAdoption tells a plan that creates a group from one that takes one over. Where the API can't tell, the plan
// says nothing: the apply finds out.
func (r *groupResource) announceAdoption(ctx context.Context, name string, diags *diag.Diagnostics) {
	existing, err := r.Directory.ExistingGroup(ctx, name)
	switch {
	case err != nil:
		logging.Group.Trace(ctx, "No existing group was found for a plan", map[string]any{"error": err.Error()})
	case !r.AdoptExisting:
		addExists(diags, existing)
	default:
		diags.AddWarning(fmt.Sprintf("Group %q exists already and will be adopted", name),
			fmt.Sprintf("The organization has a group with this name: id %s. Instead of making one, applying takes it over, and leaves its members "+
				"as they are.\n\nIf the same plan destroys the group at another address of the configuration, write a moved block instead: otherwise "+
				"the group may be lost.", existing.ID))
	}
}

// addExists says that a group would have to be taken over, and must not be.
func addExists(diags *diag.Diagnostics, existing udemy.Group) {
	diags.AddAttributeError(path.Root("name"), fmt.Sprintf("Group %q exists already", existing.Name),
		fmt.Sprintf("The organization has a group with this name: id %s. adopt_existing is false, so nothing is changed.\n\n%s",
			existing.ID, diagnostics.ImportHint("udemy_group", existing.ID)))
}
