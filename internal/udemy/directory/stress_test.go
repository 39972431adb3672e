// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// While the pages of a group's members are read, members leave and join. That moves other members between pages. None of them may be
// missing from the list or from later reads.
func TestMembers_stress(t *testing.T) {
	t.Parallel()
	const (
		runs     = 480
		learners = 30
	)
	wrong := 0
	for seed := range runs {
		random := rand.New(rand.NewPCG(uint64(seed), 0))
		var mu sync.Mutex
		upTo := func(n int) time.Duration {
			mu.Lock()
			defer mu.Unlock()
			return time.Duration(random.IntN(n)) * time.Millisecond
		}
		a := organization(learners).withGroups(1)
		a.pageSize, a.withoutGroups = 4, true
		a.fault = func(string) error { // Pages do not arrive in the order of their requests.
			time.Sleep(upTo(50))
			return nil
		}
		moving := spread(10, learners)
		random.Shuffle(len(moving), func(i, j int) { moving[i], moving[j] = moving[j], moving[i] })
		joining, deleted := moving[:3], moving[9]
		a.members["g1"] = slices.DeleteFunc(a.members["g1"], func(id string) bool { return slices.Contains(joining, id) })

		synctest.Test(t, func(t *testing.T) {
			d := a.directory(t)
			lost := map[string]bool{}
			var all sync.WaitGroup
			after := func(wait time.Duration, do func(context.Context) error) {
				all.Go(func() {
					time.Sleep(wait)
					if err := do(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			for _, id := range moving {
				after(upTo(500), func(ctx context.Context) error {
					switch {
					case slices.Contains(joining, id):
						return d.AddMembers(ctx, "g1", id)
					case id == deleted:
						return d.DeleteUser(ctx, id)
					default:
						return d.RemoveMembers(ctx, "g1", id)
					}
				})
			}
			for range 3 {
				after(upTo(300), func(ctx context.Context) error {
					ids, err := d.Members(ctx, "g1")
					mu.Lock()
					defer mu.Unlock()
					for _, id := range spread(learners, learners) {
						if !slices.Contains(moving, id) && !slices.Contains(ids, id) {
							lost[id] = true
						}
					}
					return err
				})
			}
			all.Wait()
			for _, id := range spread(learners, learners) {
				member, err := d.IsMember(t.Context(), "g1", id)
				if err != nil || member != slices.Contains(a.members["g1"], id) {
					lost[id] = true
				}
			}
			if len(lost) > 0 {
				wrong++
				t.Logf("run %d: wrong about %v", seed, lost)
			}
		})
	}
	if wrong > 0 {
		t.Errorf("%d of %d runs lost a member", wrong, runs)
	}
}
