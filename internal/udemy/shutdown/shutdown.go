// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package shutdown gives work that has started a grace period when Terraform is interrupted. A learner whose creation is
// under way will exist, and its ID has to reach the state.
package shutdown

import (
	"context"
	"time"
)

// GracePeriod is how long a context from WithGracePeriod outlives its parent. After an interrupt, a request under way gets
// one grace period, and the steps that complete a creation get another.
const GracePeriod = 2 * time.Second

type extended struct{}

// WithGracePeriod returns a context that ends a GracePeriod after its parent is canceled. A parent that has a grace period
// already gets no second one.
func WithGracePeriod(parent context.Context) (context.Context, context.CancelFunc) {
	if parent.Value(extended{}) != nil {
		return context.WithCancel(parent)
	}
	ctx, cancel := context.WithCancel(context.WithValue(context.WithoutCancel(parent), extended{}, true))
	stop := context.AfterFunc(parent, func() {
		select {
		case <-time.After(GracePeriod):
			cancel()
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		stop()
		cancel()
	}
}
