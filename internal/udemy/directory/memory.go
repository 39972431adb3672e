// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/reader"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/store"
)

// memory is shared by the parts of a Directory. It holds one reader, with its store, for each collection.
type memory struct {
	api udemy.API

	userReader  *reader.Reader[udemy.User]
	groupReader *reader.Reader[udemy.Group]
	firstUsers  firstUsers

	mu sync.Mutex
	// memberReaders read the IDs of the members of each group.
	memberReaders map[string]*reader.Reader[string]
}

// firstUsers is what the first page of learners shows about the API.
type firstUsers struct {
	once sync.Once
	// arrived is closed when lackGroups is known.
	arrived    chan struct{}
	lackGroups bool
}

// record is called with each page. It counts a page that could not be read as one that shows nothing.
func (f *firstUsers) record(page udemy.Page[udemy.User]) {
	f.once.Do(func() {
		f.lackGroups = slices.ContainsFunc(page.Items, func(user udemy.User) bool { return user.GroupIDs == nil })
		close(f.arrived)
	})
}

// errNotMember is the error that the reader of a group returns for a learner who is not in the group.
var errNotMember = errors.New("not a member")

func newMemory(api udemy.API) *memory {
	m := &memory{api: api, memberReaders: map[string]*reader.Reader[string]{}, firstUsers: firstUsers{arrived: make(chan struct{})}}
	m.groupReader = reader.New(reader.Config[udemy.Group]{Page: api.GroupPage, Kind: store.Kind[udemy.Group]{
		ID:   func(group udemy.Group) string { return group.ID },
		Keys: func(group udemy.Group) []store.Key { return nameKeys(group.Name) },
	}})
	userPage := func(ctx context.Context, number, size int) (udemy.Page[udemy.User], error) {
		page, err := api.UserPage(ctx, number, size)
		m.firstUsers.record(page)
		return page, err
	}
	m.userReader = reader.New(reader.Config[udemy.User]{Page: userPage, Kind: store.Kind[udemy.User]{
		ID: func(user udemy.User) string { return user.ID },
		Keys: func(user udemy.User) []store.Key {
			keys := []store.Key{emailKey(user.Email), externalIDKey(user.ExternalID), addressKey(user.Email)}
			for _, alias := range user.Aliases {
				keys = append(keys, addressKey(alias), store.Key{Attribute: emailWithAlias, Value: udemy.EmailKey(user.Email)})
			}
			return keys
		},
		Copy: m.copyUser,
	}})
	return m
}

// emailWithAlias is the attribute for the main address of a learner who has others, such as a user name that is not an address.
// Finding such a learner shows more about the API's search than finding one whose user name is the address.
const emailWithAlias = "email of a learner with several addresses"

func emailKey(email string) store.Key {
	return store.Key{Attribute: "email", Value: udemy.EmailKey(email)}
}
func externalIDKey(id string) store.Key { return store.Key{Attribute: "external ID", Value: id} }

// addressKey is the key of every address of a learner, the main one included.
func addressKey(email string) store.Key {
	return store.Key{Attribute: "address", Value: udemy.EmailKey(email)}
}

// nameKeys returns the keys of a group: its name, and the name without regard to letter case.
func nameKeys(name string) []store.Key {
	return []store.Key{
		{Attribute: "name", Value: udemy.NormalText(name)},
		{Attribute: "name in any letter case", Value: udemy.GroupKey(name)},
	}
}

// copyUser leaves out deleted groups. A late response may still contain one.
func (m *memory) copyUser(user udemy.User) udemy.User {
	user.GroupIDs = slices.DeleteFunc(slices.Clone(user.GroupIDs), m.groupReader.Store.IsRemoved)
	user.LicenseTypes, user.Aliases = slices.Clone(user.LicenseTypes), slices.Clone(user.Aliases)
	return user
}

// members returns the reader of a group's members.
func (m *memory) members(groupID string) *reader.Reader[string] {
	m.mu.Lock()
	defer m.mu.Unlock()
	members, ok := m.memberReaders[groupID]
	if !ok {
		members = reader.New(reader.Config[string]{
			Kind: store.Kind[string]{ID: func(id string) string { return id }},
			Page: func(ctx context.Context, number, size int) (udemy.Page[string], error) {
				return m.api.MemberPage(ctx, groupID, number, size)
			},
			Absent: errNotMember,
		})
		m.memberReaders[groupID] = members
	}
	return members
}

// groupsRead returns the IDs of the groups whose members have been requested.
func (m *memory) groupsRead() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Keys(m.memberReaders))
}

// changer is a reader whose pages a change may alter.
type changer interface {
	BeginChange(ctx context.Context) (end func(), err error)
}

// change carries out a change that alters the pages of a collection and the members of groups. No pages are read in the meantime.
// All changes lock in the same order, so two of them never wait for each other.
func (m *memory) change(ctx context.Context, collection changer, groupIDs []string, change func() error) error {
	changers := []changer{collection}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(groupIDs))) {
		changers = append(changers, m.members(id))
	}
	for _, changer := range changers {
		end, err := changer.BeginChange(ctx)
		if err != nil {
			return err
		}
		defer end()
	}
	return change()
}

// update carries out a change of one object. It stores the response if whole returns true, that is, if the response contains the
// whole object. Otherwise, and after a failure, it removes the object from the store.
func update[T any](ctx context.Context, m *memory, r *reader.Reader[T], id string, whole func(T) bool, call func() (T, error)) (object T, err error) {
	err = m.change(ctx, r, nil, func() error {
		since := r.Store.Version()
		object, err = call()
		if err == nil && whole(object) {
			r.Store.Replace(since, id, object)
		} else {
			r.Store.Forget(id)
		}
		return err
	})
	return object, err
}
