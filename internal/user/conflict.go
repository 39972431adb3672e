// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/udemy-iac/terraform-provider-udemy/internal/ledger"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// addConflict adds the error for a plan that contradicts the plan of another resource.
func addConflict(diags *diag.Diagnostics, conflict *ledger.Conflict) {
	key, holder, taker := conflict.Key, conflict.Holder, conflict.Taker
	at := path.Root(key.Attribute)
	switch conflict.Reason {
	case ledger.Duplicate:
		diags.AddAttributeError(at, fmt.Sprintf("Two resources for learner %q", taker.Name),
			fmt.Sprintf("Another udemy_user or udemy_roster in state or configuration has the same %s, %q, so each would undo the changes of the other. Remove one of "+
				"them. If both are in state, `terraform state rm` removes one without a change at Udemy. After a replacement with create_before_destroy that did "+
				"not finish, state has the learner twice at one address. Then remove that address, and the next plan adopts the learner again.", label(key), key.Value))
	case ledger.Handover:
		if key.Attribute == udemy.FieldExternalID {
			addExternalIDHandover(diags, conflict)
			return
		}
		diags.AddAttributeError(at, fmt.Sprintf("The address %q moves to another learner in one plan", key.Value),
			fmt.Sprintf("Learner %q (ID %s) becomes %q, and another udemy_user is created with the address %q. Terraform may create first, and would then "+
				"adopt the wrong learner. Change the address in a first apply, and add the new learner in a second one.",
				holder.Name, holder.ID, conflict.Becomes, taker.Name))
	case ledger.Recreated:
		diags.AddAttributeError(at, fmt.Sprintf("Learner %q is destroyed and created in one plan", holder.Name),
			fmt.Sprintf("The udemy_user of the learner with ID %s is destroyed, and another one with the address %q is created. The learner would lose the "+
				"seat. If the resource was renamed in the configuration, add a moved block:\n\n%s", holder.ID, taker.Name, movedBlock))
	case ledger.Taken:
		diags.AddAttributeError(at, fmt.Sprintf("The %s %q belongs to another learner", label(key), key.Value),
			fmt.Sprintf("Learner %q (ID %s) gets the %s %q in the same plan in which learner %q (ID %s) gives it up or keeps it. Terraform may change them "+
				"in the wrong order. Change or remove learner %q in a first apply, and set the %s of the other learner in a second one. In a swap, one of "+
				"them needs an interim value.",
				taker.Name, taker.ID, label(key), key.Value, holder.Name, holder.ID, holder.Name, label(key)))
	case ledger.Moved:
		diags.AddAttributeError(path.Root(udemy.FieldExternalID), fmt.Sprintf("The learner with external ID %q exists with another e-mail address", key.Value),
			fmt.Sprintf("The learner %s (ID %s) has this external ID, and the plan has a new udemy_user with the same external ID and the address %q. The address of "+
				"a learner can be changed in place. If the resource was renamed in the configuration, add a moved block:\n\n%s\n\n"+
				"If the learner is not in state, import the learner with `terraform import udemy_user.NAME %s`. If the external ID passes to another person, "+
				"remove it from that learner in a first apply.",
				holder.Name, holder.ID, taker.Name, movedBlock, holder.ID))
	}
}

// addExternalIDHandover adds the error for an external ID that a learner loses and a new learner gets.
func addExternalIDHandover(diags *diag.Diagnostics, conflict *ledger.Conflict) {
	holder := conflict.Holder
	diags.AddAttributeError(path.Root(udemy.FieldExternalID), fmt.Sprintf("The external ID %q moves to another learner in one plan", conflict.Key.Value),
		fmt.Sprintf("Learner %q (ID %s) loses the external ID, and another udemy_user, %q, is created with it. Terraform may create first, while the external ID "+
			"still belongs to the other learner. Change the external ID in a first apply, and add the new learner in a second one.",
			holder.Name, holder.ID, conflict.Taker.Name))
}

const movedBlock = `  moved {
    from = udemy_user.OLD
    to   = udemy_user.NEW
  }`

// label returns the name of an attribute for a message.
func label(key ledger.Key) string {
	if key.Attribute == udemy.FieldExternalID {
		return "external ID"
	}
	return "e-mail address"
}
