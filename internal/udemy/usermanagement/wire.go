// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement

import (
	"encoding/json"
	"errors"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// newUserBody is the documented request, in the documented order.
type newUserBody struct {
	Email      string     `json:"email"`
	FirstName  string     `json:"firstname"`
	LastName   string     `json:"lastname"`
	ExternalID string     `json:"externalid,omitempty"`
	Groups     []string   `json:"groups,omitempty"`
	Role       udemy.Role `json:"role,omitempty"`
}

type groupBody struct {
	Name string `json:"name"`
}

type membersBody struct {
	Users []string `json:"users"`
}

// userAnswer is the user object. Documented are id, status and groups, in the answer to a POST; every member
// may be missing or null, which says nothing about the learner.
type userAnswer struct {
	ID         transport.Scalar  `json:"id"`
	Email      *string           `json:"email"`
	FirstName  *string           `json:"firstname"`
	LastName   *string           `json:"lastname"`
	ExternalID *transport.Scalar `json:"externalid"`
	Groups     *[]groupRef       `json:"groups"`
	Role       *string           `json:"role"`
	Status     *string           `json:"status"`
}

func (a userAnswer) id() string { return string(a.ID) }

// over is the learner of whom this much was known before the answer came.
func (a userAnswer) over(user udemy.User) udemy.User {
	if a.ID != "" {
		user.ID = string(a.ID)
	}
	if a.Email != nil {
		user.Email = *a.Email
	}
	if a.FirstName != nil {
		user.FirstName = *a.FirstName
	}
	if a.LastName != nil {
		user.LastName = *a.LastName
	}
	if a.ExternalID != nil {
		user.ExternalID = string(*a.ExternalID)
	}
	if a.Groups != nil {
		user.GroupIDs = make([]string, 0, len(*a.Groups))
		for _, group := range *a.Groups {
			user.GroupIDs = append(user.GroupIDs, string(group))
		}
	}
	if a.Role != nil {
		user.Role = role(*a.Role)
	}
	if a.Status != nil {
		user.Status = udemy.Status(*a.Status)
	}
	return user
}

// role reads the words that Udemy uses for a learner in different places. Others are kept.
func role(word string) udemy.Role {
	switch word {
	case "student", "user", "member":
		return udemy.RoleLearner
	default:
		return udemy.Role(word)
	}
}

// groupAnswer is the group object.
type groupAnswer struct {
	ID   transport.Scalar `json:"id"`
	UUID transport.Scalar `json:"uuid"`
	Name *string          `json:"name"`
}

// id is the UUID, which a POST of a learner takes, where there is another id beside it.
func (a groupAnswer) id() string {
	if a.UUID != "" {
		return string(a.UUID)
	}
	return string(a.ID)
}

// over is the group of which this much was known before the answer came.
func (a groupAnswer) over(group udemy.Group) udemy.Group {
	if a.id() != "" {
		group.ID = a.id()
	}
	if a.Name != nil {
		group.Name = *a.Name
	}
	return group
}

// groupRef is one of a learner's groups: its id, or the group object.
type groupRef string

// UnmarshalJSON implements json.Unmarshaler.
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
		return errors.New("a group without an id")
	}
	*r = groupRef(group.id())
	return nil
}
