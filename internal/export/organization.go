// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package export

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// organization holds learners and groups in a stable order, so that repeated exports don't differ.
type organization struct {
	users []udemy.User
	// groups is nil if the API does not list groups.
	groups []udemy.Group
}

// read lists all learners and groups. If learners don't include their groups, it reads the members of each group once.
func read(ctx context.Context, directory udemy.Directory) (organization, error) {
	var o organization
	reading, groupCtx := errgroup.WithContext(ctx)
	reading.Go(func() error {
		var err error
		if o.users, err = directory.Users(groupCtx); err != nil {
			return fmt.Errorf("reading the learners: %w", err)
		}
		return nil
	})
	reading.Go(func() error {
		var err error
		o.groups, err = directory.Groups(groupCtx)
		if err != nil && !errors.Is(err, udemy.ErrNotOffered) {
			return fmt.Errorf("reading the groups: %w", err)
		}
		return nil
	})
	if err := reading.Wait(); err != nil {
		return organization{}, err
	}
	slices.SortFunc(o.users, func(a, b udemy.User) int {
		return cmp.Or(cmp.Compare(udemy.EmailKey(a.Email), udemy.EmailKey(b.Email)), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(o.groups, func(a, b udemy.Group) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return o, o.completeGroups(ctx, directory)
}

// completeGroups adds the groups of learners whose GroupIDs are nil, from the members of the groups. If no group includes
// members, GroupIDs stay nil. If some groups do, the others are empty: an API can omit an empty attribute (RFC 7643 section
// 2.5).
func (o *organization) completeGroups(ctx context.Context, directory udemy.Directory) error {
	lacksGroups := func(user udemy.User) bool { return user.GroupIDs == nil }
	if !slices.ContainsFunc(o.users, lacksGroups) {
		return nil
	}
	var mu sync.Mutex
	known, groupsOf := false, map[string][]string{}
	reading, ctx := errgroup.WithContext(ctx)
	reading.SetLimit(udemy.MaxParallelRequests)
	for _, group := range o.groups {
		reading.Go(func() error {
			members, err := directory.Members(ctx, group.ID)
			if err != nil && !errors.Is(err, udemy.ErrNotOffered) {
				return fmt.Errorf("reading the members of group %q: %w", group.Name, err)
			}
			mu.Lock()
			defer mu.Unlock()
			known = known || members != nil
			for _, id := range members {
				groupsOf[id] = append(groupsOf[id], group.ID)
			}
			return nil
		})
	}
	if err := reading.Wait(); err != nil || !known {
		return err
	}
	for i, user := range o.users {
		if lacksGroups(user) {
			o.users[i].GroupIDs = append([]string{}, groupsOf[user.ID]...)
		}
	}
	return nil
}
