// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/udemy-iac/terraform-provider-udemy/internal/ledger"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// addConflict adds the error for a plan that contradicts the plan of another resource.
func addConflict(diags *diag.Diagnostics, conflict *ledger.Conflict) {
	mine, other := conflict.Mine, conflict.Other
	id := other.ID
	if id == "" {
		id = mine.ID
	}
	at := path.Root(conflict.Key.Attribute)
	switch conflict.Reason {
	case ledger.Duplicate:
		diags.AddAttributeError(at, fmt.Sprintf("Two resources for learner %q", mine.Name),
			fmt.Sprintf("Another udemy_user in state or configuration has the same %s, %q, so each would undo the changes of the other. Remove one of "+
				"them. If both are in state, `terraform state rm` removes one without a change at Udemy.", label(conflict.Key), conflict.Key.Value))
	case ledger.Handover:
		giver, taker := mine, other
		if mine.ID == "" || conflict.Key.Attribute == udemy.FieldEmail && udemy.SameEmail(mine.Name, conflict.Key.Value) {
			giver, taker = other, mine
		}
		diags.AddAttributeError(path.Root(udemy.FieldEmail), fmt.Sprintf("The address %q changes hands in one plan", conflict.Key.Value),
			fmt.Sprintf("Learner %s gives up the address %q and becomes %q, and another udemy_user is created with %q. Terraform may create first, and would "+
				"then adopt the wrong learner. Apply the change of address first, without the new learner %q, and add that one in a second apply.",
				id, conflict.Key.Value, giver.Name, taker.Name, taker.Name))
	case ledger.Recreated:
		diags.AddAttributeError(at, fmt.Sprintf("Learner %q is destroyed and created in one plan", conflict.Key.Value),
			fmt.Sprintf("One udemy_user with this address is destroyed, and another one is created. The learner would lose the seat. If the resource got "+
				"another address in the configuration, tell Terraform:\n\n%s", movedBlock))
	case ledger.Taken:
		diags.AddAttributeError(at, fmt.Sprintf("%s %q belongs to another learner", label(conflict.Key), conflict.Key.Value),
			fmt.Sprintf("Learner %s is to get the %s %q, which belongs to learner %q, ID %s. Terraform may change them in the wrong order, or Udemy refuses "+
				"the change. Change or remove the learner who has it in a first apply, and hand it on in a second one.",
				mine.ID, label(conflict.Key), conflict.Key.Value, other.Name, other.ID))
	case ledger.Moved:
		diags.AddAttributeError(path.Root(udemy.FieldExternalID), fmt.Sprintf("Learner %q exists with another address", conflict.Key.Value),
			fmt.Sprintf("External ID %s is %s, ID %s, and the plan has a udemy_user with this external ID and the address %q. It is the same learner, whose "+
				"address can be changed in place. If the learner is in state under another address of the configuration, tell Terraform:\n\n%s\n\n"+
				"If not, import the learner with `terraform import udemy_user.NAME %s`.",
				conflict.Key.Value, other.Name, id, mine.Name, movedBlock, id))
	}
}

const movedBlock = `  moved {
    from = udemy_user.OLD
    to   = udemy_user.NEW
  }`

// label names an attribute in a sentence.
func label(key ledger.Key) string {
	if key.Attribute == udemy.FieldExternalID {
		return "external ID"
	}
	return "e-mail address"
}

// enumerate lists the first names, and how many more there are.
func enumerate(names []string, shown int) string {
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}
