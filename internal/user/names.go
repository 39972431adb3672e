// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// requiresNames reports whether the API refuses a learner without a first or a last name.
func (r *userResource) requiresNames() bool {
	return r.Ready() && r.Directory.Capabilities().RequiresNames
}

// refuseNameless adds an error if the configuration lacks a name that the invitation of a new learner needs.
func (r *userResource) refuseNameless(config model, diags *diag.Diagnostics) {
	if !r.requiresNames() {
		return
	}
	var missing []string
	for _, a := range names() {
		if text := a.text(&config); !text.IsUnknown() && text.ValueString() == "" {
			missing = append(missing, a.field.Name)
		}
	}
	if len(missing) == 0 {
		return
	}
	lacking := strings.Join(missing, " and ")
	diags.AddAttributeError(path.Root(missing[0]), fmt.Sprintf("Learner %q can't be invited without %s", config.Email.ValueString(), lacking),
		fmt.Sprintf("The plan found no learner with this e-mail address, so apply would send an invitation. Over %s, an invitation needs a first and a last "+
			"name. Set %s. If the learner types another name when accepting, add both names to ignore_changes. If the learner has been invited already and "+
			"the API does not return learners, import the learner.", r.Directory.Capabilities().Name, lacking))
}

// refuseClearedNames adds an error for each name that a plan clears and the API can't clear. It reports whether there is one.
func (r *userResource) refuseClearedNames(user udemy.User, plan model, diags *diag.Diagnostics) bool {
	if !r.requiresNames() {
		return false
	}
	refused := false
	for _, a := range names() {
		if text := a.text(&plan); !text.IsUnknown() && text.ValueString() == "" && !a.field.IsEmpty(user) {
			refused = true
			diags.AddAttributeError(path.Root(a.field.Name), fmt.Sprintf("The %s of learner %q can't be cleared", a.field.Name, plan.Email.ValueString()),
				fmt.Sprintf("The learner has the name %q, and %s accepts no empty name. Leave %s out of the configuration to keep the name at Udemy.",
					*a.field.Text(&user), r.Directory.Capabilities().Name, a.field.Name))
		}
	}
	return refused
}

// names are the attributes of the first and the last name.
func names() []attribute {
	var found []attribute
	for _, a := range attributes {
		if a.field.Name == udemy.FieldFirstName || a.field.Name == udemy.FieldLastName {
			found = append(found, a)
		}
	}
	return found
}
