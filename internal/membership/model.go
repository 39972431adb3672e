// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership

import (
	"errors"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

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
		ID:      types.StringValue(joinIDs(groupID, userID)),
		GroupID: types.StringValue(groupID),
		UserID:  types.StringValue(userID),
	}
}

func (m model) Identity() any {
	return identity{GroupID: m.GroupID, UserID: m.UserID}
}

// joinIDs returns the ID of a membership. Each part is escaped, because the IDs of groups and learners are opaque and may contain a
// slash. The usual IDs stay as they are.
func joinIDs(groupID, userID string) string {
	return url.PathEscape(groupID) + "/" + url.PathEscape(userID)
}

// splitIDs is the reverse of joinIDs.
func splitIDs(id string) (groupID, userID string, err error) {
	group, user, _ := strings.Cut(id, "/")
	groupID, groupErr := url.PathUnescape(group)
	userID, userErr := url.PathUnescape(user)
	err = errors.Join(groupErr, userErr)
	if err == nil && (strings.Contains(user, "/") || !udemy.IsID(groupID) || !udemy.IsID(userID)) {
		err = errors.New("not the IDs of a group and a learner")
	}
	return groupID, userID, err
}
