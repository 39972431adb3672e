// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/directory"
)

// writes holds every call that changes something.
var writes = map[string]func(context.Context, *directory.Directory) error{
	"CreateUser": func(ctx context.Context, d *directory.Directory) error {
		_, err := d.CreateUser(ctx, udemy.User{Email: "new@example.com", GroupIDs: []string{"g1"}})
		return err
	},
	"UpdateUser": func(ctx context.Context, d *directory.Directory) error {
		email := "CHANGED@example.com"
		_, err := d.UpdateUser(ctx, "u1", udemy.Change(udemy.User{Email: email}, udemy.FieldEmail))
		return err
	},
	"UpdateUser again": func(ctx context.Context, d *directory.Directory) error {
		name := "Ada"
		_, err := d.UpdateUser(ctx, "u1", udemy.Change(udemy.User{FirstName: name}, udemy.FieldFirstName))
		return err
	},
	"ActivateUser": func(ctx context.Context, d *directory.Directory) error {
		_, err := d.ActivateUser(ctx, "u1")
		return err
	},
	"DeactivateUser": func(ctx context.Context, d *directory.Directory) error {
		_, err := d.DeactivateUser(ctx, "u1")
		return err
	},
	"DeleteUser": func(ctx context.Context, d *directory.Directory) error { return d.DeleteUser(ctx, "u1") },
	"CreateGroup": func(ctx context.Context, d *directory.Directory) error {
		_, err := d.CreateGroup(ctx, "new")
		return err
	},
	"RenameGroup": func(ctx context.Context, d *directory.Directory) error {
		_, err := d.RenameGroup(ctx, "g1", "changed")
		return err
	},
	"DeleteGroup": func(ctx context.Context, d *directory.Directory) error { return d.DeleteGroup(ctx, "g1") },
	"AddMembers": func(ctx context.Context, d *directory.Directory) error {
		return d.AddMembers(ctx, "g1", "u1", "u2", "u5")
	},
	"AddMembers to another": func(ctx context.Context, d *directory.Directory) error {
		return d.AddMembers(ctx, "g2", "u1")
	},
	"RemoveMembers": func(ctx context.Context, d *directory.Directory) error { return d.RemoveMembers(ctx, "g1", "u1", "u3") },
}

// reads holds the calls that read something, one by one and page by page.
var reads = map[string]func(context.Context, *directory.Directory) error{
	"User":   func(ctx context.Context, d *directory.Directory) error { _, err := d.User(ctx, "u1"); return err },
	"Reread": func(ctx context.Context, d *directory.Directory) error { _, err := d.Reread(ctx, "u1"); return err },
	"UserByEmail": func(ctx context.Context, d *directory.Directory) error {
		_, err := d.UserByEmail(ctx, "new@example.com")
		return err
	},
	"every User": func(ctx context.Context, d *directory.Directory) error {
		for i := 7; i > 0; i-- {
			_, _ = d.User(ctx, userID(i))
		}
		return nil
	},
	"Group": func(ctx context.Context, d *directory.Directory) error { _, err := d.Group(ctx, "g1"); return err },
	"every Group": func(ctx context.Context, d *directory.Directory) error {
		for _, id := range []string{"g4", "g3", "g2", "g1"} {
			_, _ = d.Group(ctx, id)
		}
		return nil
	},
	"Members": func(ctx context.Context, d *directory.Directory) error { _, err := d.Members(ctx, "g1"); return err },
	"IsMember": func(ctx context.Context, d *directory.Directory) error {
		_, err := d.IsMember(ctx, "g1", "u1")
		return err
	},
	"UserGroups": func(ctx context.Context, d *directory.Directory) error { _, err := d.UserGroups(ctx, "u1"); return err },
}

// small returns an organization with seven learners in pages of two.
func small() *api {
	a := organization(7).withGroups(2)
	a.groups = append(a.groups, udemy.Group{ID: "g3", Name: "Group 3"}, udemy.Group{ID: "g4", Name: "Group 4"})
	a.pageSize = 2
	return a
}

// readEverything fills the stores.
func readEverything(ctx context.Context, d *directory.Directory) {
	for range 4 {
		for _, name := range []string{"every User", "every Group", "Members", "UserGroups"} {
			_ = reads[name](ctx, d)
		}
		_, _ = d.Members(ctx, "g2")
	}
}

// wantCurrent compares all results of a Directory with the current state of the organization.
func wantCurrent(t *testing.T, a *api, d *directory.Directory, when string) {
	t.Helper()
	ctx := t.Context()
	same := func(call string, got any, err error, want any, exists bool) {
		t.Helper()
		if exists && (err != nil || !reflect.DeepEqual(got, want)) || !exists && !errors.Is(err, udemy.ErrNotFound) {
			t.Errorf("%s: %s: %+v, %v; want %+v, exists: %t", when, call, got, err, want, exists)
		}
	}
	userIDs := []string{"new-new@example.com"}
	for i := range 7 {
		userIDs = append(userIDs, userID(i+1))
	}
	groupIDs := []string{"g1", "g2", "g3", "g4", "new-new"}

	for _, id := range userIDs {
		got, err := d.User(ctx, id)
		i := slices.IndexFunc(a.users, userWith(id))
		var want udemy.User
		if i >= 0 {
			want = a.response(a.users[i])
		}
		slices.Sort(got.GroupIDs)
		same("User "+id, got, err, want, i >= 0)
	}
	for _, email := range []string{"u1@example.com", "changed@example.com", "new@example.com"} {
		got, err := d.UserByEmail(ctx, email)
		i := slices.IndexFunc(a.users, func(user udemy.User) bool { return udemy.SameEmail(user.Email, email) })
		id := ""
		if i >= 0 {
			id = a.users[i].ID
		}
		same("UserByEmail "+email, got.ID, err, id, i >= 0)
	}
	for _, id := range groupIDs {
		got, err := d.Group(ctx, id)
		i := slices.IndexFunc(a.groups, groupWith(id))
		var want udemy.Group
		if i >= 0 {
			want = a.groups[i]
		}
		same("Group "+id, got, err, want, i >= 0)
		members, err := d.Members(ctx, id)
		slices.Sort(members)
		wantIDs := append([]string{}, a.members[id]...)
		slices.Sort(wantIDs)
		same("Members "+id, members, err, wantIDs, i >= 0)
		for _, userID := range userIDs {
			got, err := d.IsMember(ctx, id, userID)
			same("IsMember "+id+" "+userID, got, err, slices.Contains(a.members[id], userID), true)
		}
	}
	for _, name := range []string{"Group 1", "changed", "new"} {
		got, err := d.GroupByName(ctx, name)
		i := slices.IndexFunc(a.groups, func(group udemy.Group) bool { return group.Name == name })
		var want udemy.Group
		if i >= 0 {
			want = a.groups[i]
		}
		same("GroupByName "+name, got, err, want, i >= 0)
	}
	for _, user := range a.users {
		got, err := d.UserGroups(ctx, user.ID)
		slices.Sort(got)
		want := []string{}
		for _, group := range groupIDs {
			if slices.Contains(a.members[group], user.ID) {
				want = append(want, group)
			}
		}
		same("UserGroups "+user.ID, got, err, want, true)
	}
}

// outcomes holds the possible outcomes of a write.
var outcomes = map[string]func(*api){
	"done":    func(*api) {},
	"refused": func(a *api) { a.fault = refuseWrites(udemy.ErrForbidden) },
	"failed":  func(a *api) { a.fault = refuseWrites(udemy.ErrUnavailable) },
	"lost":    func(a *api) { a.lost = refuseWrites(udemy.ErrUnavailable) },
	"overtaken": func(a *api) { // The first response arrives late.
		var late atomic.Bool
		a.seen = func(string) {
			if late.CompareAndSwap(false, true) {
				time.Sleep(3 * latency)
			}
		}
	},
}

func refuseWrites(kind error) func(string) error {
	var prefixes []string
	for name := range writes {
		call, _, _ := strings.Cut(name, " ")
		prefixes = append(prefixes, call+" ")
	}
	return refuse(kind, prefixes...)
}

// kinds holds organizations that differ in their responses.
var kinds = map[string]func(*api){
	"learners with groups":     func(*api) {},
	"learners without groups":  func(a *api) { a.withoutGroups = true },
	"removed one by one":       func(a *api) { a.can.RemoveTogether = false },
	"learners can't be listed": func(a *api) { a.fault = refuse(udemy.ErrForbidden, "UserPage") },
}

// After a change with any outcome, no call returns outdated objects from the stores.
func TestWrites(t *testing.T) {
	t.Parallel()
	for write, change := range writes {
		for outcome, apply := range outcomes {
			for kind, prepare := range kinds {
				t.Run(write+", "+outcome+", "+kind, func(t *testing.T) {
					t.Parallel()
					for _, known := range []bool{false, true} {
						a := small()
						synctest.Test(t, func(t *testing.T) {
							d := a.directory(t)
							prepare(a)
							if known {
								readEverything(t.Context(), d)
							}
							apply(a)
							err := change(t.Context(), d)
							if (err == nil) != (outcome == "done" || outcome == "overtaken") {
								t.Errorf("error = %v", err)
							}
							a.fault, a.lost = nil, nil
							wantCurrent(t, a, d, fmt.Sprintf("known: %t", known))
							wantCurrent(t, a, d, "second time")
						})
					}
				})
			}
		}
	}
}

// leads holds how much earlier a change begins than another call, which overtakes the change or is overtaken.
var leads = []time.Duration{
	-80 * time.Millisecond, -35 * time.Millisecond, -10 * time.Millisecond, 10 * time.Millisecond, 35 * time.Millisecond, 80 * time.Millisecond,
}

// A read that begins before a change does not put outdated objects into the stores, neither single ones nor pages.
func TestReadsDuringWrites(t *testing.T) {
	t.Parallel()
	for write, change := range writes {
		for name, read := range reads {
			t.Run(name+" during "+write, func(t *testing.T) {
				t.Parallel()
				overlap(t, read, change)
			})
		}
	}
}

// Two changes at the same time leave no outdated objects in the stores, in either order.
func TestWritesDuringWrites(t *testing.T) {
	t.Parallel()
	for write, change := range writes {
		for other, otherChange := range writes {
			if other < write {
				continue // This pair has been tested.
			}
			t.Run(other+" during "+write, func(t *testing.T) {
				t.Parallel()
				overlap(t, otherChange, change)
			})
		}
	}
}

// overlap makes two calls that overlap with every lead, and then compares all results.
func overlap(t *testing.T, one, other func(context.Context, *directory.Directory) error) {
	t.Helper()
	for _, outcome := range []string{"done", "overtaken", "lost"} {
		for _, kind := range []string{"learners with groups", "learners without groups"} {
			for _, known := range []bool{false, true} {
				for _, lead := range leads {
					if outcome != "done" && lead.Abs() > 10*time.Millisecond {
						continue // These outcomes need fewer leads.
					}
					a := small()
					synctest.Test(t, func(t *testing.T) {
						d := a.directory(t)
						kinds[kind](a)
						if known {
							readEverything(t.Context(), d)
						} else { // The next read requests pages.
							_, _ = d.User(t.Context(), "u4")
							_, _ = d.Group(t.Context(), "g2")
						}
						outcomes[outcome](a)
						var both sync.WaitGroup
						both.Go(func() {
							time.Sleep(max(0, lead))
							_ = one(t.Context(), d)
						})
						both.Go(func() {
							time.Sleep(max(0, -lead))
							_ = other(t.Context(), d)
						})
						both.Wait()
						a.fault, a.lost = nil, nil
						wantCurrent(t, a, d, fmt.Sprintf("%s, %s, known: %t, %s", outcome, kind, known, lead))
					})
				}
			}
		}
	}
}

// A caller that reads after a change does not get the response to a request from before it.
func TestReadsAfterWrites(t *testing.T) {
	t.Parallel()
	a := small()
	a.can.Fields = []string{udemy.FieldRole} // A response without a role is then incomplete.
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		slow := make(chan struct{})
		var first atomic.Bool
		a.seen = func(request string) {
			if request == "UserByEmail new@example.com" && first.CompareAndSwap(false, true) {
				<-slow
			}
		}
		var before sync.WaitGroup
		before.Go(func() {
			if _, err := d.UserByEmail(t.Context(), "new@example.com"); !errors.Is(err, udemy.ErrNotFound) {
				t.Errorf("before: %v", err)
			}
		})
		time.Sleep(latency)
		if err := writes["CreateUser"](t.Context(), d); err != nil {
			t.Error(err)
		}
		if user, err := d.UserByEmail(t.Context(), "new@example.com"); err != nil || user.ID == "" {
			t.Errorf("after: %+v, %v", user, err)
		}
		close(slow)
		before.Wait()
	})
}

// The response to a change is stored: reading it needs no request.
func TestWritesAreStored(t *testing.T) {
	t.Parallel()
	a := organization(300).withGroups(1)
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		listUsers(t, a, d)
		wantMembers(t, d, spread(300, 300)...)
		before := a.count("")
		for name, change := range writes {
			if !strings.HasPrefix(name, "Delete") && name != "AddMembers to another" {
				if err := change(t.Context(), d); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				before++
			}
		}
		wantUser(t, d, "u1")
		wantUser(t, d, "new-new@example.com")
		wantMember(t, d, "g1", "new-new@example.com", true)
		wantMember(t, d, "g1", "u3", slices.Contains(a.members["g1"], "u3"))
		wantMembers(t, d, a.members["g1"]...)
		for _, email := range []string{"changed@example.com", "NEW@example.com"} {
			if _, err := d.UserByEmail(t.Context(), email); err != nil {
				t.Error(err)
			}
		}
		for _, id := range []string{"g1", "new-new"} {
			if _, err := d.Group(t.Context(), id); err != nil {
				t.Error(err)
			}
		}
		a.wantCount(t, "", before)
	})
}

// The response to a change is not stored if it lacks something that the API can return.
func TestPartialResponsesAreNotStored(t *testing.T) {
	t.Parallel()
	for name, little := range map[string]func(*api){
		"no role":  func(a *api) { a.can.Fields = []string{udemy.FieldRole} },
		"no email": func(a *api) { a.users[0].Email = "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := small()
			little(a)
			synctest.Test(t, func(t *testing.T) {
				d := a.directory(t)
				if _, err := d.DeactivateUser(t.Context(), "u1"); err != nil {
					t.Error(err)
				}
				wantUser(t, d, "u1")
				a.wantCount(t, "User u1", 1)
			})
		})
	}
}

// An invitation changes nothing that is stored.
func TestResendInvitation(t *testing.T) {
	t.Parallel()
	a := small()
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		wantUser(t, d, "u1")
		if err := d.ResendInvitation(t.Context(), "u1"); err != nil {
			t.Error(err)
		}
		wantUser(t, d, "u1")
		a.wantCount(t, "", 2)
		a.fault = refuse(udemy.ErrConflict, "ResendInvitation u1")
		if err := d.ResendInvitation(t.Context(), "u1"); !errors.Is(err, udemy.ErrConflict) {
			t.Errorf("error = %v, want %v", err, udemy.ErrConflict)
		}
	})
}
