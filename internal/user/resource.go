// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package user implements the udemy_user resource and its list resource, the data sources udemy_user, udemy_users and
// udemy_seats, and the udemy_resend_invitation action.
package user

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/logging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/shutdown"
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

func (r *userResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user"
	// Otherwise a deferred plan has null for attributes that Udemy's response determines.
	resp.ResourceBehavior.ProviderDeferred.EnablePlanModification = true
	// If an invitation expires and a new one is sent, the same learner may get another ID.
	resp.ResourceBehavior.MutableIdentity = true
}

func (r *userResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}

	defer func() { resp.Diagnostics.Append(rememberConfigured(ctx, config, resp.Private)...) }()
	r.StartApply()
	defer r.Adoptions.Step()()

	if !plan.ID.IsUnknown() {
		steps, cancel := shutdown.WithGracePeriod(ctx)
		defer cancel()
		r.adoptPlanned(steps, plan, resp)
		return
	}
	learner := plan.user()
	if !plan.Active.ValueBool() {
		learner.Status = udemy.StatusDeactivated
	}
	user, err := r.Directory.CreateUser(ctx, learner)
	ctx, cancel := shutdown.WithGracePeriod(ctx) // Otherwise the learner is tainted and replaced on the next run.
	defer cancel()
	var conflict *udemy.Error
	switch {
	case err == nil:
		r.MarkUnlisted(ctx, resp.Private, &resp.Diagnostics)
		r.finishNew(ctx, user, plan, resp)
	case errors.As(err, &conflict) && errors.Is(conflict, udemy.ErrConflict):
		r.adoptConflicting(ctx, conflict, plan, resp)
	default:
		addUserError(&resp.Diagnostics, "create", plan, err, "")
	}
}

// save writes state and identity of a learner, and records the change in the ledger.
func (r *userResource) save(ctx context.Context, learner model, diags *diag.Diagnostics, state *tfsdk.State, identity *tfsdk.ResourceIdentity) {
	providerdata.Save(ctx, diags, state, identity, learner)
	r.Ledger.Users.Apply(learner.object())
}

// finishNew saves a new learner, and makes the changes that are not part of the create call.
func (r *userResource) finishNew(ctx context.Context, user udemy.User, plan model, resp *resource.CreateResponse) {
	r.save(ctx, plan.read(user), &resp.Diagnostics, &resp.State, resp.Identity)
	work := r.reconcile(user, plan, model{})
	if err := work.run(ctx); err != nil {
		r.save(ctx, plan.read(work.user), &resp.Diagnostics, &resp.State, resp.Identity)
		addUserError(&resp.Diagnostics, "finish creating", plan, err,
			fmt.Sprintf("The learner was created with ID %s and is in state. Terraform plans to replace a resource whose creation did not finish. The "+
				"replacement keeps this learner and makes the missing changes. To plan an update instead, run `terraform untaint` with the "+
				"resource's address.", user.ID))
		return
	}
	r.finish(ctx, work.user, plan, resp)
}

// finish writes the state of a complete creation.
func (r *userResource) finish(ctx context.Context, user udemy.User, plan model, resp *resource.CreateResponse) {
	if user.Role == "" && plan.Role.IsUnknown() && r.Directory.Capabilities().Sets(udemy.FieldRole) {
		user.Role = r.roleOf(ctx, user.ID)
	}
	for _, words := range unmet(user, plan, model{}) {
		resp.Diagnostics.AddWarning(fmt.Sprintf("Udemy did not store learner %q as configured", plan.Email.ValueString()),
			fmt.Sprintf("Udemy accepted the request, but the learner still differs: %s. The next plan shows the difference as a change.", words))
	}
	r.save(ctx, plan.applied(user), &resp.Diagnostics, &resp.State, resp.Identity)
}

// roleOf reads the role that the response to a create call left out. If that fails, the next refresh sets the role.
func (r *userResource) roleOf(ctx context.Context, id string) udemy.Role {
	user, err := r.Directory.User(ctx, id)
	if err != nil {
		logging.User.Trace(ctx, "The role of a new learner could not be read", map[string]any{"error": err.Error()})
	}
	return user.Role
}

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

	if justImported(ctx, req.Private, &resp.Diagnostics) && !r.Ledger.Users.Imported(state.ID.ValueString()) {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, nil)...)
	}
	user, err := r.find(ctx, state)
	var other *otherPersonError
	switch {
	case errors.As(err, &other):
		resp.Diagnostics.AddWarning(fmt.Sprintf("Learner %q is gone", state.Email.ValueString()),
			fmt.Sprintf("Udemy no longer has a learner with ID %s, and %s. That learner is not adopted and not changed, and the resource leaves the state. "+
				"If it is the same person, import the learner with ID %s.", state.ID.ValueString(), other, other.user.ID))
		resp.State.RemoveResource(ctx)
	case errors.Is(err, udemy.ErrNotFound):
		resp.State.RemoveResource(ctx)
	case errors.Is(err, udemy.ErrNotOffered):
		r.ReportUnread(ctx, req.Private, &resp.Diagnostics, err)
	case err != nil:
		addUserError(&resp.Diagnostics, "read", state, err, "State is unchanged.")
	default:
		state = state.read(user)
		providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
		r.Ledger.Users.Hold(state.object())
	}
}

// find reads the learner in state. If the ID is not found, it looks for the e-mail address: the learner may have another ID
// after accepting an invitation or getting a new one, and an API may list a learner that it does not return by ID.
func (r *userResource) find(ctx context.Context, state model) (udemy.User, error) {
	user, err := r.Directory.User(ctx, state.ID.ValueString())
	if errors.Is(err, udemy.ErrNotFound) {
		user, err = r.Directory.UserByEmail(ctx, state.Email.ValueString())
		if err == nil && user.ID != state.ID.ValueString() && !isSamePerson(state, user) {
			return udemy.User{}, &otherPersonError{user}
		}
	}
	if err != nil || state.GroupIDs.IsNull() {
		return user, err
	}
	return withGroups(ctx, r.Directory, user)
}

// otherPersonError means that the learner in state is gone and another learner has the address. It wraps ErrNotFound.
type otherPersonError struct {
	user udemy.User
}

func (e *otherPersonError) Error() string {
	return fmt.Sprintf("the address now belongs to another learner, ID %s, named %q", e.user.ID, e.user.FirstName+" "+e.user.LastName)
}

func (e *otherPersonError) Unwrap() error { return udemy.ErrNotFound }

// isSamePerson reports whether a learner with another ID is the learner in state. The learner in state must be invited, and
// both must have the same external ID or else the same name. The address alone is not enough, because it may have been
// reassigned to another person. An invitation without a name is an exception: the person who accepts it is the learner.
func isSamePerson(state model, user udemy.User) bool {
	if state.Status.ValueString() != string(udemy.StatusInvited) {
		return false
	}
	if externalID := state.ExternalID.ValueString(); externalID != "" && user.ExternalID != "" {
		return externalID == user.ExternalID
	}
	firstName, lastName := state.FirstName.ValueString(), state.LastName.ValueString()
	return firstName+lastName == "" || firstName == user.FirstName && lastName == user.LastName
}

func (r *userResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}

	r.StartApply()
	r.Ledger.Users.Apply(state.object())
	prior := state
	if justImported(ctx, req.Private, &resp.Diagnostics) {
		prior.ExternalID = types.StringNull()
	}
	work := r.reconcile(state.user(), plan, prior)
	err := work.run(ctx)
	dropped := unmet(work.user, plan, prior)
	if err == nil && len(dropped) == 0 {
		r.save(ctx, plan.applied(work.user), &resp.Diagnostics, &resp.State, resp.Identity)
		resp.Diagnostics.Append(rememberConfigured(ctx, config, resp.Private)...)
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, nil)...)
		return
	}

	r.save(ctx, state.read(work.user), &resp.Diagnostics, &resp.State, resp.Identity)
	if err != nil {
		addUserError(&resp.Diagnostics, "update", plan, err, sentence("Changed so far", work.done))
		return
	}
	resp.Diagnostics.AddError(fmt.Sprintf("Unable to update learner %q", plan.Email.ValueString()),
		fmt.Sprintf("Udemy accepted the request but did not store these changes: %s. State has the values at Udemy. Apply again.", strings.Join(dropped, ", ")))
}

func (r *userResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}

	r.StartApply()
	if r.isKept(ctx, req, state, &resp.Diagnostics) || state.OnDestroy.ValueString() == onDestroyKeep {
		return
	}
	remove := func() error { return r.freeSeat(ctx, state) }
	if state.OnDestroy.ValueString() == onDestroyDelete {
		remove = func() error { return r.Directory.DeleteUser(ctx, state.ID.ValueString()) }
	}
	var err error
	switch {
	case state.Role.ValueString() == string(udemy.RoleOwner):
		err = errOwner
	case state.Active.ValueBool():
		err = r.removing(ctx, state.user(), remove)
	default:
		err = remove()
	}
	if err = udemy.IgnoreNotFound(err); err != nil {
		addUserError(&resp.Diagnostics, "destroy", state, err,
			"The learner stays in state. To remove the learner from state without a change at Udemy, apply on_destroy = \"keep\" first.")
	}
}

// isKept reports whether the run keeps the learner although this resource is destroyed: the destroy is half of a
// replacement, or another resource of the run owns the learner.
func (r *userResource) isKept(ctx context.Context, req resource.DeleteRequest, state model, diags *diag.Diagnostics) bool {
	id, email := state.ID.ValueString(), state.Email.ValueString()
	replaced := providerdata.ReplacedBy(ctx, req.Private, diags) == udemy.EmailKey(email)
	if !replaced && !r.Ledger.Users.Applied(id) {
		return false
	}
	if replaced {
		r.Ledger.Users.Hold(state.object())
	}
	diags.AddWarning(fmt.Sprintf("Learner %q keeps the account and the seat", email),
		fmt.Sprintf("Another resource of the same run, or the replacement of this resource, owns the learner with ID %s. The resource leaves the "+
			"state, and nothing is changed at Udemy.", id))
	return true
}

// freeSeat cancels an open invitation, and deactivates any other learner. It reads the status again before it cancels an
// invitation, because a learner who has accepted since the last refresh has a learning history.
func (r *userResource) freeSeat(ctx context.Context, state model) error {
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

// addUserError adds an error for a failed step, at the attribute that caused it if there is one.
func addUserError(diags *diag.Diagnostics, verb string, m model, err error, outcome string) {
	if refused, ok := errors.AsType[*udemy.Error](err); ok && refused.Fields[udemy.FieldLicensePool] != "" {
		outcome = strings.TrimSpace(outcome + " If the pool is full, free a license in it or choose another pool. If it is unknown, compare the name with the one on Udemy's pages.")
	}
	diagnostics.AddError(diags, fmt.Sprintf("Unable to %s learner %q", verb, m.Email.ValueString()), outcome, err, attributeNames()...)
}

// sentence joins a list of changes, which may be empty.
func sentence(start string, done []string) string {
	if len(done) == 0 {
		return start + ": nothing."
	}
	return start + ": " + strings.Join(done, "; ") + "."
}
