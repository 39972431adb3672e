// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"errors"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/shutdown"
)

// settleLooks is how many times Settle looks. With the default backoff that takes four to seven seconds.
const settleLooks = 4

// Settle looks whether a change that the API accepted has been carried out, and waits between two looks like between two
// attempts of a request: an API may be eventually consistent. It is false if the change never shows.
func (c *Client) Settle(ctx context.Context, look func(context.Context) (bool, error)) (bool, error) {
	ctx, cancel := shutdown.WithGracePeriod(ctx) // The change is made: state has to know.
	defer cancel()
	for looked := range settleLooks {
		if looked > 0 {
			select {
			case <-time.After(c.config.Backoff(looked-1, nil)):
			case <-ctx.Done():
				return false, ctx.Err()
			}
		}
		if done, err := look(ctx); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

// SettleGone is Settle for a deletion. read reads what was deleted. An API that can't be read can't contradict.
func (c *Client) SettleGone(ctx context.Context, read func(context.Context) error) (bool, error) {
	return c.Settle(ctx, func(ctx context.Context) (bool, error) {
		err := read(ctx)
		if errors.Is(err, udemy.ErrNotFound) || errors.Is(err, udemy.ErrNotOffered) {
			return true, nil
		}
		return false, err
	})
}
