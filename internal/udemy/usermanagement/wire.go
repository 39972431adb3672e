// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// member is a field of a learner's profile in the user object.
type member struct {
	field, name string
	// value returns nil for a member that is missing or null.
	value func(userAnswer) *string
}

// profile holds the fields of a learner's profile that this API has, with the names of their members. newUserBody and userAnswer
// have the same members.
var profile = []member{
	{udemy.FieldEmail, "email", func(a userAnswer) *string { return a.Email }},
	{udemy.FieldFirstName, "firstname", func(a userAnswer) *string { return a.FirstName }},
	{udemy.FieldLastName, "lastname", func(a userAnswer) *string { return a.LastName }},
	{udemy.FieldExternalID, "externalid", func(a userAnswer) *string { return (*string)(a.ExternalID) }},
	{udemy.FieldRole, "role", func(a userAnswer) *string { return a.Role }},
}

// profileFields returns the names of the fields in profile.
func profileFields() []string {
	names := make([]string, 0, len(profile))
	for _, m := range profile {
		names = append(names, m.field)
	}
	return names
}

// changeBody returns the body of a PATCH. Assumption: null clears a member.
func changeBody(change udemy.UserChange) map[string]any {
	body := map[string]any{}
	for _, m := range profile {
		if !slices.Contains(change.Fields, m.field) {
			continue
		}
		body[m.name] = nil
		if text := *udemy.ProfileField(m.field).Text(&change.To); text != "" {
			body[m.name] = text
		}
	}
	return body
}

// newUserBody is the documented request, with its members in the documented order.
type newUserBody struct {
	Email      string     `json:"email"`
	FirstName  string     `json:"firstname"`
	LastName   string     `json:"lastname"`
	ExternalID string     `json:"externalid,omitempty"`
	Groups     []string   `json:"groups,omitempty"`
	Role       udemy.Role `json:"role,omitempty"`
}

func newUser(user udemy.User) newUserBody {
	return newUserBody{
		Email:      user.Email,
		FirstName:  user.FirstName,
		LastName:   user.LastName,
		ExternalID: user.ExternalID,
		Groups:     user.GroupIDs,
		Role:       user.Role,
	}
}

type groupBody struct {
	Name string `json:"name"`
}

type membersBody struct {
	Users []string `json:"users"`
}

// userAnswer is the user object. Udemy documents id, status and groups in the response to a POST. If a member is missing or null,
// its value is unknown.
type userAnswer struct {
	ID         transport.ID      `json:"id"`
	Email      *string           `json:"email"`
	FirstName  *string           `json:"firstname"`
	LastName   *string           `json:"lastname"`
	ExternalID *transport.Scalar `json:"externalid"`
	Groups     *[]groupRef       `json:"groups"`
	Role       *string           `json:"role"`
	Status     *string           `json:"status"`
}

func (a userAnswer) id() string { return string(a.ID) }

// user converts a response to a learner.
func (a userAnswer) user() udemy.User { return a.applyTo(udemy.User{}) }

// applyTo returns a learner with the values of the response. Values that the response does not contain stay as they are.
func (a userAnswer) applyTo(user udemy.User) udemy.User {
	if a.ID != "" {
		user.ID = string(a.ID)
	}
	for _, m := range profile {
		if value := m.value(a); value != nil {
			*udemy.ProfileField(m.field).Text(&user) = *value
		}
	}
	user.Role = role(user.Role)
	if a.Groups != nil {
		user.GroupIDs = make([]string, 0, len(*a.Groups))
		for _, group := range *a.Groups {
			user.GroupIDs = append(user.GroupIDs, string(group))
		}
	}
	if a.Status != nil {
		user.Status = status(udemy.Status(*a.Status))
	}
	return user
}

// status returns a known status in lower case, and any other status unchanged.
func status(name udemy.Status) udemy.Status {
	switch folded := udemy.Status(strings.ToLower(string(name))); folded {
	case udemy.StatusInvited, udemy.StatusActive, udemy.StatusDeactivated:
		return folded
	default:
		return name
	}
}

// role maps the names that Udemy uses for a role, in any letter case, to one name. It returns any other role unchanged.
func role(name udemy.Role) udemy.Role {
	switch folded := udemy.Role(strings.ToLower(string(name))); folded {
	case "student", "user", "member":
		return udemy.RoleLearner
	case udemy.RoleLearner, udemy.RoleAdmin, udemy.RoleOwner:
		return folded
	default:
		return name
	}
}

// groupAnswer is the group object.
type groupAnswer struct {
	ID   transport.ID `json:"id"`
	UUID transport.ID `json:"uuid"`
	Name *string      `json:"name"`
}

// id returns the UUID, or the ID of a group without a UUID. A POST of a learner accepts the UUID of a group.
func (a groupAnswer) id() string {
	if a.UUID != "" {
		return string(a.UUID)
	}
	return string(a.ID)
}

// group converts a response to a group.
func (a groupAnswer) group() udemy.Group { return a.applyTo(udemy.Group{}) }

// applyTo returns a group with the values of the response. Values that the response does not contain stay as they are.
func (a groupAnswer) applyTo(group udemy.Group) udemy.Group {
	if a.id() != "" {
		group.ID = a.id()
	}
	if a.Name != nil {
		group.Name = *a.Name
	}
	return group
}

// created decodes the response to the creation of an object. The ID may be only in the Location.
func created[T hasID](request transport.Request, response *transport.Response) (T, error) {
	answer, err := transport.Decode[T](request, response)
	if response.CreatedID != "" && (err != nil || answer.id() == "") {
		located, _ := json.Marshal(map[string]string{"id": response.CreatedID}) // Encoding a string never fails.
		err = json.Unmarshal(located, &answer)
	}
	if err == nil {
		err = transport.CheckID(answer.id())
	}
	return answer, err
}

// groupRef is one of a learner's groups. In a response it is an ID or a group object.
type groupRef string

func (r *groupRef) UnmarshalJSON(data []byte) error {
	var group groupAnswer
	target := any(&group)
	if data[0] != '{' {
		target = &group.ID
	}
	if err := json.Unmarshal(data, target); err != nil {
		return err
	}
	if group.id() == "" {
		return errors.New("a group has no ID")
	}
	*r = groupRef(group.id())
	return nil
}
