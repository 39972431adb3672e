// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership

import "github.com/hashicorp/terraform-plugin-framework/types"

// model is a membership in configuration, plan and state.
type model struct {
	ID      types.String `tfsdk:"id"`
	GroupID types.String `tfsdk:"group_id"`
	UserID  types.String `tfsdk:"user_id"`
}

// identity is the resource identity.
type identity struct {
	GroupID types.String `tfsdk:"group_id"`
	UserID  types.String `tfsdk:"user_id"`
}

func newModel(groupID, userID string) model {
	return model{
		ID:      types.StringValue(groupID + "/" + userID),
		GroupID: types.StringValue(groupID),
		UserID:  types.StringValue(userID),
	}
}

func (m model) Identity() any {
	return identity{GroupID: m.GroupID, UserID: m.UserID}
}
