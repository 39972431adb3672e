// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package group implements the udemy_group resource and its list resource, and the data sources udemy_group and
// udemy_groups.
package group

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/shutdown"
)

var (
	_ resource.ResourceWithConfigure    = (*groupResource)(nil)
	_ resource.ResourceWithIdentity     = (*groupResource)(nil)
	_ resource.ResourceWithImportState  = (*groupResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*groupResource)(nil)
	_ resource.ResourceWithUpgradeState = (*groupResource)(nil)
)

type groupResource struct {
	providerdata.Resource
}

// NewResource returns the udemy_group resource.
func NewResource() resource.Resource {
	return &groupResource{}
}

func (r *groupResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group"
	// Otherwise a deferred plan has null for attributes that Udemy's response determines.
	resp.ResourceBehavior.ProviderDeferred.EnablePlanModification = true
}

func (r *groupResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}

	existing, err := r.adoptable(ctx, plan)
	switch {
	case err != nil:
		addGroupError(&resp.Diagnostics, "create", plan, err, "Nothing was changed. Plan again.")
		return
	case existing.ID != "":
		r.adopt(ctx, existing, plan, false, resp)
		return
	}
	group, err := r.Directory.CreateGroup(ctx, plan.Name.ValueString())
	ctx, cancel := shutdown.WithGracePeriod(ctx) // A group may have been created although the response was lost.
	defer cancel()
	var conflict *udemy.Error
	switch {
	case err == nil:
		r.MarkUnlisted(ctx, resp.Private, &resp.Diagnostics)
		r.save(ctx, group, plan, resp)
	case errors.As(err, &conflict) && errors.Is(conflict, udemy.ErrConflict):
		r.adoptConflicting(ctx, conflict, plan, resp)
	default:
		addGroupError(&resp.Diagnostics, "create", plan, err, "")
	}
}

// adoptable returns the group that the plan adopts, or the group with the name, because some APIs accept a second group with
// the same name. The result is empty if neither exists.
func (r *groupResource) adoptable(ctx context.Context, plan model) (udemy.Group, error) {
	name := plan.Name.ValueString()
	if plan.ID.IsUnknown() {
		existing, err := r.existing(ctx, name, "")
		return existing, onlyUncertain(err)
	}
	existing, err := r.Directory.Group(ctx, plan.ID.ValueString())
	if err == nil && !udemy.SameGroupName(existing.Name, name) {
		err = fmt.Errorf("the plan adopts the group with ID %s, which is now named %q", existing.ID, existing.Name)
	}
	return existing, err
}

// adoptConflicting adopts the group that is the reason of a conflict, if the name is the same.
func (r *groupResource) adoptConflicting(ctx context.Context, conflict *udemy.Error, plan model, resp *resource.CreateResponse) {
	existing, err := r.conflicting(ctx, conflict, plan)
	if err != nil {
		addGroupError(&resp.Diagnostics, "adopt", plan, err, "The organization has a group with this name, which was not changed. If the API does "+
			"not return the group, rename it on Udemy's own pages, or choose another name.")
		return
	}
	if !udemy.SameGroupName(existing.Name, plan.Name.ValueString()) {
		resp.Diagnostics.AddAttributeError(path.Root("name"), fmt.Sprintf("Unable to create group %q", plan.Name.ValueString()),
			fmt.Sprintf("Udemy refuses the name because of group %q, ID %s. Only a group with the same name is adopted, so nothing was changed. Use the "+
				"name at Udemy, or choose another name.\n\n%s", existing.Name, existing.ID, diagnostics.ImportHint("udemy_group", existing.ID)))
		return
	}
	r.adopt(ctx, existing, plan, conflict.Resent && r.couldBeNew(ctx, existing), resp)
}

// adopt saves an existing group and does not change its members. A name in another letter case is changed. If ours is true, an
// earlier attempt of this creation has created the group.
func (r *groupResource) adopt(ctx context.Context, existing udemy.Group, plan model, ours bool, resp *resource.CreateResponse) {
	planned := !plan.ID.IsUnknown()
	switch {
	case r.Ledger.Groups.Applied(existing.ID):
		resp.Diagnostics.AddAttributeError(path.Root("name"), fmt.Sprintf("Two resources for group %q", existing.Name),
			fmt.Sprintf("Another resource of this run owns the group with ID %s, so nothing was changed. Remove one of the resources.", existing.ID))
		return
	case !ours && !planned && !r.AdoptExisting:
		addExists(&resp.Diagnostics, existing)
		return
	case !r.matchName(ctx, existing, plan, resp):
		return
	case ours:
	default:
		resp.Diagnostics.AddWarning(fmt.Sprintf("Adopted existing group %q", existing.Name),
			fmt.Sprintf("The group was in the organization already, with ID %s, and is now managed by Terraform. Its members were not changed. %s%s",
				existing.ID, renamed("The group was renamed", existing, plan.Name.ValueString()), destroyNote))
		if _, held := r.Ledger.Groups.Held(existing.ID); !held {
			r.Ledger.Memberships.Adopt(existing.ID)
		}
	}
	r.save(ctx, existing, plan, resp)
}

// matchName renames an adopted group whose name is in another letter case, and reports whether it has the planned name now. If not,
// state has "keep": Terraform replaces a resource whose creation failed, and the replacement must not delete the group.
func (r *groupResource) matchName(ctx context.Context, existing udemy.Group, plan model, resp *resource.CreateResponse) bool {
	name := plan.Name.ValueString()
	if udemy.SameText(existing.Name, name) {
		return true
	}
	guarded := plan
	guarded.OnDestroy = types.StringValue(onDestroyKeep)
	r.save(ctx, existing, guarded.read(existing), resp)
	group, err := r.Directory.RenameGroup(ctx, existing.ID, name)
	switch {
	case err != nil:
		addGroupError(&resp.Diagnostics, "finish adopting", plan, err,
			fmt.Sprintf("The group with ID %s is in state and keeps the name %q. Apply again to finish, or use the name at Udemy.", existing.ID, existing.Name))
	case !udemy.SameText(group.Name, name):
		addNotRenamed(&resp.Diagnostics, group, name)
	default:
		return true
	}
	return false
}

// addNotRenamed adds the error for a rename that Udemy accepted and did not carry out.
func addNotRenamed(diags *diag.Diagnostics, group udemy.Group, name string) {
	diags.AddAttributeError(path.Root("name"), fmt.Sprintf("Unable to rename group %q", name),
		fmt.Sprintf("Udemy accepted the request, but the name of the group is now %q. State has the name at Udemy.", group.Name))
}

// conflicting reads the group that is the reason of a conflict, by the ID in the response or else by name.
func (r *groupResource) conflicting(ctx context.Context, conflict *udemy.Error, plan model) (udemy.Group, error) {
	if conflict.ExistingID != "" {
		group, err := r.Directory.Group(ctx, conflict.ExistingID)
		if !errors.Is(err, udemy.ErrNotFound) {
			return group, err
		}
	}
	return r.Directory.GroupByName(ctx, plan.Name.ValueString())
}

// couldBeNew reports whether a group has no members, as a new group. If the API does not return members, the result is true.
func (r *groupResource) couldBeNew(ctx context.Context, group udemy.Group) bool {
	members, err := r.Directory.Members(ctx, group.ID)
	return err != nil || len(members) == 0
}

func (r *groupResource) save(ctx context.Context, group udemy.Group, plan model, resp *resource.CreateResponse) {
	plan.ID = types.StringValue(group.ID)
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, plan)
	r.Ledger.Groups.Apply(plan.object())
}

func (r *groupResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
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

	group, err := r.Directory.Group(ctx, state.ID.ValueString())
	switch {
	case errors.Is(err, udemy.ErrNotFound):
		resp.State.RemoveResource(ctx)
	case errors.Is(err, udemy.ErrNotOffered):
		r.ReportUnread(ctx, req.Private, &resp.Diagnostics, err)
	case err != nil:
		addGroupError(&resp.Diagnostics, "read", state, err, "State is unchanged.")
	default:
		state = state.read(group)
		providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
		r.Ledger.Groups.Hold(state.object())
	}
}

func (r *groupResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}

	r.Ledger.Groups.Apply(state.object())
	if !plan.Name.Equal(state.Name) {
		group, err := r.Directory.RenameGroup(ctx, state.ID.ValueString(), plan.Name.ValueString())
		if err != nil {
			addGroupError(&resp.Diagnostics, "rename", state, err, "The group keeps its name.")
			return
		}
		if !udemy.SameText(group.Name, plan.Name.ValueString()) {
			state = state.read(group)
			providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
			addNotRenamed(&resp.Diagnostics, group, plan.Name.ValueString())
			return
		}
	}
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, plan)
	r.Ledger.Groups.Apply(plan.object())
}

func (r *groupResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || r.isKept(ctx, req, state, &resp.Diagnostics) || state.OnDestroy.ValueString() == onDestroyKeep {
		return
	}
	err := r.expectNoSeatedMember(ctx, state)
	if err == nil {
		err = r.Directory.DeleteGroup(ctx, state.ID.ValueString())
	}
	if err = udemy.IgnoreNotFound(err); err != nil {
		addGroupError(&resp.Diagnostics, "delete", state, err,
			"The group stays in state. If it is tainted, run `terraform untaint` with the resource's address to change it in place. To remove the group from "+
				"state without a change at Udemy, apply on_destroy = \"keep\" first.")
	}
}

// isKept reports whether the run keeps the group although this resource is destroyed: the destroy is half of a replacement,
// or another resource of the run owns the group.
func (r *groupResource) isKept(ctx context.Context, req resource.DeleteRequest, state model, diags *diag.Diagnostics) bool {
	replaced := providerdata.ReplacedBy(ctx, req.Private, diags) == udemy.GroupKey(state.Name.ValueString())
	if !replaced && !r.Ledger.Groups.Applied(state.ID.ValueString()) {
		return false
	}
	if replaced {
		r.Ledger.Groups.Hold(state.object())
	}
	diags.AddWarning(fmt.Sprintf("Group %q stays at Udemy", state.Name.ValueString()),
		fmt.Sprintf("Another resource of the same run, or the replacement of this resource, owns the group with ID %s. The resource leaves the state, "+
			"and nothing is changed at Udemy.", state.ID.ValueString()))
	return true
}

// membersLeave is how long a destroyed group waits for its members. Terraform destroys learners and groups that do not refer
// to each other in any order.
const membersLeave = 3 * time.Second

// expectNoSeatedMember returns an error for a group that is deleted only without members who have a seat. It waits for
// learners who lose the seat in the same run.
func (r *groupResource) expectNoSeatedMember(ctx context.Context, state model) error {
	if state.OnDestroy.ValueString() == onDestroyDelete {
		return nil
	}
	deadline := time.Now().Add(membersLeave)
	for pause := membersLeave / 32; ; pause *= 2 {
		seated, members, err := r.seatedMember(ctx, state.ID.ValueString())
		if err != nil || seated == "" {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the group has %s, including %s, who has a seat, and a deleted group can't be restored: remove its members first, "+
				"in an apply of its own, or apply on_destroy = \"delete\" to delete the group in spite of its members", plural.Count(members, "member"), seated)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// seatedMember returns the e-mail address of a member with a seat, and the number of all members.
func (r *groupResource) seatedMember(ctx context.Context, groupID string) (email string, members int, err error) {
	ids, err := r.Directory.Members(ctx, groupID)
	if err != nil {
		return "", 0, udemy.IgnoreNotOffered(err)
	}
	for _, id := range ids {
		user, err := r.Directory.User(ctx, id)
		if err == nil && user.Status.Seated() {
			return user.Email, len(ids), nil
		}
	}
	return "", len(ids), nil
}

// addGroupError adds an error for a failed step, at the name if the name caused it.
func addGroupError(diags *diag.Diagnostics, verb string, m model, err error, outcome string) {
	diagnostics.AddError(diags, fmt.Sprintf("Unable to %s group %q", verb, m.Name.ValueString()), outcome, err, udemy.FieldName)
}
