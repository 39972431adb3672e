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

// ImportState reads the learner itself, because an import by e-mail address or external ID needs the ID. State gets the
// groups of the learner, which are managed only if they are configured.
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
		resp.Diagnostics.AddError(fmt.Sprintf("Malformed import ID %q", cmp.Or(req.ID, key.value)), importForms)
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
	// The imported external ID counts as configured: removing it from the configuration later clears it.
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, configuredKey(udemy.FieldExternalID), []byte("true"))...)
}

// imported returns the state of a learner after an import.
func imported(user udemy.User) model {
	return model{
		ExternalID: types.StringUnknown(), GroupIDs: stringSet(user.GroupIDs), LicenseTypes: stringSet(nil),
		OnDestroy: types.StringValue(onDestroyDeactivate),
	}.read(user)
}
