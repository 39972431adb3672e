// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package shutdown_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/shutdown"
)

func TestWithGracePeriod(t *testing.T) {
	t.Parallel()
	for name, nested := range map[string]bool{"once": false, "twice": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				parent, interrupt := context.WithCancel(t.Context())
				ctx, cancel := shutdown.WithGracePeriod(parent)
				defer cancel()
				if nested {
					ctx, cancel = shutdown.WithGracePeriod(ctx)
					defer cancel()
				}
				interrupt()
				start := time.Now()
				synctest.Wait()
				if ctx.Err() != nil {
					t.Fatal("the context ended with its parent")
				}
				<-ctx.Done()
				if took := time.Since(start); took != shutdown.GracePeriod {
					t.Errorf("the context ended after %s, want %s", took, shutdown.GracePeriod)
				}
			})
		})
	}
}

// A canceled context leaves no goroutine behind: synctest fails if it does.
func TestWithGracePeriod_canceled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		parent, interrupt := context.WithCancel(t.Context())
		ctx, cancel := shutdown.WithGracePeriod(parent)
		interrupt()
		start := time.Now()
		cancel()
		<-ctx.Done()
		synctest.Wait()
		if time.Since(start) != 0 {
			t.Error("canceling the context took time")
		}
	})
}
