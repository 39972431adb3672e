// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package reader

import (
	"context"
	"math"

	"golang.org/x/sync/semaphore"
)

// whole is more than there are changes at any time.
const whole = math.MaxInt32

// gate separates changes from reads of pages, because a change moves objects between pages. Changes share it, and a read takes it as
// a whole.
type gate struct{ holders *semaphore.Weighted }

func newGate() gate { return gate{semaphore.NewWeighted(whole)} }

// BeginChange waits until no page is being read, and prevents reads of pages until end is called. Each change that may add, remove
// or move objects between pages is carried out in between, and is recorded in the store before end is called.
func (g gate) BeginChange(ctx context.Context) (end func(), err error) {
	if err := g.holders.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	return func() { g.holders.Release(1) }, nil
}

// whileUnchanged reads pages while no change is under way.
func (g gate) whileUnchanged(ctx context.Context, read func() error) error {
	if err := g.holders.Acquire(ctx, whole); err != nil {
		return err
	}
	defer g.holders.Release(whole)
	return read()
}
