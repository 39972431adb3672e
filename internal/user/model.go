// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// model is a learner in configuration, plan and state.
//
// A null in the configuration means "not managed" for group_ids and "as Udemy has it" for external_id, role and
// license_types. A null in state means the same for group_ids, and "none" for the others.
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

// identity is what names a learner for good: the Udemy id, and nothing that a person could change.
type identity struct {
	ID types.String `tfsdk:"id"`
}

func (m model) Identity() any {
	return identity{ID: m.ID}
}

// newUser is the invitation that a plan asks for.
func (m model) newUser() udemy.NewUser {
	return udemy.NewUser{
		Email:        m.Email.ValueString(),
		FirstName:    m.FirstName.ValueString(),
		LastName:     m.LastName.ValueString(),
		ExternalID:   m.ExternalID.ValueString(),
		Role:         udemy.Role(m.Role.ValueString()),
		GroupIDs:     plainSet(m.GroupIDs),
		LicenseTypes: plainSet(m.LicenseTypes),
	}
}

// user is the learner as state knows it.
func (m model) user() udemy.User {
	return udemy.User{
		ID:           m.ID.ValueString(),
		Email:        m.Email.ValueString(),
		FirstName:    m.FirstName.ValueString(),
		LastName:     m.LastName.ValueString(),
		ExternalID:   m.ExternalID.ValueString(),
		Role:         udemy.Role(m.Role.ValueString()),
		Status:       udemy.Status(m.Status.ValueString()),
		GroupIDs:     plainSet(m.GroupIDs),
		LicenseTypes: plainSet(m.LicenseTypes),
	}
}

// read takes over what Udemy says of the learner. What only the configuration knows stays as it is, and so
// do groups that are not managed, and whatever the API does not say.
func (m model) read(user udemy.User) model {
	m.ID = types.StringValue(user.ID)
	if m.Email.IsNull() || !udemy.SameEmail(m.Email.ValueString(), user.Email) {
		m.Email = newEmail(user.Email)
	}
	m.FirstName = types.StringValue(user.FirstName)
	m.LastName = types.StringValue(user.LastName)
	m.ExternalID = stringOrNull(user.ExternalID)
	if user.Role != "" || m.Role.IsUnknown() {
		m.Role = stringOrNull(string(user.Role))
	}
	if !m.GroupIDs.IsNull() && user.GroupIDs != nil {
		m.GroupIDs = stringSet(user.GroupIDs)
	}
	if user.LicenseTypes != nil || m.LicenseTypes.IsUnknown() {
		m.LicenseTypes = stringSet(user.LicenseTypes)
	}
	m.Active = types.BoolValue(user.Status.Seated())
	m.Status = stringOrNull(string(user.Status))
	return m
}

// applied is the state after a plan was carried out: the plan, with what was unknown in it filled in.
func (m model) applied(user udemy.User) model {
	read := m.read(user)
	m.ID = read.ID
	if m.ExternalID.IsUnknown() {
		m.ExternalID = read.ExternalID
	}
	if m.Role.IsUnknown() {
		m.Role = read.Role
	}
	if m.LicenseTypes.IsUnknown() {
		m.LicenseTypes = read.LicenseTypes
	}
	if m.Status.IsUnknown() {
		m.Status = read.Status
	}
	return m
}

// plainSet is nil for a set that is null or unknown, which means the same as in udemy.User.
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

// stringSet is the reverse: nil becomes null.
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

func stringOrNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}
