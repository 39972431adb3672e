// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"context"
	"iter"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/reader"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/store"
)

// users has the calls for learners.
type users struct {
	*memory
}

func (u *users) User(ctx context.Context, id string) (udemy.User, error) {
	return u.readUser(ctx, id)
}

// readUser reads a learner for users and for memberships.
func (m *memory) readUser(ctx context.Context, id string) (udemy.User, error) {
	return m.userReader.Get(ctx, id, func(ctx context.Context) (udemy.User, error) { return m.api.User(ctx, id) })
}

func (u *users) UserByEmail(ctx context.Context, email string) (udemy.User, error) {
	return u.userReader.Find(ctx, byEmail(email, u.api.UserByEmail, reader.ByRequest))
}

func (u *users) ExistingUser(ctx context.Context, email string) (udemy.User, error) {
	return u.userReader.Existing(ctx, byEmail(email, u.api.LookUpUser, reader.BySample))
}

func byEmail(email string, request func(context.Context, string) (udemy.User, error), proof reader.Proof) reader.Search[udemy.User] {
	return reader.Search[udemy.User]{
		Value: email, Keys: []store.Key{emailKey(email), addressKey(email)}, Unique: true, Request: request, Proof: proof, Sample: emailWithAlias,
		IgnoresCase: true,
	}
}

func (u *users) UserByExternalID(ctx context.Context, externalID string) (udemy.User, error) {
	return u.userReader.Find(ctx, u.byExternalID(externalID))
}

func (u *users) ExistingUserByExternalID(ctx context.Context, externalID string) (udemy.User, error) {
	return u.userReader.Existing(ctx, u.byExternalID(externalID))
}

func (u *users) byExternalID(id string) reader.Search[udemy.User] {
	return reader.Search[udemy.User]{
		Value: id, Keys: []store.Key{externalIDKey(id)}, Request: u.api.UserByExternalID, Proof: reader.BySample,
	}
}

// Reread does not begin a change, because it moves no object to another page.
func (u *users) Reread(ctx context.Context, id string) (udemy.User, error) {
	since := u.userReader.Store.Version()
	user, err := u.api.User(ctx, id)
	if err == nil {
		u.userReader.Store.Replace(since, id, user)
	} else {
		u.userReader.Store.Forget(id)
	}
	return user, err
}

func (u *users) Users(ctx context.Context) ([]udemy.User, error) {
	return offered(u.userReader.All(ctx))
}

func (u *users) ListsUsersWithoutGroups(ctx context.Context) bool {
	select {
	case <-u.firstUsers.arrived:
		return u.firstUsers.lackGroups
	case <-ctx.Done():
		return false
	}
}

func (u *users) EachUser(ctx context.Context) iter.Seq2[udemy.User, error] {
	return u.userReader.Each(ctx)
}

// CreateUser also records the groups that the new learner joins.
func (u *users) CreateUser(ctx context.Context, user udemy.User) (created udemy.User, err error) {
	err = u.change(ctx, u.userReader, user.GroupIDs, func() error {
		since := u.userReader.Store.Version()
		created, err = u.api.CreateUser(ctx, user)
		if err == nil && u.isWhole(created) {
			u.userReader.Store.Replace(since, created.ID, created)
		} else {
			u.userReader.Store.Forget(created.ID)
		}
		if err != nil || created.GroupIDs == nil { // The groups that the learner has joined are unknown.
			for _, id := range user.GroupIDs {
				u.members(id).Reset()
			}
		}
		for _, id := range u.copyUser(created).GroupIDs {
			u.members(id).Store.Put(created.ID)
		}
		return err
	})
	return created, err
}

// isWhole reports whether the response to a change contains enough of a learner to be stored.
func (u *users) isWhole(user udemy.User) bool {
	return user.Email != "" && (user.Role != "" || !u.api.Capabilities().Sets(udemy.FieldRole))
}

func (u *users) UpdateUser(ctx context.Context, id string, change udemy.UserChange) (udemy.User, error) {
	return u.update(ctx, id, func() (udemy.User, error) { return u.api.UpdateUser(ctx, id, change) })
}

func (u *users) ActivateUser(ctx context.Context, id string) (udemy.User, error) {
	return u.update(ctx, id, func() (udemy.User, error) { return u.api.ActivateUser(ctx, id) })
}

func (u *users) DeactivateUser(ctx context.Context, id string) (udemy.User, error) {
	return u.update(ctx, id, func() (udemy.User, error) { return u.api.DeactivateUser(ctx, id) })
}

func (u *users) update(ctx context.Context, id string, call func() (udemy.User, error)) (udemy.User, error) {
	return update(ctx, u.memory, u.userReader, id, u.isWhole, call)
}

// DeleteUser also records that the learner has left all groups.
func (u *users) DeleteUser(ctx context.Context, id string) error {
	groupIDs := u.groupsRead()
	return u.change(ctx, u.userReader, groupIDs, func() error {
		err := u.api.DeleteUser(ctx, id)
		if err == nil {
			u.userReader.Store.Remove(id)
		} else {
			u.userReader.Store.Forget(id)
		}
		for _, groupID := range u.groupsRead() { // Other groups may have been read in the meantime.
			if err == nil {
				u.members(groupID).Store.Remove(id)
			} else {
				u.members(groupID).Reset()
			}
		}
		return err
	})
}

// ResendInvitation leaves the stores as they are, because it changes nothing in them.
func (u *users) ResendInvitation(ctx context.Context, id string) error {
	return u.api.ResendInvitation(ctx, id)
}

// offered returns an ErrNotOffered if the API does not list the objects.
func offered[T any](objects []T, err error) ([]T, error) {
	if err == nil && objects == nil {
		err = udemy.ErrNotOffered
	}
	return objects, err
}
