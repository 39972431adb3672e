// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package providerdata

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// RecordListed records that a list resource returned members of groups in a form, such as "udemy_group_membership". If a
// group has two forms, it adds a warning, once per run: the configurations that Terraform generates for both contradict
// each other as soon as one of them changes.
func (d *Data) RecordListed(diags *diag.Diagnostics, form string, groupIDs ...string) {
	for _, id := range groupIDs {
		first, found := d.listed.LoadOrStore(id, form)
		if !found || first == form {
			continue
		}
		d.listedTwice.Do(func() {
			diags.AddWarning(fmt.Sprintf("The members of group %s are listed twice", id),
				fmt.Sprintf("They are listed as %s and as %s, and so may be the members of other groups. If both become configuration, each undoes the changes "+
					"of the other. Keep one form for each group: set include_groups = false in the list of udemy_user, or remove the other list.", first, form))
		})
	}
}
