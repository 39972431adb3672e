// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
)

// Create adds all learners. If some of them fail, the failures are warnings and in failed: an error would taint the roster, and
// Terraform would replace it. The next apply repeats the lines.
func (r *rosterResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan rosterModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	before, after, err := documentsIn(rosterModel{}, plan)
	if err != nil {
		addMalformed(&resp.Diagnostics, err)
		return
	}
	e, err := r.start(ctx, plan, before, after, nil, nil, nil)
	if err != nil {
		diagnostics.AddErrorAt(&resp.Diagnostics, atLearners, "Unable to create the roster", "Nothing was changed.", err)
		return
	}
	e.run(ctx)
	err = e.err()
	if err != nil && !e.hasSucceeded() {
		diagnostics.AddErrorAt(&resp.Diagnostics, atLearners, "Unable to create the roster", "No line succeeded, so the roster is not in state.", err)
		return
	}
	if err != nil {
		diagnostics.AddWarningAt(&resp.Diagnostics, atLearners, fmt.Sprintf("%d of %d lines of the roster could not be completed", len(e.failures), len(after.lines)),
			"All other lines are complete, and the learners who were created are in state. The attribute failed lists the failures, which are "+
				"warnings so that Terraform does not replace the roster. Apply again to repeat these lines.", err)
	}
	plan.ID = types.StringValue(r.Organization)
	e.save(&plan, after, e.reasons())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Update makes the changes between two documents. After failures, state has what Udemy has.
func (r *rosterResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state rosterModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	before, after, err := documentsIn(state, plan)
	if err != nil {
		addMalformed(&resp.Diagnostics, err)
		return
	}
	unlisted := unlistedIn(ctx, req.Private, &resp.Diagnostics)
	setUnlisted(ctx, resp.Private, nil, &resp.Diagnostics)                       // The next refresh lists them again.
	if plan.LastChange.Equal(state.LastChange) && !plan.LastChange.IsUnknown() { // Only settings change.
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	e, err := r.start(ctx, plan, before, after, state.ids(), state.failed(), unlisted)
	if err != nil {
		diagnostics.AddErrorAt(&resp.Diagnostics, atLearners, "Unable to change the roster", "Nothing was changed, and state is as before.", err)
		return
	}
	e.run(ctx)
	if err := e.err(); err != nil {
		diagnostics.AddErrorAt(&resp.Diagnostics, atLearners, fmt.Sprintf("%d of %d changes of the roster failed", len(e.failures), len(e.steps)),
			"All other changes succeeded. State has what Udemy has for each line, so the next apply repeats only what is missing.", err)
		now := e.atUdemy()
		plan.Learners = types.StringValue(now.text())
		e.save(&plan, now, e.reasons())
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	planned := plan.IDs
	e.save(&plan, after, nil)
	if !planned.IsUnknown() {
		plan.IDs = planned // An ID that has changed since the plan is in the next refresh.
	}
	plan.Failed = types.StringValue(noFailures)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Delete applies on_removal to all learners.
func (r *rosterResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state rosterModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || state.OnRemoval.ValueString() == onRemovalKeep {
		return
	}
	if providerdata.ReplacedBy(ctx, req.Private, &resp.Diagnostics) == replacedMark {
		resp.Diagnostics.AddWarning("The learners of the roster keep their accounts and seats",
			"The destroy is half of a replacement, and the new roster has the same learners. Nothing is changed at Udemy.")
		return
	}
	before, err := documentInState(state)
	if err != nil {
		addMalformed(&resp.Diagnostics, err)
		return
	}
	state.Unlisted = types.StringValue(unlistedIgnore)
	e, err := r.start(ctx, state, before, newDocument(nil), state.ids(), nil, nil)
	if err != nil {
		diagnostics.AddError(&resp.Diagnostics, "Unable to destroy the roster", "Nothing was changed, and state is as before.", err)
		return
	}
	e.run(ctx)
	if err := e.err(); err != nil {
		diagnostics.AddError(&resp.Diagnostics, fmt.Sprintf("%d of %d learners of the roster could not be removed", len(e.failures), len(e.steps)),
			"State has the learners who are left.", err)
		now := e.atUdemy()
		state.Learners = types.StringValue(now.text())
		e.save(&state, now, e.reasons())
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}
