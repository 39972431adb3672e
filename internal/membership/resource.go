// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package membership implements the resources udemy_group_membership and udemy_group_members and their list resources.
package membership

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/ledger"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

var (
	_ resource.ResourceWithConfigure   = (*membershipResource)(nil)
	_ resource.ResourceWithIdentity    = (*membershipResource)(nil)
	_ resource.ResourceWithImportState = (*membershipResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*membershipResource)(nil)
)

type membershipResource struct {
	providerdata.Resource
}

// NewResource returns the udemy_group_membership resource.
func NewResource() resource.Resource {
	return &membershipResource{}
}

func (r *membershipResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group_membership"
	// Otherwise a deferred plan has null for attributes that Udemy's response determines.
	resp.ResourceBehavior.ProviderDeferred.EnablePlanModification = true
}

// ModifyPlan rejects a membership that contradicts another resource of the same run.
func (r *membershipResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Data == nil || req.Plan.Raw.IsNull() {
		return
	}
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !resp.Diagnostics.HasError() && req.State.Raw.IsNull() {
		r.checkIDs(ctx, plan, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() || plan.GroupID.IsUnknown() || plan.UserID.IsUnknown() || len(resp.RequiresReplace) > 0 {
		return // A replacement is planned a second time, as a new membership.
	}
	before := providerdata.PlannedBefore(ctx, resp.Private, &resp.Diagnostics)
	planned := newModel(plan.GroupID.ValueString(), plan.UserID.ValueString()).ID.ValueString()
	if req.State.Raw.IsNull() && before == planned {
		return // The first plan of the replacement has recorded the membership.
	}
	providerdata.MarkPlanned(ctx, resp.Private, planned, &resp.Diagnostics)
	if conflict := r.Ledger.Memberships.OwnMembership(plan.GroupID.ValueString(), plan.UserID.ValueString()); conflict != nil {
		addMemberConflict(ctx, r.Data, &resp.Diagnostics, path.Root(udemy.FieldUserID), conflict)
	}
}

// checkIDs rejects names and addresses in place of IDs.
func (r *membershipResource) checkIDs(ctx context.Context, plan model, diags *diag.Diagnostics) {
	if !plan.GroupID.IsUnknown() {
		r.CheckGroupID(ctx, diags, path.Root(udemy.FieldGroupID), plan.GroupID.ValueString())
	}
	if !plan.UserID.IsUnknown() {
		r.CheckUserID(ctx, diags, path.Root(udemy.FieldUserID), plan.UserID.ValueString())
	}
}

// addMemberConflict adds the error for a membership that another resource of the run contradicts.
func addMemberConflict(ctx context.Context, data *providerdata.Data, diags *diag.Diagnostics, at path.Path, conflict *ledger.MemberConflict) {
	group := data.GroupLabel(ctx, conflict.GroupID)
	learner := fmt.Sprintf("%q", conflict.Newcomer)
	if conflict.UserID != "" {
		learner = data.UserLabel(ctx, conflict.UserID)
	}
	if conflict.UserID == "" && conflict.Newcomer == "" {
		diags.AddAttributeError(at, fmt.Sprintf("Two udemy_group_members for group %s", group),
			"Each of them owns all members of the group, so each apply would undo the other. Put all members into one of them.")
		return
	}
	diags.AddAttributeError(at, fmt.Sprintf("The membership of learner %s in group %s contradicts %s", learner, group, conflict.Other),
		fmt.Sprintf("%s in the same configuration also has this membership, or excludes it, so each apply would undo the other. Manage the group with only "+
			"one of them.", conflict.Other))
}

// Create succeeds if the learner is in the group already.
func (r *membershipResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Ledger.Memberships.Give(plan.GroupID.ValueString(), plan.UserID.ValueString())
	if err := r.Directory.AddMembers(ctx, plan.GroupID.ValueString(), plan.UserID.ValueString()); err != nil {
		addMembershipError(&resp.Diagnostics, "add", plan, err, "Check that both the group and the learner exist.")
		return
	}
	r.MarkUnlisted(ctx, resp.Private, &resp.Diagnostics)
	state := newModel(plan.GroupID.ValueString(), plan.UserID.ValueString())
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
}

func (r *membershipResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
	if !r.Ready() {
		r.WarnNotReady(&resp.Diagnostics)
		return
	}

	member, err := r.Directory.IsMember(ctx, state.GroupID.ValueString(), state.UserID.ValueString())
	switch {
	case errors.Is(err, udemy.ErrNotFound), err == nil && !member:
		resp.State.RemoveResource(ctx)
	case errors.Is(err, udemy.ErrNotOffered):
		r.ReportUnread(ctx, req.Private, &resp.Diagnostics, err)
	case err != nil:
		addMembershipError(&resp.Diagnostics, "read", state, err, "State is unchanged.")
	}
}

// Update is never called, because a change of either ID replaces the membership.
func (r *membershipResource) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {
}

// Delete succeeds if the learner has left the group.
func (r *membershipResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	allowed, done := r.Ledger.Memberships.Take(state.GroupID.ValueString(), state.UserID.ValueString())
	defer done()
	if len(allowed) == 0 { // Another resource of this run has added the learner.
		return
	}
	err := r.Directory.RemoveMembers(ctx, state.GroupID.ValueString(), state.UserID.ValueString())
	if err = udemy.IgnoreNotFound(err); err != nil {
		addMembershipError(&resp.Diagnostics, "remove", state, err, "The membership stays in state.")
	}
}

// addMembershipError adds an error for a failed step.
func addMembershipError(diags *diag.Diagnostics, verb string, m model, err error, outcome string) {
	diagnostics.AddError(diags, fmt.Sprintf("Unable to %s the membership of learner %s in group %s", verb, m.UserID.ValueString(), m.GroupID.ValueString()),
		outcome, err, udemy.FieldUserID, udemy.FieldGroupID)
}
