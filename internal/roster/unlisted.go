// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
)

// unlistedKey is the key in private state that has the IDs of the learners whom the refresh has found in no resource. An apply is a
// new process, which learns nothing about resources without a change: without the list, it would deactivate their learners.
const unlistedKey = "unlisted"

// saveUnlisted records the learners who may be deactivated because no roster lists them. Resources that are planned before the refresh
// are known.
func (r *rosterResource) saveUnlisted(ctx context.Context, private providerdata.PrivateState, state rosterModel, ids map[string]string, at *organization, diags *diag.Diagnostics) {
	unlisted := map[string]bool{}
	if state.Unlisted.ValueString() == unlistedDeactivate {
		for id, user := range at.users {
			unlisted[id] = canBeUnlisted(user) && !r.Ledger.Users.IsElsewhere(id, nil)
		}
		for _, id := range ids {
			unlisted[id] = false
		}
		maps.DeleteFunc(unlisted, func(_ string, isUnlisted bool) bool { return !isUnlisted })
	}
	setUnlisted(ctx, private, slices.Sorted(maps.Keys(unlisted)), diags)
}

func setUnlisted(ctx context.Context, private providerdata.PrivateState, ids []string, diags *diag.Diagnostics) {
	diags.Append(private.SetKey(ctx, unlistedKey, []byte(encode(ids)))...)
}

// unlistedIn returns the learners whom the refresh has found in no resource.
func unlistedIn(ctx context.Context, private providerdata.PrivateState, diags *diag.Diagnostics) map[string]bool {
	encoded, found := private.GetKey(ctx, unlistedKey)
	diags.Append(found...)
	var ids []string
	if len(encoded) > 0 {
		if err := json.Unmarshal(encoded, &ids); err != nil {
			diags.AddError("Malformed private state", err.Error())
		}
	}
	unlisted := make(map[string]bool, len(ids))
	for _, id := range ids {
		unlisted[id] = true
	}
	return unlisted
}
