// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// adoptPlanned adopts the learner whose ID the plan has.
func (r *userResource) adoptPlanned(ctx context.Context, plan model, resp *resource.CreateResponse) {
	existing, err := r.Directory.User(ctx, plan.ID.ValueString())
	if err == nil && !udemy.SameEmail(existing.Email, plan.Email.ValueString()) {
		err = fmt.Errorf("the learner's e-mail address is now %q", existing.Email)
	}
	if err == nil && r.Ledger.Users.Applied(existing.ID) {
		err = errors.New("another resource of this run holds the learner")
	}
	if err != nil {
		addUserError(&resp.Diagnostics, "adopt", plan, err,
			fmt.Sprintf("The plan adopts the learner with ID %s. Nothing was changed. Plan again.", plan.ID.ValueString()))
		return
	}
	r.adopt(ctx, existing, plan, false, resp)
}

// adoptConflicting adopts the learner that is the reason of a conflict, if the address is the same.
func (r *userResource) adoptConflicting(ctx context.Context, conflict *udemy.Error, plan model, resp *resource.CreateResponse) {
	existing, err := r.conflicting(ctx, conflict, plan)
	if errors.Is(err, udemy.ErrNotFound) && conflict.Fields[udemy.FieldLicensePool] != "" { // The conflict concerns the pool.
		addUserError(&resp.Diagnostics, "create", plan, conflict, "")
		return
	}
	if err != nil {
		addUserError(&resp.Diagnostics, "adopt", plan, err, conflictOutcome(conflict, err))
		return
	}
	if !udemy.SameEmail(existing.Email, plan.Email.ValueString()) {
		addUserError(&resp.Diagnostics, "create", plan, conflict,
			fmt.Sprintf("The conflicting learner is %q, ID %s. Only a learner with exactly this e-mail address is adopted, so nothing was changed.",
				existing.Email, existing.ID))
		return
	}
	ours := conflict.Resent && r.reconcile(existing, plan, model{}).couldBeNew()
	switch {
	case r.Ledger.Users.Applied(existing.ID):
		addUserError(&resp.Diagnostics, "create", plan, conflict,
			fmt.Sprintf("Another resource of this run owns the learner with ID %s, so nothing was changed. Remove one of the resources.", existing.ID))
	case !ours && !r.adopts(plan):
		addExists(&resp.Diagnostics, existing)
	default:
		r.adopt(ctx, existing, plan, ours, resp)
	}
}

// adopt changes an existing learner to match the plan. If ours is true, an earlier attempt of this creation has created the
// learner.
func (r *userResource) adopt(ctx context.Context, existing udemy.User, plan model, ours bool, resp *resource.CreateResponse) {
	// Until the adoption is complete, state has "keep". Terraform replaces a resource whose creation failed, and an existing
	// learner must not lose the seat in the replacement.
	guarded := plan
	guarded.OnDestroy = types.StringValue(onDestroyKeep)
	r.save(ctx, guarded.read(existing), &resp.Diagnostics, &resp.State, resp.Identity)

	work := r.reconcile(existing, plan, model{})
	if err := work.run(ctx); err != nil {
		r.save(ctx, guarded.read(work.user), &resp.Diagnostics, &resp.State, resp.Identity)
		addUserError(&resp.Diagnostics, "finish adopting", plan, err,
			fmt.Sprintf("The learner with ID %s existed already and is in state. %s Apply again to finish. Until then, destroying "+
				"the resource does not change the learner.", existing.ID, sentence("Changed so far", work.done)))
		return
	}
	if !ours {
		r.reportAdopted(ctx, adoption(existing, plan, work.done), &resp.Diagnostics)
	}
	r.finish(ctx, work.user, plan, resp)
}

// conflicting reads the learner that is the reason of a conflict: by the ID in the response, by e-mail address, or, if no
// learner has the address, by external ID.
func (r *userResource) conflicting(ctx context.Context, conflict *udemy.Error, plan model) (udemy.User, error) {
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

// conflictOutcome describes a conflicting learner that could not be read, and the next step if the API does not return it.
func conflictOutcome(conflict *udemy.Error, err error) string {
	switch {
	case errors.Is(err, udemy.ErrNotFound):
		return "According to Udemy, the learner exists. The API does not return the learner, so nothing was changed. The learner may have been invited or " +
			"added on Udemy's own pages. Find the learner there, and connect the account to this API or free its e-mail address. Then apply again."
	case conflict.ExistingID != "":
		return fmt.Sprintf("The conflicting learner has ID %s and was not changed.", conflict.ExistingID)
	default:
		return "The conflicting learner was not changed."
	}
}

// adopts reports whether an existing learner is adopted. The resource overrides the provider block.
func (r *userResource) adopts(plan model) bool {
	if plan.AdoptExisting.IsNull() || plan.AdoptExisting.IsUnknown() {
		return r.AdoptExisting
	}
	return plan.AdoptExisting.ValueBool()
}

// couldBeNew reports whether the learner is exactly as the plan creates it. After a request whose response was lost, such a
// learner was created by the request.
func (r *reconciliation) couldBeNew() bool {
	unplanned := func(group string) bool { return !slices.Contains(plainSet(r.plan.GroupIDs), group) }
	return len(r.change.Fields) == 0 && r.user.Status.Seated() && !slices.ContainsFunc(r.user.GroupIDs, unplanned)
}

// warnAdoption warns that the creation adopts a learner.
func (r *userResource) warnAdoption(ctx context.Context, existing udemy.User, plan model, diags *diag.Diagnostics) {
	r.reportPlanned(ctx, adoption(existing, plan, pending(existing, plan)), diags)
	if existing.Status.Seated() && !plan.Active.IsUnknown() && !plan.Active.ValueBool() && !refuseOwner(existing, udemy.FieldActive, diags) {
		r.guardRemoval(ctx, existing, diags)
	}
}

// addExists adds the error for an existing learner that may not be adopted.
func addExists(diags *diag.Diagnostics, existing udemy.User) {
	diags.AddAttributeError(path.Root("email"), fmt.Sprintf("Learner %q exists already", existing.Email),
		fmt.Sprintf("The organization has a learner with this e-mail address: ID %s, status %s. adopt_existing is false, so nothing is changed. If the learner is in state, "+
			"plan without -replace, or run `terraform untaint` with the resource's address if it is tainted.\n\n%s", existing.ID, existing.Status, diagnostics.ImportHint("udemy_user", existing.ID)))
}

// addAlias adds the error for an address that an existing learner has as user name or as a further address.
func addAlias(diags *diag.Diagnostics, existing udemy.User, plan model) {
	diags.AddAttributeError(path.Root("email"), fmt.Sprintf("Learner %q exists already with another main address", plan.Email.ValueString()),
		fmt.Sprintf("The address is the user name or a further address of learner %q, ID %s, status %s. Another account with it would belong to the same "+
			"person, so nothing is created. If it is this person, set email to %q, and the learner is adopted. If not, remove the address from that learner "+
			"at Udemy or in the identity provider.", existing.Email, existing.ID, existing.Status, existing.Email))
}

// pending describes the changes that an apply makes to a learner.
func pending(user udemy.User, plan model) []string {
	_, words := profileChange(user, plan, model{})
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

// pendingMoves describes the groups to join and to leave.
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
