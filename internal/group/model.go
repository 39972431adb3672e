// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package group

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// model is a group in configuration, plan and state.
type model struct {
	ID        types.String `tfsdk:"id"`
	Name      types.String `tfsdk:"name"`
	OnDestroy types.String `tfsdk:"on_destroy"`
}

// identity is the resource identity. It has only the Udemy ID, because the name can change.
type identity struct {
	ID types.String `tfsdk:"id"`
}

func (m model) Identity() any {
	return identity{ID: m.ID}
}

// read returns the model with the values at Udemy. A name that Udemy normalizes keeps its spelling in state.
func (m model) read(group udemy.Group) model {
	m.ID = types.StringValue(group.ID)
	if !udemy.SameText(m.Name.ValueString(), group.Name) {
		m.Name = types.StringValue(group.Name)
	}
	return m
}
