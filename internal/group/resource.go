// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package group is the udemy_group resource and data source.
package group

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/grace"
)

var (
	_ resource.ResourceWithConfigure   = (*groupResource)(nil)
	_ resource.ResourceWithIdentity    = (*groupResource)(nil)
	_ resource.ResourceWithImportState = (*groupResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*groupResource)(nil)
)

type groupResource struct {
	providerdata.Resource
}

// NewResource returns the udemy_group resource.
func NewResource() resource.Resource {
	return &groupResource{}
}

// Metadata implements resource.Resource.
func (r *groupResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group"
	// Without it, a deferred plan holds null where Udemy's answer is not known yet.
	resp.ResourceBehavior.ProviderDeferred.EnablePlanModification = true
}

// Create implements resource.Resource.
func (r *groupResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}

	group, err := r.Directory.CreateGroup(ctx, plan.Name.ValueString())
	ctx, cancel := grace.Context(ctx) // A group that our own lost request made has yet to be found.
	defer cancel()
	var conflict *udemy.Error
	switch {
	case err == nil:
		r.save(ctx, group, plan, resp)
	case errors.As(err, &conflict) && errors.Is(conflict, udemy.ErrConflict):
		r.takeOver(ctx, conflict, plan, resp)
	default:
		addGroupError(&resp.Diagnostics, "create", plan, err, "")
	}
}

// takeOver adopts the group that has the name already. Its members stay.
func (r *groupResource) takeOver(ctx context.Context, conflict *udemy.Error, plan model, resp *resource.CreateResponse) {
	existing, err := r.inTheWay(ctx, conflict, plan)
	if err != nil {
		addGroupError(&resp.Diagnostics, "take over", plan, err, "The organization has a group in the way, which was not changed. If the API does "+
			"not show it, find it on Udemy's own pages and rename it there, or choose another name.")
		return
	}
	name := plan.Name.ValueString()
	switch {
	case existing.Name != name:
		resp.Diagnostics.AddAttributeError(path.Root("name"), fmt.Sprintf("Unable to create group %q", name),
			fmt.Sprintf("Udemy refuses the name because of group %q, id %s. Only a group with the very same name is taken over: write the name "+
				"as Udemy has it, or choose another.\n\n%s", existing.Name, existing.ID, diagnostics.ImportHint("udemy_group", existing.ID)))
		return
	case conflict.Resent && r.couldBeNew(ctx, existing): // The answer to our own creation was lost; this is the group that it made.
	case !r.AdoptExisting:
		addExists(&resp.Diagnostics, existing)
		return
	default:
		resp.Diagnostics.AddWarning(fmt.Sprintf("Adopted existing group %q", name),
			fmt.Sprintf("The group was in the organization before, with id %s, and is managed by Terraform from now on. "+
				"Its members were left as they are.", existing.ID))
	}
	r.save(ctx, existing, plan, resp)
}

// inTheWay reads the group that a conflict is about, by the id in the answer, or else by name.
func (r *groupResource) inTheWay(ctx context.Context, conflict *udemy.Error, plan model) (udemy.Group, error) {
	if conflict.ExistingID != "" {
		group, err := r.Directory.Group(ctx, conflict.ExistingID)
		if !errors.Is(err, udemy.ErrNotFound) {
			return group, err
		}
	}
	return r.Directory.GroupByName(ctx, plan.Name.ValueString())
}

// couldBeNew reports whether a group is empty, as one is that was just made. Where members are not told, it could be.
func (r *groupResource) couldBeNew(ctx context.Context, group udemy.Group) bool {
	members, err := r.Directory.Members(ctx, group.ID)
	return err != nil || len(members) == 0
}

func (r *groupResource) save(ctx context.Context, group udemy.Group, plan model, resp *resource.CreateResponse) {
	plan.ID = types.StringValue(group.ID)
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, plan)
}

// Read implements resource.Resource.
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
		r.WarnNotReadable(&resp.Diagnostics, err)
	case err != nil:
		addGroupError(&resp.Diagnostics, "read", state, err, "State is unchanged.")
	default:
		state = state.read(group)
		providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
	}
}

// Update implements resource.Resource.
func (r *groupResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}

	if !plan.Name.Equal(state.Name) {
		group, err := r.Directory.RenameGroup(ctx, state.ID.ValueString(), plan.Name.ValueString())
		if err != nil {
			addGroupError(&resp.Diagnostics, "rename", state, err, "The group keeps its name.")
			return
		}
		if group.Name != plan.Name.ValueString() {
			state = state.read(group)
			providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
			resp.Diagnostics.AddAttributeError(path.Root("name"), fmt.Sprintf("Unable to rename group %q", plan.Name.ValueString()),
				fmt.Sprintf("Udemy took the request, but the group is now called %q. State holds what Udemy has.", group.Name))
			return
		}
	}
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, plan)
}

// Delete implements resource.Resource.
func (r *groupResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || state.OnDestroy.ValueString() == onDestroyKeep {
		return
	}
	err := r.Directory.DeleteGroup(ctx, state.ID.ValueString())
	if err = udemy.IgnoreNotFound(err); err != nil {
		addGroupError(&resp.Diagnostics, "delete", state, err,
			"The group stays in state. To take it out of Terraform without a change at Udemy, apply on_destroy = \"keep\" first.")
	}
}

// addGroupError says that something could not be done to a group, at the name if the name is at fault.
func addGroupError(diags *diag.Diagnostics, verb string, m model, err error, outcome string) {
	diagnostics.AddError(diags, fmt.Sprintf("Unable to %s group %q", verb, m.Name.ValueString()), outcome, err, udemy.FieldName)
}
