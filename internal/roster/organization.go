// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"errors"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// organization is what is known of the learners and groups at Udemy: all of them, or only those that changed lines need.
type organization struct {
	users        map[string]udemy.User // by ID
	byEmail      map[string]string     // EmailKey to ID
	byAlias      map[string]string     // EmailKey of a further address to ID
	byExternalID map[string][]string   // external ID to IDs
	groups       map[string]udemy.Group
	byName       map[string][]string // udemy.GroupKey to IDs
	// memberships maps IDs of learners to IDs of groups. It is nil if the API does not return the members of groups.
	memberships map[string][]string
	// sameEmail maps the EmailKey of an address that several learners have to their IDs. byEmail has the first one.
	sameEmail map[string][]string
}

func newOrganization(users []udemy.User, groups []udemy.Group) *organization {
	o := &organization{
		users:        make(map[string]udemy.User, len(users)),
		byEmail:      make(map[string]string, len(users)),
		byAlias:      map[string]string{},
		sameEmail:    map[string][]string{},
		byExternalID: make(map[string][]string, len(users)),
		groups:       make(map[string]udemy.Group, len(groups)),
		byName:       make(map[string][]string, len(groups)),
	}
	for _, user := range users {
		o.add(user)
	}
	for _, group := range groups {
		o.addGroup(group)
	}
	return o
}

func (o *organization) addGroup(group udemy.Group) {
	if _, known := o.groups[group.ID]; !known {
		o.groups[group.ID] = group
		o.byName[udemy.GroupKey(group.Name)] = append(o.byName[udemy.GroupKey(group.Name)], group.ID)
	}
}

// add records a learner, once.
func (o *organization) add(user udemy.User) {
	if _, known := o.users[user.ID]; known {
		return
	}
	o.users[user.ID] = user
	key := udemy.EmailKey(user.Email)
	if other, isTaken := o.byEmail[key]; !isTaken {
		o.byEmail[key] = user.ID
	} else {
		if len(o.sameEmail[key]) == 0 {
			o.sameEmail[key] = []string{other}
		}
		o.sameEmail[key] = append(o.sameEmail[key], user.ID)
	}
	for _, alias := range user.Aliases {
		o.byAlias[udemy.EmailKey(alias)] = user.ID
	}
	if user.ExternalID != "" {
		o.byExternalID[user.ExternalID] = append(o.byExternalID[user.ExternalID], user.ID)
	}
}

// withEmail returns the learner with an address.
func (o *organization) withEmail(email string) (udemy.User, bool) {
	user, found := o.users[o.byEmail[udemy.EmailKey(email)]]
	return user, found
}

// withExternalID returns the learner with an external ID. If several have it, the address decides.
func (o *organization) withExternalID(externalID, email string) (user udemy.User, found, ambiguous bool) {
	ids := o.byExternalID[externalID]
	if externalID == "" || len(ids) == 0 {
		return udemy.User{}, false, false
	}
	for _, id := range ids {
		if len(ids) == 1 || udemy.SameEmail(o.users[id].Email, email) {
			return o.users[id], true, false
		}
	}
	return udemy.User{}, false, true
}

// groupNamed returns the group that udemy.FindGroup finds for a name.
func (o *organization) groupNamed(name string) (group udemy.Group, found bool) {
	group, err := o.findGroup(name)
	return group, err == nil
}

// findGroup is groupNamed with the reason why no group is found: no group has the name, or several have it.
func (o *organization) findGroup(name string) (udemy.Group, error) {
	ids := o.byName[udemy.GroupKey(name)]
	if len(ids) == 1 {
		return o.groups[ids[0]], nil
	}
	return udemy.FindGroup(name, "the list of groups", func(yield func(udemy.Group, error) bool) {
		for _, id := range ids {
			if !yield(o.groups[id], nil) {
				return
			}
		}
	})
}

// ambiguous describes the groups that a name fits, if there are several. The text ends with the next step.
func (o *organization) ambiguous(name string) string {
	_, err := o.findGroup(name)
	conflict, ok := errors.AsType[*udemy.Error](err)
	if !ok || !errors.Is(err, udemy.ErrConflict) {
		return ""
	}
	return conflict.Detail + "; rename one of them at Udemy, or write a name that only one of them has"
}

// idsOfGroups returns the IDs of the groups with these names that exist. The result is not nil.
func (o *organization) idsOfGroups(names []string) []string {
	ids := []string{}
	for _, name := range names {
		if group, found := o.groupNamed(name); found {
			ids = append(ids, group.ID)
		}
	}
	return ids
}

// groupsOf returns the IDs of a learner's groups. isKnown is false if the API does not return them.
func (o *organization) groupsOf(user udemy.User) (ids []string, isKnown bool) {
	if user.GroupIDs != nil {
		return user.GroupIDs, true
	}
	return o.memberships[user.ID], o.memberships != nil
}

// groupNames returns the names of a learner's groups, sorted. A group that matches a name of the line has the spelling of the line.
func (o *organization) groupNames(user udemy.User, spellings []string) (names []string, isKnown bool) {
	ids, isKnown := o.groupsOf(user)
	names = []string{}
	for _, id := range ids {
		group, found := o.groups[id]
		if !found {
			continue
		}
		name := group.Name
		for _, spelling := range spellings {
			if named, ok := o.groupNamed(spelling); ok && named.ID == id {
				name = spelling
			}
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names), isKnown
}

// nearestGroups returns the names of up to three groups that are most similar to a name.
func (o *organization) nearestGroups(name string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var near []candidate
	limit := max(2, len(name)/3)
	for _, group := range o.groups {
		if d := levenshtein.Distance(udemy.GroupKey(name), udemy.GroupKey(group.Name), nil); d <= limit {
			near = append(near, candidate{group.Name, d})
		}
	}
	slices.SortFunc(near, func(a, b candidate) int {
		if a.distance != b.distance {
			return a.distance - b.distance
		}
		return strings.Compare(a.name, b.name)
	})
	var names []string
	for _, c := range near[:min(len(near), 3)] {
		names = append(names, c.name)
	}
	return names
}

// nearestNames words the result of nearestGroups. It returns an empty text if there are none.
func (o *organization) nearestNames(name string) string {
	switch near := o.nearestGroups(name); len(near) {
	case 0:
		return ""
	case 1:
		return "the nearest name is " + near[0]
	default:
		return "the nearest names are " + strings.Join(near, ", ")
	}
}

// isAdmin reports whether a learner administers the organization.
func isAdmin(user udemy.User) bool {
	return user.Role == udemy.RoleAdmin || user.Role == udemy.RoleOwner
}
