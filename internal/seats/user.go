// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import "unique"

// user is a learner in the result of udemy_users, or a line of a udemy_roster. Both can have all learners of an organization, and as
// objects, they would take several times the memory.
type user struct {
	ID           string   `json:"id"`
	Email        string   `json:"email"`
	ExternalID   string   `json:"external_id"`
	FirstName    string   `json:"first_name"`
	LastName     string   `json:"last_name"`
	Role         string   `json:"role"`
	Status       string   `json:"status"`
	Active       *bool    `json:"active"`
	LicensePool  string   `json:"license_pool"`
	LicenseTypes []string `json:"license_types"`
	GroupIDs     []string `json:"group_ids"`
	Groups       []string `json:"groups"` // The names in a line.

	sensitive bool
}

// hasAccount reports whether the line of a roster has an account. A line that does not exist has none.
func (u *user) hasAccount() bool { return u != nil && u.ID != "" }

// share keeps values that many learners have in memory only once.
func (u *user) share() {
	for _, text := range []*string{&u.Role, &u.Status, &u.LicensePool} {
		*text = unique.Make(*text).Value()
	}
	for _, list := range [][]string{u.LicenseTypes, u.GroupIDs, u.Groups} {
		for i, text := range list {
			list[i] = unique.Make(text).Value()
		}
	}
}

func (u *user) object() object {
	if u == nil {
		return object{}
	}
	values := map[string]any{
		"id": u.ID, "email": u.Email, "external_id": u.ExternalID, "first_name": u.FirstName, "last_name": u.LastName, "role": u.Role,
		"status": u.Status, "license_pool": u.LicensePool,
	}
	for name, list := range map[string][]string{"license_types": u.LicenseTypes, "group_ids": u.GroupIDs, "groups": u.Groups} {
		if list != nil {
			values[name] = anyOf(list)
		}
	}
	if u.Active != nil {
		values["active"] = *u.Active
	}
	return object{values: values, sensitive: []any{u.sensitive}}
}

func anyOf(list []string) []any {
	result := make([]any, len(list))
	for i, text := range list {
		result[i] = text
	}
	return result
}
