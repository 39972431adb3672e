// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package udemy models a Udemy Business organization: learners, groups, memberships, the calls of Udemy's APIs, and their errors.
// It depends on neither Terraform nor HTTP. The packages below it implement the APIs and the Directory.
package udemy

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// User is one learner of the organization, from invitation to deactivation.
type User struct {
	// ID is opaque and issued by Udemy. It may change when an invitation is accepted or sent again.
	ID string
	// Email is the main address. It is compared with SameEmail.
	Email     string
	FirstName string
	LastName  string
	// ExternalID is the key of the learner in the HR system. It may be empty.
	ExternalID string
	// Role is empty if the API does not return it. If it is empty in a new learner, Udemy chooses the role.
	Role Role
	// Status is ignored in a new learner, except that StatusDeactivated requests a learner without a seat. An API that can't
	// create such a learner ignores it as well, and returns another status.
	Status Status
	// GroupIDs is nil if the API does not return groups, and empty if the learner is in no group. In a new learner they
	// are the groups to join at creation. An API that can't add groups at creation does not return them.
	GroupIDs []string
	// LicenseTypes are the names of the learner's licenses, or nil if the API does not return them. If they are nil in a new
	// learner, Udemy chooses the licenses.
	LicenseTypes []string
	// LicensePool is the name of the pool that the licenses come from, in any letter case. It is empty if the API does not
	// return it. If it is empty in a new learner, Udemy chooses the pool.
	LicensePool string
	// Aliases are the user name and the further addresses of a learner, if they differ from Email. No other learner can use them.
	// They are ignored in a new learner.
	Aliases []string
}

// SetFields returns the names of the fields of Profile in which a learner has a value.
func (u User) SetFields() []string {
	var names []string
	for _, field := range Profile {
		if !field.IsEmpty(u) {
			names = append(names, field.Name)
		}
	}
	return names
}

// The names of attributes in a configuration, which are the keys of Error.Fields.
const (
	FieldEmail       = "email"
	FieldFirstName   = "first_name"
	FieldLastName    = "last_name"
	FieldExternalID  = "external_id"
	FieldRole        = "role"
	FieldLicenses    = "license_types"
	FieldLicensePool = "license_pool"
	FieldActive      = "active"
	FieldOnDestroy   = "on_destroy"
	FieldGroupIDs    = "group_ids"
	FieldName        = "name"
	FieldGroupID     = "group_id"
	FieldUserID      = "user_id"
)

// Field is one attribute of a learner's profile. It can be set when the learner is created, and an update can change it.
type Field struct {
	// Name is the name of the attribute in a configuration, and the key in Error.Fields.
	Name string
	// Text and List return the location of the value in a User. Exactly one of them is set.
	Text func(*User) *string
	List func(*User) *[]string
	// Hidden is set if an API may not return the value. An empty value then means "unknown", not "none".
	Hidden bool
}

// Profile lists the fields of a learner's profile. Each API has a table of its own names for them.
var Profile = []Field{
	{Name: FieldEmail, Text: func(u *User) *string { return &u.Email }},
	{Name: FieldFirstName, Text: func(u *User) *string { return &u.FirstName }},
	{Name: FieldLastName, Text: func(u *User) *string { return &u.LastName }},
	{Name: FieldExternalID, Text: func(u *User) *string { return &u.ExternalID }},
	{Name: FieldRole, Text: func(u *User) *string { return (*string)(&u.Role) }, Hidden: true},
	{Name: FieldLicenses, List: func(u *User) *[]string { return &u.LicenseTypes }, Hidden: true},
	{Name: FieldLicensePool, Text: func(u *User) *string { return &u.LicensePool }, Hidden: true},
}

// ProfileField returns the field of Profile with a name.
func ProfileField(name string) Field {
	for _, field := range Profile {
		if field.Name == name {
			return field
		}
	}
	panic("udemy: a learner has no field " + name)
}

// IsEmpty reports whether a learner has no value in the field.
func (f Field) IsEmpty(user User) bool {
	if f.List != nil {
		return len(*f.List(&user)) == 0
	}
	return *f.Text(&user) == ""
}

// Copy sets the field of one learner to the value of another.
func (f Field) Copy(to *User, from User) {
	if f.List != nil {
		*f.List(to) = *f.List(&from)
		return
	}
	*f.Text(to) = *f.Text(&from)
}

// FindByExternalID returns the learner with an external ID. Several such learners are an ErrConflict with two of their IDs. If no
// learner has the external ID, the error is an ErrNotFound. call identifies the request that returned the learners.
func FindByExternalID(externalID, call string, users iter.Seq2[User, error]) (User, error) {
	var found User
	for user, err := range users {
		switch {
		case err != nil:
			return User{}, err
		case user.ExternalID != externalID:
		case found.ID != "":
			return User{}, &Error{
				Kind: ErrConflict, Call: call, Detail: fmt.Sprintf("the learners %s and %s both have the external ID %q", found.ID, user.ID, externalID),
			}
		default:
			found = user
		}
	}
	if found.ID == "" {
		return User{}, &Error{Kind: ErrNotFound, Call: call, Detail: fmt.Sprintf("no learner has the external ID %q", externalID)}
	}
	return found, nil
}

// UserChange is an update of a learner.
type UserChange struct {
	// To holds the new values of the fields that change; its other fields have no meaning. An empty text clears a field.
	To User
	// Fields are the names of the fields of Profile that change.
	Fields []string
}

// Change returns an update that sets the named fields of Profile to their values in a learner.
func Change(to User, fields ...string) UserChange {
	return UserChange{To: to, Fields: fields}
}

// Apply returns a learner after the update.
func (c UserChange) Apply(user User) User {
	for _, name := range c.Fields {
		ProfileField(name).Copy(&user, c.To)
	}
	return user
}

// ShownBy reports whether a learner has the new values. A value that the API does not return counts as shown.
func (c UserChange) ShownBy(user User) bool {
	for _, name := range c.Fields {
		field := ProfileField(name)
		switch {
		case field.Hidden && field.IsEmpty(user):
		case field.List != nil:
			want, have := slices.Sorted(slices.Values(*field.List(&c.To))), slices.Sorted(slices.Values(*field.List(&user)))
			if !slices.Equal(want, have) {
				return false
			}
		case name == FieldEmail && SameEmail(c.To.Email, user.Email):
		case name == FieldLicensePool && strings.EqualFold(c.To.LicensePool, user.LicensePool):
		case !SameText(*field.Text(&c.To), *field.Text(&user)):
			return false
		}
	}
	return true
}

// Role determines what a learner may do. A value that is not one of the constants is kept as the API returns it.
type Role string

// The roles. Only learner and admin can be assigned.
const (
	RoleLearner    Role = "learner"
	RoleAdmin      Role = "admin"
	RoleOwner      Role = "owner"
	RoleGroupAdmin Role = "group_admin"
)

// Status is the stage of a learner. A value that is not one of the constants is kept as the API returns it.
type Status string

// The stages of a learner.
const (
	StatusInvited     Status = "invited"
	StatusActive      Status = "active"
	StatusDeactivated Status = "deactivated"
)

// Seated reports whether a learner in this status takes a seat, now or once the invitation is accepted. Only a deactivated
// learner does not.
func (s Status) Seated() bool {
	return s != StatusDeactivated
}

// String returns the role as Visible shows it, for messages. An API may return any text.
func (r Role) String() string { return Visible(string(r)) }

// String returns the status as Visible shows it, for messages. An API may return any text.
func (s Status) String() string { return Visible(string(s)) }
