// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// reconciliation changes one learner to match a plan, step by step, and records the steps that succeeded.
type reconciliation struct {
	resource *userResource
	plan     model
	// user is the learner at Udemy after the steps that succeeded.
	user udemy.User
	// change is the change of the profile, and words describe it.
	change udemy.UserChange
	words  []string
	// done describes the changes that succeeded.
	done []string
}

// reconcile returns the steps that change a learner to match a plan. The prior state is empty for a new resource.
func (r *userResource) reconcile(user udemy.User, plan, prior model) *reconciliation {
	work := &reconciliation{resource: r, plan: plan, user: user}
	work.change, work.words = profileChange(user, plan, prior)
	return work
}

// run makes the changes. A deactivated learner can't be changed, so reactivation comes first and deactivation last.
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
	user, err := r.resource.Directory.ActivateUser(ctx, r.user.ID)
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
	err := r.resource.removing(ctx, r.user, func() error {
		user, err := r.resource.Directory.DeactivateUser(ctx, r.user.ID)
		if err == nil {
			r.update(user, "deactivated, which frees the seat")
		}
		return err
	})
	if err != nil {
		return &diagnostics.AttributeError{Attribute: udemy.FieldActive, Err: err}
	}
	return nil
}

func (r *reconciliation) changeProfile(ctx context.Context) error {
	if len(r.change.Fields) == 0 {
		return nil
	}
	update := func() error {
		user, err := r.resource.Directory.UpdateUser(ctx, r.user.ID, r.change)
		if err == nil {
			r.update(user, r.words...)
		}
		return err
	}
	if !slices.Contains(r.change.Fields, udemy.FieldRole) || r.change.To.Role == udemy.RoleAdmin && r.user.Role != udemy.RoleOwner {
		return update()
	}
	if err := r.resource.demoting(ctx, r.user, update); errors.Is(err, errOwner) {
		return &diagnostics.AttributeError{Attribute: udemy.FieldRole, Err: err}
	} else if err != nil {
		return err
	}
	return nil
}

// changeGroups sends only the differences, so the other members of each group are not affected.
func (r *reconciliation) changeGroups(ctx context.Context) error {
	want := plainSet(r.plan.GroupIDs)
	if want == nil {
		return nil
	}
	memberships := &r.resource.Ledger.Memberships
	for _, id := range want {
		if taken := memberships.Give(id, r.user.ID); len(taken) > 0 {
			r.user.GroupIDs = slices.DeleteFunc(r.user.GroupIDs, func(have string) bool { return have == id })
		}
	}
	isUnknown := false
	if r.user.GroupIDs == nil {
		have, err := r.resource.Directory.UserGroups(ctx, r.user.ID)
		// The learner may have no groups. With a group, the learner shows whether the API returns them.
		isUnknown = errors.Is(err, udemy.ErrNoMemberships) && len(want) > 0
		if err != nil && !isUnknown {
			return err
		}
		r.user.GroupIDs = have
	}
	have := slices.Clone(r.user.GroupIDs)
	if err := r.join(ctx, want, have); err != nil {
		return err
	}
	if isUnknown {
		var err error
		if have, err = r.resource.Directory.UserGroups(ctx, r.user.ID); err != nil {
			return err
		}
		r.user.GroupIDs = slices.Clone(have)
	}
	for _, id := range have {
		if slices.Contains(want, id) {
			continue
		}
		allowed, done := memberships.Take(id, r.user.ID)
		if len(allowed) == 0 { // Another resource of this run has added the learner.
			done()
			continue
		}
		err := r.resource.Directory.RemoveMembers(ctx, id, r.user.ID)
		done()
		if err != nil {
			return &diagnostics.AttributeError{Attribute: udemy.FieldGroupIDs, Err: fmt.Errorf("leaving group %q: %w", id, err)}
		}
		r.user.GroupIDs = slices.DeleteFunc(r.user.GroupIDs, func(have string) bool { return have == id })
		r.done = append(r.done, fmt.Sprintf("left group %s", id))
	}
	return nil
}

// join adds the learner to the groups in want that are not in have.
func (r *reconciliation) join(ctx context.Context, want, have []string) error {
	for _, id := range want {
		if slices.Contains(have, id) {
			continue
		}
		if err := r.resource.Directory.AddMembers(ctx, id, r.user.ID); err != nil {
			return &diagnostics.AttributeError{Attribute: udemy.FieldGroupIDs, Err: fmt.Errorf("joining group %q: %w", id, err)}
		}
		r.user.GroupIDs = append(r.user.GroupIDs, id)
		r.done = append(r.done, fmt.Sprintf("joined group %s", id))
	}
	return nil
}

// update records a response and the changes. A response without groups keeps the known groups.
func (r *reconciliation) update(user udemy.User, done ...string) {
	if user.GroupIDs == nil {
		user.GroupIDs = r.user.GroupIDs
	}
	r.user = user
	r.done = append(r.done, done...)
}

// profileChange returns the change that a plan makes to the profile of a learner, and a description of each difference.
func profileChange(user udemy.User, plan, prior model) (udemy.UserChange, []string) {
	change := udemy.UserChange{To: plan.user()}
	var words []string
	for _, a := range profile() {
		if difference := a.difference(user, plan, prior); difference != "" {
			change.Fields = append(change.Fields, a.field.Name)
			words = append(words, difference)
		}
	}
	return change, words
}

// sameSet compares without regard to order.
func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// unmet describes how a learner differs from a plan after an apply, because a server may accept a value and store another
// one. Attributes that the API does not return are not compared.
func unmet(user udemy.User, plan, prior model) []string {
	var words []string
	for _, a := range profile() {
		if a.field.Hidden && a.field.IsEmpty(user) {
			continue
		}
		if difference := a.difference(user, plan, prior); difference != "" {
			words = append(words, difference)
		}
	}
	if plan.Active.ValueBool() != user.Status.Seated() {
		words = append(words, fmt.Sprintf("active stays %t (status %q)", user.Status.Seated(), user.Status))
	}
	return words
}
