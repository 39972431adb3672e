// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package group

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/ledger"
	"github.com/udemy-iac/terraform-provider-udemy/internal/logging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// ModifyPlan rejects what contradicts another resource of the same run. If the creation adopts an existing group, the plan
// has the ID of that group.
func (r *groupResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Data == nil {
		return
	}
	var plan, state model
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if plan.Name.IsUnknown() {
		r.Ledger.Groups.PlanUnnamed()
	}
	switch {
	case resp.Diagnostics.HasError():
	case req.Plan.Raw.IsNull():
		providerdata.MarkDestroyed(ctx, resp.Private, &resp.Diagnostics)
		r.planDestroy(ctx, state, &resp.Diagnostics)
	case req.State.Raw.IsNull():
		r.planCreate(ctx, plan, resp)
	default:
		r.Ledger.Groups.Hold(state.object())
		providerdata.MarkPlanned(ctx, resp.Private, state.ID.ValueString(), &resp.Diagnostics)
		planned := plan.object()
		planned.ID = state.ID.ValueString()
		if conflict := r.Ledger.Groups.Keep(planned); conflict != nil {
			addConflict(&resp.Diagnostics, conflict)
			return
		}
		r.refuseTakenName(ctx, state, plan, &resp.Diagnostics)
	}
}

// refuseTakenName rejects a change to a name that another group has.
func (r *groupResource) refuseTakenName(ctx context.Context, state, plan model, diags *diag.Diagnostics) {
	if !r.Ready() || plan.Name.IsUnknown() || udemy.SameGroupName(plan.Name.ValueString(), state.Name.ValueString()) {
		return
	}
	other, err := r.Directory.ExistingGroup(ctx, plan.Name.ValueString())
	if err != nil || other.ID == state.ID.ValueString() {
		r.ReportLookup(diags, plan.label(), err)
		return
	}
	diags.AddAttributeError(path.Root(udemy.FieldName), fmt.Sprintf("The name %q belongs to another group", plan.Name.ValueString()),
		fmt.Sprintf("Group %q (ID %s) gets the name that the group with ID %s has at Udemy. If a resource manages that group, rename or remove it in a first "+
			"apply; in a swap, one of them needs an interim name. Otherwise rename the group on Udemy's pages, or choose another name.",
			state.Name.ValueString(), state.ID.ValueString(), other.ID))
}

// planDestroy warns of a group with members, which apply may not delete.
func (r *groupResource) planDestroy(ctx context.Context, state model, diags *diag.Diagnostics) {
	if r.Ready() { // Some versions of Terraform plan to destroy before they refresh.
		group, err := r.Directory.Group(ctx, state.ID.ValueString())
		switch {
		case errors.Is(err, udemy.ErrNotFound):
			return
		case err == nil:
			state = state.read(group)
		}
	}
	r.Ledger.Groups.Hold(state.object())
	keeps := state.OnDestroy.ValueString() == onDestroyKeep
	if conflict := r.Ledger.Groups.Release(state.object(), keeps); conflict != nil {
		addConflict(diags, conflict)
		return
	}
	if !state.OnDestroy.IsNull() || !r.Ready() || r.Ledger.Groups.Applied(state.ID.ValueString()) {
		return
	}
	members, err := r.Directory.Members(ctx, state.ID.ValueString())
	if err == nil && len(members) > 0 {
		diags.AddWarning(fmt.Sprintf("Group %q has %s", state.Name.ValueString(), plural.Count(len(members), "member")),
			fmt.Sprintf("The plan deletes the group with ID %s, which can't be undone. If learners with a seat are still members at that time, apply fails "+
				"and the group stays. To delete the group in spite of its members, apply on_destroy = \"delete\" first. To keep the group at Udemy, apply "+
				"on_destroy = \"keep\" first.", state.ID.ValueString()))
	}
}

// planCreate looks for an existing group to adopt. In the second plan of a replacement, that is the group of the first plan.
func (r *groupResource) planCreate(ctx context.Context, plan model, resp *resource.ModifyPlanResponse) {
	replaced := providerdata.PlannedBefore(ctx, resp.Private, &resp.Diagnostics)
	if plan.Name.IsUnknown() {
		providerdata.MarkCreated(ctx, resp.Private, providerdata.UnknownName, &resp.Diagnostics)
		return
	}
	name := plan.Name.ValueString()
	providerdata.MarkCreated(ctx, resp.Private, udemy.GroupKey(name), &resp.Diagnostics)
	existing, err := r.existing(ctx, name, replaced)
	if errors.Is(err, udemy.ErrConflict) {
		addGroupError(&resp.Diagnostics, "plan", plan, err, "Rename one of the groups at Udemy, or import the right group by its ID.")
		return
	}
	r.ReportLookup(&resp.Diagnostics, plan.label(), err)
	if resp.Diagnostics.HasError() {
		return
	}
	if existing.ID != "" && !udemy.SameGroupName(existing.Name, name) {
		resp.Diagnostics.AddAttributeError(path.Root(udemy.FieldName), fmt.Sprintf("Group %q can't be replaced", name),
			fmt.Sprintf("The plan replaces the group with ID %s, which has another name. A group is renamed in place: apply the change without -replace, "+
				"and without replace_triggered_by.", replaced))
		return
	}
	planned := plan.object()
	planned.ID = existing.ID
	_, own := r.Ledger.Groups.Held(existing.ID)
	if conflict := r.Ledger.Groups.Create(planned, replaced != ""); conflict != nil {
		addConflict(&resp.Diagnostics, conflict)
		return
	}
	switch {
	case existing.ID == "":
		return
	case !r.AdoptExisting: // Also a replacement: its apply can't detect that the group is the replaced one.
		addExists(&resp.Diagnostics, existing)
		return
	case own:
	default:
		r.Ledger.Memberships.Adopt(existing.ID)
		resp.Diagnostics.AddWarning(fmt.Sprintf("Group %q exists already and will be adopted", name),
			fmt.Sprintf("The organization has a group with this name: ID %s. Apply adopts this group instead of creating one, and does not "+
				"change its members. %s%s", existing.ID, renamed("Apply renames the group", existing, name), destroyNote))
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("id"), existing.ID)...)
}

// renamed describes the change of an adopted group whose name has another spelling. Letter case does not distinguish groups at
// Udemy.
func renamed(verb string, existing udemy.Group, name string) string {
	if udemy.SameText(existing.Name, name) {
		return ""
	}
	return fmt.Sprintf("%s from %q to %q. ", verb, existing.Name, name)
}

// destroyNote is the effect of a later destroy, in the messages of an adoption.
const destroyNote = "Destroying the resource later deletes the group, unless learners with a seat are members of it."

// existing returns the group that the creation adopts: the replaced group, or the group with the name. The result is empty
// if the group does not exist or the API does not return it. In the latter case, apply gets the conflict. If several groups have
// the name, the error is an ErrConflict.
func (r *groupResource) existing(ctx context.Context, name, replaced string) (udemy.Group, error) {
	if !r.Ready() {
		return udemy.Group{}, nil
	}
	var existing udemy.Group
	var err error
	if replaced != "" {
		existing, err = r.Directory.Group(ctx, replaced)
	} else {
		existing, err = r.Directory.ExistingGroup(ctx, name)
	}
	if err != nil {
		logging.Group.Trace(ctx, "No existing group was found for a plan", map[string]any{"error": err.Error()})
	}
	return existing, err
}

// onlyUncertain returns an error that leaves open which group has a name: several may have it, or the list of groups lacks some. It
// returns nil for any other error. SCIM accepts a second group with the same name.
func onlyUncertain(err error) error {
	if errors.Is(err, udemy.ErrConflict) || errors.Is(err, udemy.ErrIncomplete) {
		return err
	}
	return nil
}

// addExists adds the error for an existing group that may not be adopted.
func addExists(diags *diag.Diagnostics, existing udemy.Group) {
	diags.AddAttributeError(path.Root("name"), fmt.Sprintf("Group %q exists already", existing.Name),
		fmt.Sprintf("The organization has a group with this name: ID %s. adopt_existing is false, so nothing is changed. If the group is in state, plan "+
			"without -replace, or run `terraform untaint` with the resource's address if it is tainted.\n\n%s", existing.ID, diagnostics.ImportHint("udemy_group", existing.ID)))
}

// label returns the group for a message.
func (m model) label() string {
	return fmt.Sprintf("group %q", m.Name.ValueString())
}

// object returns the group for the ledger.
func (m model) object() ledger.Object {
	object := ledger.Object{ID: m.ID.ValueString(), Name: m.Name.ValueString()}
	if object.Name != "" {
		object.Keys = []ledger.Key{nameKey(object.Name)}
	}
	return object
}

func nameKey(name string) ledger.Key {
	return ledger.Key{Attribute: udemy.FieldName, Value: udemy.GroupKey(name)}
}

// spelling returns the name in a conflict as one of the groups has it. The key has no letter case.
func spelling(conflict *ledger.Conflict) string {
	for _, name := range []string{conflict.Taker.Name, conflict.Holder.Name, conflict.Becomes} {
		if nameKey(name) == conflict.Key {
			return name
		}
	}
	return conflict.Key.Value
}

// addConflict adds the error for a plan that contradicts the plan of another resource.
func addConflict(diags *diag.Diagnostics, conflict *ledger.Conflict) {
	name, holder, taker := spelling(conflict), conflict.Holder, conflict.Taker
	at := path.Root(udemy.FieldName)
	switch conflict.Reason {
	case ledger.Handover:
		diags.AddAttributeError(at, fmt.Sprintf("The name %q moves to another group in one plan", name),
			fmt.Sprintf("Group %q (ID %s) becomes %q, and another udemy_group is created with the name %q. Terraform may create first, and would then adopt "+
				"the wrong group. Rename the group in a first apply, and add the new one in a second one.", holder.Name, holder.ID, conflict.Becomes, taker.Name))
	case ledger.Recreated:
		diags.AddAttributeError(at, fmt.Sprintf("Group %q is destroyed and created in one plan", name),
			fmt.Sprintf("The udemy_group with ID %s is destroyed, and another one with the same name is created. The group would lose its members. If the "+
				"resource was renamed in the configuration, add a moved block:\n\n  moved {\n    from = udemy_group.OLD\n    to   = udemy_group.NEW\n  }", holder.ID))
	case ledger.Taken:
		diags.AddAttributeError(at, fmt.Sprintf("The name %q belongs to another group", name),
			fmt.Sprintf("Group %q (ID %s) gets the name %q in the same plan in which the group with ID %s gives it up or keeps it. Terraform may change them "+
				"in the wrong order. Rename or remove the group with ID %s in a first apply, and set the name of the other group in a second one. In a "+
				"swap, one of them needs an interim name.",
				taker.Name, taker.ID, name, holder.ID, holder.ID))
	default:
		diags.AddAttributeError(at, fmt.Sprintf("Two resources for group %q", taker.Name),
			"Another udemy_group in state or configuration is for the same group, so each would undo the changes of the other. Remove one of them. If both "+
				"are in state, `terraform state rm` removes one without a change at Udemy. After a replacement with create_before_destroy that did not finish, "+
				"state has the group twice at one address. Then remove that address, and the next plan adopts the group again.")
	}
}
