// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// membersModel is the set of members of one group in configuration, plan and state.
type membersModel struct {
	GroupID types.String `tfsdk:"group_id"`
	// Members maps labels to user IDs. It is not a set, because the framework takes seconds at every plan for a set of
	// thousands. The labels also make a plan readable.
	Members types.Map `tfsdk:"members"`
}

// membersIdentity is the resource identity.
type membersIdentity struct {
	GroupID types.String `tfsdk:"group_id"`
}

func (m membersModel) Identity() any {
	return membersIdentity{GroupID: m.GroupID}
}

// byLabel returns the user IDs by label.
func (m membersModel) byLabel() map[string]string {
	ids := make(map[string]string, len(m.Members.Elements()))
	for label, element := range m.Members.Elements() {
		if id, ok := element.(types.String); ok && !id.IsUnknown() {
			ids[label] = id.ValueString()
		}
	}
	return ids
}

// ids returns the user IDs in order, without duplicates.
func (m membersModel) ids() []string {
	return slices.Compact(slices.Sorted(maps.Values(m.byLabel())))
}

// with returns the model with other members.
func (m membersModel) with(byLabel map[string]string) membersModel {
	elements := make(map[string]attr.Value, len(byLabel))
	for label, id := range byLabel {
		elements[label] = types.StringValue(id)
	}
	m.Members = types.MapValueMust(types.StringType, elements)
	return m
}

// difference returns the IDs in one sorted list that are not in another.
func difference(ids, others []string) []string {
	var only []string
	for _, id := range ids {
		if _, found := slices.BinarySearch(others, id); !found {
			only = append(only, id)
		}
	}
	return only
}
