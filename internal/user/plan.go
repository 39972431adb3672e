// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/logging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// ModifyPlan implements resource.ResourceWithModifyPlan. It changes nothing in the plan: what can't work is said before
// anything is done, and so is what creating will really do.
func (r *userResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.Data == nil {
		return
	}
	var config, plan model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	isNew := req.State.Raw.IsNull()
	if !plan.Email.IsUnknown() {
		r.Claim(ctx, path.Root("email"), "learner", udemy.EmailKey(plan.Email.ValueString()), isNew, resp.Private, &resp.Diagnostics)
	}
	if !r.Ready() {
		return
	}
	r.refuseImpossible(config, &resp.Diagnostics)
	if isNew && !plan.Email.IsUnknown() && !resp.Diagnostics.HasError() {
		r.announceAdoption(ctx, plan, &resp.Diagnostics)
	}
}

// refuseImpossible adds an error for each attribute that the API can't set.
func (r *userResource) refuseImpossible(config model, diags *diag.Diagnostics) {
	can := r.Directory.Capabilities()
	refuse := func(attribute, what, instead string) {
		diags.AddAttributeError(path.Root(attribute), fmt.Sprintf("%s is not possible here", attribute),
			fmt.Sprintf("The organization is reached over %s, which can't %s. %s", can.Name, what, instead))
	}
	for _, a := range profile() {
		if !a.isNull(config) && !can.Sets(a.field.Name) {
			refuse(a.field.Name, "set "+a.field.Name, fmt.Sprintf("Leave %s out of the configuration, and set it on Udemy's own pages.", a.field.Name))
		}
	}
	if config.OnDestroy.ValueString() == onDestroyDelete && !can.DeleteUsers {
		refuse(udemy.FieldOnDestroy, "remove learners", `Use "deactivate", which frees the seat and keeps the learning history, or "keep".`)
	}
}

// announceAdoption tells a plan that creates a learner from one that takes one over. Where the API can't tell, the plan
// says nothing: the apply finds out.
func (r *userResource) announceAdoption(ctx context.Context, plan model, diags *diag.Diagnostics) {
	address := plan.Email.ValueString()
	existing, err := r.Directory.ExistingUser(ctx, address)
	if err != nil {
		logging.User.Trace(ctx, "No existing learner was found for a plan", map[string]any{"error": err.Error()})
		return
	}
	if !r.adopts(plan) {
		addExists(diags, existing)
		return
	}
	diags.AddWarning(fmt.Sprintf("Learner %q exists already and will be adopted", address),
		fmt.Sprintf("The organization has a learner with this e-mail address: id %s, status %s. Instead of inviting anybody, applying takes this "+
			"learner over. %s\n\nIf the same plan destroys the learner at another address of the configuration, write a moved block instead: "+
			"otherwise the learner may lose the seat.", existing.ID, existing.Status, sentence("To change", pending(existing, plan))))
}

// addExists says that a learner would have to be taken over, and must not be.
func addExists(diags *diag.Diagnostics, existing udemy.User) {
	diags.AddAttributeError(path.Root("email"), fmt.Sprintf("Learner %q exists already", existing.Email),
		fmt.Sprintf("The organization has a learner with this e-mail address: id %s, status %s. adopt_existing is false, so nothing is changed.\n\n%s",
			existing.ID, existing.Status, diagnostics.ImportHint("udemy_user", existing.ID)))
}

// pending says in words what applying a plan changes of a learner.
func pending(user udemy.User, plan model) []string {
	_, words := profileChange(user, plan)
	words = append(words, pendingMoves(user, plan)...)
	switch {
	case plan.Active.IsUnknown():
	case plan.Active.ValueBool() && !user.Status.Seated():
		words = append(words, "reactivate, which takes a seat")
	case !plan.Active.ValueBool() && user.Status.Seated():
		words = append(words, "deactivate, which frees the seat")
	}
	return words
}

// pendingMoves are the groups to join and to leave.
func pendingMoves(user udemy.User, plan model) []string {
	want := plainSet(plan.GroupIDs)
	switch {
	case plan.GroupIDs.IsNull():
		return nil
	case plan.GroupIDs.IsUnknown(), slices.Contains(want, ""), user.GroupIDs == nil:
		return []string{"groups, as far as they differ from group_ids"}
	}
	var words []string
	for _, id := range want {
		if !slices.Contains(user.GroupIDs, id) {
			words = append(words, "join group "+id)
		}
	}
	for _, id := range user.GroupIDs {
		if !slices.Contains(want, id) {
			words = append(words, "leave group "+id)
		}
	}
	return words
}
