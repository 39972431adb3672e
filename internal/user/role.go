// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// isAssignable reports whether the API can assign a role.
func isAssignable(role udemy.Role) bool {
	return role == udemy.RoleLearner || role == udemy.RoleAdmin
}

// refuseRole adds an error for a role that can't be assigned. The role in state is accepted, because configuration that Terraform
// generates for an import has it.
func refuseRole(config, state model, diags *diag.Diagnostics) {
	role := config.Role.ValueString()
	if config.Role.IsNull() || config.Role.IsUnknown() || isAssignable(udemy.Role(role)) || config.Role.Equal(state.Role) {
		return
	}
	hint := ""
	switch strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(role)) {
	case "groupadmin", "owner":
		hint = "Group admins and owners are appointed on Udemy's own pages. Leave out role: the learner keeps the role at Udemy."
	}
	diags.AddAttributeError(path.Root(udemy.FieldRole), "Unknown role",
		diagnostics.Explain(fmt.Sprintf("%q is not a role that can be assigned: learner or admin", role), hint))
}
