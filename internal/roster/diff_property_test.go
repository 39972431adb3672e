// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// world is an organization that carries out steps.
type world struct {
	users map[string]udemy.User
	next  int
}

func (w *world) organization() *organization {
	return newOrganization(slices.Collect(maps.Values(w.users)), groupsOfWorld)
}

var groupsOfWorld = []udemy.Group{{ID: "g1", Name: "Art"}, {ID: "g2", Name: "Sales"}}

// carryOut fails if a step is not possible at that time, as an API would.
func (w *world) carryOut(s *step) error {
	user := s.user
	switch s.kind {
	case remove:
		delete(w.users, user.ID)
		return nil
	case deactivate:
		user.Status = udemy.StatusDeactivated
		w.users[user.ID] = user
		return nil
	case invite:
		w.next++
		user = s.line.User
		user.ID, user.Status, user.GroupIDs = fmt.Sprint("u", w.next), udemy.StatusActive, []string{}
	default:
		user.Status = udemy.StatusActive
		user = s.change.Apply(user)
	}
	for id, other := range w.users {
		if id != user.ID && udemy.SameEmail(other.Email, user.Email) {
			return fmt.Errorf("%s takes the address of %s", user.ID, id)
		}
	}
	user.GroupIDs = slices.DeleteFunc(slices.Clone(user.GroupIDs), func(id string) bool { return slices.Contains(s.leaves, id) })
	o := w.organization()
	for _, name := range s.joins {
		group, _ := o.groupNamed(name)
		user.GroupIDs = append(user.GroupIDs, group.ID)
	}
	w.users[user.ID] = user
	return nil
}

func randomDocument(r *rand.Rand) *document {
	var lines []line
	emails, keys, externals := r.Perm(8), r.Perm(8), r.Perm(8)
	for i := range r.IntN(7) {
		l := Learner{User: udemy.User{Email: fmt.Sprintf("p%d@example.com", emails[i]), FirstName: "F", LastName: fmt.Sprint(r.IntN(2))}, Active: r.IntN(5) > 0}
		if r.IntN(3) > 0 {
			l.ExternalID = fmt.Sprint("E", externals[i])
		}
		switch r.IntN(3) {
		case 0:
			l.Groups = []string{"Art", "Sales"}[r.IntN(2):]
		case 1:
			l.Groups = []string{}
		}
		lines = append(lines, newLine(fmt.Sprint("k", keys[i]), l))
	}
	return newDocument(lines)
}

// Whatever the documents and the organization are: if a difference has no mistake, its steps can be carried out in order, they reach
// the wish, nobody loses the seat whom the documents don't remove, and then there is nothing left to do.
func TestDiff_random(t *testing.T) {
	t.Parallel()
	possible := 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // A test needs reproducible numbers.
		w := &world{users: map[string]udemy.User{}}
		for _, i := range r.Perm(8)[:r.IntN(7)] { // People who were there before.
			w.next++
			id := fmt.Sprint("u", w.next)
			user := udemy.User{ID: id, Email: fmt.Sprintf("p%d@example.com", i), Status: active, GroupIDs: []string{"g1", "g2"}[:r.IntN(3)]}
			if r.IntN(2) == 0 {
				user.ExternalID = fmt.Sprint("E", i)
			}
			if r.IntN(4) == 0 {
				user.Status = udemy.StatusDeactivated
			}
			w.users[id] = user
		}
		rule := rules{adopt: true, onRemoval: []string{onRemovalDeactivate, onRemovalDelete, onRemovalKeep}[r.IntN(3)]}
		before, ids := newDocument(nil), map[string]string{}
		for range 3 { // Three applies in a row.
			after := randomDocument(r)
			d := diff(before, after, ids, nil, w.organization(), rule)
			if len(d.mistakes) > 0 {
				continue
			}
			possible++
			ids = w.apply(t, seed, before, after, ids, d, rule)
			before = after
		}
	}
	if possible < 3000 {
		t.Errorf("only %d differences are possible", possible)
	}
}

// apply carries out a difference, checks the result, and returns the new IDs.
func (w *world) apply(t *testing.T, seed uint64, before, after *document, ids map[string]string, d difference, rule rules) map[string]string {
	t.Helper()
	old := maps.Clone(w.users)
	for _, s := range d.steps {
		if err := w.carryOut(s); err != nil {
			t.Fatalf("seed %d: %s", seed, err)
		}
	}
	o, newIDs, listed := w.organization(), map[string]string{}, map[string]bool{}
	for i := range after.lines {
		l := &after.lines[i]
		id := d.ids[l.key]
		if user, found := o.withEmail(l.Email); id == "" && found && l.Active {
			id = user.ID // It was invited.
		}
		user, found := w.users[id]
		switch {
		case !l.Active && user.Status.Seated() && found:
			t.Fatalf("seed %d: %s is active", seed, l.key)
		case !l.Active:
		case !found || !user.Status.Seated():
			t.Fatalf("seed %d: %s has no seat", seed, l.key)
		case len(l.unmet(user)) > 0:
			t.Fatalf("seed %d: %s differs in %v", seed, l.key, l.unmet(user))
		case l.Groups != nil:
			if names, _ := o.groupNames(user, nil); !sameNames(names, l.Groups) {
				t.Fatalf("seed %d: %s is in %v, want %v", seed, l.key, names, l.Groups)
			}
		}
		if id != "" {
			newIDs[udemy.EmailKey(l.Email)] = id
			listed[id] = true
		}
	}
	left := map[string]bool{}
	for i := range before.lines {
		left[ids[udemy.EmailKey(before.lines[i].Email)]] = true
	}
	for id, user := range old {
		now, found := w.users[id]
		lost := user.Status.Seated() && (!found || !now.Status.Seated())
		if lost && !listed[id] && (!left[id] || rule.onRemoval == onRemovalKeep) {
			t.Fatalf("seed %d: %s lost the seat", seed, user.Email)
		}
	}
	if again := diff(after, after, newIDs, nil, o, rule); len(again.steps)+len(again.mistakes) > 0 {
		t.Fatalf("seed %d: there is more to do: %s, %v", seed, describe(again), again.mistakes)
	}
	failed := map[string]string{}
	for i := range after.lines { // Compare all lines with Udemy.
		failed[after.lines[i].key] = "unknown"
	}
	if again := diff(after, after, newIDs, failed, o, rule); len(again.steps)+len(again.mistakes) > 0 {
		t.Fatalf("seed %d: Udemy differs: %s, %v", seed, describe(again), again.mistakes)
	}
	return newIDs
}
