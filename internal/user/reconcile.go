// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"fmt"
	"slices"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// reconciliation brings one learner to a plan, a step at a time, and records how far it got.
type reconciliation struct {
	directory udemy.Directory
	plan      model
	// user is the learner at Udemy after the steps that succeeded.
	user udemy.User
	// change is what the plan changes in the profile, and words describe it.
	change udemy.UserChange
	words  []string
	// done describes what was changed.
	done []string
}

// reconcile returns the work that brings a learner to a plan.
func reconcile(directory udemy.Directory, user udemy.User, plan model) *reconciliation {
	r := &reconciliation{directory: directory, plan: plan, user: user}
	r.change, r.words = profileChange(user, plan)
	return r
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
	if len(r.change.Fields) == 0 {
		return nil
	}
	user, err := r.directory.UpdateUser(ctx, r.user.ID, r.change)
	if err != nil {
		return err
	}
	r.update(user, r.words...)
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

// profileChange returns what a plan changes in a learner's profile, and a description of each change.
func profileChange(user udemy.User, plan model) (udemy.UserChange, []string) {
	change := udemy.UserChange{To: plan.user()}
	var words []string
	for _, a := range profile() {
		if difference := a.difference(user, plan); difference != "" {
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

// unmet describes how a learner still differs from a plan that was carried out: a server may accept a value and store
// another one. What the API does not return can't be compared.
func unmet(user udemy.User, plan model) []string {
	var words []string
	for _, a := range profile() {
		if a.field.Hidden && a.field.IsEmpty(user) {
			continue
		}
		if difference := a.difference(user, plan); difference != "" {
			words = append(words, difference)
		}
	}
	if plan.Active.ValueBool() != user.Status.Seated() {
		words = append(words, fmt.Sprintf("active stays %t (status %q)", user.Status.Seated(), user.Status))
	}
	return words
}
