// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package directory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

func TestOneCall(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ids  []string
		want int
	}{
		"no learner":     {nil, 0},
		"one":            {[]string{"u1"}, 1},
		"one, and again": {[]string{"u1", "u2", "u1"}, 1},
		"a full batch":   {spread(100, 250), 1},
		"one more":       {spread(101, 250), 2},
		"250":            {spread(250, 250), 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := organization(250).withGroups(1)
			a.members["g1"] = nil
			synctest.Test(t, func(t *testing.T) {
				d := a.directory(t)
				start := time.Now()
				if err := d.AddMembers(t.Context(), "g1", test.ids...); err != nil {
					t.Error(err)
				}
				if took := time.Since(start); took > time.Duration(test.want)*latency+5*time.Millisecond {
					t.Errorf("it took %s", took)
				}
				a.wantCount(t, "", test.want)
				if test.want == 1 && name == "one, and again" {
					a.wantCount(t, "AddMembers g1 u1 u2", 1)
				}
				wantMembers(t, d, slices.Compact(slices.Sorted(slices.Values(test.ids)))...)
				if err := d.RemoveMembers(t.Context(), "g1", test.ids...); err != nil {
					t.Error(err)
				}
				a.wantCount(t, "RemoveMembers", test.want)
				wantMembers(t, d)
			})
		})
	}
}

// After a canceled change, the stores are still right, whether the change was sent or not.
func TestCanceledWrites(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{0, 2 * time.Millisecond, 10 * time.Millisecond, 40 * time.Millisecond} {
		t.Run(fmt.Sprintf("after %s", after), func(t *testing.T) {
			t.Parallel()
			a := small()
			synctest.Test(t, func(t *testing.T) {
				d := a.directory(t)
				readEverything(t.Context(), d)
				ctx, cancel := context.WithTimeout(t.Context(), after)
				defer cancel()
				var others sync.WaitGroup
				others.Go(func() {
					time.Sleep(time.Millisecond)
					if err := d.AddMembers(t.Context(), "g1", "u4"); err != nil {
						t.Errorf("the other caller: %v", err)
					}
				})
				start := time.Now()
				err := d.AddMembers(ctx, "g1", "u2")
				hasLeft := after > 5*time.Millisecond
				if !hasLeft && (!errors.Is(err, context.DeadlineExceeded) || time.Since(start) != after) {
					t.Errorf("error = %v after %s", err, time.Since(start))
				}
				if hasLeft && err != nil {
					t.Errorf("the change was made, but the error is %v", err)
				}
				_ = reads["Members"](t.Context(), d) // The outcome is still unknown.
				others.Wait()
				if sent := slices.Contains(a.members["g1"], "u2"); sent != hasLeft {
					t.Errorf("sent: %t", sent)
				}
				wantCurrent(t, a, d, "afterwards")
			})
		})
	}
}

// If only one learner is named, even repeatedly, the error is not a MembersError.
func TestFailureOfOne(t *testing.T) {
	t.Parallel()
	a := organization(1).withGroups(1)
	a.fault = refuse(udemy.ErrForbidden, "AddMembers")
	synctest.Test(t, func(t *testing.T) {
		d := a.directory(t)
		err := d.AddMembers(t.Context(), "g1", "u1", "u1")
		if _, several := errors.AsType[udemy.MembersError](err); several || !errors.Is(err, udemy.ErrForbidden) {
			t.Errorf("error = %#v", err)
		}
	})
}
