// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// ImportState implements resource.ResourceWithImportState. It reads the learner at once, so that a wrong key is
// told apart from a malformed one; the groups found are kept in state, and managed only if they are configured.
func (r *userResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var key userKey
	if req.ID == "" {
		var id identity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &id)...)
		key = userKey{attribute: "id", value: id.ID.ValueString()}
	} else {
		key = parseUserKey(req.ID)
	}
	if !key.isWellFormed() {
		resp.Diagnostics.AddError(fmt.Sprintf("Malformed import id %q", cmp.Or(req.ID, key.value)), importForms)
	}
	if !r.Usable(&resp.Diagnostics) {
		return
	}

	user, err := key.lookup(ctx, r.Directory)
	if err == nil {
		user, err = withGroups(ctx, r.Directory, user)
	}
	if err != nil {
		diagnostics.AddError(&resp.Diagnostics, fmt.Sprintf("Unable to import the learner with %s %q", key.attribute, key.value), importForms, err)
		return
	}
	state := imported(user)
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
	r.Ledger.Users.Import(user.ID)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("true"))...)
	// What an import brings into state counts as configured: removing it from the configuration later clears it.
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, configuredKey(udemy.FieldExternalID), []byte("true"))...)
}

// imported is what state knows of a learner who has just come under Terraform.
func imported(user udemy.User) model {
	return model{
		ExternalID: types.StringUnknown(), GroupIDs: stringSet(user.GroupIDs), LicenseTypes: stringSet(nil),
		OnDestroy: types.StringValue(onDestroyDeactivate),
	}.read(user)
}
