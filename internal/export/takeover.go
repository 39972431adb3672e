// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/roster"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// takeover is what a configuration can say of an organization, and in words what it can't.
type takeover struct {
	api      udemy.Capabilities
	learners []roster.Learner
	groups   []udemy.Group
	// leftOut are learners and groups that stay outside Terraform, with the reason.
	leftOut []string
	// unmanaged is what of the others stays outside.
	unmanaged []string

	// sameEmail and sameName count who shares an address or a name.
	sameEmail, sameName map[string]int
	// groupNames are the names of groups, by id.
	groupNames map[string]string
}

// takeOver sorts out what can be taken over as it is. Whatever would be changed by a plan, or refused by it, can't.
func takeOver(found organization, api udemy.Capabilities) *takeover {
	t := &takeover{api: api, sameEmail: map[string]int{}, sameName: map[string]int{}, groupNames: map[string]string{}}
	for _, group := range found.groups {
		t.sameName[group.Name]++
	}
	for _, user := range found.users {
		t.sameEmail[udemy.EmailKey(user.Email)]++
	}
	for _, field := range udemy.Profile {
		if !api.Sets(field.Name) {
			t.unmanaged = append(t.unmanaged, fmt.Sprintf("%s: %s can't set it", field.Name, api.Name))
		}
	}
	switch told := func(user udemy.User) bool { return user.GroupIDs != nil }; {
	case found.groups == nil:
		t.unmanaged = append(t.unmanaged, fmt.Sprintf("groups, and who is in them: %s does not list groups", api.Name))
		found.users = withoutGroups(found.users)
	case len(found.users) > 0 && !slices.ContainsFunc(found.users, told):
		t.unmanaged = append(t.unmanaged, fmt.Sprintf("who is in which group: %s does not tell", api.Name))
	}
	for _, group := range found.groups {
		t.addGroup(group)
	}
	for _, user := range found.users {
		t.addLearner(user)
	}
	return t
}

func withoutGroups(users []udemy.User) []udemy.User {
	users = slices.Clone(users)
	for i := range users {
		users[i].GroupIDs = nil
	}
	return users
}

func (t *takeover) addGroup(group udemy.Group) {
	flaw := flawOf("name", group.Name)
	if n := t.sameName[group.Name]; flaw == "" && n > 1 {
		flaw = fmt.Sprintf("%d groups have this name", n)
	}
	if flaw != "" {
		t.leftOut = append(t.leftOut, fmt.Sprintf("group %q, id %s: %s", group.Name, group.ID, flaw))
		return
	}
	t.groups = append(t.groups, group)
	t.groupNames[group.ID] = group.Name
}

func (t *takeover) addLearner(user udemy.User) {
	if flaw := t.flawOfLearner(user); flaw != "" {
		t.leftOut = append(t.leftOut, fmt.Sprintf("learner %q, id %s: %s", user.Email, user.ID, flaw))
		return
	}
	t.learners = append(t.learners, roster.Learner{User: t.profile(user), Groups: t.groupsOf(user), Active: user.Status.Seated()})
}

// flawOfLearner is why a learner can't be configured; empty for one who can.
func (t *takeover) flawOfLearner(user udemy.User) string {
	switch n := t.sameEmail[udemy.EmailKey(user.Email)]; {
	case !udemy.IsEmail(user.Email):
		return "the e-mail address is malformed"
	case n > 1:
		return fmt.Sprintf("%d learners have this e-mail address", n)
	}
	for _, value := range []struct{ name, text string }{{"first name", user.FirstName}, {"last name", user.LastName}, {"id", user.ID}} {
		if flaw := flawOf(value.name, value.text); flaw != "" {
			return flaw
		}
	}
	return ""
}

// flawOf is why a resource would refuse a value; empty for one that it takes.
func flawOf(what, value string) string {
	switch {
	case value == "":
		return what + " is empty"
	case !udemy.PlainText.MatchString(value):
		return fmt.Sprintf("the %s %q starts or ends with a blank, or holds a character that can't be seen", what, value)
	default:
		return ""
	}
}

func (t *takeover) leaveAlone(user udemy.User, what, why string) {
	t.unmanaged = append(t.unmanaged, fmt.Sprintf("%s of learner %q: %s", what, user.Email, why))
}

// profile returns the ID of a learner and the fields that a configuration can set. A value that udemy_user would refuse is
// left out.
func (t *takeover) profile(user udemy.User) udemy.User {
	kept := udemy.User{ID: user.ID}
	for _, field := range udemy.Profile {
		if !t.api.Sets(field.Name) {
			continue
		}
		if flaw := flawOfField(field, user); flaw != "" {
			t.leaveAlone(user, field.Name, flaw)
			continue
		}
		field.Copy(&kept, user)
		if field.List != nil {
			*field.List(&kept) = sorted(*field.List(&kept))
		}
	}
	return kept
}

// flawOfField returns why udemy_user would refuse the value of a field; empty if it accepts the value or there is none.
func flawOfField(field udemy.Field, user udemy.User) string {
	if field.IsEmpty(user) {
		return ""
	}
	if field.Name == udemy.FieldRole && user.Role != udemy.RoleLearner && user.Role != udemy.RoleAdmin {
		return fmt.Sprintf("%q can't be assigned", user.Role)
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

// groupsOf are the names of a learner's groups. They are managed together or not at all: a set that lacks one would take
// the learner out of it.
func (t *takeover) groupsOf(user udemy.User) []string {
	if user.GroupIDs == nil {
		return nil
	}
	names := []string{}
	for _, id := range user.GroupIDs {
		name, ok := t.groupNames[id]
		if !ok {
			t.leaveAlone(user, "groups", fmt.Sprintf("one of them, id %s, is left out or not shown", id))
			return nil
		}
		names = append(names, name)
	}
	return sorted(names)
}

// sorted is how a roster keeps a list.
func sorted(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return slices.Compact(names)
}

// report names what stays outside Terraform, one on each line.
func (t *takeover) report() string {
	var b strings.Builder
	list := func(heading string, lines []string) {
		if len(lines) > 0 {
			b.WriteString(heading + "\n  " + strings.Join(lines, "\n  ") + "\n")
		}
	}
	list("Left out, and so neither managed nor changed. Correct them at Udemy and export again, or leave them as they are:", t.leftOut)
	list("Not managed, and so left as they are:", t.unmanaged)
	return b.String()
}
