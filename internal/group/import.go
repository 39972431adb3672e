// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package group

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

const importForms = "Import a group by Udemy ID (3a1f6c1e-7f43-4f0a-9d5e-0d8f6f1c2b3a) or by its name (name:Engineering)."

// groupKey is an attribute that identifies a group, with its value.
type groupKey struct {
	attribute string
	value     string
}

// parseGroupKey returns the key in an import ID. The prefix "id:" is for an ID that begins with a prefix itself.
func parseGroupKey(id string) groupKey {
	if name, ok := strings.CutPrefix(id, "name:"); ok {
		return groupKey{attribute: "name", value: name}
	}
	return groupKey{attribute: "id", value: strings.TrimPrefix(id, "id:")}
}

// lookup returns the group with a key.
func (k groupKey) lookup(ctx context.Context, directory udemy.Directory) (udemy.Group, error) {
	if k.attribute == "name" {
		return directory.GroupByName(ctx, k.value)
	}
	return directory.Group(ctx, k.value)
}

// ImportState reads the group itself, because an import by name needs the ID.
func (r *groupResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key := parseGroupKey(req.ID)
	if req.ID == "" {
		var id identity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &id)...)
		key.value = id.ID.ValueString()
	}
	if key.value == "" || key.attribute == "id" && !udemy.IsID(key.value) {
		resp.Diagnostics.AddError(fmt.Sprintf("Malformed import ID %q", cmp.Or(req.ID, key.value)), importForms)
	}
	if !r.Usable(&resp.Diagnostics) {
		return
	}

	group, err := key.lookup(ctx, r.Directory)
	if err != nil {
		hint := importForms
		if key.attribute == "id" {
			hint = r.DescribeGroupName(ctx, key.value, err) + hint
		}
		diagnostics.AddError(&resp.Diagnostics, fmt.Sprintf("Unable to import the group with %s %q", key.attribute, key.value), hint, err)
		return
	}
	state := imported(group)
	providerdata.Save(ctx, &resp.Diagnostics, &resp.State, resp.Identity, state)
}

// imported returns the state of a group after an import.
func imported(group udemy.Group) model {
	return model{}.read(group)
}
