// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/grace"
)

const (
	// quiet is how long nothing more must have arrived for a batch to leave. Leaving at once settles into batches of
	// one, nine, one, nine; waiting a little fills them, and is faster in the end.
	quiet = 5 * time.Millisecond
	// firstRequestTime stands in until it is known how long a request takes.
	firstRequestTime = 50 * time.Millisecond
	// longestRequestTime keeps a request that the server made wait from making all later batches wait as long.
	longestRequestTime = 500 * time.Millisecond
)

// writer gathers changes to the members of a group into batches, and has one batch for each group under way at a time:
// servers lose members when two changes to one group meet.
type writer struct {
	api udemy.API
	// settled is told of each change that was sent, in order, before its caller is.
	settled func(groupID, userID string, move move, err error)

	mu     sync.Mutex
	queues map[string]*queue
}

// queue holds the changes to one group that wait for the next batch.
type queue struct {
	groupID string
	waiting []*change
	// arrived is signalled when a change joins the queue.
	arrived chan struct{}
	running bool
	// most is how many callers there seem to be: the most that ever had their changes in one batch.
	most int
}

// change is one learner who joins or leaves.
type change struct {
	// ctx is the caller's: what is cancelled while it waits is not sent.
	ctx    context.Context
	userID string
	move   move
	// last marks the last change of a caller who makes several at once.
	last   bool
	result chan error
}

// change moves learners, together with whoever else is about to move, and returns who could not be moved.
func (w *writer) change(ctx context.Context, groupID string, move move, userIDs []string) udemy.MembersError {
	failed := udemy.MembersError{}
	if len(userIDs) == 0 {
		return failed
	}
	lasting, cancel := grace.Context(ctx)
	defer cancel()
	for _, change := range w.enqueue(ctx, groupID, move, userIDs) {
		if err := w.outcome(lasting, groupID, change); err != nil {
			failed[change.userID] = err
		}
	}
	return failed
}

// outcome waits for what becomes of a change. If the caller is cancelled, what has not left yet is withdrawn, and what has
// left is waited for as long as the lasting context allows.
func (w *writer) outcome(lasting context.Context, groupID string, change *change) error {
	select {
	case err := <-change.result:
		return err
	case <-change.ctx.Done():
	}
	if w.withdraw(groupID, change) {
		return change.ctx.Err()
	}
	select {
	case err := <-change.result:
		return err
	case <-lasting.Done():
		return change.ctx.Err()
	}
}

// withdraw takes a change out of its queue. It is false if the change is no longer there.
func (w *writer) withdraw(groupID string, withdrawn *change) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	q := w.queues[groupID]
	waiting := len(q.waiting)
	q.waiting = slices.DeleteFunc(q.waiting, func(c *change) bool { return c == withdrawn })
	return len(q.waiting) < waiting
}

func (w *writer) enqueue(ctx context.Context, groupID string, move move, userIDs []string) []*change {
	changes := make([]*change, 0, len(userIDs))
	for _, id := range userIDs {
		changes = append(changes, &change{ctx: ctx, userID: id, move: move, result: make(chan error, 1)})
	}
	changes[len(changes)-1].last = true
	w.mu.Lock()
	defer w.mu.Unlock()
	q, ok := w.queues[groupID]
	if !ok {
		if w.queues == nil {
			w.queues = map[string]*queue{}
		}
		q = &queue{groupID: groupID, arrived: make(chan struct{}, 1)}
		w.queues[groupID] = q
	}
	q.waiting = append(q.waiting, changes...)
	if !q.running {
		q.running = true
		go w.run(context.WithoutCancel(ctx), q) // It carries the changes of others as well.
		return changes
	}
	select {
	case q.arrived <- struct{}{}:
	default: // The signal before has not been seen yet.
	}
	return changes
}

// run sends batches until nothing is waiting.
func (w *writer) run(ctx context.Context, q *queue) {
	requestTime := firstRequestTime
	for {
		w.gather(q, requestTime)
		batch := w.take(q)
		if len(batch) == 0 {
			return
		}
		start := time.Now()
		wanted, cancel := whileWanted(ctx, batch)
		w.send(wanted, q.groupID, batch)
		cancel()
		requestTime = min(time.Since(start), longestRequestTime)
	}
}

// whileWanted returns a context that ends when all callers of a batch have been cancelled.
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

// gather waits until nothing more arrives, the batch is full, or four times a request's time has passed. As long as fewer
// wait than have waited before, others are likely to come: a busy Terraform starts an operation every 20 ms, and only
// every other one changes members, so that is worth a request's time for each.
func (w *writer) gather(q *queue, requestTime time.Duration) {
	end := time.NewTimer(4 * requestTime)
	defer end.Stop()
	for {
		full, expecting := w.waiting(q)
		if full {
			return
		}
		wait := quiet
		if expecting {
			wait = max(quiet, requestTime)
		}
		pause := time.NewTimer(wait)
		select {
		case <-q.arrived:
			pause.Stop()
		case <-pause.C:
			return
		case <-end.C:
			pause.Stop()
			return
		}
	}
}

// waiting reports whether a batch is full, and whether fewer callers wait than have waited before.
func (w *writer) waiting(q *queue) (full, expecting bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(q.waiting) >= udemy.MaxMembersPerRequest, callers(q.waiting) < q.most
}

func callers(changes []*change) int {
	count := 0
	for _, change := range changes {
		if change.last {
			count++
		}
	}
	return count
}

// take removes the next batch from the queue: all in the same direction, and no more than one request can hold.
func (w *writer) take(q *queue) []*change {
	w.mu.Lock()
	defer w.mu.Unlock()
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
	q.most = max(q.most, callers(batch))
	return batch
}

// send carries out a batch, all of it at once if the API can.
func (w *writer) send(ctx context.Context, groupID string, batch []*change) {
	if batch[0].move == leaving && !w.api.Capabilities().RemoveTogether {
		w.sendEach(ctx, groupID, batch)
		return
	}
	err := w.request(ctx, groupID, batch)
	if len(batch) > 1 && isAboutSome(err) && w.groupExists(ctx, groupID, err) {
		w.split(ctx, groupID, batch)
		return
	}
	w.settle(groupID, batch, err)
}

// sendEach is for removals that the API takes one at a time.
func (w *writer) sendEach(ctx context.Context, groupID string, batch []*change) {
	var group errgroup.Group
	group.SetLimit(atOnce)
	for one := range slices.Chunk(batch, 1) {
		group.Go(func() error {
			w.settle(groupID, one, w.request(ctx, groupID, one))
			return nil
		})
	}
	_ = group.Wait() // Each caller has got its own error.
}

// split halves a batch that was refused until the culprit is found: only that one fails.
func (w *writer) split(ctx context.Context, groupID string, batch []*change) {
	for half := range slices.Chunk(batch, (len(batch)+1)/2) {
		err := w.request(ctx, groupID, half)
		if len(half) > 1 && isAboutSome(err) {
			w.split(ctx, groupID, half)
			continue
		}
		w.settle(groupID, half, err)
	}
}

func (w *writer) settle(groupID string, batch []*change, err error) {
	for _, change := range batch {
		w.settled(groupID, change.userID, change.move, err)
		change.result <- err
	}
}

func (w *writer) request(ctx context.Context, groupID string, batch []*change) error {
	ids := make([]string, 0, len(batch))
	for _, change := range batch {
		if !slices.Contains(ids, change.userID) { // Two callers may move the same learner.
			ids = append(ids, change.userID)
		}
	}
	if batch[0].move == leaving {
		return w.api.RemoveMembers(ctx, groupID, ids...)
	}
	return w.api.AddMembers(ctx, groupID, ids...)
}

// isAboutSome reports whether a refusal may be the fault of some of a batch.
func isAboutSome(err error) bool {
	return errors.Is(err, udemy.ErrNotFound) || errors.Is(err, udemy.ErrInvalid) || errors.Is(err, udemy.ErrConflict)
}

// groupExists makes sure that it was not the group that was not found: that is nobody's fault.
func (w *writer) groupExists(ctx context.Context, groupID string, err error) bool {
	if !errors.Is(err, udemy.ErrNotFound) {
		return true
	}
	_, err = w.api.Group(ctx, groupID)
	return err == nil
}
