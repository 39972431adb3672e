// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package providerdata

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// lookups are the failures of a run to look up existing objects. Hundreds of resources fail for the same reason, and Terraform does
// not combine equal errors, so each kind is reported once.
type lookups struct {
	refused, failed, wrongAddress sync.Once
	// unlisted is true if the API has answered 404 for the list of learners or groups.
	unlisted atomic.Bool
}

// ReportLookup reports that a plan could not look up an existing learner or group. Otherwise the plan would silently lack the
// adoption. A failure that every further call would have is an error, and any other failure is a warning, each once per run. An
// object that does not exist is not a failure. The object in the plan is given with its type, such as `learner "ada@example.com"`.
func (d *Data) ReportLookup(diags *diag.Diagnostics, object string, err error) {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, udemy.ErrNotFound) || d.RefuseLookup(diags, object, err) {
		return
	}
	d.noteUnlisted(err)
	d.lookups.failed.Do(func() {
		diags.AddWarning("Existing learners and groups could not be looked up", diagnostics.Explain(err.Error(),
			"The plan does not show which of the new learners and groups exist already. Apply adopts those that exist, or fails if adopt_existing is false. "+
				"This warning appears once for all of them."))
	})
}

// RefuseLookup adds the error for a lookup that failed for a reason that every further call would have: a refused token, an
// unreachable server or a wrong address. It reports whether that is the reason. The error appears once per run.
func (d *Data) RefuseLookup(diags *diag.Diagnostics, object string, err error) bool {
	for _, kind := range []error{udemy.ErrUnauthorized, udemy.ErrForbidden, udemy.ErrUnreachable, udemy.ErrWrongAddress} {
		if errors.Is(err, kind) {
			d.lookups.refused.Do(func() {
				diagnostics.AddError(diags, "Unable to plan "+object,
					"The plan looks up which learners and groups exist already, and every lookup fails. This error appears once for all of them.", err)
			})
			return true
		}
	}
	return false
}

func (d *Data) noteUnlisted(err error) {
	if errors.Is(err, udemy.ErrNoCollection) {
		d.lookups.unlisted.Store(true)
	}
}

// MarkUnlisted records in private state that the API at the present address has created the object, if the API does not list objects.
// A later run that gets a 404 for the list then has evidence that the address is right.
func (d *Data) MarkUnlisted(ctx context.Context, private PrivateState, diags *diag.Diagnostics) {
	if d.lookups.unlisted.Load() {
		setText(ctx, private, createdKey, d.Address, diags)
	}
}

// ReportUnread reports an object in state that the API does not return. If nothing shows that the address of the API is right, that
// is an error, because an empty plan would look like a confirmation. Otherwise the API lacks the call, which is a warning. Both
// appear once per run.
func (d *Data) ReportUnread(ctx context.Context, private PrivateState, diags *diag.Diagnostics, err error) {
	if !errors.Is(err, udemy.ErrNoCollection) || text(ctx, private, createdKey, diags) == d.Address {
		d.WarnNotReadable(diags, err)
		return
	}
	d.lookups.wrongAddress.Do(func() {
		diagnostics.AddError(diags, "Nothing was found at the address of the API",
			"State is unchanged, and nothing was refreshed. If the organization's API really has no such call, plan with -refresh=false. This error appears "+
				"once for all objects in state.", err)
	})
}
