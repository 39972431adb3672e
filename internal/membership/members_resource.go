// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

var (
	_ resource.ResourceWithConfigure   = (*membersResource)(nil)
	_ resource.ResourceWithIdentity    = (*membersResource)(nil)
	_ resource.ResourceWithImportState = (*membersResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*membersResource)(nil)
)

type membersResource struct {
	providerdata.Resource
}

// NewMembersResource returns the udemy_group_members resource.
func NewMembersResource() resource.Resource {
	return &membersResource{}
}

func (r *membersResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group_members"
	// ModifyPlan also checks a deferred plan.
	resp.ResourceBehavior.ProviderDeferred.EnablePlanModification = true
}

// ModifyPlan rejects what contradicts another resource of the same run. Members who leave the group when this resource is
// created are not in state and not in the difference, so a warning lists them.
func (r *membersResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Data == nil || req.Plan.Raw.IsNull() {
		return
	}
	var plan, state membersModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !resp.Diagnostics.HasError() {
		r.checkIDs(ctx, plan, state, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() || plan.GroupID.IsUnknown() || plan.Members.IsUnknown() || len(resp.RequiresReplace) > 0 {
		return // A replacement is planned a second time, as a new resource.
	}
	groupID := plan.GroupID.ValueString()
	if !req.State.Raw.IsNull() || providerdata.PlannedBefore(ctx, resp.Private, &resp.Diagnostics) != groupID {
		providerdata.MarkPlanned(ctx, resp.Private, groupID, &resp.Diagnostics)
		isKnown := !slices.ContainsFunc(slices.Collect(maps.Values(plan.Members.Elements())), attr.Value.IsUnknown)
		if conflict := r.Ledger.Memberships.OwnGroup(groupID, plan.ids(), isKnown); conflict != nil {
			addMemberConflict(ctx, r.Data, &resp.Diagnostics, path.Root(udemy.FieldGroupID), conflict)
			return
		}
	}
	if req.State.Raw.IsNull() && r.Ready() {
		r.warnLeaving(ctx, plan, &resp.Diagnostics)
	}
}

// checkIDs rejects names and addresses in place of IDs. It skips the IDs in state.
func (r *membersResource) checkIDs(ctx context.Context, plan, state membersModel, diags *diag.Diagnostics) {
	if !plan.GroupID.IsUnknown() && !plan.GroupID.Equal(state.GroupID) {
		r.CheckGroupID(ctx, diags, path.Root(udemy.FieldGroupID), plan.GroupID.ValueString())
	}
	known := state.ids()
	for label, id := range plan.byLabel() {
		if _, found := slices.BinarySearch(known, id); !found {
			r.CheckUserID(ctx, diags, path.Root("members").AtMapKey(label), id)
		}
	}
}

// warnLeaving warns of members who leave the group and are not in state. A learner whose ID is unknown is new and not a
// member yet.
func (r *membersResource) warnLeaving(ctx context.Context, plan membersModel, diags *diag.Diagnostics) {
	groupID := plan.GroupID.ValueString()
	present, err := membersOf(ctx, r.Directory, groupID)
	if err != nil {
		r.RefuseLookup(diags, "the members of group "+groupID, err)
		return // The group may not exist yet. Apply reports any other error.
	}
	leaving := difference(present, plan.ids())
	switch {
	case len(leaving) == 0:
	case r.Ledger.Memberships.Adopted(groupID):
		r.addAdopted(ctx, groupID, leaving, diags)
	default:
		diags.AddWarning(fmt.Sprintf("%s of group %s will leave it", plural.Count(len(leaving), "member"), r.GroupLabel(ctx, groupID)),
			fmt.Sprintf("Members of the group that are not in the configuration: %s.", r.names(ctx, leaving, len(leaving))))
	}
}

// addAdopted adds the error for members of a group that the same run adopts. The group may have been unknown during the
// plan, and the plan then has no warning that lists the members.
func (r *membersResource) addAdopted(ctx context.Context, groupID string, leaving []string, diags *diag.Diagnostics) {
	const shown = 20
	diags.AddAttributeError(path.Root(udemy.FieldGroupID), fmt.Sprintf("Group %s is adopted in the same run and has members that are not listed", r.GroupLabel(ctx, groupID)),
		fmt.Sprintf("These members would leave the group: %s. No member was removed. Import the group first, or apply the udemy_group first, for example with "+
			"-target. The next plan then lists the members who leave.", r.names(ctx, leaving, shown)))
}

// membersOf returns the IDs of the members of a group, in order.
func membersOf(ctx context.Context, directory udemy.Directory, groupID string) ([]string, error) {
	ids, err := directory.Members(ctx, groupID)
	if err == nil && ids == nil {
		err = &udemy.Error{
			Kind: udemy.ErrNotOffered, Call: "reading the members of a group", Detail: "the API does not return them", Cause: udemy.ErrNoMemberships,
		}
	}
	slices.Sort(ids)
	return ids, err
}

// names lists the first learners by e-mail address, and the number of the others.
func (r *membersResource) names(ctx context.Context, ids []string, shown int) string {
	var names []string
	for _, id := range ids[:min(len(ids), shown)] {
		names = append(names, labelOf(ctx, r.Directory, id))
	}
	if more := len(ids) - shown; more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

// labelOf returns the e-mail address of a learner. If the learner can't be read, it returns the ID.
func labelOf(ctx context.Context, directory udemy.Directory, id string) string {
	user, err := directory.User(ctx, id)
	if err != nil || user.Email == "" {
		return id
	}
	return user.Email
}

func (r *membersResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan membersModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	groupID := plan.GroupID.ValueString()
	r.Ledger.Memberships.Give(groupID, plan.ids()...)
	present, err := membersOf(ctx, r.Directory, groupID)
	outcome := "Nothing was changed."
	if errors.Is(err, udemy.ErrNoMemberships) && len(plan.ids()) > 0 {
		// The group may be empty. Once it has members, it shows whether the API returns them.
		added := r.addFirst(ctx, plan, &resp.Diagnostics)
		if len(added.ids()) == 0 {
			return
		}
		providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, added)
		plan, outcome = added, "The members in the configuration were added and are in state. Other members may exist."
		present, err = membersOf(ctx, r.Directory, groupID)
	}
	leaving := difference(present, plan.ids())
	switch {
	case err == nil && len(leaving) > 0 && r.Ledger.Memberships.Adopted(groupID):
		r.addAdopted(ctx, groupID, leaving, &resp.Diagnostics)
		return
	case err != nil:
		addMembersError(&resp.Diagnostics, "read", plan, err, outcome+" If the API does not return the members of a group, use udemy_group_membership.")
		return
	}
	state := r.reconcile(ctx, present, plan, &resp.Diagnostics)
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
}

// addFirst adds the members of a plan to a group whose members are unknown. It returns the plan without the learners who could not be
// added.
func (r *membersResource) addFirst(ctx context.Context, plan membersModel, diags *diag.Diagnostics) membersModel {
	notAdded := r.change(ctx, r.Directory.AddMembers, plan.GroupID.ValueString(), plan.ids())
	if len(notAdded) == 0 {
		return plan
	}
	members := plan.byLabel()
	addMemberErrors(diags, "add", plan, members, notAdded)
	maps.DeleteFunc(members, func(_, id string) bool { return notAdded[id] != nil })
	return plan.with(members)
}

// Update makes the changes of the plan. It does not affect members who joined or left after the plan.
func (r *membersResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state membersModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	taken := r.Ledger.Memberships.Give(plan.GroupID.ValueString(), plan.ids()...)
	slices.Sort(taken)
	state = r.reconcile(ctx, difference(state.ids(), taken), plan, &resp.Diagnostics)
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
}

// reconcile adds and removes members to match a plan. It returns the plan without the learners who could not be added and
// with the members who could not be removed.
func (r *membersResource) reconcile(ctx context.Context, present []string, plan membersModel, diags *diag.Diagnostics) membersModel {
	group := plan.GroupID.ValueString()
	joining, leaving := difference(plan.ids(), present), difference(present, plan.ids())
	notAdded := r.change(ctx, r.Directory.AddMembers, group, joining)
	leaving, done := r.Ledger.Memberships.Take(group, leaving...)
	notRemoved := r.change(ctx, r.Directory.RemoveMembers, group, leaving)
	done()
	if len(notAdded) == 0 && len(notRemoved) == 0 {
		return plan
	}

	members := plan.byLabel()
	addMemberErrors(diags, "add", plan, members, notAdded)
	maps.DeleteFunc(members, func(_, id string) bool { return notAdded[id] != nil })
	for _, id := range slices.Sorted(maps.Keys(notRemoved)) {
		members[r.freeLabel(ctx, members, id)] = id
	}
	addMemberErrors(diags, "remove", plan, members, notRemoved)
	return plan.with(members)
}

// change adds or removes learners, and returns the error of each learner that failed.
func (r *membersResource) change(ctx context.Context, call func(context.Context, string, ...string) error, groupID string, ids []string) udemy.MembersError {
	if len(ids) == 0 {
		return nil
	}
	err := call(ctx, groupID, ids...)
	failed := udemy.MembersError{}
	if err != nil && !errors.As(err, &failed) {
		for _, id := range ids {
			failed[id] = err
		}
	}
	return failed
}

// freeLabel returns an unused label for a member who is not in the configuration.
func (r *membersResource) freeLabel(ctx context.Context, members map[string]string, id string) string {
	label := labelOf(ctx, r.Directory, id)
	if _, taken := members[label]; taken {
		return id
	}
	return label
}

func (r *membersResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state membersModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
	if !r.Ready() {
		r.WarnNotReady(&resp.Diagnostics)
		return
	}

	present, err := membersOf(ctx, r.Directory, state.GroupID.ValueString())
	switch {
	case errors.Is(err, udemy.ErrNotFound):
		resp.State.RemoveResource(ctx)
	case errors.Is(err, udemy.ErrNotOffered):
		r.ReportUnread(ctx, req.Private, &resp.Diagnostics, err)
	case err != nil:
		addMembersError(&resp.Diagnostics, "read", state, err, "State is unchanged.")
	default:
		state = state.with(r.labeled(ctx, state.byLabel(), present))
		providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
	}
}

// labeled returns the members of a group by label. A member without a label gets the e-mail address as label.
func (r *membersResource) labeled(ctx context.Context, labels map[string]string, present []string) map[string]string {
	members := maps.Clone(labels)
	maps.DeleteFunc(members, func(_, id string) bool {
		_, found := slices.BinarySearch(present, id)
		return !found
	})
	known := slices.Sorted(maps.Values(members))
	for _, id := range difference(present, known) {
		members[r.freeLabel(ctx, members, id)] = id
	}
	return members
}

// Delete removes the members in state. Learners who joined the group after the last refresh stay.
func (r *membersResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state membersModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	leaving, done := r.Ledger.Memberships.Take(state.GroupID.ValueString(), state.ids()...)
	failed := r.change(ctx, r.Directory.RemoveMembers, state.GroupID.ValueString(), leaving)
	done()
	maps.DeleteFunc(failed, func(_ string, err error) bool { return errors.Is(err, udemy.ErrNotFound) })
	if len(failed) == 0 {
		return
	}
	left := state.byLabel()
	maps.DeleteFunc(left, func(_, id string) bool { return failed[id] == nil })
	addMemberErrors(&resp.Diagnostics, "remove", state, left, failed)
	state = state.with(left)
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
}

// addMembersError adds an error for a failed step.
func addMembersError(diags *diag.Diagnostics, verb string, m membersModel, err error, outcome string) {
	diagnostics.AddError(diags, fmt.Sprintf("Unable to %s the members of group %s", verb, m.GroupID.ValueString()), outcome, err)
}

// addMemberErrors adds an error for each learner that could not be added or removed. The number is limited, because a wrong
// token fails for every learner.
func addMemberErrors(diags *diag.Diagnostics, verb string, m membersModel, members map[string]string, failed udemy.MembersError) {
	const shown = 10
	count := 0
	for _, label := range slices.Sorted(maps.Keys(members)) {
		id := members[label]
		if failed[id] == nil {
			continue
		}
		if count++; count > shown {
			diags.AddAttributeError(path.Root("members"), fmt.Sprintf("Unable to %s %d learners in all", verb, len(failed)),
				fmt.Sprintf("Only the first %d are listed. The others most likely failed for the same reason.", shown))
			return
		}
		diagnostics.AddErrorAt(diags, path.Root("members").AtMapKey(label),
			fmt.Sprintf("Unable to %s learner %q (%s) in group %s", verb, label, id, m.GroupID.ValueString()),
			"State has the current members of the group.", failed[id])
	}
}
