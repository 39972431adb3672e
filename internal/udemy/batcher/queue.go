// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package batcher

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// pause is how long no further change must have arrived before a batch is sent. Sending at once settles into batches of one,
// nine, one, nine.
const pause = 5 * time.Millisecond

// queue holds the changes to one group that wait for the next batch.
type queue struct {
	groupID string
	// arrived is signaled when a change enters the queue.
	arrived chan struct{}

	mu      sync.Mutex
	waiting []*change
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

func countCallers(changes []*change) int {
	count := 0
	for _, change := range changes {
		if change.last {
			count++
		}
	}
	return count
}

// add puts the changes of a caller into the queue. If isFirst is true, the caller has to start sending.
func (q *queue) add(ctx context.Context, move Move, userIDs []string) (changes []*change, isFirst bool) {
	for _, id := range userIDs {
		changes = append(changes, &change{ctx: ctx, userID: id, move: move, result: make(chan error, 1)})
	}
	changes[len(changes)-1].last = true
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, changes...)
	q.callers = max(q.callers, q.sending+countCallers(q.waiting))
	if !q.running {
		q.running = true
		return changes, true
	}
	select {
	case q.arrived <- struct{}{}:
	default: // The previous signal has not been received yet.
	}
	return changes, false
}

// result waits for the result of a change. If the caller is canceled, a change that has not been sent is withdrawn, and one
// that has been sent gets a grace period.
func (q *queue) result(lasting context.Context, change *change) error {
	select {
	case err := <-change.result:
		return err
	case <-change.ctx.Done():
	}
	if q.withdraw(change) {
		return change.ctx.Err()
	}
	select {
	case err := <-change.result:
		return err
	case <-lasting.Done():
		return change.ctx.Err()
	}
}

// withdraw takes a change out of the queue. It returns false if the change has left the queue already.
func (q *queue) withdraw(withdrawn *change) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting := len(q.waiting)
	q.waiting = slices.DeleteFunc(q.waiting, func(c *change) bool { return c == withdrawn })
	return len(q.waiting) < waiting
}

// gather waits until no further change arrives, the batch is full, or four request times have passed. While fewer callers
// wait than there were before, more are likely to come, so it waits up to one request time for the next one. A busy Terraform
// starts an operation every 20 ms, and only every other one changes members: the pause alone would send batches of one or two.
func (q *queue) gather(requestTime time.Duration) {
	end := time.NewTimer(4 * requestTime)
	defer end.Stop()
	for {
		isFull, expectsMore := q.state()
		if isFull {
			return
		}
		wait := pause
		if expectsMore {
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

// state reports whether a batch is full, and whether fewer callers wait than there were at another time.
func (q *queue) state() (isFull, expectsMore bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting) >= udemy.MaxMembersPerRequest, countCallers(q.waiting) < q.callers
}

// take removes the next batch from the queue: changes in the same direction, as many as one request can hold.
func (q *queue) take() []*change {
	q.mu.Lock()
	defer q.mu.Unlock()
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

// reply returns the result of changes to their callers, which may add further changes at once.
func (q *queue) reply(batch []*change, err error) {
	q.mu.Lock()
	q.sending -= countCallers(batch)
	q.mu.Unlock()
	for _, change := range batch {
		change.result <- err
	}
}
