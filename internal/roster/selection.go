// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"slices"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Selection holds the learners and groups of an organization that Terraform can manage, and lists everything else. An export writes
// them, and the import of a roster reads the same, so that it changes nothing.
type Selection struct {
	Learners []Learner
	Groups   []udemy.Group
	// Omitted lists the learners and groups that can't be managed, with the reason.
	Omitted []string
	// Unmanaged lists the attributes of the other learners and groups that can't be managed, with the reason.
	Unmanaged []string

	api udemy.Capabilities
	// emailCounts, externalIDCounts and nameCounts count the learners with an address or external ID and the groups with a name,
	// each by the key that must be unique in the files.
	emailCounts, externalIDCounts, nameCounts map[string]int
	// groupNames maps the IDs of groups to their names.
	groupNames map[string]string
}

// Select selects the learners, groups and attributes whose first plan is an import without a change. It omits values that a plan
// would change or refuse. The groups are nil if the API does not list them.
func Select(users []udemy.User, groups []udemy.Group, api udemy.Capabilities) *Selection {
	s := &Selection{api: api, emailCounts: map[string]int{}, externalIDCounts: map[string]int{}, nameCounts: map[string]int{}, groupNames: map[string]string{}}
	for _, group := range groups {
		s.nameCounts[nameKey(group.Name)]++
	}
	for _, user := range users {
		s.emailCounts[udemy.EmailKey(user.Email)]++
		s.externalIDCounts[user.ExternalID]++
	}
	for _, field := range udemy.Profile {
		if !api.Sets(field.Name) {
			s.Unmanaged = append(s.Unmanaged, fmt.Sprintf("%s: %s can't set it", field.Name, api.Name))
		}
	}
	switch hasGroups := func(user udemy.User) bool { return user.GroupIDs != nil }; {
	case groups == nil:
		s.Unmanaged = append(s.Unmanaged, fmt.Sprintf("groups and memberships: %s does not list groups", api.Name))
		users = withoutGroups(users)
	case len(users) > 0 && !slices.ContainsFunc(users, hasGroups):
		s.Unmanaged = append(s.Unmanaged, fmt.Sprintf("memberships: %s does not return them", api.Name))
	}
	for _, group := range groups {
		s.addGroup(group)
	}
	for _, user := range users {
		s.addLearner(user)
	}
	return s
}

func withoutGroups(users []udemy.User) []udemy.User {
	users = slices.Clone(users)
	for i := range users {
		users[i].GroupIDs = nil
	}
	return users
}

func (s *Selection) addGroup(group udemy.Group) {
	flaw := flawOf("name", group.Name)
	if n := s.nameCounts[nameKey(group.Name)]; flaw == "" && n > 1 {
		flaw = fmt.Sprintf("%d groups have this name, if letter case and invisible characters are ignored", n)
	}
	if flaw != "" {
		s.Omitted = append(s.Omitted, fmt.Sprintf("group %q, ID %s: %s", group.Name, group.ID, flaw))
		return
	}
	s.Groups = append(s.Groups, group)
	s.groupNames[group.ID] = group.Name
}

func (s *Selection) addLearner(user udemy.User) {
	if flaw := s.flawOfLearner(user); flaw != "" {
		s.Omitted = append(s.Omitted, fmt.Sprintf("learner %q, ID %s: %s", user.Email, user.ID, flaw))
		return
	}
	s.Learners = append(s.Learners, Learner{User: s.profile(user), Groups: s.groupsOf(user), Active: user.Status.Seated()})
}

// flawOfLearner returns the reason why a learner can't be configured, or "" if the learner can be.
func (s *Selection) flawOfLearner(user udemy.User) string {
	switch n := s.emailCounts[udemy.EmailKey(user.Email)]; {
	case !udemy.IsEmail(user.Email):
		return "the e-mail address is malformed"
	case n > 1:
		return fmt.Sprintf("%d learners have this e-mail address", n)
	}
	if err := readEmail(&Learner{}, guard(user.Email)); err != nil {
		return err.Error()
	}
	return flawOf("ID", user.ID)
}

// flawOf returns the reason why a resource refuses a value, or "" if it accepts the value.
func flawOf(name, value string) string {
	switch {
	case value == "":
		return name + " is empty"
	case !udemy.PlainText.MatchString(value):
		return fmt.Sprintf("the %s %q starts or ends with a blank, or contains an invisible character", name, value)
	default:
		return ""
	}
}

func (s *Selection) addUnmanaged(user udemy.User, attribute, reason string) {
	s.Unmanaged = append(s.Unmanaged, fmt.Sprintf("%s of learner %q: %s", attribute, user.Email, reason))
}

// profile returns the ID of a learner and the fields that a configuration can set. It omits values that udemy_user refuses.
func (s *Selection) profile(user udemy.User) udemy.User {
	kept := udemy.User{ID: user.ID}
	for _, field := range udemy.Profile {
		if !s.api.Sets(field.Name) {
			continue
		}
		flaw := flawOfField(field, user)
		if n := s.externalIDCounts[user.ExternalID]; flaw == "" && field.Name == udemy.FieldExternalID && user.ExternalID != "" && n > 1 {
			flaw = fmt.Sprintf("%d learners have the external ID %q", n, user.ExternalID)
		}
		if flaw != "" {
			s.addUnmanaged(user, field.Name, flaw)
			continue
		}
		field.Copy(&kept, user)
		if field.List != nil {
			*field.List(&kept) = sorted(*field.List(&kept))
		}
	}
	return kept
}

// flawOfField returns the reason why udemy_user refuses the value of a field, or "" if it accepts the value or the field is
// empty.
func flawOfField(field udemy.Field, user udemy.User) string {
	if field.IsEmpty(user) {
		return ""
	}
	if field.Name == udemy.FieldRole && user.Role != udemy.RoleLearner && user.Role != udemy.RoleAdmin {
		return fmt.Sprintf("%q can't be assigned", user.Role)
	}
	if character := udemy.InvisibleCharacter(user.ExternalID); field.Name == udemy.FieldExternalID && character != "" {
		return fmt.Sprintf("%q contains an invisible character: %s", user.ExternalID, character)
	}
	values := []string{}
	if field.List != nil {
		values = *field.List(&user)
	} else {
		values = append(values, *field.Text(&user))
	}
	for _, value := range values {
		if flaw := flawOf(field.Name, value); flaw != "" {
			return flaw
		}
	}
	return ""
}

// groupsOf returns the names of a learner's groups, or nil if one of them is not in the configuration: an incomplete set
// would remove the learner from that group.
func (s *Selection) groupsOf(user udemy.User) []string {
	if user.GroupIDs == nil {
		return nil
	}
	names := []string{}
	for _, id := range user.GroupIDs {
		name, ok := s.groupNames[id]
		if !ok {
			s.addUnmanaged(user, "groups", fmt.Sprintf("the group with ID %s is omitted or not listed", id))
			return nil
		}
		names = append(names, name)
	}
	return sorted(names)
}

// sorted returns the names in the order of a roster, without duplicates.
func sorted(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return slices.Compact(names)
}
