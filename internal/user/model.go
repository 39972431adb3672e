// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// model is a learner in configuration, plan and state. The type attribute documents what null and unknown mean.
type model struct {
	ID            types.String `tfsdk:"id"`
	Email         email        `tfsdk:"email"`
	FirstName     types.String `tfsdk:"first_name"`
	LastName      types.String `tfsdk:"last_name"`
	ExternalID    types.String `tfsdk:"external_id"`
	Role          types.String `tfsdk:"role"`
	GroupIDs      types.Set    `tfsdk:"group_ids"`
	LicenseTypes  types.Set    `tfsdk:"license_types"`
	LicensePool   types.String `tfsdk:"license_pool"`
	Active        types.Bool   `tfsdk:"active"`
	Status        types.String `tfsdk:"status"`
	OnDestroy     types.String `tfsdk:"on_destroy"`
	AdoptExisting types.Bool   `tfsdk:"adopt_existing"`
}

// identity is the resource identity. It has only the Udemy ID, because every other attribute can change.
type identity struct {
	ID types.String `tfsdk:"id"`
}

func (m model) Identity() any {
	return identity{ID: m.ID}
}

// user returns the learner in a state or a plan. A null or unknown attribute becomes an empty value.
func (m model) user() udemy.User {
	var user udemy.User
	for _, a := range attributes {
		a.write(&user, m)
	}
	return user
}

// read returns the model with the values at Udemy. Attributes that are not stored at Udemy are unchanged.
func (m model) read(user udemy.User) model {
	for _, a := range attributes {
		a.read(&m, user)
	}
	return m
}

// applied returns the state after an apply: the plan, with its unknown values filled in.
func (m model) applied(user udemy.User) model {
	for _, a := range attributes {
		if a.isUnknown(m) {
			a.read(&m, user)
		}
	}
	m.ID = types.StringValue(user.ID) // A new invitation may have changed it.
	return m
}

// plainSet returns the elements in order. It returns nil for a set that is null or unknown.
func plainSet(set types.Set) []string {
	if set.IsNull() || set.IsUnknown() {
		return nil
	}
	plain := make([]string, 0, len(set.Elements()))
	for _, element := range set.Elements() {
		if s, ok := element.(types.String); ok {
			plain = append(plain, s.ValueString())
		}
	}
	slices.Sort(plain)
	return plain
}

// stringSet is the reverse of plainSet: nil becomes null.
func stringSet(plain []string) types.Set {
	if plain == nil {
		return types.SetNull(types.StringType)
	}
	elements := make([]attr.Value, 0, len(plain))
	for _, s := range plain {
		elements = append(elements, types.StringValue(s))
	}
	return types.SetValueMust(types.StringType, elements)
}

// stringList is stringSet for a list, whose elements are sorted.
func stringList(plain []string) types.List {
	if plain == nil {
		return types.ListNull(types.StringType)
	}
	elements := make([]attr.Value, 0, len(plain))
	for _, s := range slices.Sorted(slices.Values(plain)) {
		elements = append(elements, types.StringValue(s))
	}
	return types.ListValueMust(types.StringType, elements)
}
