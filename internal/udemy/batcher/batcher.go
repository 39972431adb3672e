// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package batcher gathers changes to the members of a group into few requests. Terraform adds one membership at a time, ten
// in parallel; those for the same group leave together, in one request at a time for each group.
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
	// pause is how long no further change must have arrived before a batch is sent. Sending at once settles into batches of
	// one, nine, one, nine.
	pause = 5 * time.Millisecond
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

// New makes a Batcher.
func New(config Config) *Batcher {
	return &Batcher{config: config, queues: map[string]*queue{}}
}

// queue holds the changes to one group that wait for the next batch.
type queue struct {
	groupID string
	waiting []*change
	// arrived is signaled when a change enters the queue.
	arrived chan struct{}
	running bool
	// sending is how many callers have changes in the batch under way, and callers the largest number that had changes in it or
	// in the queue.
	sending, callers int
}

// change is one learner who joins or leaves a group.
type change struct {
	// ctx is the context of the caller. A change that is canceled while it waits is not sent.
	ctx    context.Context
	userID string
	move   Move
	// last marks the last change of a caller that makes several at once.
	last   bool
	result chan error
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
	for _, change := range b.enqueue(ctx, groupID, move, userIDs) {
		if err := b.result(lasting, groupID, change); err != nil {
			failed[change.userID] = err
		}
	}
	return failed
}

// result waits for the result of a change. If the caller is canceled, a change that has not been sent is withdrawn, and one
// that has been sent gets a grace period.
func (b *Batcher) result(lasting context.Context, groupID string, change *change) error {
	select {
	case err := <-change.result:
		return err
	case <-change.ctx.Done():
	}
	if b.withdraw(groupID, change) {
		return change.ctx.Err()
	}
	select {
	case err := <-change.result:
		return err
	case <-lasting.Done():
		return change.ctx.Err()
	}
}

// withdraw takes a change out of its queue. It returns false if the change has left the queue already.
func (b *Batcher) withdraw(groupID string, withdrawn *change) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	q := b.queues[groupID]
	waiting := len(q.waiting)
	q.waiting = slices.DeleteFunc(q.waiting, func(c *change) bool { return c == withdrawn })
	return len(q.waiting) < waiting
}

func (b *Batcher) enqueue(ctx context.Context, groupID string, move Move, userIDs []string) []*change {
	changes := make([]*change, 0, len(userIDs))
	for _, id := range userIDs {
		changes = append(changes, &change{ctx: ctx, userID: id, move: move, result: make(chan error, 1)})
	}
	changes[len(changes)-1].last = true
	b.mu.Lock()
	defer b.mu.Unlock()
	q, ok := b.queues[groupID]
	if !ok {
		q = &queue{groupID: groupID, arrived: make(chan struct{}, 1)}
		b.queues[groupID] = q
	}
	q.waiting = append(q.waiting, changes...)
	q.callers = max(q.callers, q.sending+countCallers(q.waiting))
	if !q.running {
		q.running = true
		go b.run(context.WithoutCancel(ctx), q) // It sends the changes of other callers as well.
		return changes
	}
	select {
	case q.arrived <- struct{}{}:
	default: // The previous signal has not been received yet.
	}
	return changes
}

// run sends batches until no change is waiting.
func (b *Batcher) run(ctx context.Context, q *queue) {
	requestTime := firstRequestTime
	for {
		b.gather(q, requestTime)
		batch := b.take(q)
		if len(batch) == 0 {
			return
		}
		start := time.Now()
		wanted, cancel := whileWanted(ctx, batch)
		b.send(wanted, q.groupID, batch)
		cancel()
		requestTime = min(time.Since(start), longestRequestTime)
		b.sent(q)
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

// gather waits until no further change arrives, the batch is full, or four request times have passed. While fewer callers
// wait than there were before, more are likely to come, so it waits up to one request time for the next one. A busy Terraform
// starts an operation every 20 ms, and only every other one changes members: after the pause alone, batches of one or two
// would leave.
func (b *Batcher) gather(q *queue, requestTime time.Duration) {
	end := time.NewTimer(4 * requestTime)
	defer end.Stop()
	for {
		full, expecting := b.waiting(q)
		if full {
			return
		}
		wait := pause
		if expecting {
			wait = max(pause, requestTime)
		}
		timer := time.NewTimer(wait)
		select {
		case <-q.arrived:
			timer.Stop()
		case <-timer.C:
			return
		case <-end.C:
			timer.Stop()
			return
		}
	}
}

// waiting reports whether a batch is full, and whether fewer callers wait than there were at another time.
func (b *Batcher) waiting(q *queue) (full, expecting bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(q.waiting) >= udemy.MaxMembersPerRequest, countCallers(q.waiting) < q.callers
}

func countCallers(changes []*change) int {
	count := 0
	for _, change := range changes {
		if change.last {
			count++
		}
	}
	return count
}

// take removes the next batch from the queue: changes in the same direction, as many as one request can hold.
func (b *Batcher) take(q *queue) []*change {
	b.mu.Lock()
	defer b.mu.Unlock()
	var batch, rest []*change
	for _, change := range q.waiting {
		switch {
		case change.ctx.Err() != nil:
			change.result <- change.ctx.Err()
		case len(batch) == 0, len(batch) < udemy.MaxMembersPerRequest && change.move == batch[0].move:
			batch = append(batch, change)
		default:
			rest = append(rest, change)
		}
	}
	q.waiting = rest
	q.running = len(batch) > 0
	q.sending = countCallers(batch)
	return batch
}

// sent marks the batch of a queue as done.
func (b *Batcher) sent(q *queue) {
	b.mu.Lock()
	defer b.mu.Unlock()
	q.sending = 0
}

// send makes the changes of a batch.
func (b *Batcher) send(ctx context.Context, groupID string, batch []*change) {
	end, err := b.config.Begin(ctx, groupID)
	if err != nil {
		reply(batch, err)
		return
	}
	defer end()
	if batch[0].move == Leave && !b.config.API.Capabilities().RemoveTogether {
		b.sendEach(ctx, groupID, batch)
		return
	}
	err = b.request(ctx, groupID, batch)
	if len(batch) > 1 && concernsSome(err) && b.groupExists(ctx, groupID, err) {
		b.split(ctx, groupID, batch)
		return
	}
	b.finish(groupID, batch, err)
}

// sendEach is for an API that removes one member per request.
func (b *Batcher) sendEach(ctx context.Context, groupID string, batch []*change) {
	var group errgroup.Group
	group.SetLimit(udemy.MaxParallelRequests)
	for one := range slices.Chunk(batch, 1) {
		group.Go(func() error {
			b.finish(groupID, one, b.request(ctx, groupID, one))
			return nil
		})
	}
	_ = group.Wait() // Each caller has received its own error.
}

// split halves a refused batch until only the learners who cause the refusal fail.
func (b *Batcher) split(ctx context.Context, groupID string, batch []*change) {
	for half := range slices.Chunk(batch, (len(batch)+1)/2) {
		err := b.request(ctx, groupID, half)
		if len(half) > 1 && concernsSome(err) {
			b.split(ctx, groupID, half)
			continue
		}
		b.finish(groupID, half, err)
	}
}

func (b *Batcher) finish(groupID string, batch []*change, err error) {
	for _, change := range batch {
		b.config.Record(groupID, change.userID, change.move, err)
	}
	reply(batch, err)
}

func reply(batch []*change, err error) {
	for _, change := range batch {
		change.result <- err
	}
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
	return errors.Is(err, udemy.ErrNotFound) || errors.Is(err, udemy.ErrInvalid) || errors.Is(err, udemy.ErrConflict)
}

// groupExists is false if it was the group that was not found: then splitting the batch would not help.
func (b *Batcher) groupExists(ctx context.Context, groupID string, err error) bool {
	if !errors.Is(err, udemy.ErrNotFound) {
		return true
	}
	_, err = b.config.API.Group(ctx, groupID)
	return err == nil
}
