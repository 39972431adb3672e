// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package listing is what data sources and list resources share that read all learners or all groups.
package listing

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// AddError adds the error of a failed listing of learners, groups or members, which what names.
func AddError(diags *diag.Diagnostics, what string, err error) {
	if errors.Is(err, udemy.ErrNotOffered) {
		diags.AddError("The Udemy API does not list "+what, diagnostics.Explain(err.Error(),
			fmt.Sprintf("To list %s, use an API that offers it, such as Udemy's SCIM API: set subdomain and a SCIM token in the provider "+
				"block. If the provider uses SCIM already, check endpoint in the provider block.", what)))
		return
	}
	next := ""
	if errors.Is(err, udemy.ErrNotFound) { // Only a group is looked for by its ID.
		next = "Check group_id: the list resource udemy_group and the data source udemy_groups list the groups of the organization with their IDs."
	}
	diagnostics.AddError(diags, "Unable to list "+what, next, err)
}

// UniqueIDs maps keys to ids. A key of several ids, which can't be told apart by it, is left out with a warning.
func UniqueIDs[T any](diags *diag.Diagnostics, what string, objects []T, entry func(T) (key, id string)) map[string]string {
	all := map[string][]string{}
	for _, object := range objects {
		key, id := entry(object)
		all[key] = append(all[key], id)
	}
	unique := make(map[string]string, len(all))
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if ids := all[key]; len(ids) > 1 {
			diags.AddWarning(fmt.Sprintf("Several %s are called %q", what, key),
				fmt.Sprintf("They have the ids %s, and are left out of the map ids, which could lead to one of them only. Use their ids as they are, or "+
					"rename them at Udemy.", strings.Join(slices.Sorted(slices.Values(ids)), ", ")))
			continue
		}
		unique[key] = all[key][0]
	}
	return unique
}
