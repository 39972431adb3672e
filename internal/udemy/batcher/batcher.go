// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package batcher gathers changes to the members of a group into few requests. Terraform adds one membership at a time, ten
// in parallel; those for the same group are sent together, in one request at a time for each group.
package batcher

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/shutdown"
)

const (
	// firstRequestTime is assumed until a request has been measured.
	firstRequestTime = 50 * time.Millisecond
	// longestRequestTime limits what is measured: one request that the server delayed must not delay all later batches.
	longestRequestTime = 500 * time.Millisecond
)

// API is what a batcher calls. A udemy.API has these methods.
type API interface {
	Capabilities() udemy.Capabilities
	Group(ctx context.Context, id string) (udemy.Group, error)
	AddMembers(ctx context.Context, groupID string, userIDs ...string) error
	RemoveMembers(ctx context.Context, groupID string, userIDs ...string) error
}

// Config describes what a batcher calls.
type Config struct {
	API API
	// Begin is called before each batch, which is not sent if it fails, and end afterwards.
	Begin func(ctx context.Context, groupID string) (end func(), err error)
	// Record is called with the result of each change that was sent, before the caller gets it.
	Record func(groupID, userID string, move Move, err error)
}

// Move is a change of a group's members.
type Move string

// The moves.
const (
	Join  Move = "join"
	Leave Move = "leave"
)

// Batcher has one batch for each group under way at a time: some servers lose members when two changes to one group
// overlap. It is safe for concurrent use.
type Batcher struct {
	config Config

	mu     sync.Mutex
	queues map[string]*queue
}

// New returns a Batcher.
func New(config Config) *Batcher {
	return &Batcher{config: config, queues: map[string]*queue{}}
}

// Change adds learners to a group or removes them, in one request with the changes of other callers, and returns an error for
// each learner for whom that failed.
func (b *Batcher) Change(ctx context.Context, groupID string, move Move, userIDs []string) udemy.MembersError {
	failed := udemy.MembersError{}
	if len(userIDs) == 0 {
		return failed
	}
	lasting, cancel := shutdown.WithGracePeriod(ctx)
	defer cancel()
	q := b.queue(groupID)
	changes, isFirst := q.add(ctx, move, userIDs)
	if isFirst {
		go b.run(context.WithoutCancel(ctx), q) // It sends the changes of other callers as well.
	}
	for _, change := range changes {
		if err := q.result(lasting, change); err != nil {
			failed[change.userID] = err
		}
	}
	return failed
}

// queue returns the queue of a group.
func (b *Batcher) queue(groupID string) *queue {
	b.mu.Lock()
	defer b.mu.Unlock()
	q, ok := b.queues[groupID]
	if !ok {
		q = &queue{groupID: groupID, arrived: make(chan struct{}, 1)}
		b.queues[groupID] = q
	}
	return q
}

// run sends batches until no change is waiting.
func (b *Batcher) run(ctx context.Context, q *queue) {
	requestTime := firstRequestTime
	for {
		q.gather(requestTime)
		batch := q.take()
		if len(batch) == 0 {
			return
		}
		start := time.Now()
		wanted, cancel := whileWanted(ctx, batch)
		b.send(wanted, q, batch)
		cancel()
		requestTime = min(time.Since(start), longestRequestTime)
	}
}

// whileWanted returns a context that ends when all callers of a batch have been canceled.
func whileWanted(ctx context.Context, batch []*change) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	var left atomic.Int64
	left.Add(int64(len(batch)))
	for _, change := range batch {
		stop := context.AfterFunc(change.ctx, func() {
			if left.Add(-1) == 0 {
				cancel()
			}
		})
		context.AfterFunc(ctx, func() { stop() })
	}
	return ctx, cancel
}

// send makes the changes of a batch.
func (b *Batcher) send(ctx context.Context, q *queue, batch []*change) {
	end, err := b.config.Begin(ctx, q.groupID)
	if err != nil {
		q.reply(batch, err)
		return
	}
	defer end()
	if batch[0].move == Leave && !b.config.API.Capabilities().RemoveTogether {
		b.sendEach(ctx, q, batch)
		return
	}
	err = b.request(ctx, q.groupID, batch)
	if len(batch) > 1 && concernsSome(err) && b.groupExists(ctx, q.groupID, err) {
		b.split(ctx, q, batch)
		return
	}
	b.finish(q, batch, err)
}

// sendEach is for an API that removes one member per request.
func (b *Batcher) sendEach(ctx context.Context, q *queue, batch []*change) {
	var group errgroup.Group
	group.SetLimit(udemy.MaxParallelRequests)
	for one := range slices.Chunk(batch, 1) {
		group.Go(func() error {
			b.finish(q, one, b.request(ctx, q.groupID, one))
			return nil
		})
	}
	_ = group.Wait() // Each caller has received its own error.
}

// split halves a refused batch until only the learners who cause the refusal fail.
func (b *Batcher) split(ctx context.Context, q *queue, batch []*change) {
	for half := range slices.Chunk(batch, (len(batch)+1)/2) {
		err := b.request(ctx, q.groupID, half)
		if len(half) > 1 && concernsSome(err) {
			b.split(ctx, q, half)
			continue
		}
		b.finish(q, half, err)
	}
}

func (b *Batcher) finish(q *queue, batch []*change, err error) {
	for _, change := range batch {
		b.config.Record(q.groupID, change.userID, change.move, err)
	}
	q.reply(batch, err)
}

func (b *Batcher) request(ctx context.Context, groupID string, batch []*change) error {
	ids := make([]string, 0, len(batch))
	for _, change := range batch {
		if !slices.Contains(ids, change.userID) { // Two callers may change the same learner.
			ids = append(ids, change.userID)
		}
	}
	if batch[0].move == Leave {
		return b.config.API.RemoveMembers(ctx, groupID, ids...)
	}
	return b.config.API.AddMembers(ctx, groupID, ids...)
}

// concernsSome reports whether a refusal may be caused by some learners of a batch.
func concernsSome(err error) bool {
	return errors.Is(err, udemy.ErrNotFound) || errors.Is(err, udemy.ErrInvalid) || errors.Is(err, udemy.ErrConflict) || errors.Is(err, udemy.ErrRefused)
}

// groupExists is false if it was the group that was not found: then splitting the batch would not help.
func (b *Batcher) groupExists(ctx context.Context, groupID string, err error) bool {
	if !errors.Is(err, udemy.ErrNotFound) {
		return true
	}
	_, err = b.config.API.Group(ctx, groupID)
	return err == nil
}
