// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// matches reports whether a learner has the external ID or else the name in a model. The address alone is not enough, because it
// may have been reassigned to another person.
func matches(m model, user udemy.User) bool {
	if externalID := m.ExternalID.ValueString(); externalID != "" && user.ExternalID != "" {
		return externalID == user.ExternalID
	}
	return m.FirstName.ValueString() == user.FirstName && m.LastName.ValueString() == user.LastName
}

// warnGone warns of a deleted learner in state whose address another learner has.
func warnGone(state model, other *otherPersonError, diags *diag.Diagnostics) {
	next := fmt.Sprintf("That learner is not adopted and not changed, and the learner in state counts as inactive. If it is the same person, run `terraform state "+
		"rm` with the resource's address, and plan again: the plan then adopts the learner with ID %s. If not, change or remove the resource.", other.user.ID)
	if matches(state, other.user) {
		next = "The resource leaves the state. If the configuration still has the learner, the plan adopts the account, which has the same external ID or name."
	}
	diags.AddWarning(fmt.Sprintf("Learner %q is gone", state.Email.ValueString()),
		fmt.Sprintf("Udemy no longer has a learner with ID %s, and %s. %s", state.ID.ValueString(), other, next))
}

// refuseDoubted adds an error for a learner who has the address of a deleted learner in state, and who is another person
// according to the configuration, too. It reports whether there is one.
func (r *userResource) refuseDoubted(existing udemy.User, plan model, diags *diag.Diagnostics) bool {
	if !r.Ledger.Users.Doubted(existing.ID) || matches(plan, existing) {
		return false
	}
	diags.AddAttributeError(path.Root(udemy.FieldEmail), fmt.Sprintf("Learner %q is another person than the one in state", plan.Email.ValueString()),
		fmt.Sprintf("The learner in state is gone, and the address now belongs to learner %q, ID %s, status %s, with another external ID or name. So the "+
			"learner is not adopted, and nothing is changed. If it is the same person, run `terraform state rm` with the resource's address, and plan again: the "+
			"plan then adopts the learner. If not, give the configuration the external ID or name of the new learner, or another address, or remove the resource.",
			existing.FirstName+" "+existing.LastName, existing.ID, existing.Status))
	return true
}
