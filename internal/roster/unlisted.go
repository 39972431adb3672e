// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
)

// unlistedKey is the key in private state that has the IDs of the learners whom the refresh has found in no resource. An apply is a
// new process, in which resources without a change are not planned. Without the list, it would deactivate their learners.
const unlistedKey = "unlisted"

// saveUnlisted records the learners who may be deactivated because no roster lists them. Resources that are planned before the refresh
// are known.
func (r *rosterResource) saveUnlisted(ctx context.Context, private providerdata.PrivateState, state rosterModel, ids map[string]string, at *organization, diags *diag.Diagnostics) {
	var unlisted []string
	if state.Unlisted.ValueString() == unlistedDeactivate {
		listed := make(map[string]bool, len(ids))
		for _, id := range ids {
			listed[id] = true
		}
		for id, user := range at.users {
			if !listed[id] && canBeUnlisted(user) && !r.Ledger.Users.IsElsewhere(id, nil) {
				unlisted = append(unlisted, id)
			}
		}
		slices.Sort(unlisted)
	}
	setUnlisted(ctx, private, unlisted, diags)
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

// guardUnlisted adds an error if the refresh has found a learner in no resource, and another resource has the learner after all: the
// roster was refreshed before that resource, or without a refresh by this run. The apply would deactivate the learner.
func (p *planner) guardUnlisted() {
	users := &p.Ledger.Users
	var emails []string
	for id := range p.unlisted {
		if users.IsElsewhere(id, p.owner) && !users.Applied(id) {
			emails = append(emails, p.at.users[id].Email)
		}
	}
	if p.plan.Unlisted.ValueString() != unlistedDeactivate || len(emails) == 0 {
		return
	}
	slices.Sort(emails)
	p.diags.AddAttributeError(path.Root(attributeUnlisted), fmt.Sprintf("The roster would deactivate %s of other resources", plural.Count(len(emails), "learner")),
		fmt.Sprintf("Other resources have the learners, but had not been read when the roster was refreshed: %s. Nothing was changed. "+
			"Add depends_on with all other rosters and udemy_user resources to the roster, and plan with a refresh.", enumerate(emails)))
}
