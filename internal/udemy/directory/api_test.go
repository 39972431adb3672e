// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/directory"
)

// latency is how long a request takes, in virtual time. Half of it passes before the organization sees the request.
const latency = 50 * time.Millisecond

// api is an organization in memory that counts requests. By default, it behaves like most APIs.
type api struct {
	latency  time.Duration
	pageSize int
	// withoutGroups is set if learners are returned without their groups. withoutMembers is set if groups are returned without
	// their members.
	withoutGroups, withoutMembers bool
	can                           udemy.Capabilities
	// fault refuses a request, such as "User u1" or "AddMembers g1 u1 u2", if it returns an error.
	fault func(request string) error
	// lost replaces the response of a request that has been carried out, if it returns an error.
	lost func(request string) error
	// pages changes the objects on a page, and total changes the total. If total is nil, the last page is marked as the last one.
	pages func(request string, ids []string) []string
	total func(total int) int
	// seen is called when a request has been carried out, before its response is sent.
	seen func(request string)

	mu       sync.Mutex
	users    []udemy.User
	groups   []udemy.Group
	members  map[string][]string
	requests []string
	underWay map[string]int
	most     map[string]int
}

// organization returns an organization with n learners u1, u2 and so on.
func organization(n int) *api {
	a := &api{
		latency: latency, pageSize: 100, members: map[string][]string{}, underWay: map[string]int{}, most: map[string]int{},
		can: udemy.Capabilities{Name: "fake", RemoveTogether: true, DeleteUsers: true},
	}
	for i := range n {
		a.users = append(a.users, udemy.User{ID: userID(i + 1), Email: userID(i+1) + "@example.com", ExternalID: "E-" + userID(i+1)})
	}
	return a
}

func userID(i int) string { return fmt.Sprintf("u%d", i) }

// withGroups adds groups g1, g2 and so on, and distributes all learners among them.
func (a *api) withGroups(n int) *api {
	for i := range n {
		a.groups = append(a.groups, udemy.Group{ID: fmt.Sprintf("g%d", i+1), Name: fmt.Sprintf("Group %d", i+1)})
	}
	for i, user := range a.users {
		id := a.groups[i%n].ID
		a.members[id] = append(a.members[id], user.ID)
	}
	return a
}

// do carries out a request after half of the latency, and returns the result after the other half.
func do[T any](ctx context.Context, a *api, request string, carryOut func() (T, error)) (T, error) {
	call, rest, _ := strings.Cut(request, " ")
	object, _, _ := strings.Cut(rest, " ")
	a.mu.Lock()
	a.requests = append(a.requests, request)
	a.underWay[call+" "+object]++
	a.most[call+" "+object] = max(a.most[call+" "+object], a.underWay[call+" "+object])
	a.mu.Unlock()
	defer func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.underWay[call+" "+object]--
	}()

	time.Sleep(a.latency / 2)
	var result T
	err := ctx.Err()
	if err == nil && a.fault != nil {
		err = a.fault(request)
	}
	if err == nil {
		a.mu.Lock()
		result, err = carryOut()
		a.mu.Unlock()
	}
	if err == nil && a.lost != nil {
		err = a.lost(request)
	}
	if a.seen != nil {
		a.seen(request)
	}
	time.Sleep(a.latency / 2)
	return result, err
}

// count returns how many requests have a prefix.
func (a *api) count(prefix string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, request := range a.requests {
		if strings.HasPrefix(request, prefix) {
			n++
		}
	}
	return n
}

func (a *api) wantCount(t *testing.T, prefix string, want int) {
	t.Helper()
	if got := a.count(prefix); got != want {
		a.mu.Lock()
		defer a.mu.Unlock()
		t.Errorf("%d requests %q, want %d; all were:\n%s", got, prefix, want, strings.Join(a.requests, "\n"))
	}
}

func failure(kind error) error { return &udemy.Error{Kind: kind, Call: "fake"} }

// refuse returns a fault for the requests with one of the prefixes.
func refuse(kind error, prefixes ...string) func(string) error {
	return func(request string) error {
		if slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(request, prefix) }) {
			return failure(kind)
		}
		return nil
	}
}

func (a *api) response(user udemy.User) udemy.User {
	if !a.withoutGroups {
		user.GroupIDs = []string{}
		for _, id := range slices.Sorted(maps.Keys(a.members)) {
			if slices.Contains(a.members[id], user.ID) {
				user.GroupIDs = append(user.GroupIDs, id)
			}
		}
	}
	return user
}

// only returns the one object that matches.
func only[T any](objects []T, matches func(T) bool) (int, error) {
	found := -1
	for i, object := range objects {
		switch {
		case !matches(object):
		case found >= 0:
			return -1, failure(udemy.ErrConflict)
		default:
			found = i
		}
	}
	if found < 0 {
		return -1, failure(udemy.ErrNotFound)
	}
	return found, nil
}

func (a *api) user(ctx context.Context, request string, matches func(udemy.User) bool, change func(*udemy.User)) (udemy.User, error) {
	return do(ctx, a, request, func() (udemy.User, error) {
		i, err := only(a.users, matches)
		if err != nil {
			return udemy.User{}, err
		}
		change(&a.users[i])
		return a.response(a.users[i]), nil
	})
}

func (a *api) group(ctx context.Context, request string, matches func(udemy.Group) bool, change func(*udemy.Group)) (udemy.Group, error) {
	return do(ctx, a, request, func() (udemy.Group, error) {
		i, err := only(a.groups, matches)
		if err != nil {
			return udemy.Group{}, err
		}
		change(&a.groups[i])
		return a.groups[i], nil
	})
}

func userWith(id string) func(udemy.User) bool {
	return func(user udemy.User) bool { return user.ID == id }
}

func groupWith(id string) func(udemy.Group) bool {
	return func(group udemy.Group) bool { return group.ID == id }
}
func asItIs[T any](*T) {}

func (a *api) Capabilities() udemy.Capabilities { return a.can }

func (a *api) User(ctx context.Context, id string) (udemy.User, error) {
	return a.user(ctx, "User "+id, userWith(id), asItIs)
}

func (a *api) UserByEmail(ctx context.Context, email string) (udemy.User, error) {
	matches := func(user udemy.User) bool { return udemy.SameEmail(user.Email, email) }
	return a.user(ctx, "UserByEmail "+email, matches, asItIs)
}

func (a *api) LookUpUser(ctx context.Context, email string) (udemy.User, error) {
	matches := func(user udemy.User) bool { return udemy.SameEmail(user.Email, email) }
	return a.user(ctx, "LookUpUser "+email, matches, asItIs)
}

func (a *api) UserByExternalID(ctx context.Context, externalID string) (udemy.User, error) {
	matches := func(user udemy.User) bool { return user.ExternalID == externalID }
	return a.user(ctx, "UserByExternalID "+externalID, matches, asItIs)
}

func (a *api) CreateUser(ctx context.Context, user udemy.User) (udemy.User, error) {
	return do(ctx, a, "CreateUser "+user.Email, func() (udemy.User, error) {
		created := udemy.User{ID: "new-" + user.Email, Email: user.Email, FirstName: user.FirstName, Role: user.Role}
		if slices.ContainsFunc(a.users, userWith(created.ID)) {
			return udemy.User{}, failure(udemy.ErrConflict)
		}
		a.users = append([]udemy.User{created}, a.users...)
		for _, id := range user.GroupIDs {
			if slices.ContainsFunc(a.groups, groupWith(id)) {
				a.members[id] = append(a.members[id], created.ID)
			}
		}
		return a.response(created), nil
	})
}

func (a *api) UpdateUser(ctx context.Context, id string, change udemy.UserChange) (udemy.User, error) {
	return a.user(ctx, "UpdateUser "+id, userWith(id), func(user *udemy.User) {
		*user = change.Apply(*user)
	})
}

func (a *api) ActivateUser(ctx context.Context, id string) (udemy.User, error) {
	return a.user(ctx, "ActivateUser "+id, userWith(id), func(user *udemy.User) { user.Status = udemy.StatusActive })
}

func (a *api) DeactivateUser(ctx context.Context, id string) (udemy.User, error) {
	return a.user(ctx, "DeactivateUser "+id, userWith(id), func(user *udemy.User) { user.Status = udemy.StatusDeactivated })
}

func (a *api) DeleteUser(ctx context.Context, id string) error {
	_, err := do(ctx, a, "DeleteUser "+id, func() (struct{}, error) {
		a.users = slices.DeleteFunc(a.users, userWith(id))
		for group, members := range a.members {
			a.members[group] = without(members, id)
		}
		return struct{}{}, nil
	})
	return err
}

func (a *api) ResendInvitation(ctx context.Context, id string) error {
	_, err := do(ctx, a, "ResendInvitation "+id, func() (struct{}, error) { return struct{}{}, nil })
	return err
}

func (a *api) CreateGroup(ctx context.Context, name string) (udemy.Group, error) {
	return do(ctx, a, "CreateGroup "+name, func() (udemy.Group, error) {
		group := udemy.Group{ID: "new-" + name, Name: name}
		if slices.ContainsFunc(a.groups, groupWith(group.ID)) {
			return udemy.Group{}, failure(udemy.ErrConflict)
		}
		a.groups = append(a.groups, group)
		return group, nil
	})
}

func (a *api) Group(ctx context.Context, id string) (udemy.Group, error) {
	return a.group(ctx, "Group "+id, groupWith(id), asItIs)
}

func (a *api) GroupByName(ctx context.Context, name string) (udemy.Group, error) {
	return a.group(ctx, "GroupByName "+name, func(group udemy.Group) bool { return group.Name == name }, asItIs)
}

func (a *api) RenameGroup(ctx context.Context, id, name string) (udemy.Group, error) {
	return a.group(ctx, "RenameGroup "+id, groupWith(id), func(group *udemy.Group) { group.Name = name })
}

func (a *api) DeleteGroup(ctx context.Context, id string) error {
	_, err := do(ctx, a, "DeleteGroup "+id, func() (struct{}, error) {
		a.groups = slices.DeleteFunc(a.groups, groupWith(id))
		delete(a.members, id)
		return struct{}{}, nil
	})
	return err
}

func (a *api) UserGroups(ctx context.Context, userID string) ([]string, error) {
	return do(ctx, a, "UserGroups "+userID, func() ([]string, error) {
		ids := []string{}
		for id, members := range a.members {
			if slices.Contains(members, userID) {
				ids = append(ids, id)
			}
		}
		return ids, nil
	})
}

func (a *api) IsMember(ctx context.Context, groupID, userID string) (bool, error) {
	return do(ctx, a, "IsMember "+groupID+" "+userID, func() (bool, error) {
		return slices.Contains(a.members[groupID], userID), nil
	})
}

func (a *api) AddMembers(ctx context.Context, groupID string, userIDs ...string) error {
	return a.move(ctx, "AddMembers", groupID, userIDs, func(id string) {
		a.members[groupID] = append(without(a.members[groupID], id), id)
	})
}

func (a *api) RemoveMembers(ctx context.Context, groupID string, userIDs ...string) error {
	return a.move(ctx, "RemoveMembers", groupID, userIDs, func(id string) { a.members[groupID] = without(a.members[groupID], id) })
}

// move refuses the whole request if one learner does not exist, as a SCIM server may do.
func (a *api) move(ctx context.Context, call, groupID string, userIDs []string, one func(id string)) error {
	_, err := do(ctx, a, call+" "+groupID+" "+strings.Join(userIDs, " "), func() (struct{}, error) {
		var none struct{}
		if len(userIDs) > udemy.MaxMembersPerRequest || len(userIDs) == 0 {
			return none, failure(udemy.ErrInvalid)
		}
		if _, err := only(a.groups, groupWith(groupID)); err != nil {
			return none, err
		}
		for _, id := range userIDs {
			if _, err := only(a.users, userWith(id)); err != nil {
				return none, err
			}
		}
		for _, id := range userIDs {
			one(id)
		}
		return none, nil
	})
	return err
}

func without(ids []string, id string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(other string) bool { return other == id })
}

// page returns one page of a collection.
func page[T any](ctx context.Context, a *api, request string, number, size int, id func(T) string, all func() ([]T, error)) (udemy.Page[T], error) {
	request = fmt.Sprintf("%s %d", request, number)
	return do(ctx, a, request, func() (udemy.Page[T], error) {
		objects, err := all()
		if err != nil || objects == nil {
			return udemy.Page[T]{}, err
		}
		if number == 1 && size != 0 || number > 1 && size == 0 {
			return udemy.Page[T]{}, fmt.Errorf("page %d of size %d", number, size)
		}
		start := min((number-1)*a.pageSize, len(objects))
		result := udemy.Page[T]{Items: slices.Clone(objects[start:min(start+a.pageSize, len(objects))]), Total: len(objects)}
		if a.total != nil {
			result.Total = a.total(result.Total)
		} else {
			result.Last = start+a.pageSize >= len(objects)
		}
		if a.pages == nil {
			return result, nil
		}
		var ids []string
		for _, object := range result.Items {
			ids = append(ids, id(object))
		}
		result.Items = []T{}
		for _, wanted := range a.pages(request, ids) {
			i, err := only(objects, func(object T) bool { return id(object) == wanted })
			if err != nil {
				return result, err
			}
			result.Items = append(result.Items, objects[i])
		}
		return result, nil
	})
}

func (a *api) UserPage(ctx context.Context, number, size int) (udemy.Page[udemy.User], error) {
	return page(ctx, a, "UserPage", number, size, func(user udemy.User) string { return user.ID }, func() ([]udemy.User, error) {
		users := append([]udemy.User{}, a.users...)
		start := min((number-1)*a.pageSize, len(users))
		for i := start; i < min(start+a.pageSize, len(users)); i++ {
			users[i] = a.response(users[i])
		}
		return users, nil
	})
}

func (a *api) GroupPage(ctx context.Context, number, size int) (udemy.Page[udemy.Group], error) {
	return page(ctx, a, "GroupPage", number, size, func(group udemy.Group) string { return group.ID }, func() ([]udemy.Group, error) {
		return append([]udemy.Group{}, a.groups...), nil
	})
}

func (a *api) MemberPage(ctx context.Context, groupID string, number, size int) (udemy.Page[string], error) {
	return page(ctx, a, "MemberPage "+groupID, number, size, func(id string) string { return id }, func() ([]string, error) {
		if _, err := only(a.groups, groupWith(groupID)); err != nil || a.withoutMembers {
			return nil, err
		}
		return append([]string{}, a.members[groupID]...), nil
	})
}

// directory returns a Directory. Tests run it in virtual time, in which a sleep is exact and takes no real time.
func (a *api) directory(t *testing.T) *directory.Directory {
	t.Helper()
	t.Cleanup(func() { time.Sleep(time.Minute) }) // Requests in flight finish.
	return directory.New(a)
}

// atOnce calls a function for each ID, with a limited parallelism, as Terraform does.
func atOnce(parallelism int, ids []string, do func(id string)) {
	var calls errgroup.Group
	calls.SetLimit(parallelism)
	for _, id := range ids {
		calls.Go(func() error { do(id); return nil })
	}
	_ = calls.Wait()
}

// spread returns the IDs of n learners at regular intervals in an organization.
func spread(n, organization int) []string {
	ids := make([]string, 0, n)
	for i := range n {
		ids = append(ids, userID(i*organization/n+1))
	}
	return ids
}

func wantUser(t *testing.T, d *directory.Directory, id string) udemy.User {
	t.Helper()
	user, err := d.User(t.Context(), id)
	if err != nil || user.ID != id {
		t.Errorf("User(%s) = %+v, %v", id, user, err)
	}
	return user
}

func wantMember(t *testing.T, d *directory.Directory, groupID, userID string, want bool) {
	t.Helper()
	if member, err := d.IsMember(t.Context(), groupID, userID); err != nil || member != want {
		t.Errorf("IsMember(%s, %s) = %t, %v, want %t", groupID, userID, member, err, want)
	}
}

// wantMembers checks the members of group g1.
func wantMembers(t *testing.T, d *directory.Directory, want ...string) {
	t.Helper()
	ids, err := d.Members(t.Context(), "g1")
	slices.Sort(want)
	if err != nil || ids == nil || !slices.Equal(ids, want) {
		t.Errorf("Members(g1) = %v, %v, want %v", ids, err, want)
	}
}

// listUsers reads all learners, one after the other.
func listUsers(t *testing.T, a *api, d *directory.Directory) {
	t.Helper()
	for i := len(a.users); i > 0; i-- {
		wantUser(t, d, a.users[i-1].ID)
	}
}
