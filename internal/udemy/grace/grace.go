// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package grace lets what has begun come to its end when Terraform is told to stop: a learner whose creation is under way
// will exist, and state has to know the id.
package grace

import (
	"context"
	"time"
)

// Period is how long a context outlives the one that it is made of. A request under way gets it, and then once more the
// steps that complete a creation; whoever pressed Ctrl-C waits for both.
const Period = 2 * time.Second

type lengthened struct{}

// Context returns a context that ends a Period after its parent is cancelled. A parent that was made here is not lengthened again.
func Context(parent context.Context) (context.Context, context.CancelFunc) {
	if parent.Value(lengthened{}) != nil {
		return context.WithCancel(parent)
	}
	ctx, cancel := context.WithCancel(context.WithValue(context.WithoutCancel(parent), lengthened{}, true))
	stop := context.AfterFunc(parent, func() {
		select {
		case <-time.After(Period):
			cancel()
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		stop()
		cancel()
	}
}
