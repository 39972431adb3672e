// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// model is a learner in configuration, plan and state. Its fields are moved by the attributes of the same names, whose
// type says what null and unknown mean.
type model struct {
	ID            types.String `tfsdk:"id"`
	Email         email        `tfsdk:"email"`
	FirstName     types.String `tfsdk:"first_name"`
	LastName      types.String `tfsdk:"last_name"`
	ExternalID    types.String `tfsdk:"external_id"`
	Role          types.String `tfsdk:"role"`
	GroupIDs      types.Set    `tfsdk:"group_ids"`
	LicenseTypes  types.Set    `tfsdk:"license_types"`
	Active        types.Bool   `tfsdk:"active"`
	Status        types.String `tfsdk:"status"`
	OnDestroy     types.String `tfsdk:"on_destroy"`
	AdoptExisting types.Bool   `tfsdk:"adopt_existing"`
}

// identity is the resource identity: the Udemy ID, and nothing that people can change.
type identity struct {
	ID types.String `tfsdk:"id"`
}

func (m model) Identity() any {
	return identity{ID: m.ID}
}

// user returns the learner in a state, or the learner that a plan asks for. What is null or unknown is empty.
func (m model) user() udemy.User {
	var user udemy.User
	for _, a := range attributes {
		a.write(&user, m)
	}
	return user
}

// read returns the model with what Udemy has for the learner. Attributes that only the configuration holds stay as they are.
func (m model) read(user udemy.User) model {
	for _, a := range attributes {
		a.read(&m, user)
	}
	return m
}

// applied returns the state after a plan was carried out: the plan, with its unknown values filled in.
func (m model) applied(user udemy.User) model {
	for _, a := range attributes {
		if a.isUnknown(m) {
			a.read(&m, user)
		}
	}
	m.ID = types.StringValue(user.ID) // It may have changed with an invitation that was sent again.
	return m
}

// plainSet returns the elements in order; nil for a set that is null or unknown.
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

// stringList is stringSet for a list, in order.
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
