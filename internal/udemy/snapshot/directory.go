// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package snapshot is a udemy.Directory in front of an API. Terraform asks for one learner at a time, ten at once, and
// would so cost a request for each. A snapshot reads by the page as soon as that is cheaper, answers from memory, and
// gathers changes to a group's members into few requests.
package snapshot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

var _ udemy.Directory = (*Directory)(nil)

// Directory remembers what it read from an API for as long as it lives, which is one run of Terraform. What it writes
// it remembers too. It is safe for concurrent use.
type Directory struct {
	udemy.API

	users   *collection[udemy.User]
	groups  *collection[udemy.Group]
	members *memberships
	writer  *writer

	// silent says that the API's learners don't tell their groups, so that asking them for these is of no use.
	silent atomic.Bool
}

// New makes a Directory. It reads nothing before it is asked for something.
func New(api udemy.API) *Directory {
	return &Directory{
		API: api,
		users: &collection[udemy.User]{
			fetch: api.UserPage, clone: cloneUser,
			id:   func(user udemy.User) string { return user.ID },
			name: func(user udemy.User) string { return strings.ToLower(user.Email) },
		},
		groups: &collection[udemy.Group]{
			fetch: api.GroupPage, clone: func(group udemy.Group) udemy.Group { return group },
			id:   func(group udemy.Group) string { return group.ID },
			name: func(group udemy.Group) string { return group.Name },
		},
		members: &memberships{fetch: api.MemberPage},
		writer:  &writer{api: api},
	}
}

// cloneUser keeps what is remembered out of the callers' hands.
func cloneUser(user udemy.User) udemy.User {
	user.GroupIDs = slices.Clone(user.GroupIDs)
	user.LicenseTypes = slices.Clone(user.LicenseTypes)
	return user
}

// User implements udemy.Directory.
func (d *Directory) User(ctx context.Context, id string) (udemy.User, error) {
	return d.users.get(ctx, id, func(ctx context.Context) (udemy.User, error) { return d.API.User(ctx, id) })
}

// UserByEmail implements udemy.Directory.
func (d *Directory) UserByEmail(ctx context.Context, email string) (udemy.User, error) {
	return d.users.find(ctx, strings.ToLower(email), func(ctx context.Context) (udemy.User, error) { return d.API.UserByEmail(ctx, email) })
}

// Reread implements udemy.Directory.
func (d *Directory) Reread(ctx context.Context, id string) (udemy.User, error) {
	return d.users.changing(id, func() (udemy.User, error) { return d.API.User(ctx, id) })
}

// CreateUser implements udemy.Directory. An answer that leaves out the role says too little to be remembered.
func (d *Directory) CreateUser(ctx context.Context, user udemy.NewUser) (udemy.User, error) {
	created, err := d.API.CreateUser(ctx, user)
	if err == nil && (created.Role != "" || !d.Capabilities().SetRole) {
		d.users.put(created)
	}
	return created, err
}

// UpdateUser implements udemy.Directory.
func (d *Directory) UpdateUser(ctx context.Context, id string, change udemy.UserChange) (udemy.User, error) {
	return d.users.changing(id, func() (udemy.User, error) { return d.API.UpdateUser(ctx, id, change) })
}

// ActivateUser implements udemy.Directory.
func (d *Directory) ActivateUser(ctx context.Context, id string) (udemy.User, error) {
	return d.users.changing(id, func() (udemy.User, error) { return d.API.ActivateUser(ctx, id) })
}

// DeactivateUser implements udemy.Directory.
func (d *Directory) DeactivateUser(ctx context.Context, id string) (udemy.User, error) {
	return d.users.changing(id, func() (udemy.User, error) { return d.API.DeactivateUser(ctx, id) })
}

// DeleteUser implements udemy.Directory.
func (d *Directory) DeleteUser(ctx context.Context, id string) error {
	defer d.users.forget(id)
	return d.API.DeleteUser(ctx, id)
}

// Group implements udemy.Directory.
func (d *Directory) Group(ctx context.Context, id string) (udemy.Group, error) {
	return d.groups.get(ctx, id, func(ctx context.Context) (udemy.Group, error) { return d.API.Group(ctx, id) })
}

// GroupByName implements udemy.Directory.
func (d *Directory) GroupByName(ctx context.Context, name string) (udemy.Group, error) {
	return d.groups.find(ctx, name, func(ctx context.Context) (udemy.Group, error) { return d.API.GroupByName(ctx, name) })
}

// CreateGroup implements udemy.Directory.
func (d *Directory) CreateGroup(ctx context.Context, name string) (udemy.Group, error) {
	created, err := d.API.CreateGroup(ctx, name)
	if err == nil {
		d.groups.put(created)
	}
	return created, err
}

// RenameGroup implements udemy.Directory.
func (d *Directory) RenameGroup(ctx context.Context, id, name string) (udemy.Group, error) {
	return d.groups.changing(id, func() (udemy.Group, error) { return d.API.RenameGroup(ctx, id, name) })
}

// DeleteGroup implements udemy.Directory.
func (d *Directory) DeleteGroup(ctx context.Context, id string) error {
	defer d.groups.forget(id)
	defer d.members.forget(id)
	return d.API.DeleteGroup(ctx, id)
}

// IsMember implements udemy.Directory: by the group if its members are known, else by the learner, who comes with a
// page; and where learners don't tell, by the group, which is read once.
func (d *Directory) IsMember(ctx context.Context, groupID, userID string) (bool, error) {
	if member, known := d.members.has(groupID, userID); known {
		return member, nil
	}
	if groups, err := d.groupsTold(ctx, userID); groups != nil || err != nil {
		return slices.Contains(groups, groupID), err
	}
	if _, err := d.members.read(ctx, groupID); err != nil && !errors.Is(err, udemy.ErrNotOffered) {
		return false, ignoreNotFound(err)
	}
	if member, known := d.members.has(groupID, userID); known {
		return member, nil
	}
	return d.API.IsMember(ctx, groupID, userID)
}

func ignoreNotFound(err error) error {
	if errors.Is(err, udemy.ErrNotFound) {
		return nil
	}
	return err
}

// UserGroups implements udemy.Directory.
func (d *Directory) UserGroups(ctx context.Context, userID string) ([]string, error) {
	if groups, err := d.groupsTold(ctx, userID); groups != nil || err != nil {
		return groups, err
	}
	return d.API.UserGroups(ctx, userID)
}

// groupsTold are the groups that a learner tells of: nil if the learner doesn't, empty if there is no such learner.
func (d *Directory) groupsTold(ctx context.Context, userID string) ([]string, error) {
	if d.silent.Load() {
		return nil, nil
	}
	user, err := d.User(ctx, userID)
	switch {
	case errors.Is(err, udemy.ErrNotFound):
		return []string{}, nil
	case errors.Is(err, udemy.ErrNotOffered):
		return nil, nil
	case err == nil && user.GroupIDs == nil:
		d.silent.Store(true)
	}
	return user.GroupIDs, err
}

// Members implements udemy.Directory.
func (d *Directory) Members(ctx context.Context, groupID string) ([]string, error) {
	return d.members.read(ctx, groupID)
}

// AddMembers implements udemy.Directory.
func (d *Directory) AddMembers(ctx context.Context, groupID string, userIDs ...string) error {
	return d.changeMembers(ctx, groupID, joining, userIDs)
}

// RemoveMembers implements udemy.Directory.
func (d *Directory) RemoveMembers(ctx context.Context, groupID string, userIDs ...string) error {
	return d.changeMembers(ctx, groupID, leaving, userIDs)
}

// changeMembers remembers who joined or left. Where a change failed, nothing is known any more.
func (d *Directory) changeMembers(ctx context.Context, groupID string, move move, userIDs []string) error {
	failed := d.writer.change(ctx, groupID, move, userIDs)
	for _, id := range userIDs {
		if failed[id] != nil {
			d.users.forget(id)
			d.members.forget(groupID)
			continue
		}
		d.members.move(groupID, id, move)
		d.users.alter(id, func(user *udemy.User) {
			if user.GroupIDs != nil {
				user.GroupIDs = move.apply(user.GroupIDs, groupID)
			}
		})
	}
	switch {
	case len(failed) == 0:
		return nil
	case len(userIDs) == 1:
		return failed[userIDs[0]]
	default:
		return failed
	}
}
