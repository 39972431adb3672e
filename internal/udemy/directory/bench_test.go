// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/directory"
)

// instant is an organization without latency.
type instant struct {
	udemy.API
	users   [][]udemy.User
	members [][]string
}

// manyUsers returns an organization with pages of 100 learners, who are all in group g1.
func manyUsers(pages int) *instant {
	a := &instant{}
	for number := range pages {
		var users []udemy.User
		var ids []string
		for i := range 100 {
			id := userID(number*100 + i + 1)
			ids = append(ids, id)
			users = append(users, udemy.User{ID: id, Email: id + "@example.com", ExternalID: "E-" + id, GroupIDs: []string{"g1"}})
		}
		a.users, a.members = append(a.users, users), append(a.members, ids)
	}
	return a
}

func (a *instant) Capabilities() udemy.Capabilities { return udemy.Capabilities{RemoveTogether: true} }

func (a *instant) UserPage(_ context.Context, number, _ int) (udemy.Page[udemy.User], error) {
	return udemy.Page[udemy.User]{Items: a.users[number-1], Total: 100 * len(a.users)}, nil
}

func (a *instant) MemberPage(_ context.Context, _ string, number, _ int) (udemy.Page[string], error) {
	return udemy.Page[string]{Items: a.members[number-1], Total: 100 * len(a.members)}, nil
}

func (a *instant) User(_ context.Context, id string) (udemy.User, error) {
	i, err := strconv.Atoi(id[1:])
	return a.users[(i-1)/100][(i-1)%100], err
}

func (a *instant) AddMembers(context.Context, string, ...string) error { return nil }

// prepared returns a Directory that has read all learners and all members.
func prepared(b *testing.B, a *instant) *directory.Directory {
	b.Helper()
	d := directory.New(a)
	for i := range 2*len(a.users) + 1 {
		if _, err := d.User(b.Context(), userID(100*len(a.users)-i)); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := d.Members(b.Context(), "g1"); err != nil {
		b.Fatal(err)
	}
	return d
}

// inParallel measures a read of one learner after the other.
func inParallel(b *testing.B, learners int, read func(id string) error) {
	b.Helper()
	ids := spread(learners, learners)
	var next atomic.Int64
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := read(ids[int(next.Add(1))%learners]); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkUser(b *testing.B) {
	d := prepared(b, manyUsers(100))
	inParallel(b, 10_000, func(id string) error {
		_, err := d.User(b.Context(), id)
		return err
	})
}

func BenchmarkUserByEmail(b *testing.B) {
	d := prepared(b, manyUsers(100))
	inParallel(b, 10_000, func(id string) error {
		_, err := d.UserByEmail(b.Context(), id+"@example.com")
		return err
	})
}

func BenchmarkIsMember(b *testing.B) {
	for name, withoutGroups := range map[string]bool{"by the learner": false, "by the group": true} {
		b.Run(name, func(b *testing.B) {
			a := manyUsers(100)
			for _, users := range a.users {
				for i := range users {
					if withoutGroups {
						users[i].GroupIDs = nil
					}
				}
			}
			d := prepared(b, a)
			inParallel(b, 10_000, func(id string) error {
				member, err := d.IsMember(b.Context(), "g1", id)
				if err == nil && !member {
					err = fmt.Errorf("%s is not a member", id)
				}
				return err
			})
		})
	}
}

// BenchmarkPages requests learners from an empty store until the 100 pages of 100 learners are read.
func BenchmarkPages(b *testing.B) {
	a := manyUsers(100)
	b.ReportAllocs()
	for b.Loop() {
		d := directory.New(a)
		for i := range 101 {
			if _, err := d.User(b.Context(), userID(10_000-i)); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkAddMembers adds 1,000 learners to a group.
func BenchmarkAddMembers(b *testing.B) {
	d, ids := directory.New(manyUsers(0)), spread(1000, 1000)
	b.ReportAllocs()
	for b.Loop() {
		if err := d.AddMembers(b.Context(), "g1", ids...); err != nil {
			b.Fatal(err)
		}
	}
}
