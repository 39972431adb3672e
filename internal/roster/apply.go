// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/udemy-iac/terraform-provider-udemy/internal/ledger"
	"github.com/udemy-iac/terraform-provider-udemy/internal/logging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/shutdown"
	"github.com/udemy-iac/terraform-provider-udemy/internal/user"
)

const (
	// maxConcurrentSteps only limits memory: the transport limits the requests.
	maxConcurrentSteps = 100
	// progressInterval is how often an apply logs its progress.
	progressInterval = 5 * time.Second
)

// execution carries out a difference. The failure of a step costs no other step.
type execution struct {
	*rosterResource
	difference
	before, after *document
	heldIDs       map[string]string
	at            *organization
	owner         *ledger.Owner
	// adoptsExisting is whether a new line adopts an account that exists.
	adoptsExisting bool

	// done has a channel for each step, which is closed when the step has ended. freed is closed when all steps that free a seat have.
	done  map[*step]chan struct{}
	freed chan struct{}
	ended atomic.Int64

	mu sync.Mutex
	// users are the accounts as they are now, and failures the reasons of the steps that failed.
	users    map[*step]udemy.User
	failures map[*step]error
	// groupFailures are the reasons why groups could not be created, by udemy.GroupKey.
	groupFailures map[string]error
	// counts are the changes that succeeded.
	counts counts
}

// counts are numbers of changes.
type counts struct {
	invited, adopted, changed, reactivated, deactivated, deleted, groups, joined, left int
}

// start reads the organization and computes what has to be done. The error means that nothing was changed.
func (r *rosterResource) start(ctx context.Context, m rosterModel, before, after *document, held, failed map[string]string,
	unlisted map[string]bool,
) (*execution, error) {
	e := &execution{
		rosterResource: r, before: before, after: after, heldIDs: held, owner: &ledger.Owner{}, done: map[*step]chan struct{}{},
		freed: make(chan struct{}), users: map[*step]udemy.User{}, failures: map[*step]error{}, groupFailures: map[string]error{},
	}
	var err error
	if e.at, err = r.load(ctx, held, after.managesGroups()); err != nil {
		return nil, err
	}
	rules := r.rules(m)
	e.adoptsExisting = rules.adopt
	rules.unlisted = unlisted
	rules.isHeldElsewhere = func(id string) bool { return r.Ledger.Users.IsElsewhere(id, nil) }
	e.difference = diff(before, after, held, failed, e.at, rules)
	if len(e.mistakes) > 0 {
		return nil, fmt.Errorf("the organization has changed since the plan: %s", firstOf(e.mistakes))
	}
	base := len(before.lines)
	if base == 0 {
		base = len(after.lines)
	}
	if err := r.checkMaxRemovals(m, e.removals(), base); err != nil {
		return nil, fmt.Errorf("the organization has changed since the plan: %w", err)
	}
	return e, nil
}

// run carries out all steps: groups first, then people, then memberships.
func (e *execution) run(ctx context.Context) {
	isHeld := make(map[string]bool, len(e.heldIDs))
	for _, id := range e.heldIDs {
		isHeld[id] = true
	}
	for i := range e.after.lines {
		l := &e.after.lines[i]
		if id := e.ids[l.key]; isHeld[id] {
			user := l.User
			user.ID = id
			e.Ledger.Users.Apply(object(user, e.owner))
		}
	}
	stop := e.logProgress(ctx)
	defer stop()
	e.createGroups(ctx)
	e.runSteps(ctx)
	e.runMemberships(ctx)
}

// logProgress logs how far the execution is, until stop is called.
func (e *execution) logProgress(ctx context.Context) (stop func()) {
	ended := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		ticker := time.NewTicker(progressInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				e.mu.Lock()
				failures := len(e.failures)
				e.mu.Unlock()
				logging.Roster.Info(ctx, "Applying a roster", map[string]any{"done": e.ended.Load(), "of": len(e.steps), "failed": failures})
			case <-ended:
				return
			}
		}
	})
	return func() {
		close(ended)
		wait.Wait()
	}
}

// createGroups creates missing groups. Without its group, a membership fails later.
func (e *execution) createGroups(ctx context.Context) {
	var group errgroup.Group
	group.SetLimit(udemy.MaxParallelRequests)
	for _, name := range e.groups {
		group.Go(func() error {
			lasting, cancel := shutdown.WithGracePeriod(ctx)
			defer cancel()
			created, err := e.Directory.CreateGroup(lasting, name)
			if errors.Is(err, udemy.ErrConflict) {
				created, err = e.Directory.GroupByName(lasting, name)
			}
			e.mu.Lock()
			defer e.mu.Unlock()
			if err != nil {
				e.groupFailures[udemy.GroupKey(name)] = err
				return nil
			}
			e.at.addGroup(created)
			e.counts.groups++
			return nil
		})
	}
	_ = group.Wait() // The failures are recorded.
}

// runSteps changes the accounts, several at the same time. A step waits only for steps before it.
func (e *execution) runSteps(ctx context.Context) {
	var frees sync.WaitGroup
	for _, s := range e.steps {
		e.done[s] = make(chan struct{})
		if s.freesSeat() {
			frees.Add(1)
		}
	}
	go func() {
		frees.Wait()
		close(e.freed)
	}()
	var group errgroup.Group
	group.SetLimit(maxConcurrentSteps)
	for _, s := range e.steps {
		group.Go(func() error {
			defer close(e.done[s])
			if s.freesSeat() {
				defer frees.Done()
			}
			account, err := e.runStep(ctx, s)
			e.finish(s, account, err)
			return nil
		})
	}
	_ = group.Wait() // The failures are recorded.
}

// finish records the account after a step, and its failure.
func (e *execution) finish(s *step, account udemy.User, err error) {
	e.ended.Add(1)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.users[s] = account
	if err != nil {
		e.failures[s] = explain(err)
		return
	}
	switch s.kind {
	case invite:
		e.counts.invited++
	case adopt:
		e.counts.adopted++
	case deactivate:
		e.counts.deactivated++
	case remove:
		e.counts.deleted++
	default:
		if len(s.change.Fields) > 0 {
			e.counts.changed++
		}
	}
	if s.reactivates {
		e.counts.reactivated++
	}
}

// explain adds to the cancellation of a context that the run was interrupted.
func explain(err error) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("the run was interrupted: %w", err)
	}
	return err
}

// runStep waits for what a step needs, and carries it out. It returns the account afterwards, also after an error.
func (e *execution) runStep(ctx context.Context, s *step) (udemy.User, error) {
	if s.after != nil {
		<-e.done[s.after]
		e.mu.Lock()
		err := e.failures[s.after]
		e.mu.Unlock()
		if err != nil {
			return s.user, fmt.Errorf("not changed, because the address %q could not be freed by %q first", s.line.Email, s.after.key())
		}
	}
	if s.takesSeat() {
		<-e.freed
	}
	if err := ctx.Err(); err != nil {
		return s.user, err
	}
	lasting, cancel := shutdown.WithGracePeriod(ctx)
	defer cancel()
	switch {
	case s.kind == invite:
		return e.invite(lasting, s)
	case (s.line == nil || s.before == nil) && e.Ledger.Users.Applied(s.user.ID):
		return s.user, errors.New("not changed, because another resource of this run holds the learner")
	case s.kind == remove, s.kind == deactivate && s.line == nil:
		return s.user, user.Remove(lasting, e.Data, s.user, s.kind == remove)
	case s.kind == deactivate:
		return user.Change(lasting, e.Data, s.user, udemy.UserChange{}, false)
	default:
		return e.changeAccount(lasting, s, s.user, s.change)
	}
}

// changeAccount brings an active account to its line.
func (e *execution) changeAccount(ctx context.Context, s *step, account udemy.User, change udemy.UserChange) (udemy.User, error) {
	account, err := user.Change(ctx, e.Data, account, change, true)
	listed := s.line.User
	listed.ID = account.ID
	e.Ledger.Users.Apply(object(listed, e.owner))
	if unmet := s.line.unmet(account); err == nil && len(unmet) > 0 {
		err = fmt.Errorf("the API accepted the request but did not store %s", strings.Join(unmet, ", "))
	}
	return account, err
}

// invite creates an account. A conflict means that the learner exists: the account may be new, or an earlier attempt has created it.
func (e *execution) invite(ctx context.Context, s *step) (udemy.User, error) {
	wish := s.line.User
	wish.Status = udemy.StatusActive
	for _, name := range s.joins {
		if group, found := e.groupNamed(name); found {
			wish.GroupIDs = append(wish.GroupIDs, group.ID)
		}
	}
	account, err := e.Directory.CreateUser(ctx, wish)
	if conflict, ok := errors.AsType[*udemy.Error](err); ok && errors.Is(conflict, udemy.ErrConflict) {
		account, err = e.adoptConflicting(ctx, s, conflict)
	}
	if err != nil {
		return account, err
	}
	return e.changeAccount(ctx, s, account, udemy.Change(s.line.User, s.line.unmet(account)...))
}

// adoptConflicting returns the account that has the address of a new line.
func (e *execution) adoptConflicting(ctx context.Context, s *step, conflict *udemy.Error) (udemy.User, error) {
	var account udemy.User
	err := udemy.ErrNotFound
	if conflict.ExistingID != "" {
		account, err = e.Directory.User(ctx, conflict.ExistingID)
	}
	if errors.Is(err, udemy.ErrNotFound) {
		account, err = e.Directory.UserByEmail(ctx, s.line.Email)
	}
	switch {
	case err != nil, !udemy.SameEmail(account.Email, s.line.Email), e.Ledger.Users.Applied(account.ID):
		return udemy.User{}, conflict
	case !conflict.Resent && !e.adoptsExisting:
		return udemy.User{}, fmt.Errorf("the learner exists already, and adopt_existing is false: %w", conflict)
	default:
		return account, nil
	}
}

func (e *execution) groupNamed(name string) (udemy.Group, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.at.groupNamed(name)
}

// runMemberships changes the members of each group in batches.
func (e *execution) runMemberships(ctx context.Context) {
	joins, leaves := map[string][]*step{}, map[string][]*step{}
	for _, s := range e.steps {
		account := e.withGroups(s)
		if e.failures[s] != nil || account.ID == "" {
			continue
		}
		for _, name := range s.joins {
			group, err := e.at.findGroup(name)
			switch {
			case err != nil:
				e.failures[s] = fmt.Errorf("joining the group %q: %w", name, cmp.Or(e.groupFailures[udemy.GroupKey(name)], err))
			case slices.Contains(account.GroupIDs, group.ID):
				e.counts.joined++
			default:
				joins[group.ID] = append(joins[group.ID], s)
			}
		}
		for _, id := range s.leaves {
			leaves[id] = append(leaves[id], s)
		}
	}
	for groupID, ids := range e.give(joins) {
		joins[groupID] = append(joins[groupID], e.rejoining(groupID, ids, joins[groupID])...)
	}
	var group errgroup.Group
	group.SetLimit(udemy.MaxParallelRequests)
	for id := range joins {
		group.Go(func() error {
			e.move(ctx, id, joins[id], true)
			return nil
		})
	}
	_ = group.Wait() // The failures are recorded.
	for id := range leaves {
		group.Go(func() error {
			e.leave(ctx, id, leaves[id])
			return nil
		})
	}
	_ = group.Wait()
}

// withGroups returns the account of a step. If the API does not return memberships, it has the groups in state.
func (e *execution) withGroups(s *step) udemy.User {
	account := e.users[s]
	if _, isKnown := e.at.groupsOf(account); !isKnown {
		var names []string
		if s.before != nil {
			names = s.before.Groups
		}
		joining := e.at.idsOfGroups(s.joins)
		account.GroupIDs = slices.DeleteFunc(e.at.idsOfGroups(names), func(id string) bool { return slices.Contains(joining, id) })
		e.users[s] = account
	}
	return account
}

// leave removes learners from a group, except for those whom another resource of the run has added.
func (e *execution) leave(ctx context.Context, groupID string, steps []*step) {
	allowed, end := e.Ledger.Memberships.Take(groupID, e.idsOf(steps)...)
	defer end()
	mayLeave := make(map[string]bool, len(allowed))
	for _, id := range allowed {
		mayLeave[id] = true
	}
	var leaving []*step
	for i, id := range e.idsOf(steps) {
		if mayLeave[id] {
			leaving = append(leaving, steps[i])
		}
	}
	e.move(ctx, groupID, leaving, false)
}

// give records all memberships of the document in the ledger, so that no other resource of the run removes them. It returns the learners
// whom another resource has removed from each group since the roster has read it.
func (e *execution) give(joins map[string][]*step) (taken map[string][]string) {
	members := map[string][]string{}
	for i := range e.after.lines {
		l := &e.after.lines[i]
		for _, name := range l.Groups {
			if group, found := e.at.groupNamed(name); found && l.Active && e.ids[l.key] != "" {
				members[group.ID] = append(members[group.ID], e.ids[l.key])
			}
		}
	}
	for id, steps := range joins {
		members[id] = append(members[id], e.idsOf(steps)...)
	}
	taken = map[string][]string{}
	for groupID, ids := range members {
		taken[groupID] = e.Ledger.Memberships.Give(groupID, ids...)
	}
	return taken
}

// rejoining returns the steps of learners who must join a group again, except the steps that join it already. A line without a change
// gets a step.
func (e *execution) rejoining(groupID string, ids []string, joining []*step) []*step {
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	for _, id := range e.idsOf(joining) {
		delete(wanted, id)
	}
	if len(wanted) == 0 {
		return nil
	}
	var steps []*step
	for _, s := range e.steps {
		if id := e.users[s].ID; s.line != nil && wanted[id] {
			delete(wanted, id)
			if e.failures[s] == nil {
				steps = append(steps, s)
			}
		}
	}
	for i := range e.after.lines {
		l := &e.after.lines[i]
		if id := e.ids[l.key]; wanted[id] {
			s := &step{kind: update, line: l, before: l, user: e.at.users[id]}
			e.steps, e.users[s] = append(e.steps, s), s.user
			steps = append(steps, s)
		}
	}
	for _, s := range steps {
		account := e.users[s]
		groups, _ := e.at.groupsOf(account)
		account.GroupIDs = slices.DeleteFunc(append([]string{}, groups...), func(id string) bool { return id == groupID })
		e.users[s] = account
	}
	return steps
}

func (e *execution) idsOf(steps []*step) []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	ids := make([]string, 0, len(steps))
	for _, s := range steps {
		ids = append(ids, e.users[s].ID)
	}
	return ids
}

// move adds learners to a group or removes them, and records the result for each.
func (e *execution) move(ctx context.Context, groupID string, steps []*step, joins bool) {
	if len(steps) == 0 {
		return
	}
	verb, call := "leaving", e.Directory.RemoveMembers
	if joins {
		verb, call = "joining", e.Directory.AddMembers
	}
	err := call(ctx, groupID, e.idsOf(steps)...)
	var each udemy.MembersError
	isPartial := errors.As(err, &each)
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range steps {
		account := e.users[s]
		failure := err
		if isPartial {
			failure = each[account.ID]
		}
		switch {
		case failure != nil:
			e.failures[s] = fmt.Errorf("%s the group %q: %w", verb, e.at.groups[groupID].Name, explain(failure))
			continue
		case joins:
			e.counts.joined++
		default:
			e.counts.left++
		}
		groups, _ := e.at.groupsOf(account)
		groups = slices.DeleteFunc(slices.Clone(groups), func(id string) bool { return id == groupID })
		if joins {
			groups = append(groups, groupID)
		}
		account.GroupIDs = groups
		e.users[s] = account
	}
}
