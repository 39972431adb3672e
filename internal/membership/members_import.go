// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

const membersImportForms = "Import the members of a group by its ID (3a1f6c1e-7f43-4f0a-9d5e-0d8f6f1c2b3a) or by its name (name:Engineering)."

// ImportState sets only the group ID. The read that follows adds the members, with their e-mail addresses as labels.
func (r *membersResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	groupID := req.ID
	if req.ID == "" {
		var id membersIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &id)...)
		groupID = id.GroupID.ValueString()
	}
	name, byName := strings.CutPrefix(groupID, "name:")
	groupID = strings.TrimPrefix(groupID, "id:")
	if byName && name == "" || !byName && !udemy.IsID(groupID) {
		resp.Diagnostics.AddError(fmt.Sprintf("Malformed import ID %q", groupID), membersImportForms)
	}
	if !r.Usable(&resp.Diagnostics) {
		return
	}

	var group udemy.Group
	var err error
	if byName {
		group, err = r.Directory.GroupByName(ctx, name)
	} else {
		group, err = r.Directory.Group(ctx, groupID)
	}
	if err != nil {
		hint := membersImportForms
		if !byName {
			hint = r.DescribeGroupName(ctx, groupID, err) + hint
		}
		diagnostics.AddError(&resp.Diagnostics, fmt.Sprintf("Unable to import the members of group %q", groupID), hint, err)
		return
	}
	state := membersModel{GroupID: types.StringValue(group.ID)}.with(nil)
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
}
