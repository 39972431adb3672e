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
	// MaxMembersPerRequest is the largest number of learners that one request adds to a group or removes from it.
	MaxMembersPerRequest = 100
	// MaxParallelRequests is the largest number of related requests that are sent at the same time. It equals the default of the
	// attribute max_concurrent_requests.
	MaxParallelRequests = 16
)

// Calls are the calls that both of Udemy's APIs have.
//
// If the API refuses a call, the error is an *Error. Check for its kind with errors.Is. The kind is ErrNotFound only if the
// collection of learners or groups can be read. Otherwise a missing object and a missing call look the same, and the kind is
// ErrNotOffered. A response that describes another learner or group than the request is an ErrMismatch.
type Calls interface {
	// Capabilities describes what the API offers.
	Capabilities() Capabilities

	// CreateUser invites a learner, or creates the account at once if the organization is set up that way. It uses the
	// fields of Profile, and GroupIDs and Status as described in User. If the e-mail address is taken, the error is an
	// ErrConflict, with the learner's ID if the API returns it.
	CreateUser(ctx context.Context, user User) (User, error)
	// User reads one learner.
	User(ctx context.Context, id string) (User, error)
	// UserByEmail finds the learner with this main address, in any letter case, or else the learner with this address among the Aliases.
	UserByEmail(ctx context.Context, email string) (User, error)
	// UserByExternalID finds the learner with exactly this external ID. If two learners have it, the error is an ErrConflict.
	UserByExternalID(ctx context.Context, externalID string) (User, error)
	// UpdateUser changes the named fields, and returns the learner as the API returns it afterwards.
	UpdateUser(ctx context.Context, id string, change UserChange) (User, error)
	// ActivateUser gives a deactivated learner a seat again.
	ActivateUser(ctx context.Context, id string) (User, error)
	// DeactivateUser frees the seat and keeps the learning history. If the API accepts the call and the learner keeps the
	// seat, the error is an ErrNoEffect. The same holds for DeleteUser and DeleteGroup.
	DeactivateUser(ctx context.Context, id string) (User, error)
	// DeleteUser cancels the invitation of an invited learner, and removes any other learner.
	DeleteUser(ctx context.Context, id string) error
	// ResendInvitation makes Udemy send the invitation again. If the learner is not invited, the error is an ErrConflict.
	ResendInvitation(ctx context.Context, id string) error

	// CreateGroup creates a group. If the name is taken, the error is an ErrConflict, as for CreateUser.
	CreateGroup(ctx context.Context, name string) (Group, error)
	// Group reads one group.
	Group(ctx context.Context, id string) (Group, error)
	// GroupByName finds the group that FindGroup returns for this name.
	GroupByName(ctx context.Context, name string) (Group, error)
	// RenameGroup changes the name of a group.
	RenameGroup(ctx context.Context, id, name string) (Group, error)
	// DeleteGroup deletes a group permanently. Its members stay in the organization.
	DeleteGroup(ctx context.Context, id string) error

	// UserGroups returns the IDs of a learner's groups.
	UserGroups(ctx context.Context, userID string) ([]string, error)
	// IsMember reports whether a learner is in a group.
	IsMember(ctx context.Context, groupID, userID string) (bool, error)
	// AddMembers adds learners to a group. A learner who is in the group already is not an error.
	AddMembers(ctx context.Context, groupID string, userIDs ...string) error
	// RemoveMembers removes learners from a group. A learner who is not in the group is not an error.
	RemoveMembers(ctx context.Context, groupID string, userIDs ...string) error
}

// API is one of Udemy's APIs: its calls, and its collections page by page.
type API interface {
	Calls

	// LookUpUser is UserByEmail with only the API's own search, which may be case-sensitive. If that search does not work,
	// the error is an ErrNotOffered. The same searches answer UserByExternalID and GroupByName: an API whose searches find nothing
	// returns an ErrNotFound.
	LookUpUser(ctx context.Context, email string) (User, error)
	// UserPage reads one page of all learners. Pages are numbered from 1. size is the number of learners on the first page,
	// or 0 for the first page itself.
	UserPage(ctx context.Context, number, size int) (Page[User], error)
	// GroupPage reads one page of all groups, as UserPage does.
	GroupPage(ctx context.Context, number, size int) (Page[Group], error)
	// MemberPage reads one page of the IDs of a group's members, as UserPage does. Its items are nil if the API does not
	// return the members of a group.
	MemberPage(ctx context.Context, groupID string, number, size int) (Page[string], error)
}

// Directory holds the learners, groups and memberships of an organization, through either API. Resources use it. It may answer
// from what it read earlier in the same run, unless a method excludes that. If AddMembers or RemoveMembers fails for some of
// several learners, the error is a MembersError.
type Directory interface {
	Calls

	// Reread requests one learner from the API, even if the learner has been read before.
	Reread(ctx context.Context, id string) (User, error)
	// Users returns all learners, in no order. If the API does not list them, the error is an ErrNotOffered.
	Users(ctx context.Context) ([]User, error)
	// Groups returns all groups, as Users does.
	Groups(ctx context.Context) ([]Group, error)
	// ListsUsersWithoutGroups reports whether the API lists learners without their groups. It waits for the first page of learners, which
	// another call requests, at most until the context ends, and requests nothing.
	ListsUsersWithoutGroups(ctx context.Context) bool
	// EachUser yields all learners as the pages arrive. An error is the last value that it yields.
	EachUser(ctx context.Context) iter.Seq2[User, error]
	// EachGroup yields all groups, as EachUser does.
	EachGroup(ctx context.Context) iter.Seq2[Group, error]
	// Members returns the IDs of all members of a group, or nil if the API does not return them.
	Members(ctx context.Context, groupID string) ([]string, error)

	// ExistingUser is UserByEmail for a plan, which looks for many learners that do not exist. Once all pages have been read,
	// a learner who is on none of them is an ErrNotFound without another request. If the pages can't be read, the error is
	// the reason, and also an ErrNotOffered.
	ExistingUser(ctx context.Context, email string) (User, error)
	// ExistingUserByExternalID is UserByExternalID for a plan, as ExistingUser is UserByEmail.
	ExistingUserByExternalID(ctx context.Context, externalID string) (User, error)
	// ExistingGroup is GroupByName for a plan, as ExistingUser is UserByEmail.
	ExistingGroup(ctx context.Context, name string) (Group, error)
}

// Page is one page of a collection. Pages are not a snapshot: when an object is added or removed between two requests, other
// objects move to another page.
type Page[T any] struct {
	Items []T
	// Total is the number of items on all pages.
	Total int
	// Last and More are what the API returns about a page after this one, apart from the total. If it returns nothing, both are
	// false.
	Last, More bool
	// Call is the request of the page, for errors, such as "GET /Users".
	Call string
}

// Capabilities describes what an API offers. A call that the API does not have returns an ErrNotOffered. A plan that needs such a
// call fails before anything changes.
type Capabilities struct {
	// Name is the name of the API in messages.
	Name string
	// Fields are the fields of Profile that the API can set and change.
	Fields []string
	// DeleteUsers is set if the API can delete learners and cancel invitations.
	DeleteUsers bool
	// Invitations is set if a learner has status invited until the invitation is accepted, and the API can send it again.
	Invitations bool
	// RemoveTogether is set if one request can remove several learners from a group.
	RemoveTogether bool
	// RequiresNames is set if a new learner needs a first and a last name, and an update can't clear them.
	RequiresNames bool
}

// CheckFields returns an ErrNotOffered if a call would set a field of Profile that the API can't set. Otherwise the client
// would drop the field, and state would hold a value that the API never received.
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
