// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/directory"
)

// For every size and parallelism, there are at most twice the requests of the cheaper way.
func TestRequests(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 20, 100, 101, 1000, 5000} {
		for _, learners := range []int{1, 2, 5, 10, 50, 100, 1000} {
			for _, parallelism := range []int{1, 10, 50} {
				if learners > size {
					continue
				}
				t.Run(fmt.Sprintf("%d of %d, %d at once", learners, size, parallelism), func(t *testing.T) {
					t.Parallel()
					a := organization(size)
					synctest.Test(t, func(t *testing.T) {
						d := a.directory(t)
						for range 2 { // The second time, everything is in the store.
							atOnce(parallelism, spread(learners, size), func(id string) { wantUser(t, d, id) })
						}
						cheaper := min(learners, (size+a.pageSize-1)/a.pageSize)
						got := a.count("")
						t.Logf("%d of %d, %d at once: %d requests, %d the cheaper way", learners, size, parallelism, got, cheaper)
						if got > 2*cheaper {
							t.Errorf("%d requests: %d one by one and %d pages, want at most %d", got, a.count("User "), a.count("UserPage"), 2*cheaper)
						}
					})
				})
			}
		}
	}
}

func TestRequestLimits(t *testing.T) {
	t.Parallel()
	t.Run("5 learners among 50,000", func(t *testing.T) {
		t.Parallel()
		a := organization(50_000).withGroups(1)
		synctest.Test(t, func(t *testing.T) {
			d := a.directory(t)
			atOnce(10, spread(5, 50_000), func(id string) {
				wantUser(t, d, id)
				wantMember(t, d, "g1", id, true)
			})
			if got := a.count(""); got > 7 {
				t.Errorf("%d requests, want at most 7", got)
			}
		})
	})
	ids := spread(1000, 1000)
	slices.Reverse(ids) // The learners on the first page come last.
	user := func(t *testing.T, d *directory.Directory, id string) {
		t.Helper()
		wantUser(t, d, id)
	}
	membership := func(t *testing.T, d *directory.Directory, id string) {
		t.Helper()
		var i int
		_, _ = fmt.Sscanf(id, "u%d", &i)
		wantMember(t, d, fmt.Sprintf("g%d", (i-1)%10+1), id, true)
		wantMember(t, d, fmt.Sprintf("g%d", i%10+1), id, false)
	}
	groups := func(t *testing.T, d *directory.Directory, id string) {
		t.Helper()
		got, err := d.UserGroups(t.Context(), id)
		if err != nil || len(got) != 1 {
			t.Errorf("UserGroups(%s) = %v, %v", id, got, err)
		}
	}
	for name, read := range map[string][]func(*testing.T, *directory.Directory, string){
		"1,000 learners, then 1,000 memberships": {user, membership},
		"1,000 memberships, then 1,000 learners": {membership, user},
		"only 1,000 memberships":                 {membership},
		"1,000 learners with their groups":       {user, groups},
	} {
		for _, withoutGroups := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s; learners without groups: %t", name, withoutGroups), func(t *testing.T) {
				t.Parallel()
				a := organization(1000).withGroups(10)
				a.withoutGroups = withoutGroups
				synctest.Test(t, func(t *testing.T) {
					d := a.directory(t)
					for _, read := range read {
						atOnce(10, ids, func(id string) { read(t, d, id) })
					}
					for i := range 10 {
						if _, err := d.Group(t.Context(), fmt.Sprintf("g%d", i+1)); err != nil {
							t.Error(err)
						}
					}
					t.Logf("%d requests", a.count(""))
					if got := a.count(""); got > 60 {
						t.Errorf("%d requests, want at most 60", got)
					}
				})
			})
		}
	}
	// The organization is large, but the groups are small.
	t.Run("memberships of 10 groups among 50,000", func(t *testing.T) {
		t.Parallel()
		a := organization(50_000).withGroups(500)
		synctest.Test(t, func(t *testing.T) {
			d := a.directory(t)
			for i := range 10 {
				group := fmt.Sprintf("g%d", i+1)
				atOnce(10, a.members[group], func(id string) { wantMember(t, d, group, id, true) })
			}
			if got := a.count(""); got > 2*10+1 {
				t.Errorf("%d requests, want at most 21", got)
			}
		})
	})
}

// Pages of members that do not add up to their total prove nothing about learners who are on none of them.
func TestIsMember_incompletePages(t *testing.T) {
	t.Parallel()
	absent := func(_ string, ids []string) []string { return without(ids, "u150") }
	for name, distort := range map[string]func(*api){
		"a member moved":             func(a *api) { a.pages = absent },
		"the total is too large":     func(a *api) { a.total = func(int) int { return 1000 } },
		"the total is absurd":        func(a *api) { a.total = func(int) int { return math.MaxInt } },
		"the total is too small":     func(a *api) { a.total = func(int) int { return 150 } },
		"the total is negative":      func(a *api) { a.total = func(int) int { return -1 } },
		"the first page is empty":    func(a *api) { a.pages = func(string, []string) []string { return nil } },
		"a later page can't be read": func(a *api) { a.fault = refuse(udemy.ErrUnavailable, "MemberPage g1 2") },
		"pages are refused":          func(a *api) { a.fault = refuse(udemy.ErrNotOffered, "MemberPage") },
		"groups without members":     func(a *api) { a.withoutMembers = true },
	} {
		for _, withoutGroups := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s; learners without groups: %t", name, withoutGroups), func(t *testing.T) {
				t.Parallel()
				a := organization(250).withGroups(1)
				a.withoutGroups = withoutGroups
				a.users = append(a.users, udemy.User{ID: "outsider", Email: "o@example.com"})
				distort(a)
				synctest.Test(t, func(t *testing.T) {
					d := a.directory(t)
					for range 3 {
						_, listErr := d.Members(t.Context(), "g1")
						if _, err := d.IsMember(t.Context(), "g1", "u150"); withoutGroups && errors.Is(listErr, udemy.ErrUnavailable) && errors.Is(err, udemy.ErrUnavailable) {
							return // Neither the learner nor the list shows the membership.
						}
						wantMember(t, d, "g1", "u150", true)
						wantMember(t, d, "g1", "outsider", false)
					}
				})
			})
		}
	}
}

func TestSameRequestsAreSentOnce(t *testing.T) {
	t.Parallel()
	for request, ask := range map[string]func(context.Context, *directory.Directory) (any, error){
		"User u500": func(ctx context.Context, d *directory.Directory) (any, error) { return d.User(ctx, "u500") },
		"UserByEmail u500@example.com": func(ctx context.Context, d *directory.Directory) (any, error) {
			return d.UserByEmail(ctx, "u500@example.com")
		},
		"UserByExternalID E-u500": func(ctx context.Context, d *directory.Directory) (any, error) {
			return d.UserByExternalID(ctx, "E-u500")
		},
		"Group g1":                      func(ctx context.Context, d *directory.Directory) (any, error) { return d.Group(ctx, "g1") },
		"GroupByName Group 1":           func(ctx context.Context, d *directory.Directory) (any, error) { return d.GroupByName(ctx, "Group 1") },
		"MemberPage g1 1":               func(ctx context.Context, d *directory.Directory) (any, error) { return d.Members(ctx, "g1") },
		"User u500, for its membership": func(ctx context.Context, d *directory.Directory) (any, error) { return d.IsMember(ctx, "g1", "u500") },
	} {
		t.Run(request, func(t *testing.T) {
			t.Parallel()
			a := organization(1000).withGroups(10)
			synctest.Test(t, func(t *testing.T) {
				d := a.directory(t)
				// The first caller, for whom the request is sent, is canceled: that does not affect the others.
				ctx, cancel := context.WithCancel(t.Context())
				var all sync.WaitGroup
				all.Go(func() {
					if _, err := ask(ctx, d); !errors.Is(err, context.Canceled) {
						t.Errorf("the canceled caller: %v", err)
					}
				})
				synctest.Wait()
				for range 50 {
					all.Go(func() {
						if _, err := ask(t.Context(), d); err != nil {
							t.Error(err)
						}
					})
				}
				synctest.Wait()
				cancel()
				all.Wait()
				a.wantCount(t, "", 1)
				start, _, _ := strings.Cut(request, ",")
				a.wantCount(t, start, 1)

				if _, err := ask(ctx, d); err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				a.wantCount(t, "", 1)
			})
		})
	}
}

// contextKey is the key of a value in a context, such as a logger.
type contextKey struct{}

func TestContextIsKept(t *testing.T) {
	t.Parallel()
	a := organization(1).withGroups(1)
	synctest.Test(t, func(t *testing.T) {
		_ = a.directory(t)
		spy := &spy{api: a}
		d := directory.New(spy)
		ctx := context.WithValue(t.Context(), contextKey{}, "logger")
		_, _ = d.User(ctx, "u1")
		_ = d.AddMembers(ctx, "g1", "u1")
		if len(spy.values) != 2 || spy.values[0] != "logger" || spy.values[1] != "logger" {
			t.Errorf("values = %v", spy.values)
		}
	})
}

// spy records the values of contexts.
type spy struct {
	*api
	values []any
}

func (s *spy) User(ctx context.Context, id string) (udemy.User, error) {
	s.values = append(s.values, ctx.Value(contextKey{}))
	return s.api.User(ctx, id)
}

func (s *spy) AddMembers(ctx context.Context, groupID string, userIDs ...string) error {
	s.values = append(s.values, ctx.Value(contextKey{}))
	return s.api.AddMembers(ctx, groupID, userIDs...)
}

func TestErrorsAreNotStored(t *testing.T) {
	t.Parallel()
	a := organization(1).withGroups(1)
	a.withoutGroups = true
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		reads := map[string]func() error{
			"User":             func() error { _, err := d.User(t.Context(), "u1"); return err },
			"UserByEmail":      func() error { _, err := d.UserByEmail(t.Context(), "u1@example.com"); return err },
			"UserByExternalID": func() error { _, err := d.UserByExternalID(t.Context(), "E-u1"); return err },
			"Reread":           func() error { _, err := d.Reread(t.Context(), "u1"); return err },
			"Group":            func() error { _, err := d.Group(t.Context(), "g1"); return err },
			"GroupByName":      func() error { _, err := d.GroupByName(t.Context(), "Group 1"); return err },
			"Members":          func() error { _, err := d.Members(t.Context(), "g1"); return err },
			"IsMember":         func() error { _, err := d.IsMember(t.Context(), "g1", "u1"); return err },
			"UserGroups":       func() error { _, err := d.UserGroups(t.Context(), "u1"); return err },
		}
		for _, kind := range []error{udemy.ErrUnavailable, udemy.ErrForbidden} {
			a.fault = refuse(kind, "")
			for name, read := range reads {
				if err := read(); !errors.Is(err, kind) {
					t.Errorf("%s: %v, want %v", name, err, kind)
				}
			}
		}
		a.fault = nil
		for name, read := range reads {
			if err := read(); err != nil {
				t.Errorf("%s, the second time: %v", name, err)
			}
		}
	})
}

func TestKeys(t *testing.T) {
	t.Parallel()
	a := organization(300).withGroups(3)
	a.users[7].Email = "Ada@Example.com"
	a.users[8].ExternalID = a.users[9].ExternalID
	a.users[11].ExternalID, a.users[12].ExternalID, a.users[13].Email = "", "", ""
	a.groups[1].Name = a.groups[2].Name
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		twins := func() {
			if _, err := d.UserByExternalID(t.Context(), a.users[9].ExternalID); !errors.Is(err, udemy.ErrConflict) {
				t.Errorf("two learners with one external ID: %v", err)
			}
			if _, err := d.GroupByName(t.Context(), a.groups[2].Name); !errors.Is(err, udemy.ErrConflict) {
				t.Errorf("two groups with one name: %v", err)
			}
		}
		// The same holds if only one of them is in the store.
		wantUser(t, d, "u10")
		_, _ = d.Group(t.Context(), "g3")
		twins()
		listUsers(t, a, d)
		_, _ = d.GroupByName(t.Context(), "Group 1")
		twins()

		before := a.count("")
		for range 3 {
			if user, err := d.UserByEmail(t.Context(), "aDA@example.COM"); err != nil || user.ID != "u8" {
				t.Errorf("letter case: %+v, %v", user, err)
			}
			if user, err := d.UserByExternalID(t.Context(), "E-u20"); err != nil || user.ID != "u20" {
				t.Errorf("external ID: %+v, %v", user, err)
			}
			if group, err := d.GroupByName(t.Context(), "Group 1"); err != nil || group.ID != "g1" {
				t.Errorf("name: %+v, %v", group, err)
			}
		}
		a.wantCount(t, "", before)

		// An empty key finds no object in the store: the API decides.
		_, _ = d.UserByEmail(t.Context(), "")
		a.wantCount(t, "UserByEmail ", 1)
		_, _ = d.UserByExternalID(t.Context(), "")
		a.wantCount(t, "UserByExternalID ", 3)
		// External IDs and names are compared exactly.
		for range 2 {
			if _, err := d.UserByExternalID(t.Context(), "e-U20"); !errors.Is(err, udemy.ErrNotFound) {
				t.Error(err)
			}
		}
		a.wantCount(t, "UserByExternalID e-U20", 2)
	})
}

// A caller that modifies a response does not modify what others get.
func TestResponsesAreCopies(t *testing.T) {
	t.Parallel()
	a := organization(300).withGroups(1)
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		spoil := func() {
			user := wantUser(t, d, "u300")
			if len(user.GroupIDs) != 1 || user.GroupIDs[0] != "g1" {
				t.Errorf("groups = %v", user.GroupIDs)
			}
			user.GroupIDs[0] = "spoiled"
			groups, err := d.UserGroups(t.Context(), "u300")
			if err != nil || groups[0] != "g1" {
				t.Errorf("groups = %v, %v", groups, err)
			}
			groups[0] = "spoiled"
			ids, err := d.Members(t.Context(), "g1")
			if err != nil || slices.Contains(ids, "spoiled") {
				t.Errorf("members = %v, %v", ids, err)
			}
			ids[0] = "spoiled"
		}
		atOnce(10, spread(10, 10), func(string) { spoil() }) // Simultaneous callers share a response.
		spoil()
		listUsers(t, a, d)
		spoil()
	})
}

// The groups of learners who are returned without them are requested from the API until reading all groups is cheaper.
func TestUserGroups_withoutGroups(t *testing.T) {
	t.Parallel()
	a := organization(100).withGroups(20)
	a.withoutGroups = true
	a.groups = append(a.groups, udemy.Group{ID: "empty", Name: "Empty"})
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		for i := range 100 {
			groups, err := d.UserGroups(t.Context(), userID(i+1))
			if want := fmt.Sprintf("g%d", i%20+1); err != nil || !slices.Equal(groups, []string{want}) {
				t.Errorf("UserGroups(%s) = %v, %v", userID(i+1), groups, err)
			}
		}
		a.wantCount(t, "UserGroups", 10)
		a.wantCount(t, "MemberPage", 21)
	})
}

// An API may leave out the members of an empty group. After a change they are read again.
func TestMembers_leftOut(t *testing.T) {
	t.Parallel()
	a := organization(10).withGroups(1)
	a.withoutMembers = true
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		for range 2 {
			if ids, err := d.Members(t.Context(), "g1"); ids != nil || err != nil {
				t.Errorf("Members = %v, %v", ids, err)
			}
		}
		a.wantCount(t, "MemberPage", 1)
		if err := d.AddMembers(t.Context(), "g1", "u1"); err != nil {
			t.Error(err)
		}
		a.withoutMembers = false
		wantMembers(t, d, a.members["g1"]...)
	})
}

// One learner shows that the API returns learners without their groups.
func TestIsMember_withoutGroups(t *testing.T) {
	t.Parallel()
	a := organization(1000).withGroups(10)
	a.withoutGroups = true
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		for i := range 10 {
			wantMember(t, d, fmt.Sprintf("g%d", i+1), userID(991+i), true)
		}
		a.wantCount(t, "User", 1)
		a.wantCount(t, "MemberPage", 10)
	})
}
