// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/ledger"
	"github.com/udemy-iac/terraform-provider-udemy/internal/logging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// ModifyPlan rejects what the API can't do and what contradicts another resource of the same run. If the creation adopts an
// existing learner, the plan has the ID of that learner.
func (r *userResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Data == nil {
		return
	}
	var config, plan, state model
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if r.Ready() && !req.Plan.Raw.IsNull() {
		r.refuseImpossible(config, &resp.Diagnostics)
	}
	if !resp.Diagnostics.HasError() {
		refuseRole(config, state, &resp.Diagnostics)
	}
	switch {
	case resp.Diagnostics.HasError():
	case req.Plan.Raw.IsNull():
		providerdata.MarkDestroyed(ctx, resp.Private, &resp.Diagnostics)
		r.planDestroy(ctx, state, &resp.Diagnostics)
	case req.State.Raw.IsNull():
		r.planCreate(ctx, config, plan, resp)
	default:
		r.planUpdate(ctx, state, plan, req, resp)
	}
}

// refuseImpossible adds an error for each attribute that the API can't set.
func (r *userResource) refuseImpossible(config model, diags *diag.Diagnostics) {
	can := r.Directory.Capabilities()
	refuse := func(attribute, what, instead string) {
		diags.AddAttributeError(path.Root(attribute), fmt.Sprintf("%s is not supported over %s", attribute, can.Name),
			fmt.Sprintf("The provider block uses %s, which can't %s. %s", can.Name, what, instead))
	}
	for _, a := range profile() {
		if !a.isNull(config) && !can.Sets(a.field.Name) {
			refuse(a.field.Name, "set "+a.field.Name, fmt.Sprintf("Leave %s out of the configuration, and set it on Udemy's own pages.", a.field.Name))
		}
	}
	if config.OnDestroy.ValueString() == onDestroyDelete && !can.DeleteUsers {
		refuse(udemy.FieldOnDestroy, "remove learners", `Use on_destroy = "deactivate", which frees the seat and keeps the learning history, or on_destroy = "keep".`)
	}
}

func (r *userResource) planDestroy(ctx context.Context, state model, diags *diag.Diagnostics) {
	if r.Ready() { // Some versions of Terraform plan to destroy before they refresh.
		known := state
		known.GroupIDs = types.SetNull(types.StringType)
		user, err := r.find(ctx, known)
		switch {
		case errors.Is(err, udemy.ErrNotFound):
			return
		case err == nil:
			state = state.read(user)
		}
	}
	r.Ledger.Users.Hold(state.object())
	keeps := state.OnDestroy.ValueString() == onDestroyKeep
	if conflict := r.Ledger.Users.Release(state.object(), keeps); conflict != nil {
		addConflict(diags, conflict)
		return
	}
	if keeps || r.Ledger.Users.Applied(state.ID.ValueString()) || refuseOwner(state.user(), "", diags) {
		return
	}
	if state.Active.ValueBool() {
		r.guardRemoval(ctx, state.user(), diags)
	}
}

func (r *userResource) planUpdate(ctx context.Context, state, plan model, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.Ledger.Users.Hold(state.object())
	providerdata.MarkPlanned(ctx, resp.Private, state.ID.ValueString(), &resp.Diagnostics)
	planned := plan.object()
	planned.ID = state.ID.ValueString()
	if conflict := r.Ledger.Users.Keep(planned); conflict != nil {
		addConflict(&resp.Diagnostics, conflict)
		return
	}
	r.refuseTakenAddress(ctx, state, plan, &resp.Diagnostics)
	r.checkGroups(ctx, plan, state, &resp.Diagnostics)
	r.planGroups(ctx, planned.ID, plan, &resp.Diagnostics)
	r.refuseClearedNames(state.user(), plan, &resp.Diagnostics)
	warnUnmanaged(ctx, req.Private, state, plan, &resp.Diagnostics)
	demoted := isAdmin(state.user()) && plan.Role.ValueString() == string(udemy.RoleLearner)
	deactivated := state.Active.ValueBool() && !plan.Active.IsUnknown() && !plan.Active.ValueBool()
	switch {
	case changesOwner(state.user(), plan) && refuseOwner(state.user(), udemy.FieldRole, &resp.Diagnostics):
	case deactivated && refuseOwner(state.user(), udemy.FieldActive, &resp.Diagnostics):
	case deactivated:
		r.guardRemoval(ctx, state.user(), &resp.Diagnostics)
	case demoted && r.Ready():
		r.guardLastAdmin(ctx, state.user(), &resp.Diagnostics)
	}
}

// changesOwner reports whether a plan changes the role of an owner.
func changesOwner(user udemy.User, plan model) bool {
	return user.Role == udemy.RoleOwner && plan.Role.ValueString() != "" && plan.Role.ValueString() != string(udemy.RoleOwner)
}

// refuseTakenAddress rejects a change to an address that another learner has.
func (r *userResource) refuseTakenAddress(ctx context.Context, state, plan model, diags *diag.Diagnostics) {
	address := plan.Email.ValueString()
	if !r.Ready() || plan.Email.IsUnknown() || udemy.SameEmail(state.Email.ValueString(), address) {
		return
	}
	other, err := r.Directory.ExistingUser(ctx, address)
	if err != nil || other.ID == state.ID.ValueString() {
		r.ReportLookup(diags, plan.label(), err)
		return
	}
	diags.AddAttributeError(path.Root(udemy.FieldEmail), fmt.Sprintf("The e-mail address %q belongs to another learner", address),
		fmt.Sprintf("Learner %q (ID %s) gets the address that learner %q (ID %s, status %s) has at Udemy. A deactivated learner keeps the address, too. If a "+
			"resource manages that learner, change the address there in a first apply; in a swap, one of them needs an interim address. Otherwise change it on "+
			"Udemy's pages, or choose another address.", state.Email.ValueString(), state.ID.ValueString(), other.Email, other.ID, other.Status))
}

// warnUnmanaged warns of an external ID that leaves the state and stays at Udemy, because the same run imports the learner
// and the configuration does not have the external ID.
func warnUnmanaged(ctx context.Context, private providerdata.PrivateState, state, plan model, diags *diag.Diagnostics) {
	if !state.ExternalID.IsNull() && plan.ExternalID.IsNull() && justImported(ctx, private, diags) {
		diags.AddWarning(fmt.Sprintf("The external ID of learner %q is not managed", plan.Email.ValueString()),
			fmt.Sprintf("The learner is imported with the external ID %q, which the configuration does not have. The external ID leaves the state and stays at Udemy. "+
				"To manage it, add external_id to the configuration.", state.ExternalID.ValueString()))
	}
}

// checkGroups rejects IDs that no group has. It skips the groups in state, which exist.
func (r *userResource) checkGroups(ctx context.Context, plan, state model, diags *diag.Diagnostics) {
	known := plainSet(state.GroupIDs)
	for _, element := range plan.GroupIDs.Elements() {
		id, ok := element.(types.String)
		if ok && !id.IsUnknown() && !slices.Contains(known, id.ValueString()) {
			r.CheckGroupID(ctx, diags, path.Root(udemy.FieldGroupIDs), id.ValueString())
		}
	}
}

// planGroups records the exact groups of a learner in the ledger.
func (r *userResource) planGroups(ctx context.Context, id string, plan model, diags *diag.Diagnostics) {
	if plan.GroupIDs.IsNull() || plan.GroupIDs.IsUnknown() || slices.ContainsFunc(plan.GroupIDs.Elements(), attr.Value.IsUnknown) {
		return
	}
	if conflict := r.Ledger.Memberships.OwnGroups(id, plainSet(plan.GroupIDs)); conflict != nil {
		diags.AddAttributeError(path.Root(udemy.FieldGroupIDs),
			fmt.Sprintf("group_ids of learner %q contradicts %s", plan.Email.ValueString(), conflict.Other),
			fmt.Sprintf("%s in the same configuration and group_ids of this learner contradict each other about group %s, so each apply would undo the other. "+
				"Manage the group with only one of them, or make them consistent.", conflict.Other, r.GroupLabel(ctx, conflict.GroupID)))
	}
}

// planCreate looks for an existing learner to adopt. In the second plan of a replacement, that is the learner of the first
// plan.
func (r *userResource) planCreate(ctx context.Context, config, plan model, resp *resource.ModifyPlanResponse) {
	replaced := providerdata.PlannedBefore(ctx, resp.Private, &resp.Diagnostics)
	if plan.Email.IsUnknown() {
		providerdata.MarkCreated(ctx, resp.Private, providerdata.UnknownName, &resp.Diagnostics)
		return
	}
	defer r.PlannedAdoptions.Step()()
	providerdata.MarkCreated(ctx, resp.Private, udemy.EmailKey(plan.Email.ValueString()), &resp.Diagnostics)
	existing := r.existing(ctx, plan, replaced, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	planned := plan.object()
	planned.ID = existing.ID
	if existing.ID != "" && replaced == "" && !udemy.SameEmail(existing.Email, plan.Email.ValueString()) {
		addAlias(&resp.Diagnostics, existing, plan)
		return
	}
	if existing.ID != "" && !udemy.SameEmail(existing.Email, plan.Email.ValueString()) {
		resp.Diagnostics.AddAttributeError(path.Root(udemy.FieldEmail), fmt.Sprintf("Learner %q can't be replaced", plan.Email.ValueString()),
			fmt.Sprintf("The plan replaces the learner with ID %s, who has another e-mail address. A learner's address is changed in place: apply the "+
				"change without -replace, and without replace_triggered_by.", replaced))
		return
	}
	held, own := r.Ledger.Users.Held(existing.ID)
	if conflict := r.Ledger.Users.Create(planned, replaced != ""); conflict != nil {
		addConflict(&resp.Diagnostics, conflict)
		return
	}
	r.refuseOtherAddress(ctx, plan, &resp.Diagnostics)
	r.checkGroups(ctx, plan, model{}, &resp.Diagnostics)
	switch {
	case resp.Diagnostics.HasError():
	case existing.ID == "":
		r.refuseNameless(config, &resp.Diagnostics)
		r.warnCanceledInvitation(plan, &resp.Diagnostics)
	case r.refuseDoubted(existing, plan, &resp.Diagnostics):
	case !r.adopts(plan): // Also a replacement: its apply can't detect that the learner is the replaced one.
		addExists(&resp.Diagnostics, existing)
	case own && plan.ExternalID.IsNull() && held.Value(udemy.FieldExternalID) != "":
		resp.Diagnostics.AddAttributeError(path.Root(udemy.FieldExternalID), fmt.Sprintf("Learner %q can't be replaced", plan.Email.ValueString()),
			"The plan replaces the resource and removes external_id. A replacement does not change the learner, so the external ID would not be cleared. "+
				"Apply the removal without -replace, or after `terraform untaint` with the resource's address.")
	case own:
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("id"), existing.ID)...)
		r.planGroups(ctx, existing.ID, plan, &resp.Diagnostics)
	default:
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("id"), existing.ID)...)
		r.planGroups(ctx, existing.ID, plan, &resp.Diagnostics)
		if r.refuseClearedNames(existing, plan, &resp.Diagnostics) ||
			changesOwner(existing, plan) && refuseOwner(existing, udemy.FieldRole, &resp.Diagnostics) {
			return
		}
		r.warnAdoption(ctx, existing, plan, &resp.Diagnostics)
	}
}

// existing returns the learner that the creation adopts: the replaced learner, or the learner with the address. The result
// is empty if the learner does not exist or the API does not return it. In the latter case, apply gets the conflict.
func (r *userResource) existing(ctx context.Context, plan model, replaced string, diags *diag.Diagnostics) udemy.User {
	if !r.Ready() {
		return udemy.User{}
	}
	var existing udemy.User
	var err error
	if replaced != "" {
		existing, err = r.Directory.User(ctx, replaced)
	} else {
		existing, err = r.Directory.ExistingUser(ctx, plan.Email.ValueString())
	}
	if err != nil {
		logging.User.Trace(ctx, "No existing learner was found for a plan", map[string]any{"error": err.Error()})
		r.ReportLookup(diags, plan.label(), err)
		return udemy.User{}
	}
	return existing
}

// refuseOtherAddress rejects a new learner with the external ID of an existing learner, who is the same person with another
// address.
func (r *userResource) refuseOtherAddress(ctx context.Context, plan model, diags *diag.Diagnostics) {
	externalID := plan.ExternalID.ValueString()
	if externalID == "" || !r.Ready() {
		return
	}
	known, err := r.Directory.ExistingUserByExternalID(ctx, externalID)
	if err != nil {
		r.ReportLookup(diags, plan.label(), err)
		return
	}
	if !udemy.SameEmail(known.Email, plan.Email.ValueString()) {
		addConflict(diags, &ledger.Conflict{
			Reason: ledger.Moved, Key: ledger.Key{Attribute: udemy.FieldExternalID, Value: externalID},
			Holder: ledger.Object{ID: known.ID, Name: known.Email}, Taker: plan.object(),
		})
	}
}

// warnCanceledInvitation warns of an invitation that is sent only to be canceled.
func (r *userResource) warnCanceledInvitation(plan model, diags *diag.Diagnostics) {
	if !r.Ready() || plan.Active.IsUnknown() || plan.Active.ValueBool() || !r.Directory.Capabilities().Invitations {
		return
	}
	diags.AddAttributeWarning(path.Root(udemy.FieldActive), fmt.Sprintf("Learner %q would be invited and deactivated at once", plan.Email.ValueString()),
		"The organization has no learner with this e-mail address. The user-management API can create a learner only with an invitation, so Udemy sends an "+
			"e-mail before the invitation is canceled. Remove the learner from the configuration until active is true.")
}

// label returns the learner for a message.
func (m model) label() string {
	return fmt.Sprintf("learner %q", m.Email.ValueString())
}

// object returns the learner for the ledger, without unknown values.
func (m model) object() ledger.Object {
	object := ledger.Object{ID: m.ID.ValueString(), Name: m.Email.ValueString()}
	if email := m.Email.ValueString(); email != "" {
		object.Keys = append(object.Keys, ledger.Key{Attribute: udemy.FieldEmail, Value: udemy.EmailKey(email)})
	}
	if externalID := m.ExternalID.ValueString(); externalID != "" {
		object.Keys = append(object.Keys, ledger.Key{Attribute: udemy.FieldExternalID, Value: externalID})
	}
	return object
}
