// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package snapshot is a udemy.Directory in front of an API. Terraform asks for one learner at a time, ten at once, and
// would so cost a request for each. A snapshot reads by the page as soon as that is cheaper, answers from memory, and
// gathers changes to a group's members into few requests.
package snapshot

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

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
	// walks counts how often the API was asked for the groups of such a learner.
	walks atomic.Int64
	// deletedUsers and deletedGroups are ids. An answer that comes late may still tell of them.
	deletedUsers, deletedGroups sync.Map
}

// New makes a Directory. It reads nothing before it is asked for something.
func New(api udemy.API) *Directory {
	d := &Directory{API: api, members: &memberships{fetch: api.MemberPage}}
	d.users = &collection[udemy.User]{
		fetch: api.UserPage, clone: d.cloneUser,
		id:   func(user udemy.User) string { return user.ID },
		keys: func(user udemy.User) []key { return []key{emailKey(user.Email), externalIDKey(user.ExternalID)} },
	}
	d.groups = &collection[udemy.Group]{
		fetch: api.GroupPage, clone: func(group udemy.Group) udemy.Group { return group },
		id:   func(group udemy.Group) string { return group.ID },
		keys: func(group udemy.Group) []key { return []key{nameKey(group.Name)} },
	}
	d.writer = &writer{api: api, settled: d.moved}
	return d
}

func emailKey(email string) key   { return key{"email", udemy.EmailKey(email)} }
func externalIDKey(id string) key { return key{"external id", id} }
func nameKey(name string) key     { return key{"name", name} }

// cloneUser keeps what is remembered out of the callers' hands, and deleted groups out of what is remembered.
func (d *Directory) cloneUser(user udemy.User) udemy.User {
	user.GroupIDs = slices.DeleteFunc(slices.Clone(user.GroupIDs), func(id string) bool { return has(&d.deletedGroups, id) })
	user.LicenseTypes = slices.Clone(user.LicenseTypes)
	return user
}

func has(ids *sync.Map, id string) bool {
	_, ok := ids.Load(id)
	return ok
}

// isWhole reports whether the answer to a change tells enough of a learner to be remembered.
func (d *Directory) isWhole(user udemy.User) bool {
	return user.Email != "" && (user.Role != "" || !d.Capabilities().Sets(udemy.FieldRole))
}

// User implements udemy.Directory.
func (d *Directory) User(ctx context.Context, id string) (udemy.User, error) {
	return d.users.get(ctx, id, func(ctx context.Context) (udemy.User, error) { return d.API.User(ctx, id) })
}

// UserByEmail implements udemy.Directory.
func (d *Directory) UserByEmail(ctx context.Context, email string) (udemy.User, error) {
	return d.users.find(ctx, emailKey(email), true, func(ctx context.Context) (udemy.User, error) { return d.API.UserByEmail(ctx, email) })
}

// UserByExternalID implements udemy.Directory.
func (d *Directory) UserByExternalID(ctx context.Context, externalID string) (udemy.User, error) {
	search := func(ctx context.Context) (udemy.User, error) { return d.API.UserByExternalID(ctx, externalID) }
	return d.users.find(ctx, externalIDKey(externalID), false, search)
}

// ExistingUser implements udemy.Directory.
func (d *Directory) ExistingUser(ctx context.Context, email string) (udemy.User, error) {
	return d.users.existing(ctx, emailKey(email), func(ctx context.Context) (udemy.User, error) { return d.API.LookUpUser(ctx, email) })
}

// ExistingUserByExternalID implements udemy.Directory.
func (d *Directory) ExistingUserByExternalID(ctx context.Context, externalID string) (udemy.User, error) {
	search := func(ctx context.Context) (udemy.User, error) { return d.API.UserByExternalID(ctx, externalID) }
	return d.users.existing(ctx, externalIDKey(externalID), search)
}

// Reread implements udemy.Directory.
func (d *Directory) Reread(ctx context.Context, id string) (udemy.User, error) {
	started := d.users.forget(id)
	user, err := d.API.User(ctx, id)
	if err == nil {
		d.users.keep(started, user)
	}
	return user, err
}

// CreateUser implements udemy.Directory. The new learner may be in groups already.
func (d *Directory) CreateUser(ctx context.Context, user udemy.User) (udemy.User, error) {
	started := d.users.clock()
	created, err := d.API.CreateUser(ctx, user)
	d.users.settle(started, created.ID, created, err == nil && d.isWhole(created))
	if err != nil || created.GroupIDs == nil { // Nobody knows which groups were joined.
		for _, id := range user.GroupIDs {
			d.members.of(id).clear()
		}
	}
	for _, id := range d.cloneUser(created).GroupIDs {
		d.members.of(id).put(created.ID)
	}
	return created, err
}

// UpdateUser implements udemy.Directory.
func (d *Directory) UpdateUser(ctx context.Context, id string, change udemy.UserChange) (udemy.User, error) {
	return d.users.changing(id, d.isWhole, func() (udemy.User, error) { return d.API.UpdateUser(ctx, id, change) })
}

// ActivateUser implements udemy.Directory.
func (d *Directory) ActivateUser(ctx context.Context, id string) (udemy.User, error) {
	return d.users.changing(id, d.isWhole, func() (udemy.User, error) { return d.API.ActivateUser(ctx, id) })
}

// DeactivateUser implements udemy.Directory.
func (d *Directory) DeactivateUser(ctx context.Context, id string) (udemy.User, error) {
	return d.users.changing(id, d.isWhole, func() (udemy.User, error) { return d.API.DeactivateUser(ctx, id) })
}

// DeleteUser implements udemy.Directory.
func (d *Directory) DeleteUser(ctx context.Context, id string) error {
	err := d.API.DeleteUser(ctx, id)
	if err == nil {
		d.deletedUsers.Store(id, true)
		d.users.remove(id)
	} else {
		d.users.forget(id)
	}
	d.members.deleted(id, err)
	return err
}

// Group implements udemy.Directory.
func (d *Directory) Group(ctx context.Context, id string) (udemy.Group, error) {
	return d.groups.get(ctx, id, func(ctx context.Context) (udemy.Group, error) { return d.API.Group(ctx, id) })
}

// GroupByName implements udemy.Directory.
func (d *Directory) GroupByName(ctx context.Context, name string) (udemy.Group, error) {
	return d.groups.find(ctx, nameKey(name), false, func(ctx context.Context) (udemy.Group, error) { return d.API.GroupByName(ctx, name) })
}

// ExistingGroup implements udemy.Directory.
func (d *Directory) ExistingGroup(ctx context.Context, name string) (udemy.Group, error) {
	return d.groups.existing(ctx, nameKey(name), func(ctx context.Context) (udemy.Group, error) { return d.API.GroupByName(ctx, name) })
}

// CreateGroup implements udemy.Directory.
func (d *Directory) CreateGroup(ctx context.Context, name string) (udemy.Group, error) {
	started := d.groups.clock()
	created, err := d.API.CreateGroup(ctx, name)
	d.groups.settle(started, created.ID, created, err == nil)
	return created, err
}

// RenameGroup implements udemy.Directory.
func (d *Directory) RenameGroup(ctx context.Context, id, name string) (udemy.Group, error) {
	whole := func(udemy.Group) bool { return true }
	return d.groups.changing(id, whole, func() (udemy.Group, error) { return d.API.RenameGroup(ctx, id, name) })
}

// DeleteGroup implements udemy.Directory. If it fails, nobody's groups are known any more.
func (d *Directory) DeleteGroup(ctx context.Context, id string) error {
	err := d.API.DeleteGroup(ctx, id)
	if err == nil {
		d.deletedGroups.Store(id, true)
		d.groups.remove(id)
	} else {
		d.users.clear()
		d.groups.forget(id)
	}
	d.members.of(id).clear()
	return err
}

// IsMember implements udemy.Directory: from what is remembered of the learner or the group, else by the learner, and
// by the group once that is cheaper, or if learners don't tell. A learner or a group that is gone has no membership.
func (d *Directory) IsMember(ctx context.Context, groupID, userID string) (bool, error) {
	if user, _, _ := d.users.peek(userID); user.GroupIDs != nil {
		return slices.Contains(user.GroupIDs, groupID), nil
	}
	group := d.members.of(groupID)
	_, err := group.get(ctx, userID, func(ctx context.Context) (string, error) {
		return userID, d.askForMember(ctx, group, groupID, userID)
	})
	if errors.Is(err, errNoMember) || errors.Is(err, udemy.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// askForMember asks the learner, else the group, and else leaves it to the API.
func (d *Directory) askForMember(ctx context.Context, group *collection[string], groupID, userID string) error {
	groups, err := d.groupsTold(ctx, userID)
	if groups != nil || err != nil {
		return isMember(slices.Contains(groups, groupID), err)
	}
	if err := group.list(ctx); err != nil && !errors.Is(err, udemy.ErrNotOffered) {
		return err
	}
	if _, known, err := group.peek(userID); known {
		return err
	}
	return isMember(d.API.IsMember(ctx, groupID, userID))
}

// UserGroups implements udemy.Directory. Where learners don't tell, asking the API costs at least two requests each
// time, and reading the members of all groups at least one for each group.
func (d *Directory) UserGroups(ctx context.Context, userID string) ([]string, error) {
	if groups, err := d.groupsTold(ctx, userID); groups != nil || err != nil {
		return groups, err
	}
	if walks := int(d.walks.Add(1)); walks > 1 {
		groups, err := d.groups.all(ctx)
		if err == nil && 2*walks > len(groups) {
			if ids, ok := d.groupsWith(ctx, groups, userID); ok {
				return ids, nil
			}
		}
	}
	return d.API.UserGroups(ctx, userID)
}

// groupsWith looks for a learner in all groups. It is ok if all of them that tell their members did so, and any does:
// an API may leave out the members of a group that has none.
func (d *Directory) groupsWith(ctx context.Context, groups []udemy.Group, userID string) (ids []string, ok bool) {
	var lists errgroup.Group
	lists.SetLimit(atOnce)
	for _, group := range groups {
		lists.Go(func() error { return udemy.IgnoreNotFound(d.members.of(group.ID).list(ctx)) })
	}
	if err := lists.Wait(); err != nil {
		return nil, false
	}
	ids = []string{}
	for _, group := range groups {
		members := d.members.of(group.ID)
		_, known, err := members.peek(userID)
		if known && err == nil {
			ids = append(ids, group.ID)
		}
		if !known && members.isListed() {
			return nil, false
		}
		ok = ok || known
	}
	return ids, ok
}

// groupsTold are the groups that a learner tells of; nil if the learner doesn't.
func (d *Directory) groupsTold(ctx context.Context, userID string) ([]string, error) {
	if user, _, _ := d.users.peek(userID); user.GroupIDs != nil || d.silent.Load() {
		return user.GroupIDs, nil
	}
	user, err := d.User(ctx, userID)
	switch {
	case errors.Is(err, udemy.ErrNotOffered):
		return nil, nil
	case err == nil && user.GroupIDs == nil:
		d.silent.Store(true)
	}
	return user.GroupIDs, err
}

// Users implements udemy.Directory.
func (d *Directory) Users(ctx context.Context) ([]udemy.User, error) {
	return told(d.users.all(ctx))
}

// Groups implements udemy.Directory.
func (d *Directory) Groups(ctx context.Context) ([]udemy.Group, error) {
	return told(d.groups.all(ctx))
}

// told makes an error of an API's silence.
func told[T any](objects []T, err error) ([]T, error) {
	if err == nil && objects == nil {
		err = udemy.ErrNotOffered
	}
	return objects, err
}

// EachUser implements udemy.Directory.
func (d *Directory) EachUser(ctx context.Context) iter.Seq2[udemy.User, error] {
	return d.users.each(ctx)
}

// EachGroup implements udemy.Directory.
func (d *Directory) EachGroup(ctx context.Context) iter.Seq2[udemy.Group, error] {
	return d.groups.each(ctx)
}

// Members implements udemy.Directory.
func (d *Directory) Members(ctx context.Context, groupID string) ([]string, error) {
	ids, err := d.members.of(groupID).all(ctx)
	slices.Sort(ids)
	return ids, err
}

// AddMembers implements udemy.Directory.
func (d *Directory) AddMembers(ctx context.Context, groupID string, userIDs ...string) error {
	return d.changeMembers(ctx, groupID, joining, userIDs)
}

// RemoveMembers implements udemy.Directory.
func (d *Directory) RemoveMembers(ctx context.Context, groupID string, userIDs ...string) error {
	return d.changeMembers(ctx, groupID, leaving, userIDs)
}

func (d *Directory) changeMembers(ctx context.Context, groupID string, move move, userIDs []string) error {
	userIDs = slices.Compact(slices.Sorted(slices.Values(userIDs)))
	failed := d.writer.change(ctx, groupID, move, userIDs)
	switch {
	case len(failed) == 0:
		return nil
	case len(userIDs) == 1:
		return failed[userIDs[0]]
	default:
		return failed
	}
}

// moved remembers that a learner joined or left a group. If that failed, nothing is known about either.
func (d *Directory) moved(groupID, userID string, move move, err error) {
	group := d.members.of(groupID)
	switch {
	case err != nil:
		group.clear()
		d.users.forget(userID)
		return
	case has(&d.deletedUsers, userID) || has(&d.deletedGroups, groupID):
		return
	case move == joining:
		group.put(userID)
	default:
		group.remove(userID)
	}
	d.users.alter(userID, func(user *udemy.User) {
		if user.GroupIDs != nil {
			user.GroupIDs = move.apply(user.GroupIDs, groupID)
		}
	})
}
