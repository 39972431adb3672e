// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package udemy

import (
	"fmt"
	"iter"
	"strings"
)

// Group is a named set of learners.
type Group struct {
	// ID is opaque and issued by Udemy. It does not change when the group is renamed.
	ID   string
	Name string
}

// GroupKey returns the same key for every spelling of a group's name. Spellings differ in letter case and in Unicode normalization:
// the CSV import of Udemy takes names in any letter case for the same group.
func GroupKey(name string) string {
	return NormalText(strings.ToLower(NormalText(name)))
}

// SameGroupName reports whether two names belong to the same group, that is, whether their keys are equal. An organization may still
// have two such groups; see FindGroup.
func SameGroupName(a, b string) bool {
	return a == b || GroupKey(a) == GroupKey(b)
}

// FindGroup returns the group that a name belongs to: the one with exactly this name, or else the only one with the name in another
// spelling. Several such groups are an ErrConflict with two of their IDs. If no group has the name, the error is an ErrNotFound. call
// identifies the request that returned the groups.
func FindGroup(name, call string, groups iter.Seq2[Group, error]) (Group, error) {
	var exact, alike []Group
	for group, err := range groups {
		switch {
		case err != nil:
			return Group{}, err
		case SameText(group.Name, name):
			exact = append(exact, group)
		case SameGroupName(group.Name, name):
			alike = append(alike, group)
		}
	}
	switch {
	case len(exact) == 1:
		return exact[0], nil
	case len(exact) > 1:
		return Group{}, &Error{
			Kind: ErrConflict, Call: call, Detail: fmt.Sprintf("the groups %s and %s both have the name %q", exact[0].ID, exact[1].ID, name),
		}
	case len(alike) == 1:
		return alike[0], nil
	case len(alike) > 1:
		return Group{}, &Error{Kind: ErrConflict, Call: call, Detail: fmt.Sprintf(
			"no group is named %q, and the names of the groups %s, %q, and %s, %q, differ from it only in letter case",
			name, alike[0].ID, alike[0].Name, alike[1].ID, alike[1].Name)}
	}
	return Group{}, &Error{Kind: ErrNotFound, Call: call, Detail: fmt.Sprintf("no group has the name %q", name)}
}
