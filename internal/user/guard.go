// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// guardRemoval rejects a plan that removes more seats than max_removals, or the seat of the last administrator.
func (r *userResource) guardRemoval(ctx context.Context, user udemy.User, diags *diag.Diagnostics) {
	if !r.Ready() {
		return
	}
	if first, err := r.countRemoval(user); err != nil {
		if first { // One error for the whole plan.
			diags.AddError("Too many learners would lose their seat", diagnostics.Explain(err.Error()))
		}
		return
	}
	r.guardLastAdmin(ctx, user, diags)
}

// removing runs a step that removes a learner's seat, if the guards allow it.
func (r *userResource) removing(ctx context.Context, user udemy.User, step func() error) error {
	if user.Role == udemy.RoleOwner {
		return errOwner // Not counted as a removal.
	}
	if _, err := r.countRemoval(user); err != nil {
		return err
	}
	return r.demoting(ctx, user, step)
}

// demoting runs a step that takes a learner's role, if the learner is neither an owner nor the last administrator.
func (r *userResource) demoting(ctx context.Context, user udemy.User, step func() error) error {
	switch {
	case user.Role == udemy.RoleOwner:
		return errOwner
	case !isAdmin(user):
		return step()
	}
	r.Ledger.Admins.Lock()
	defer r.Ledger.Admins.Unlock()
	if err := r.checkLastAdmin(ctx, user); err != nil {
		return err
	}
	return step()
}

// tooManyError means that a run removes more learners than max_removals allows.
type tooManyError struct {
	limit int
	names []string
}

func (e *tooManyError) Error() string {
	const shown = 10
	return fmt.Sprintf("at most %d learners may lose their seat in one run (max_removals), and this run removes more: %s. If that is intended, raise "+
		"max_removals in the provider block, or the environment variable UDEMY_MAX_REMOVALS, for this run",
		e.limit, enumerate(e.names, shown))
}

// countRemoval counts a learner who loses the seat, and returns an error beyond the limit. For the first such error of a
// run, first is true.
func (r *userResource) countRemoval(user udemy.User) (first bool, err error) {
	if r.MaxRemovals == nil {
		return false, nil
	}
	names, first := r.Ledger.Removals.Add(user.ID, user.Email, *r.MaxRemovals)
	if names == nil {
		return false, nil
	}
	return first, &tooManyError{*r.MaxRemovals, names}
}

// errLastAdmin means that the organization would lose its last administrator.
var errLastAdmin = errors.New("this is the last active administrator that the API returns, and an organization without an administrator can't be managed: " +
	"make another learner an administrator first")

// guardLastAdmin adds an error if a plan removes or demotes the last active administrator.
func (r *userResource) guardLastAdmin(ctx context.Context, user udemy.User, diags *diag.Diagnostics) {
	r.Ledger.Admins.Lock()
	defer r.Ledger.Admins.Unlock()
	if err := r.checkLastAdmin(ctx, user); err != nil {
		diags.AddError(fmt.Sprintf("Learner %q is the last administrator", user.Email), diagnostics.Explain(err.Error()))
	}
}

// checkLastAdmin returns an error for the last active administrator, not counting administrators that the run removes. The
// caller holds the lock Ledger.Admins.
func (r *userResource) checkLastAdmin(ctx context.Context, user udemy.User) error {
	if !isAdmin(user) {
		return nil
	}
	users, err := r.Directory.Users(ctx)
	if err != nil {
		return udemy.IgnoreNotOffered(err)
	}
	r.Ledger.Removals.AddAdmin(user.ID)
	others := func(other udemy.User) bool {
		return isAdmin(other) && other.Status == udemy.StatusActive && !r.Ledger.Removals.IsAdmin(other.ID)
	}
	if !slices.ContainsFunc(users, others) {
		return errLastAdmin
	}
	return nil
}

// isAdmin reports whether a learner administers the organization.
func isAdmin(user udemy.User) bool {
	return user.Role == udemy.RoleAdmin || user.Role == udemy.RoleOwner
}

// errOwner means that a step would take role or seat of an owner.
var errOwner = errors.New("an owner of the organization is never demoted, deactivated or deleted: transfer the ownership on Udemy's pages first")

// refuseOwner adds an error if a plan demotes, deactivates or destroys an owner. The attribute is empty for a destroy. It reports
// whether there is one.
func refuseOwner(user udemy.User, attribute string, diags *diag.Diagnostics) bool {
	if user.Role != udemy.RoleOwner {
		return false
	}
	summary := fmt.Sprintf("Learner %q is an owner", user.Email)
	if attribute == "" {
		diags.AddError(summary, diagnostics.Explain(errOwner.Error(), `To remove the owner from state without a change at Udemy, apply on_destroy = "keep" first.`))
	} else {
		diags.AddAttributeError(path.Root(attribute), summary, diagnostics.Explain(errOwner.Error(), fmt.Sprintf("Or remove %s from the configuration.", attribute)))
	}
	return true
}

// enumerate lists the first names and the number of the others.
func enumerate(names []string, shown int) string {
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}
