// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

const importForms = "Import a membership by group_id/user_id (3a1f6c1e-7f43-4f0a-9d5e-0d8f6f1c2b3a/8f14e45f). A slash or percent sign within one of the " +
	"IDs is written as %2F or %25."

// ImportState checks that the membership exists, so that the error of a wrong ID has the correct form.
func (r *membershipResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	importID := req.ID
	if importID == "" {
		var id identity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &id)...)
		importID = joinIDs(id.GroupID.ValueString(), id.UserID.ValueString())
	}
	groupID, userID, err := splitIDs(importID)
	if err != nil {
		resp.Diagnostics.AddError(fmt.Sprintf("Malformed import ID %q", importID), importForms)
	}
	if !r.Usable(&resp.Diagnostics) {
		return
	}

	state := newModel(groupID, userID)
	member, err := r.Directory.IsMember(ctx, groupID, userID)
	if err != nil && !errors.Is(err, udemy.ErrNotOffered) || err == nil && !member {
		r.checkIDs(ctx, state, &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	if err != nil {
		addMembershipError(&resp.Diagnostics, "import", state, err, importForms)
		return
	}
	if !member {
		resp.Diagnostics.AddError(fmt.Sprintf("Learner %s is not in group %s", userID, groupID),
			"The membership does not exist, so it can't be imported. "+importForms)
		return
	}
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
}
