// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package grace_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/grace"
)

func TestContext(t *testing.T) {
	t.Parallel()
	for name, nested := range map[string]bool{"once": false, "twice": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				parent, interrupt := context.WithCancel(t.Context())
				ctx, cancel := grace.Context(parent)
				defer cancel()
				if nested {
					ctx, cancel = grace.Context(ctx)
					defer cancel()
				}
				interrupt()
				start := time.Now()
				synctest.Wait()
				if ctx.Err() != nil {
					t.Fatal("the context ended with its parent")
				}
				<-ctx.Done()
				if took := time.Since(start); took != grace.Period {
					t.Errorf("the context ended after %s, want %s", took, grace.Period)
				}
			})
		})
	}
}

// Nothing of a context that was given back is left running: synctest fails if it is.
func TestContextGivenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		parent, interrupt := context.WithCancel(t.Context())
		ctx, cancel := grace.Context(parent)
		interrupt()
		start := time.Now()
		cancel()
		<-ctx.Done()
		synctest.Wait()
		if time.Since(start) != 0 {
			t.Error("giving the context back took time")
		}
	})
}
