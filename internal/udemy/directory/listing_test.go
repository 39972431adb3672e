// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/directory"
)

// existing looks for a learner or a group by the number in its ID, as a plan does.
type existing struct {
	single string // the request for a single search
	page   string
	find   func(ctx context.Context, d *directory.Directory, i int) (id string, err error)
	create func(ctx context.Context, d *directory.Directory, i int) (id string, err error)
}

var existingThings = map[string]existing{
	"learners": {
		single: "LookUpUser", page: "UserPage",
		find: func(ctx context.Context, d *directory.Directory, i int) (string, error) {
			user, err := d.ExistingUser(ctx, strings.ToUpper(userID(i))+"@example.com")
			return user.ID, err
		},
		create: func(ctx context.Context, d *directory.Directory, i int) (string, error) {
			user, err := d.CreateUser(ctx, udemy.User{Email: userID(i) + "@example.com"})
			return user.ID, err
		},
	},
	"groups": {
		single: "GroupByName", page: "GroupPage",
		find: func(ctx context.Context, d *directory.Directory, i int) (string, error) {
			group, err := d.ExistingGroup(ctx, fmt.Sprintf("Group %d", i))
			return group.ID, err
		},
		create: func(ctx context.Context, d *directory.Directory, i int) (string, error) {
			group, err := d.CreateGroup(ctx, fmt.Sprintf("Group %d", i))
			return group.ID, err
		},
	},
}

func TestExisting(t *testing.T) {
	t.Parallel()
	for thing, existing := range existingThings {
		t.Run(thing, func(t *testing.T) {
			t.Parallel()
			a := organization(250).withGroups(250)
			synctest.Test(t, func(t *testing.T) {
				d := a.directory(t)
				for i := 250; i > 0; i-- {
					id, err := existing.find(t.Context(), d, i)
					if err != nil || id[1:] != fmt.Sprint(i) {
						t.Errorf("%d is %q, %v", i, id, err)
					}
				}
				if got := a.count(""); got > 2*3 {
					t.Errorf("%d requests, want at most 6", got)
				}

				before := a.count("")
				created, err := existing.create(t.Context(), d, 1000)
				if err != nil {
					t.Error(err)
				}
				if id, err := existing.find(t.Context(), d, 1000); err != nil || id != created {
					t.Errorf("found %q, %v, want the new ID %q", id, err, created)
				}
				if id, err := existing.find(t.Context(), d, 1001); !errors.Is(err, udemy.ErrNotFound) {
					t.Errorf("found %q, %v", id, err)
				}
				a.wantCount(t, "", before+1)
			})
		})
	}
}

// If pages can't be read, a plan gets ErrNotOffered and the reason, and sends no further searches.
func TestExisting_refused(t *testing.T) {
	t.Parallel()
	for thing, existing := range existingThings {
		for _, kind := range []error{udemy.ErrNotOffered, udemy.ErrForbidden, udemy.ErrUnavailable} {
			t.Run(fmt.Sprintf("%s: %s", thing, kind), func(t *testing.T) {
				t.Parallel()
				a := organization(1000).withGroups(10)
				a.fault = refuse(kind, existing.page)
				synctest.Test(t, func(t *testing.T) {
					d := a.directory(t)
					if _, err := existing.find(t.Context(), d, 5000); !errors.Is(err, udemy.ErrNotFound) {
						t.Errorf("the first search: %v", err)
					}
					for i := range 100 {
						if id, err := existing.find(t.Context(), d, i+1); !errors.Is(err, udemy.ErrNotOffered) || !errors.Is(err, kind) {
							t.Errorf("found %q, %v", id, err)
						}
					}
					a.wantCount(t, existing.single, 1)
					a.wantCount(t, "", 2)
				})
			})
		}
	}
}

// If neither searches nor pages work, it is unknown whether a learner exists.
func TestExisting_nothingOffered(t *testing.T) {
	t.Parallel()
	a := organization(10)
	a.fault = refuse(udemy.ErrNotOffered, "LookUpUser", "UserPage")
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		for range 5 {
			if user, err := d.ExistingUser(t.Context(), "u1@example.com"); !errors.Is(err, udemy.ErrNotOffered) {
				t.Errorf("found %+v, %v", user, err)
			}
		}
		a.wantCount(t, "", 2)
	})
}

func wantUsers(t *testing.T, d *directory.Directory, want ...string) {
	t.Helper()
	users, err := d.Users(t.Context())
	var ids []string
	for _, user := range users {
		ids = append(ids, user.ID)
	}
	slices.Sort(ids)
	slices.Sort(want)
	if err != nil || !slices.Equal(ids, want) {
		t.Errorf("Users = %v, %v, want %v", ids, err, want)
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	a := organization(1000).withGroups(10)
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() { wantUsers(t, d, spread(1000, 1000)...) })
		}
		all.Wait()
		for range 2 {
			if groups, err := d.Groups(t.Context()); err != nil || len(groups) != 10 {
				t.Errorf("Groups = %v, %v", groups, err)
			}
		}
		wantUser(t, d, "u500")
		a.wantCount(t, "UserPage", 10)
		a.wantCount(t, "GroupPage", 1)
		a.wantCount(t, "", 11)
	})
}

func TestUsers_empty(t *testing.T) {
	t.Parallel()
	a := organization(0)
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		for range 2 {
			wantUsers(t, d)
			if groups, err := d.Groups(t.Context()); err != nil || len(groups) != 0 {
				t.Errorf("Groups = %v, %v", groups, err)
			}
		}
		a.wantCount(t, "", 2)
	})
}

// Changes are listed without another request, unless their responses are partial.
func TestUsers_changed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		setRole bool // the responses lack the role
		pages   int
	}{
		"whole responses":   {false, 3},
		"partial responses": {true, 3 + 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := organization(250).withGroups(1)
			if test.setRole {
				a.can.Fields = []string{udemy.FieldRole}
			}
			synctest.Test(t, func(t *testing.T) {
				d := a.directory(t)
				wantUsers(t, d, spread(250, 250)...)
				if _, err := d.CreateUser(t.Context(), udemy.User{Email: "new@example.com"}); err != nil {
					t.Error(err)
				}
				name := "Augusta"
				if _, err := d.UpdateUser(t.Context(), "u7", udemy.Change(udemy.User{FirstName: name}, udemy.FieldFirstName)); err != nil {
					t.Error(err)
				}
				if err := d.DeleteUser(t.Context(), "u8"); err != nil {
					t.Error(err)
				}
				want := append(without(spread(250, 250), "u8"), "new-new@example.com")
				for range 2 {
					wantUsers(t, d, want...)
				}
				if user := wantUser(t, d, "u7"); user.FirstName != name {
					t.Errorf("u7 is %+v", user)
				}
				if user, err := d.ExistingUser(t.Context(), "new@example.com"); err != nil || user.ID != "new-new@example.com" {
					t.Errorf("ExistingUser = %+v, %v", user, err)
				}
				a.wantCount(t, "UserPage", test.pages)
			})
		})
	}
}

// A learner who moves to another page between two requests is not missing from the list.
func TestUsers_moved(t *testing.T) {
	t.Parallel()
	a := organization(250)
	var again bool
	a.pages = func(request string, ids []string) []string {
		if request == "UserPage 2" && !again {
			again = true
			return without(ids, "u150")
		}
		return ids
	}
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		for i := range 5 { // The pages are read because that takes fewer requests.
			wantUser(t, d, userID(250-i))
		}
		a.wantCount(t, "UserPage", 3)
		for range 2 {
			wantUsers(t, d, spread(250, 250)...)
		}
		a.wantCount(t, "UserPage", 6)
	})
}

// noLists is an API whose pages hold no objects.
type noLists struct{ *api }

func (s noLists) UserPage(context.Context, int, int) (udemy.Page[udemy.User], error) {
	return udemy.Page[udemy.User]{}, nil
}

func (s noLists) GroupPage(context.Context, int, int) (udemy.Page[udemy.Group], error) {
	return udemy.Page[udemy.Group]{}, nil
}

func TestUsers_notOffered(t *testing.T) {
	t.Parallel()
	d := directory.New(noLists{organization(10)})
	if users, err := d.Users(t.Context()); !errors.Is(err, udemy.ErrNotOffered) {
		t.Errorf("Users = %v, %v", users, err)
	}
	if groups, err := d.Groups(t.Context()); !errors.Is(err, udemy.ErrNotOffered) {
		t.Errorf("Groups = %v, %v", groups, err)
	}
	for user, err := range d.EachUser(t.Context()) {
		if !errors.Is(err, udemy.ErrNotOffered) {
			t.Errorf("EachUser = %v, %v", user, err)
		}
	}
}

// take returns the IDs of the first n objects, and the error after them.
func take[T any](objects iter.Seq2[T, error], id func(T) string, n int) (ids []string, err error) {
	for object, err := range objects {
		if err != nil {
			return ids, err
		}
		if ids = append(ids, id(object)); len(ids) == n {
			break
		}
	}
	return ids, nil
}

func idOfUser(user udemy.User) string    { return user.ID }
func idOfGroup(group udemy.Group) string { return group.ID }

func TestEach(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		odd   func(*api)
		want  int
		pages int
		err   error
	}{
		"correct pages":               {func(*api) {}, 250, 3, nil},
		"the total is too large":      {func(a *api) { a.total = func(int) int { return 1000 } }, 250, 4, nil},
		"the total is the first page": {func(a *api) { a.total = func(int) int { return 100 } }, 200, 2, udemy.ErrIncomplete},
		"the first page is empty":     {func(a *api) { a.pages = func(string, []string) []string { return nil } }, 0, 1, nil},
		"every page is the first page": {func(a *api) {
			a.pages = func(_ string, ids []string) []string { return spread(100, 100)[:len(ids)] }
		}, 100, 2, udemy.ErrIncomplete},
		"a page in the middle is short": {func(a *api) {
			a.pages = func(_ string, ids []string) []string { return without(ids, "u150") }
		}, 249, 4, udemy.ErrIncomplete},
		"a learner is listed twice": {func(a *api) {
			a.pages = func(_ string, ids []string) []string {
				if i := slices.Index(ids, "u101"); i >= 0 {
					ids[i] = "u100"
				}
				return ids
			}
		}, 249, 4, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := organization(250)
			test.odd(a)
			synctest.Test(t, func(t *testing.T) {
				ids, err := take(a.directory(t).EachUser(t.Context()), idOfUser, -1)
				unique := slices.Compact(slices.Sorted(slices.Values(ids)))
				if !errors.Is(err, test.err) || len(ids) != test.want || len(unique) != test.want {
					t.Errorf("%d learners, %d different, error %v, want %d", len(ids), len(unique), err, test.want)
				}
				a.wantCount(t, "UserPage", test.pages)
			})
		})
	}
}

// A collection that has been read is not read again.
func TestEach_memory(t *testing.T) {
	t.Parallel()
	a := organization(250).withGroups(5)
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		wantUsers(t, d, spread(250, 250)...)
		_, _ = d.Groups(t.Context())
		for range 2 {
			ids, err := take(d.EachUser(t.Context()), idOfUser, -1)
			if err != nil || len(ids) != 250 {
				t.Errorf("%d learners, %v", len(ids), err)
			}
			ids, err = take(d.EachGroup(t.Context()), idOfGroup, -1)
			if err != nil || len(ids) != 5 {
				t.Errorf("%d groups, %v", len(ids), err)
			}
		}
		a.wantCount(t, "", 3+1)
	})
}

// The first page of learners shows whether an API returns groups, while others are still requested.
func TestListsUsersWithoutGroups(t *testing.T) {
	t.Parallel()
	for _, want := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			a := organization(300)
			a.withoutGroups = want
			d := directory.New(a)
			begin := time.Now()
			var reading sync.WaitGroup
			reading.Go(func() { _, _ = d.Users(t.Context()) })
			if got := d.ListsUsersWithoutGroups(t.Context()); got != want || time.Since(begin) != latency {
				t.Errorf("got %t after %s, want %t after one request", got, time.Since(begin), want)
			}
			reading.Wait()
			a.wantCount(t, "", 3)
		})
	}
}

// A call without a response ends with its context.
func TestListsUsersWithoutGroups_canceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if directory.New(organization(1)).ListsUsersWithoutGroups(ctx) {
		t.Error("a learner has been listed")
	}
}
