// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package batcher_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/batcher"
)

// latency is how long a request takes, in virtual time. Half of it passes before the server sees the request.
const latency = 50 * time.Millisecond

// api holds the members of groups in memory and counts requests.
type api struct {
	can udemy.Capabilities
	// fault refuses a request, such as "AddMembers g1 u1 u2", if it returns an error.
	fault func(request string) error
	// seen is called when a request has been carried out, before its response is sent.
	seen func(request string)
	// begin is called before each batch.
	begin func(ctx context.Context, groupID string) error

	mu       sync.Mutex
	ended    int
	members  map[string][]string
	requests []string
	// records are the calls of Record, such as "join g1 u1".
	records  []string
	underWay map[string]int
	most     map[string]int
}

// groups returns an api with groups g1, g2 and so on, without members.
func groups(n int) *api {
	a := &api{
		can: udemy.Capabilities{RemoveTogether: true}, members: map[string][]string{}, underWay: map[string]int{}, most: map[string]int{},
	}
	for i := range n {
		a.members[fmt.Sprintf("g%d", i+1)] = nil
	}
	return a
}

func userID(i int) string { return fmt.Sprintf("u%d", i) }

// users returns u1 to un.
func users(n int) []string {
	ids := make([]string, 0, n)
	for i := range n {
		ids = append(ids, userID(i+1))
	}
	return ids
}

func failure(kind error) error { return &udemy.Error{Kind: kind, Call: "fake"} }

// refuse returns a fault for the requests with a prefix.
func refuse(kind error, prefix string) func(string) error {
	return func(request string) error {
		if strings.HasPrefix(request, prefix) {
			return failure(kind)
		}
		return nil
	}
}

func (a *api) do(ctx context.Context, call, groupID string, userIDs []string, move func(members []string) []string) error {
	request := strings.Join(append([]string{call, groupID}, userIDs...), " ")
	object := call + " " + groupID
	a.mu.Lock()
	a.requests = append(a.requests, request)
	a.underWay[object]++
	a.most[object] = max(a.most[object], a.underWay[object])
	a.mu.Unlock()
	defer func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.underWay[object]--
	}()

	time.Sleep(latency / 2)
	err := ctx.Err()
	if err == nil && a.fault != nil {
		err = a.fault(request)
	}
	if err == nil {
		a.mu.Lock()
		if members, ok := a.members[groupID]; ok {
			a.members[groupID] = move(members)
		} else {
			err = failure(udemy.ErrNotFound)
		}
		a.mu.Unlock()
	}
	if a.seen != nil {
		a.seen(request)
	}
	time.Sleep(latency / 2)
	return err
}

func without(ids []string, gone ...string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(gone, id) })
}

func (a *api) Capabilities() udemy.Capabilities { return a.can }

func (a *api) Group(ctx context.Context, id string) (udemy.Group, error) {
	return udemy.Group{ID: id}, a.do(ctx, "Group", id, nil, func(members []string) []string { return members })
}

func (a *api) AddMembers(ctx context.Context, groupID string, userIDs ...string) error {
	if len(userIDs) > udemy.MaxMembersPerRequest {
		return failure(udemy.ErrInvalid)
	}
	return a.do(ctx, "AddMembers", groupID, userIDs, func(members []string) []string { return append(without(members, userIDs...), userIDs...) })
}

func (a *api) RemoveMembers(ctx context.Context, groupID string, userIDs ...string) error {
	return a.do(ctx, "RemoveMembers", groupID, userIDs, func(members []string) []string { return without(members, userIDs...) })
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
		t.Errorf("%d requests %q, want %d", got, prefix, want)
	}
}

// wantMembers checks the members of group g1.
func (a *api) wantMembers(t *testing.T, want ...string) {
	t.Helper()
	got := slices.Sorted(slices.Values(a.members["g1"]))
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("members of g1 = %v, want %v", got, want)
	}
}

// directory calls a batcher as a Directory does.
type directory struct{ *batcher.Batcher }

// batcher returns a Batcher in virtual time.
func (a *api) batcher(t *testing.T) directory {
	t.Helper()
	t.Cleanup(func() { time.Sleep(time.Minute) }) // Requests in flight finish.
	return directory{batcher.New(batcher.Config{
		API: a,
		Begin: func(ctx context.Context, groupID string) (func(), error) {
			if a.begin != nil {
				if err := a.begin(ctx, groupID); err != nil {
					return nil, err
				}
			}
			return func() {
				a.mu.Lock()
				defer a.mu.Unlock()
				a.ended++
			}, nil
		},
		Record: func(groupID, userID string, move batcher.Move, err error) {
			a.mu.Lock()
			defer a.mu.Unlock()
			record := fmt.Sprintf("%s %s %s", move, groupID, userID)
			if err != nil {
				record += " failed"
			}
			a.records = append(a.records, record)
		},
	})}
}

func (d directory) change(ctx context.Context, groupID string, move batcher.Move, userIDs []string) error {
	failed := d.Change(ctx, groupID, move, userIDs)
	switch {
	case len(failed) == 0:
		return nil
	case len(userIDs) == 1:
		return failed[userIDs[0]]
	default:
		return failed
	}
}

func (d directory) AddMembers(ctx context.Context, groupID string, userIDs ...string) error {
	return d.change(ctx, groupID, batcher.Join, userIDs)
}

func (d directory) RemoveMembers(ctx context.Context, groupID string, userIDs ...string) error {
	return d.change(ctx, groupID, batcher.Leave, userIDs)
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
