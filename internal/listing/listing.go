// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package listing holds what data sources and list resources of many objects share: streaming results up to a limit,
// errors of a listing, and maps from names to IDs.
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

// AddError adds the error of a failed listing. The message names the objects with what, such as "learners".
func AddError(diags *diag.Diagnostics, what string, err error) {
	if errors.Is(err, udemy.ErrNotOffered) {
		diags.AddError("The Udemy API does not list "+what, diagnostics.Explain(err.Error(),
			fmt.Sprintf("To list %s, use an API that offers it, such as Udemy's SCIM API: set subdomain and a SCIM token in the provider "+
				"block. If the provider uses SCIM already, check endpoint in the provider block.", what)))
		return
	}
	next := ""
	if errors.Is(err, udemy.ErrNotFound) { // Only a group is looked up by ID.
		next = "Check group_id, which is an ID and not a name: the list resource udemy_group and the data source udemy_groups list the groups of the organization with their IDs."
	}
	diagnostics.AddError(diags, "Unable to list "+what, next, err)
}

// UniqueIDs maps keys to IDs. A key that several objects have is left out with a warning.
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
				fmt.Sprintf("Their IDs are %s. The map ids leaves them out, because a key can have only one value. Use the IDs directly, or rename the "+
					"objects at Udemy.", strings.Join(slices.Sorted(slices.Values(ids)), ", ")))
			continue
		}
		unique[key] = all[key][0]
	}
	return unique
}
