// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package udemy says what Udemy Business is to this provider: learners, groups, memberships, and the
// Directory that keeps them. It knows neither Terraform nor HTTP; which API is behind a Directory is
// the business of the packages below it.
package udemy

import "strings"

// User is one learner of the organization, in any stage from invitation to deactivation.
type User struct {
	// ID is opaque, issued by Udemy. It may change when an invitation is accepted or sent anew.
	ID string
	// Email identifies a learner to people. Compare it with SameEmail.
	Email     string
	FirstName string
	LastName  string
	// ExternalID is the key of the learner in the HR system; empty when there is none.
	ExternalID string
	// Role is empty when the API did not say.
	Role   Role
	Status Status
	// GroupIDs is nil when the API did not say, and empty when the learner is in no group.
	GroupIDs []string
	// LicenseTypes are the names of the licences that the learner has; nil when the API did not say.
	LicenseTypes []string
}

// NewUser is what an invitation is made of. Role may be empty: Udemy then decides.
type NewUser struct {
	Email      string
	FirstName  string
	LastName   string
	ExternalID string
	Role       Role
	// GroupIDs are the groups to join with the invitation. An API that can't place a learner while
	// creating it leaves them out of its answer.
	GroupIDs []string
	// LicenseTypes may be empty: Udemy then decides.
	LicenseTypes []string
}

// UserChange holds the members of a learner to change; nil leaves a member as it is.
type UserChange struct {
	Email     *string
	FirstName *string
	LastName  *string
	// ExternalID clears the external id when it points to an empty string.
	ExternalID *string
	Role       *Role
	// LicenseTypes are all the licences to have; nil leaves them as they are.
	LicenseTypes []string
}

// IsEmpty reports whether there is nothing to change.
func (c UserChange) IsEmpty() bool {
	return c.Email == nil && c.FirstName == nil && c.LastName == nil && c.ExternalID == nil && c.Role == nil && c.LicenseTypes == nil
}

// Role is what a learner may do. Words that are not known here are kept as the API said them.
type Role string

// The roles that can be given. Others, such as a group admin's, can only be read.
const (
	RoleLearner Role = "learner"
	RoleAdmin   Role = "admin"
)

// Status is where a learner stands. Words that are not known here are kept as the API said them.
type Status string

// The stages of a learner.
const (
	StatusInvited     Status = "invited"
	StatusActive      Status = "active"
	StatusDeactivated Status = "deactivated"
)

// Seated reports whether a learner in this status may learn, or may once the invitation is accepted.
// Only a deactivated learner may not; the learning history is kept all the same.
func (s Status) Seated() bool {
	return s != StatusDeactivated
}

// SameEmail reports whether two addresses name the same learner: letter case does not count.
func SameEmail(a, b string) bool {
	return strings.EqualFold(a, b)
}

// EmailKey is the same text for all spellings of an address.
func EmailKey(email string) string {
	return strings.ToLower(email)
}
