// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package user is the udemy_user resource and data source.
package user

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/logging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/grace"
)

var (
	_ resource.ResourceWithConfigure   = (*userResource)(nil)
	_ resource.ResourceWithIdentity    = (*userResource)(nil)
	_ resource.ResourceWithImportState = (*userResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*userResource)(nil)
)

type userResource struct {
	providerdata.Resource
}

// NewResource returns the udemy_user resource.
func NewResource() resource.Resource {
	return &userResource{}
}

// Metadata implements resource.Resource.
func (r *userResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user"
	// Without it, a deferred plan holds null where Udemy's answer is not known yet.
	resp.ResourceBehavior.ProviderDeferred.EnablePlanModification = true
	// An invitation that lapses and is sent anew may come with another id, for the same learner.
	resp.ResourceBehavior.MutableIdentity = true
}

// Create implements resource.Resource.
func (r *userResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}

	user, err := r.Directory.CreateUser(ctx, plan.newUser())
	ctx, cancel := grace.Context(ctx) // Who was created half would be replaced by the next run.
	defer cancel()
	var conflict *udemy.Error
	switch {
	case err == nil:
		r.finishNew(ctx, user, plan, resp)
	case errors.As(err, &conflict) && errors.Is(conflict, udemy.ErrConflict):
		r.takeOver(ctx, conflict, plan, resp)
	default:
		addUserError(&resp.Diagnostics, "create", plan, err, "")
	}
	resp.Diagnostics.Append(rememberConfigured(ctx, config, resp.Private)...)
}

// finishNew stores a learner who was just created, and adds what the creation could not do.
func (r *userResource) finishNew(ctx context.Context, user udemy.User, plan model, resp *resource.CreateResponse) {
	created := plan.read(user)
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, created)

	work := reconciliation{directory: r.Directory, plan: plan, user: user}
	if err := work.run(ctx); err != nil {
		unfinished := plan.read(work.user)
		providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, unfinished)
		addUserError(&resp.Diagnostics, "finish creating", plan, err,
			fmt.Sprintf("The learner was created with id %s and is in state. Terraform plans to replace a resource whose creation did not "+
				"finish; `terraform untaint` with its address makes that an update.", user.ID))
		return
	}
	r.finish(ctx, work.user, plan, resp)
}

// takeOver adopts the learner who has the e-mail address already.
func (r *userResource) takeOver(ctx context.Context, conflict *udemy.Error, plan model, resp *resource.CreateResponse) {
	existing, err := r.inTheWay(ctx, conflict, plan)
	if err != nil {
		addUserError(&resp.Diagnostics, "take over", plan, err, inTheWayIs(conflict, err))
		return
	}
	if !udemy.SameEmail(existing.Email, plan.Email.ValueString()) {
		addUserError(&resp.Diagnostics, "create", plan, conflict,
			fmt.Sprintf("In the way is learner %q, id %s. Only a learner with the very e-mail address is taken over, so nothing was changed.",
				existing.Email, existing.ID))
		return
	}
	ours := conflict.Resent && couldBeNew(existing, plan)
	if !ours && !r.adopts(plan) {
		addExists(&resp.Diagnostics, existing)
		return
	}

	// Until the takeover is complete, state says "keep": Terraform replaces a resource whose creation failed,
	// and someone who was here before must not lose the seat to that.
	guarded := plan
	guarded.OnDestroy = types.StringValue(onDestroyKeep)
	adopted := guarded.read(existing)
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, adopted)

	work := reconciliation{directory: r.Directory, plan: plan, user: existing}
	if err := work.run(ctx); err != nil {
		unfinished := guarded.read(work.user)
		providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, unfinished)
		addUserError(&resp.Diagnostics, "finish taking over", plan, err,
			fmt.Sprintf("The learner existed already, with id %s, and is in state. %s Apply again to finish; until then destroying "+
				"leaves the learner as is.", existing.ID, sentence("Changed so far", work.done)))
		return
	}
	if !ours {
		resp.Diagnostics.AddWarning(fmt.Sprintf("Adopted existing learner %q", plan.Email.ValueString()),
			fmt.Sprintf("The learner was in the organization before, with id %s and status %s, and is managed by Terraform from now on. %s",
				existing.ID, existing.Status, sentence("Changed", work.done)))
	}
	r.finish(ctx, work.user, plan, resp)
}

// inTheWay reads the learner that a conflict is about: by the id in the answer, by e-mail address, or, if it is not
// about that, by external id.
func (r *userResource) inTheWay(ctx context.Context, conflict *udemy.Error, plan model) (udemy.User, error) {
	if conflict.ExistingID != "" {
		user, err := r.Directory.User(ctx, conflict.ExistingID)
		if !errors.Is(err, udemy.ErrNotFound) {
			return user, err
		}
	}
	user, err := r.Directory.UserByEmail(ctx, plan.Email.ValueString())
	if errors.Is(err, udemy.ErrNotFound) && plan.ExternalID.ValueString() != "" {
		if other, otherErr := r.Directory.UserByExternalID(ctx, plan.ExternalID.ValueString()); otherErr == nil {
			return other, nil
		}
	}
	return user, err
}

// inTheWayIs says what is known of a learner who could not be read, and what to do if the API doesn't show one.
func inTheWayIs(conflict *udemy.Error, err error) string {
	switch {
	case errors.Is(err, udemy.ErrNotFound):
		return "Udemy says that the learner exists, but the API does not show whom it means, so nothing was changed. It may be somebody who was " +
			"invited or added by hand. Find the learner on Udemy's own pages, and have the account brought under this API or its e-mail address freed; " +
			"then apply again."
	case conflict.ExistingID != "":
		return fmt.Sprintf("The organization has a learner in the way, with id %s, who was not changed.", conflict.ExistingID)
	default:
		return "The organization has a learner in the way, who was not changed."
	}
}

// adopts says whether existing learners are taken over: the resource decides, else the provider block.
func (r *userResource) adopts(plan model) bool {
	if plan.AdoptExisting.IsNull() || plan.AdoptExisting.IsUnknown() {
		return r.AdoptExisting
	}
	return plan.AdoptExisting.ValueBool()
}

// couldBeNew reports whether a learner looks just like the one that the plan creates. After a request whose
// answer was lost, that learner is our own and not an existing one.
func couldBeNew(user udemy.User, plan model) bool {
	change, _ := profileChange(user, plan)
	strange := func(group string) bool { return !slices.Contains(plainSet(plan.GroupIDs), group) }
	return change.IsEmpty() && user.Status.Seated() && !slices.ContainsFunc(user.GroupIDs, strange)
}

// finish writes the state of a complete creation.
func (r *userResource) finish(ctx context.Context, user udemy.User, plan model, resp *resource.CreateResponse) {
	if user.Role == "" && plan.Role.IsUnknown() && r.Directory.Capabilities().SetRole {
		user.Role = r.roleOf(ctx, user.ID)
	}
	for _, words := range unmet(user, plan) {
		resp.Diagnostics.AddWarning(fmt.Sprintf("Udemy did not store learner %q as configured", plan.Email.ValueString()),
			fmt.Sprintf("Udemy took the request but still differs: %s. The next plan shows it as a change.", words))
	}
	state := plan.applied(user)
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
}

// roleOf asks for a role that the answer to a creation left out. Without it the state is right all the same,
// and the next refresh fills it in.
func (r *userResource) roleOf(ctx context.Context, id string) udemy.Role {
	user, err := r.Directory.User(ctx, id)
	if err != nil {
		logging.User.Trace(ctx, "The role of a new learner could not be read", map[string]any{"error": err.Error()})
	}
	return user.Role
}

// Read implements resource.Resource.
func (r *userResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
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

	user, err := r.find(ctx, state)
	switch {
	case errors.Is(err, udemy.ErrNotFound):
		resp.State.RemoveResource(ctx)
	case errors.Is(err, udemy.ErrNotOffered):
		r.WarnNotReadable(&resp.Diagnostics, err)
	case err != nil:
		addUserError(&resp.Diagnostics, "read", state, err, "State is unchanged.")
	default:
		state = state.read(user)
		providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
	}
}

// find reads the learner in state. One who is not there by id is looked for by e-mail address before being given
// up: an invitation may have been accepted or sent anew under another id, and an API may list what it does not
// show by id.
func (r *userResource) find(ctx context.Context, state model) (udemy.User, error) {
	user, err := r.Directory.User(ctx, state.ID.ValueString())
	if errors.Is(err, udemy.ErrNotFound) {
		user, err = r.Directory.UserByEmail(ctx, state.Email.ValueString())
		invited := state.Status.ValueString() == string(udemy.StatusInvited)
		if err == nil && user.ID != state.ID.ValueString() && !invited {
			return udemy.User{}, udemy.ErrNotFound // Somebody else, as far as anyone can tell.
		}
	}
	if err != nil || state.GroupIDs.IsNull() {
		return user, err
	}
	return withGroups(ctx, r.Directory, user)
}

// Update implements resource.Resource.
func (r *userResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}

	work := reconciliation{directory: r.Directory, plan: plan, user: state.user()}
	err := work.run(ctx)
	dropped := unmet(work.user, plan)
	if err == nil && len(dropped) == 0 {
		state = plan.applied(work.user)
		providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
		resp.Diagnostics.Append(rememberConfigured(ctx, config, resp.Private)...)
		return
	}

	state = state.read(work.user)
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
	if err != nil {
		addUserError(&resp.Diagnostics, "update", plan, err, sentence("Changed so far", work.done))
		return
	}
	resp.Diagnostics.AddError(fmt.Sprintf("Unable to update learner %q", plan.Email.ValueString()),
		fmt.Sprintf("Udemy took the request but did not store it: still to change are %s. State holds what Udemy has.", strings.Join(dropped, ", ")))
}

// Delete implements resource.Resource.
func (r *userResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}

	var err error
	switch state.OnDestroy.ValueString() {
	case onDestroyKeep:
	case onDestroyDelete:
		err = r.Directory.DeleteUser(ctx, state.ID.ValueString())
	default:
		err = r.release(ctx, state)
	}
	if err = udemy.IgnoreNotFound(err); err != nil {
		addUserError(&resp.Diagnostics, "destroy", state, err,
			"The learner stays in state. To take the learner out of Terraform without a change at Udemy, apply on_destroy = \"keep\" first.")
	}
}

// release frees the seat of a learner: it cancels an invitation, and deactivates anyone else. Only a fresh look
// may cancel: an invitation that was accepted since the last refresh belongs to a learner with a history.
func (r *userResource) release(ctx context.Context, state model) error {
	id := state.ID.ValueString()
	if state.Status.ValueString() != string(udemy.StatusActive) {
		user, err := r.Directory.Reread(ctx, id)
		switch {
		case errors.Is(err, udemy.ErrNotOffered):
		case err != nil:
			return err
		case user.Status == udemy.StatusInvited:
			return r.Directory.DeleteUser(ctx, id)
		case user.Status == udemy.StatusDeactivated:
			return nil
		}
	}
	_, err := r.Directory.DeactivateUser(ctx, id)
	return err
}

// addUserError says that something could not be done to a learner, at the attribute at fault if there is one.
func addUserError(diags *diag.Diagnostics, verb string, m model, err error, outcome string) {
	diagnostics.AddError(diags, fmt.Sprintf("Unable to %s learner %q", verb, m.Email.ValueString()), outcome, err,
		udemy.FieldEmail, udemy.FieldFirstName, udemy.FieldLastName, udemy.FieldExternalID, udemy.FieldRole,
		udemy.FieldActive, udemy.FieldGroupIDs, udemy.FieldLicenses)
}

// sentence lists what was done, or says that nothing was.
func sentence(start string, done []string) string {
	if len(done) == 0 {
		return start + ": nothing."
	}
	return start + ": " + strings.Join(done, "; ") + "."
}
