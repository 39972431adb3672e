// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package providerdata

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// NoteListed notes that a list resource returned members of groups in a form, such as "udemy_group_membership". If it is
// the second form for a group, it warns, once per run: the configuration that Terraform writes for both contradicts itself
// as soon as one of them changes.
func (d *Data) NoteListed(diags *diag.Diagnostics, form string, groupIDs ...string) {
	for _, id := range groupIDs {
		first, found := d.listed.LoadOrStore(id, form)
		if !found || first == form {
			continue
		}
		d.listedTwice.Do(func() {
			diags.AddWarning(fmt.Sprintf("The members of group %s are listed twice", id),
				fmt.Sprintf("They are listed as %s and as %s, and other groups may be as well. If both become configuration, each undoes what the other "+
					"changes. Keep one form for each group: set include_groups = false in the list of udemy_user, or remove the other list.", first, form))
		})
	}
}
