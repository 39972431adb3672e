// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/shutdown"
)

// An API may be eventually consistent: what a client has just written may be unknown to the next calls, or be read as it was
// before. Settle waits for a change, and Await for an object that this client has created.
const (
	// settleLooks is how many times Settle and Await look. With the default backoff that takes 15 to 31 seconds.
	settleLooks = 6
	// freshFor is how long a new object may be unknown.
	freshFor = 30 * time.Second
)

// Settle looks whether a change that the API accepted has been carried out, and waits between two looks like between two
// attempts of a request. It is false if the change never shows.
func (c *Client) Settle(ctx context.Context, look func(context.Context) (bool, error)) (bool, error) {
	ctx, cancel := shutdown.WithGracePeriod(ctx) // The change is made and must reach the state.
	defer cancel()
	for looked := range settleLooks {
		if looked > 0 {
			if err := c.pause(ctx, looked-1); err != nil {
				return false, err
			}
		}
		if done, err := look(ctx); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

// pause waits before another look.
func (c *Client) pause(ctx context.Context, looked int) error {
	select {
	case <-time.After(c.config.Backoff(looked, nil)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// SettleGone is Settle for a deletion of the object with an ID. read reads what was deleted. An API that can't be read can't
// contradict.
func (c *Client) SettleGone(ctx context.Context, id string, read func(context.Context) error) (bool, error) {
	c.fresh.remove(id)
	return c.Settle(ctx, func(ctx context.Context) (bool, error) {
		err := read(ctx)
		if errors.Is(err, udemy.ErrNotFound) || errors.Is(err, udemy.ErrNotOffered) {
			return true, nil
		}
		return false, err
	})
}

// Created records that this client has created a learner or a group.
func (c *Client) Created(id string) {
	c.fresh.add(id)
}

// Await makes a call that concerns the objects with IDs. If isUnknown returns true for its error and this client has created one of
// the objects a moment ago, it waits and makes the call again. A call about other objects is made once.
func (c *Client) Await(ctx context.Context, ids []string, isUnknown func(error) bool, call func(context.Context) error) error {
	for looked := range settleLooks {
		err := call(ctx)
		if err == nil || !c.fresh.has(ids) || !isUnknown(err) {
			return err
		}
		if looked == settleLooks-1 {
			c.fresh.remove(ids...) // The next call need not wait.
			return err
		}
		if pauseErr := c.pause(ctx, looked); pauseErr != nil {
			return err
		}
	}
	return nil
}

// IsNotFound reports whether an error is an ErrNotFound, for Await.
func IsNotFound(err error) bool {
	return errors.Is(err, udemy.ErrNotFound)
}

// MayConcernMembers returns a function that reports whether the error of a change of a group's members may concern a member and not
// the group, for Await. It reads the group after a 404.
func MayConcernMembers(ctx context.Context, groupID string, readGroup func(context.Context, string) (udemy.Group, error)) func(error) bool {
	return func(err error) bool {
		if errors.Is(err, udemy.ErrNotFound) {
			_, err := readGroup(ctx, groupID)
			return err == nil
		}
		return errors.Is(err, udemy.ErrInvalid)
	}
}

// fresh holds when this client has created objects, by ID.
type fresh struct {
	mu    sync.Mutex
	since map[string]time.Time
}

func (f *fresh) add(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.since == nil {
		f.since = map[string]time.Time{}
	}
	f.since[id] = time.Now()
}

func (f *fresh) remove(ids ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range ids {
		delete(f.since, id)
	}
}

// has reports whether one of the objects is fresh.
func (f *fresh) has(ids []string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(ids, func(id string) bool {
		created, ok := f.since[id]
		return ok && time.Since(created) < freshFor
	})
}
