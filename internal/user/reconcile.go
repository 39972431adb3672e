// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// reconciliation brings one learner to a plan, a step at a time, and knows at each step how far it got.
type reconciliation struct {
	directory udemy.Directory
	plan      model
	// user is the learner as Udemy has it after the steps that succeeded.
	user udemy.User
	// done says in words what was changed, for people.
	done []string
}

// run makes the changes in the one order that works: a deactivated learner can't be changed, so
// reactivation comes first and deactivation last.
func (r *reconciliation) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{r.reactivate, r.changeProfile, r.changeGroups, r.deactivate} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *reconciliation) reactivate(ctx context.Context) error {
	if !r.plan.Active.ValueBool() || r.user.Status.Seated() {
		return nil
	}
	user, err := r.directory.ActivateUser(ctx, r.user.ID)
	if err != nil {
		return &diagnostics.AttributeError{Attribute: udemy.FieldActive, Err: err}
	}
	r.update(user, "reactivated, which takes a seat")
	return nil
}

func (r *reconciliation) deactivate(ctx context.Context) error {
	if r.plan.Active.ValueBool() || !r.user.Status.Seated() {
		return nil
	}
	user, err := r.directory.DeactivateUser(ctx, r.user.ID)
	if err != nil {
		return &diagnostics.AttributeError{Attribute: udemy.FieldActive, Err: err}
	}
	r.update(user, "deactivated, which frees the seat")
	return nil
}

func (r *reconciliation) changeProfile(ctx context.Context) error {
	change, words := profileChange(r.user, r.plan)
	if change.IsEmpty() {
		return nil
	}
	user, err := r.directory.UpdateUser(ctx, r.user.ID, change)
	if err != nil {
		return err
	}
	r.update(user, words...)
	return nil
}

// changeGroups sends differences only: a learner's other groups, and a group's other learners, stay as they are.
func (r *reconciliation) changeGroups(ctx context.Context) error {
	want := plainSet(r.plan.GroupIDs)
	if want == nil {
		return nil
	}
	if r.user.GroupIDs == nil {
		have, err := r.directory.UserGroups(ctx, r.user.ID)
		if err != nil {
			return err
		}
		r.user.GroupIDs = have
	}
	have := slices.Clone(r.user.GroupIDs)
	for _, id := range want {
		if slices.Contains(have, id) {
			continue
		}
		if err := r.directory.AddMembers(ctx, id, r.user.ID); err != nil {
			return &diagnostics.AttributeError{Attribute: udemy.FieldGroupIDs, Err: fmt.Errorf("joining group %q: %w", id, err)}
		}
		r.user.GroupIDs = append(r.user.GroupIDs, id)
		r.done = append(r.done, fmt.Sprintf("joined group %s", id))
	}
	for _, id := range have {
		if slices.Contains(want, id) {
			continue
		}
		if err := r.directory.RemoveMembers(ctx, id, r.user.ID); err != nil {
			return &diagnostics.AttributeError{Attribute: udemy.FieldGroupIDs, Err: fmt.Errorf("leaving group %q: %w", id, err)}
		}
		r.user.GroupIDs = slices.DeleteFunc(r.user.GroupIDs, func(have string) bool { return have == id })
		r.done = append(r.done, fmt.Sprintf("left group %s", id))
	}
	return nil
}

// update takes over an answer. One that is silent about groups does not make them unknown.
func (r *reconciliation) update(user udemy.User, done ...string) {
	if user.GroupIDs == nil {
		user.GroupIDs = r.user.GroupIDs
	}
	r.user = user
	r.done = append(r.done, done...)
}

// profileChange is what must change in a learner's profile, and the same in words. What the plan leaves
// open stays as it is: an admin whose role is not configured stays an admin.
func profileChange(user udemy.User, plan model) (udemy.UserChange, []string) {
	var change udemy.UserChange
	var words []string
	differs := func(attribute, have string, want types.String) bool {
		if want.IsUnknown() || want.ValueString() == have {
			return false
		}
		words = append(words, fmt.Sprintf("%s from %q to %q", attribute, have, want.ValueString()))
		return true
	}

	if !udemy.SameEmail(user.Email, plan.Email.ValueString()) && differs("email", user.Email, plan.Email.StringValue) {
		change.Email = plan.Email.ValueStringPointer()
	}
	if differs("first_name", user.FirstName, plan.FirstName) {
		change.FirstName = plan.FirstName.ValueStringPointer()
	}
	if differs("last_name", user.LastName, plan.LastName) {
		change.LastName = plan.LastName.ValueStringPointer()
	}
	if differs("external_id", user.ExternalID, plan.ExternalID) {
		externalID := plan.ExternalID.ValueString()
		change.ExternalID = &externalID
	}
	if !plan.Role.IsNull() && differs("role", string(user.Role), plan.Role) {
		role := udemy.Role(plan.Role.ValueString())
		change.Role = &role
	}
	if want := plainSet(plan.LicenseTypes); want != nil && !sameSet(user.LicenseTypes, want) {
		change.LicenseTypes = want
		words = append(words, fmt.Sprintf("license_types from %q to %q", user.LicenseTypes, want))
	}
	return change, words
}

// sameSet compares without regard to order.
func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// unmet names the attributes in which a learner still differs from a plan that was carried out: a server may
// take a value without a word and keep another. What it doesn't tell can't be compared.
func unmet(user udemy.User, plan model) []string {
	if user.Role == "" {
		user.Role = udemy.Role(plan.Role.ValueString())
	}
	if user.LicenseTypes == nil {
		user.LicenseTypes = plainSet(plan.LicenseTypes)
	}
	_, words := profileChange(user, plan)
	if plan.Active.ValueBool() != user.Status.Seated() {
		words = append(words, fmt.Sprintf("active stays %t (status %q)", user.Status.Seated(), user.Status))
	}
	return words
}
