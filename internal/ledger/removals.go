// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package ledger

import (
	"slices"
	"sync"
)

// Removals counts the learners who lose their seat or their membership of the organization in one run.
type Removals struct {
	mu    sync.Mutex
	names map[string]string // by ID
	order []string
	// reported is whether a learner beyond the limit was counted.
	reported bool
	// admins are the administrators that the run removes or demotes.
	admins map[string]bool
}

// Add counts a learner, once. If the count is then beyond the limit, Add returns the names of all counted learners, and
// first is true for the first such call.
func (r *Removals) Add(id, name string, limit int) (names []string, first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names == nil {
		r.names = map[string]string{}
	}
	if _, counted := r.names[id]; !counted {
		r.names[id] = name
		r.order = append(r.order, name)
	}
	if len(r.order) <= limit {
		return nil, false
	}
	first, r.reported = !r.reported, true
	return slices.Clone(r.order), first
}

// AddAdmin records that the run removes or demotes an administrator.
func (r *Removals) AddAdmin(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.admins == nil {
		r.admins = map[string]bool{}
	}
	r.admins[id] = true
}

// IsAdmin reports whether AddAdmin has recorded an administrator.
func (r *Removals) IsAdmin(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.admins[id]
}
