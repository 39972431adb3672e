// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

const (
	// quiet is how long nothing more must have arrived for a batch to leave. Leaving at once settles into batches of
	// one, nine, one, nine; waiting a little fills them, and is faster in the end.
	quiet = 5 * time.Millisecond
	// firstPatience is the longest wait before it is known how long a request takes.
	firstPatience = 50 * time.Millisecond
)

// writer gathers changes to the members of a group into batches, and has one request for each group under way at a
// time: servers lose members when two changes to one group meet.
type writer struct {
	api udemy.API

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
}

// change is one learner who joins or leaves.
type change struct {
	userID string
	move   move
	result chan error
}

// change moves learners, together with whoever else is about to move, and returns who could not be moved.
func (w *writer) change(ctx context.Context, groupID string, move move, userIDs []string) udemy.MemberErrors {
	if move == leaving && !w.api.Capabilities().RemoveTogether {
		return w.removeEach(ctx, groupID, userIDs)
	}
	failed := udemy.MemberErrors{}
	for _, change := range w.enqueue(ctx, groupID, move, userIDs) {
		select {
		case <-ctx.Done():
			failed[change.userID] = ctx.Err()
		case err := <-change.result:
			if err != nil {
				failed[change.userID] = err
			}
		}
	}
	return failed
}

// removeEach is for an API that takes one removal at a time: there is nothing to gather.
func (w *writer) removeEach(ctx context.Context, groupID string, userIDs []string) udemy.MemberErrors {
	failed := udemy.MemberErrors{}
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(pagesAtOnce)
	for _, id := range userIDs {
		group.Go(func() error {
			if err := w.api.RemoveMembers(ctx, groupID, id); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed[id] = err
			}
			return nil
		})
	}
	_ = group.Wait() // The errors are in failed.
	return failed
}

func (w *writer) enqueue(ctx context.Context, groupID string, move move, userIDs []string) []*change {
	changes := make([]*change, 0, len(userIDs))
	for _, id := range userIDs {
		changes = append(changes, &change{userID: id, move: move, result: make(chan error, 1)})
	}
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
	patience := firstPatience
	for {
		w.gather(q, patience)
		batch := w.take(q)
		if len(batch) == 0 {
			return
		}
		start := time.Now()
		w.send(ctx, q.groupID, batch)
		patience = max(quiet, time.Since(start))
	}
}

// gather waits until nothing more arrives, the batch is full, or patience ends.
func (w *writer) gather(q *queue, patience time.Duration) {
	end := time.NewTimer(patience)
	defer end.Stop()
	for !w.full(q) {
		pause := time.NewTimer(quiet)
		select {
		case <-q.arrived:
			pause.Stop()
		case <-pause.C:
			return
		case <-end.C:
			return
		}
	}
}

func (w *writer) full(q *queue) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(q.waiting) >= udemy.MaxMembersPerRequest
}

// take removes the next batch from the queue: all in the same direction, and no more than one request can hold.
func (w *writer) take(q *queue) []*change {
	w.mu.Lock()
	defer w.mu.Unlock()
	var batch, rest []*change
	for _, change := range q.waiting {
		if len(batch) < udemy.MaxMembersPerRequest && change.move == q.waiting[0].move {
			batch = append(batch, change)
		} else {
			rest = append(rest, change)
		}
	}
	q.waiting = rest
	q.running = len(batch) > 0
	return batch
}

// send carries out a batch. One that is refused is split until the culprit is found: only that one fails.
func (w *writer) send(ctx context.Context, groupID string, batch []*change) {
	err := w.request(ctx, groupID, batch)
	if len(batch) > 1 && w.isAboutSome(ctx, groupID, err) {
		for half := range slices.Chunk(batch, (len(batch)+1)/2) {
			w.send(ctx, groupID, half)
		}
		return
	}
	for _, change := range batch {
		change.result <- err
	}
}

func (w *writer) request(ctx context.Context, groupID string, batch []*change) error {
	ids := make([]string, 0, len(batch))
	for _, change := range batch {
		ids = append(ids, change.userID)
	}
	if batch[0].move == leaving {
		return w.api.RemoveMembers(ctx, groupID, ids...)
	}
	return w.api.AddMembers(ctx, groupID, ids...)
}

// isAboutSome reports whether a refusal may be the fault of some of a batch. That a group is gone is nobody's.
func (w *writer) isAboutSome(ctx context.Context, groupID string, err error) bool {
	if errors.Is(err, udemy.ErrNotFound) {
		_, groupErr := w.api.Group(ctx, groupID)
		return groupErr == nil
	}
	return errors.Is(err, udemy.ErrInvalid) || errors.Is(err, udemy.ErrConflict)
}
