// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package udemy

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

const (
	// MaxMembersPerRequest is the largest number of learners that can join or leave a group in one request.
	MaxMembersPerRequest = 100
	// MaxParallelRequests is how many requests that belong together are sent at the same time, as many as Terraform's
	// default parallelism.
	MaxParallelRequests = 10
)

// Calls are what both of Udemy's APIs are asked for, one by one.
//
// Every method that fails because the API said no returns an *Error, to be told apart with errors.Is
// and the kinds beside it. ErrNotFound is returned only where the API can be read at all; otherwise it
// is ErrNotOffered, and nothing is known about the learner or group. An answer that describes another learner or group than
// the one asked for is an ErrMismatch.
type Calls interface {
	// Capabilities says what the API behind the Directory can do.
	Capabilities() Capabilities

	// CreateUser invites a learner, or creates the account at once if the organization is set up so. It uses the fields of
	// Profile, GroupIDs, and Status as User describes it. An e-mail address that is taken is an ErrConflict, with the learner's ID if the API returns it.
	CreateUser(ctx context.Context, user User) (User, error)
	// User reads one learner.
	User(ctx context.Context, id string) (User, error)
	// UserByEmail finds the one learner with this address, in whatever case it is written.
	UserByEmail(ctx context.Context, email string) (User, error)
	// UserByExternalID finds the one learner with exactly this external id. Two of them are an ErrConflict.
	UserByExternalID(ctx context.Context, externalID string) (User, error)
	// UpdateUser changes what the change names, and returns the learner as the API has it afterwards.
	UpdateUser(ctx context.Context, id string, change UserChange) (User, error)
	// ActivateUser gives a deactivated learner a seat again.
	ActivateUser(ctx context.Context, id string) (User, error)
	// DeactivateUser frees the seat and keeps the learning history. If the API accepts the call and the learner keeps the seat,
	// it is an ErrNoEffect, as for DeleteUser and DeleteGroup.
	DeactivateUser(ctx context.Context, id string) (User, error)
	// DeleteUser cancels the invitation of an invited learner and removes any other.
	DeleteUser(ctx context.Context, id string) error
	// ResendInvitation has Udemy send an invited learner the invitation again. Any other status is an ErrConflict.
	ResendInvitation(ctx context.Context, id string) error

	// CreateGroup makes a group. A name that is taken is an ErrConflict, as for CreateUser.
	CreateGroup(ctx context.Context, name string) (Group, error)
	// Group reads one group.
	Group(ctx context.Context, id string) (Group, error)
	// GroupByName finds the one group with exactly this name. Two of them are an ErrConflict that names both IDs.
	GroupByName(ctx context.Context, name string) (Group, error)
	// RenameGroup gives a group another name.
	RenameGroup(ctx context.Context, id, name string) (Group, error)
	// DeleteGroup deletes a group for good; its members stay in the organization.
	DeleteGroup(ctx context.Context, id string) error

	// UserGroups returns the ids of the groups that a learner is in.
	UserGroups(ctx context.Context, userID string) ([]string, error)
	// IsMember reports whether a learner is in a group.
	IsMember(ctx context.Context, groupID, userID string) (bool, error)
	// AddMembers puts learners into a group. One who is in it already is no error.
	AddMembers(ctx context.Context, groupID string, userIDs ...string) error
	// RemoveMembers takes learners out of a group. One who is not in it is no error.
	RemoveMembers(ctx context.Context, groupID string, userIDs ...string) error
}

// API is one of Udemy's APIs: its calls, and its collections by the page.
type API interface {
	Calls

	// LookUpUser is UserByEmail by nothing but the API's own search, which may not disregard letter case. It is an
	// ErrNotOffered where that search does not work.
	LookUpUser(ctx context.Context, email string) (User, error)
	// UserPage reads a page of all learners. The first page has number 1; size is how many it held, and 0 for itself.
	UserPage(ctx context.Context, number, size int) (Page[User], error)
	// GroupPage reads a page of all groups, as UserPage does.
	GroupPage(ctx context.Context, number, size int) (Page[Group], error)
	// MemberPage reads a page of the ids of a group's learners, as UserPage does. Its items are nil where the API does
	// not tell the members of a group.
	MemberPage(ctx context.Context, groupID string, number, size int) (Page[string], error)
}

// Directory is an organization's learners, groups and memberships, whichever API keeps them. It is what resources see.
// It may answer from what it read before in the same run, unless a method says otherwise.
type Directory interface {
	Calls

	// Reread reads one learner now, whatever was read before.
	Reread(ctx context.Context, id string) (User, error)
	// Users returns all learners, in no order. ErrNotOffered says that the API does not list them.
	Users(ctx context.Context) ([]User, error)
	// Groups returns all groups, as Users does.
	Groups(ctx context.Context) ([]Group, error)
	// EachUser hands over all learners as the pages come. An error is the last that it hands over.
	EachUser(ctx context.Context) iter.Seq2[User, error]
	// EachGroup hands over all groups, as EachUser does.
	EachGroup(ctx context.Context) iter.Seq2[Group, error]
	// Members returns the ids of all learners in a group; nil where the API does not tell. Of an AddMembers or
	// RemoveMembers for several learners that fails, the error is a MembersError.
	Members(ctx context.Context, groupID string) ([]string, error)

	// ExistingUser is UserByEmail for a plan, which asks for many who are not there: nobody is looked for again who was on
	// no page, so that any number of them costs no more than the pages. Where these can't be read, it is an ErrNotOffered.
	ExistingUser(ctx context.Context, email string) (User, error)
	// KnownUserByExternalID returns the learner with an external ID from what was read before. It sends no request.
	KnownUserByExternalID(externalID string) (User, bool)
	// ExistingGroup is GroupByName for a plan, as ExistingUser is.
	ExistingGroup(ctx context.Context, name string) (Group, error)
}

// Page is a part of a collection. Pages are no snapshot: what is added or removed meanwhile moves from one to another.
type Page[T any] struct {
	Items []T
	// Total is how many items there are on all pages.
	Total int
}

// Capabilities describes what an API offers. Where it offers less, a call returns ErrNotOffered; a plan that needs the
// call is refused before anything changes.
type Capabilities struct {
	// Name is the name of the API in messages.
	Name string
	// Fields are the fields of Profile that the API can set and change.
	Fields []string
	// DeleteUsers: learners can be deleted, and invitations canceled.
	DeleteUsers bool
	// Invitations: a learner has status invited until the invitation is accepted, and it can be sent again.
	Invitations bool
	// RemoveTogether: one request can remove several learners from a group.
	RemoveTogether bool
}

// CheckFields returns an ErrNotOffered if a call would set a field of Profile that the API can't set. Without it, a field
// that a client does not know would be dropped, and state would hold a value that the API never got.
func (c Capabilities) CheckFields(call string, fields []string) error {
	for _, field := range fields {
		if !c.Sets(field) {
			return &Error{Kind: ErrNotOffered, Call: call, Detail: fmt.Sprintf("%s can't set %s", c.Name, field)}
		}
	}
	return nil
}

// Sets reports whether the API can set a field of Profile.
func (c Capabilities) Sets(field string) bool {
	return slices.Contains(c.Fields, field)
}
