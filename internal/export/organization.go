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

// atOnce is how many groups are asked for their members at a time.
const atOnce = 10

// organization is what an API tells, in an order that doesn't change from one export to the next.
type organization struct {
	users []udemy.User
	// groups is nil where the API does not list them.
	groups []udemy.Group
}

// read reads everything by the page. The groups of learners come with the learners, or else from each group once.
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

// completeGroups asks the groups about learners who don't tell in which groups they are. If no group tells either, nothing
// is known; if some do, the others are empty: an API may leave out what a group doesn't have (RFC 7643 section 2.5).
func (o *organization) completeGroups(ctx context.Context, directory udemy.Directory) error {
	silent := func(user udemy.User) bool { return user.GroupIDs == nil }
	if !slices.ContainsFunc(o.users, silent) {
		return nil
	}
	var mu sync.Mutex
	told, groupsOf := false, map[string][]string{}
	asking, ctx := errgroup.WithContext(ctx)
	asking.SetLimit(atOnce)
	for _, group := range o.groups {
		asking.Go(func() error {
			members, err := directory.Members(ctx, group.ID)
			if err != nil && !errors.Is(err, udemy.ErrNotOffered) {
				return fmt.Errorf("reading the members of group %q: %w", group.Name, err)
			}
			mu.Lock()
			defer mu.Unlock()
			told = told || members != nil
			for _, id := range members {
				groupsOf[id] = append(groupsOf[id], group.ID)
			}
			return nil
		})
	}
	if err := asking.Wait(); err != nil || !told {
		return err
	}
	for i, user := range o.users {
		if silent(user) {
			o.users[i].GroupIDs = append([]string{}, groupsOf[user.ID]...)
		}
	}
	return nil
}
