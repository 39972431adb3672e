// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// withoutMembers asks for a group without its members, of which there may be thousands (RFC 7644 section 3.9).
var withoutMembers = url.Values{"excludedAttributes": {"members"}}

// CreateGroup implements udemy.Directory. Of a conflict the id is not known.
func (d *Directory) CreateGroup(ctx context.Context, name string) (udemy.Group, error) {
	return d.sendGroup(ctx, transport.Request{
		Method: http.MethodPost, Route: groupsRoute, Body: newGroupBody{Schemas: []string{groupSchema}, DisplayName: name},
	})
}

func (d *Directory) sendGroup(ctx context.Context, request transport.Request) (udemy.Group, error) {
	answer, err := d.sendForGroup(ctx, request)
	return answer.group(), err
}

func (d *Directory) sendForGroup(ctx context.Context, request transport.Request) (groupAnswer, error) {
	response, err := d.send(ctx, request)
	if err != nil {
		return groupAnswer{}, err
	}
	answer, err := transport.Decode[groupAnswer](request, response)
	if err == nil && answer.ID == "" {
		err = transport.Unusable(request, response, errors.New("the answer holds no id"))
	}
	return answer, err
}

// Group implements udemy.Directory.
func (d *Directory) Group(ctx context.Context, id string) (udemy.Group, error) {
	return d.sendGroup(ctx, transport.Request{Method: http.MethodGet, Route: groupRoute, IDs: []string{id}, Query: withoutMembers})
}

// GroupByName implements udemy.Directory.
func (d *Directory) GroupByName(ctx context.Context, name string) (udemy.Group, error) {
	for answer, err := range search[groupAnswer](ctx, d, groupsRoute, "displayName", name) {
		if err != nil {
			return udemy.Group{}, err
		}
		if answer.DisplayName == name {
			return answer.group(), nil
		}
	}
	return udemy.Group{}, notFound(groupsRoute, "SCIM shows only groups that were created through SCIM or have been reconciled into it")
}

// RenameGroup implements udemy.Directory.
func (d *Directory) RenameGroup(ctx context.Context, id, name string) (udemy.Group, error) {
	if err := d.patchGroup(ctx, id, replace("displayName", name)); err != nil {
		return udemy.Group{}, err
	}
	return d.Group(ctx, id)
}

// DeleteGroup implements udemy.Directory.
func (d *Directory) DeleteGroup(ctx context.Context, id string) error {
	_, err := d.send(ctx, transport.Request{Method: http.MethodDelete, Route: groupRoute, IDs: []string{id}})
	if errors.Is(err, udemy.ErrNotFound) {
		return nil
	}
	return err
}

// patchGroup changes one group, one request at a time. The answer, which may hold thousands of members, is of no use.
func (d *Directory) patchGroup(ctx context.Context, id string, operations ...operation) error {
	lock, _ := d.writing.LoadOrStore(id, &sync.Mutex{})
	if mutex, ok := lock.(*sync.Mutex); ok {
		mutex.Lock()
		defer mutex.Unlock()
	}
	_, err := d.send(ctx, transport.Request{
		Method: http.MethodPatch, Route: groupRoute, IDs: []string{id}, Query: withoutMembers, Body: patch(operations...),
	})
	return err
}

// AddMembers implements udemy.Directory. Adding a value that is there already is a success (RFC 7644 section 3.5.2.1).
func (d *Directory) AddMembers(ctx context.Context, groupID string, userIDs ...string) error {
	for chunk := range slices.Chunk(userIDs, udemy.MaxMembersPerRequest) {
		members := make([]memberBody, 0, len(chunk))
		for _, id := range chunk {
			members = append(members, memberBody{Value: id})
		}
		if err := d.patchGroup(ctx, groupID, operation{Op: "add", Path: "members", Value: members}); err != nil {
			return err
		}
	}
	return nil
}

// RemoveMember implements udemy.Directory. Without the filter the group would be emptied (RFC 7644 section 3.5.2.2); a
// filter that matches nobody may be answered with noTarget, and means that the learner is out.
func (d *Directory) RemoveMember(ctx context.Context, groupID, userID string) error {
	err := d.patchGroup(ctx, groupID, operation{Op: "remove", Path: "members[" + equals("value", userID) + "]"})
	if errors.Is(err, udemy.ErrNotFound) || isScimType(err, "noTarget") {
		return nil
	}
	return err
}

// IsMember implements udemy.Directory. It asks the group, and the learner if the group doesn't tell.
func (d *Directory) IsMember(ctx context.Context, groupID, userID string) (bool, error) {
	members, err := d.members(ctx, groupID)
	switch {
	case errors.Is(err, udemy.ErrNotFound):
		return false, nil
	case err != nil:
		return false, err
	case members != nil:
		return slices.Contains(members, userID), nil
	}
	user, err := d.User(ctx, userID)
	if errors.Is(err, udemy.ErrNotFound) {
		return false, nil
	}
	return slices.Contains(user.GroupIDs, groupID), err
}

// UserGroups implements udemy.Directory. Udemy's SCIM need not tell a learner's groups; then the groups are asked.
func (d *Directory) UserGroups(ctx context.Context, userID string) ([]string, error) {
	user, err := d.User(ctx, userID)
	if err != nil || user.GroupIDs != nil {
		return user.GroupIDs, err
	}
	ids := []string{}
	for group, err := range all[groupAnswer](ctx, d, groupsRoute, nil) {
		if err != nil {
			return nil, err
		}
		members, err := d.membersOf(ctx, group)
		if err != nil {
			return nil, err
		}
		if slices.Contains(members, userID) {
			ids = append(ids, group.id())
		}
	}
	return ids, nil
}

// members are the learners in a group; nil if the group doesn't tell.
func (d *Directory) members(ctx context.Context, groupID string) ([]string, error) {
	answer, err := d.sendForGroup(ctx, transport.Request{Method: http.MethodGet, Route: groupRoute, IDs: []string{groupID}})
	if err != nil || answer.Members == nil {
		return nil, err
	}
	return values(*answer.Members), nil
}

// membersOf asks the group itself where a list left its members out.
func (d *Directory) membersOf(ctx context.Context, group groupAnswer) ([]string, error) {
	if group.Members != nil {
		return values(*group.Members), nil
	}
	return d.members(ctx, group.id())
}
