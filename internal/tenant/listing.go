// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package tenant

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// AddListError is AddError for what reads all learners or all groups, as what names them.
func AddListError(diags *diag.Diagnostics, what string, err error) {
	if errors.Is(err, udemy.ErrNotOffered) {
		diags.AddError("The Udemy API does not list "+what, paragraphs(sentence(err.Error()),
			fmt.Sprintf("To list %s, have the provider use an API that can, as Udemy's SCIM API does: set subdomain and a SCIM token in the provider "+
				"block. If it does already, check endpoint there.", what)))
		return
	}
	AddError(diags, "Unable to list "+what, "", err)
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
