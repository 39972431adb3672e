// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package ledger records which learners, groups and memberships the resources of one run own, and what the run has done to
// them. Terraform plans and applies resources one at a time, in any order, and no resource has access to another. Each plan
// is recorded in the ledger, and the second of two contradicting plans gets a conflict. An apply is a new process, so its
// ledger has only the steps of the apply itself. With them, a later step does not remove what an earlier step added. The
// ledger also counts the learners who lose their seat. It sends no requests.
package ledger

import (
	"slices"
	"sync"
)

// Ledger is the record of one organization. It is safe for concurrent use.
type Ledger struct {
	Users       Register
	Groups      Register
	Memberships Memberships
	Removals    Removals
	// Admins serializes the steps that may remove an administrator, so that two of them can't remove the last two.
	Admins sync.Mutex
}

// Object is a learner or a group in state or in a plan.
type Object struct {
	// ID is empty if it is not known.
	ID string
	// Name is the e-mail address of a learner or the name of a group.
	Name string
	// Keys are unique in the organization. A new resource adopts an existing object by the first key.
	Keys []Key
	// Owner is the same for all objects of a resource that holds several. It orders their changes itself, so its objects may exchange
	// keys. It is nil if each object has a resource of its own.
	Owner *Owner
}

// Owner is a resource that holds several objects. Owners are compared by identity.
type Owner struct{ _ byte }

// Key is an attribute that identifies an object, with its value in a form that can be compared.
type Key struct{ Attribute, Value string }

// Value returns the value of a key. It is empty if the object does not have the key.
func (o Object) Value(attribute string) string {
	for _, k := range o.Keys {
		if k.Attribute == attribute {
			return k.Value
		}
	}
	return ""
}

func (o Object) has(key Key) bool {
	return slices.Contains(o.Keys, key)
}

// Reason is why a plan contradicts another one of the same run.
type Reason int

const (
	// Duplicate means that two resources are for the same object.
	Duplicate Reason = iota
	// Handover means that an object loses its key, and another resource would adopt the object by that key.
	Handover
	// Recreated means that an object is destroyed under one address of the configuration and created under another.
	Recreated
	// Taken means that an object gets a key that another object has in state until it is changed or destroyed.
	Taken
	// Moved means that a new resource has a further key of an existing object, under another name.
	Moved
)

// Conflict is a contradiction between a plan and an earlier plan of the same run.
type Conflict struct {
	Reason Reason
	// Key is the key that both objects claim.
	Key Key
	// Holder is the object that has the key, as it is in state. If the reason is Duplicate, it may exist in a plan only.
	Holder Object
	// Becomes is the name of the holder after the plan.
	Becomes string
	// Taker is the other object, which gets the key. It is as in state or, if it is new, as in its plan.
	Taker Object
}

// Register holds the objects of one kind.
type Register struct {
	mu   sync.Mutex
	byID map[string]*entry
	// held and planned map keys to objects in state and in plans.
	held    map[Key][]*entry
	planned map[Key]*entry
	// unnamed is whether a plan has an object whose keys are known only after apply.
	unnamed bool
}

// entry is one object, or one resource that creates one.
type entry struct {
	// state is the object in prior state, after refresh.
	state *Object
	// keep is the object in the plan that keeps it, and create in the plan that creates or adopts it.
	keep, create *Object
	released     bool
	// kept is whether a plan forgets the object and leaves it as it is at Udemy.
	kept bool
	// imported is whether this run has imported the object.
	imported bool
	// doubted is whether the object has the key of an object in state that is gone, and is another one.
	doubted bool
	// applied is whether this run has created, adopted or changed the object.
	applied bool
	// owner is the resource that holds the object together with others.
	owner *Owner
}

// own records the owner of an object.
func (e *entry) own(object Object) {
	if object.Owner != nil {
		e.owner = object.Owner
	}
}

// isWith reports whether two entries are for the same resource, which orders their changes itself.
func (e *entry) isWith(other *entry) bool {
	return e == other || e != nil && other != nil && e.owner != nil && e.owner == other.owner
}

func (e *entry) plan() *Object {
	if e.create != nil {
		return e.create
	}
	return e.keep
}

// Hold records an object in prior state.
func (r *Register) Hold(object Object) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.entry(object.ID)
	e.own(object)
	if !e.applied {
		r.setState(e, object)
	}
}

// setState replaces the object in state.
func (r *Register) setState(e *entry, object Object) {
	if e.state != nil {
		for _, key := range e.state.Keys {
			r.held[key] = slices.DeleteFunc(r.held[key], func(other *entry) bool { return other == e })
		}
	}
	e.state = &object
	for _, key := range object.Keys {
		r.held[key] = append(r.held[key], e)
	}
}

// Import records that this run has imported the object with an ID.
func (r *Register) Import(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entry(id).imported = true
}

// Imported reports whether this run has imported the object with an ID.
func (r *Register) Imported(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.byID[id]
	return ok && e.imported
}

// Doubt records that the object with an ID has the key of an object in state that is gone, and is another one.
func (r *Register) Doubt(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entry(id).doubted = true
}

// Doubted reports whether Doubt has recorded the object with an ID.
func (r *Register) Doubted(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.byID[id]
	return ok && e.doubted
}

// Held returns the object in prior state with an ID.
func (r *Register) Held(id string) (Object, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.byID[id]
	if !ok || e.state == nil {
		return Object{}, false
	}
	return *e.state, true
}

// Keep records the plan of an object in state.
func (r *Register) Keep(object Object) *Conflict {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.entry(object.ID)
	e.own(object)
	switch {
	case e.applied:
		return nil
	case e.create != nil:
		reason := Handover
		if first(*e.create) == first(object) {
			reason = Duplicate
		}
		return &Conflict{reason, first(*e.create), e.known(), object.Name, *e.create}
	case e.keep != nil, e.released:
		return &Conflict{Duplicate, first(object), e.known(), object.Name, object}
	}
	before := e.known()
	for _, key := range object.Keys {
		if other := r.planned[key]; other != nil && !other.isWith(e) {
			return &Conflict{Duplicate, key, other.known(), other.plan().Name, object}
		}
		if other := r.holder(key, e); other != nil && !before.has(key) {
			return &Conflict{Taken, key, *other.state, other.state.Name, before}
		}
	}
	for _, key := range before.Keys { // The keys that the object loses.
		if other := r.planned[key]; other != nil && !other.isWith(e) && !other.had(key) {
			reason := Taken
			if other.create != nil {
				reason = Handover
			}
			return &Conflict{reason, key, before, object.Name, other.known()}
		}
	}
	e.keep = &object
	r.claim(e, object)
	return nil
}

// Create records the plan of a new object. If the ID is set, the plan adopts the existing object with the ID. A replacement
// adopts the object that its own earlier plan keeps.
func (r *Register) Create(object Object, replacement bool) *Conflict {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.holder(first(object), nil)
	if object.ID != "" || e == nil || object.Owner != nil && e.owner == object.Owner {
		e = r.entry(object.ID)
	}
	e.own(object)
	if replacement {
		e.keep = nil
	}
	for i, key := range object.Keys {
		if other := r.planned[key]; other != nil && (other == e && !replacement || !other.isWith(e)) {
			return &Conflict{Duplicate, key, other.known(), other.plan().Name, object}
		}
		if other := r.holder(key, e); other != nil && i > 0 && !other.applied {
			return &Conflict{Moved, key, *other.state, other.state.Name, object}
		}
	}
	switch {
	case e.applied:
	case e.released:
		return &Conflict{Recreated, first(object), e.known(), object.Name, object}
	case e.keep != nil:
		return &Conflict{Handover, first(object), e.known(), e.keep.Name, object}
	case e.create != nil && !replacement:
		return &Conflict{Duplicate, first(object), e.known(), e.create.Name, object}
	}
	e.create = &object
	r.claim(e, object)
	return nil
}

// Release records the plan to destroy an object in state. If the destroy keeps the object at Udemy, another resource may
// adopt it.
func (r *Register) Release(object Object, keeps bool) *Conflict {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.entry(object.ID)
	e.own(object)
	switch {
	case e.applied:
		return nil
	case e.keep != nil:
		return &Conflict{Duplicate, first(object), object, e.keep.Name, *e.keep}
	case e.create != nil && !keeps:
		return &Conflict{Recreated, first(*e.create), object, e.create.Name, *e.create}
	}
	for i, key := range object.Keys {
		other := r.planned[key]
		switch {
		case other == nil || other.isWith(e) || other.had(key):
		case other.create == nil:
			return &Conflict{Taken, key, object, object.Name, other.known()}
		case i > 0:
			return &Conflict{Moved, key, object, object.Name, *other.plan()}
		case !keeps:
			return &Conflict{Recreated, key, object, object.Name, *other.plan()}
		}
	}
	e.released, e.kept = !keeps, keeps
	return nil
}

// PlanUnnamed records the plan of an object whose keys are known only after apply.
func (r *Register) PlanUnnamed() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unnamed = true
}

// MayPlan reports whether the plan of a resource creates or keeps an object with a key, or one whose keys are known only after apply.
func (r *Register) MayPlan(key Key) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unnamed || r.planned[key] != nil
}

// IsKept reports whether a plan forgets the object with an ID, leaves it as it is at Udemy, and no other plan holds it.
func (r *Register) IsKept(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.byID[id]
	return ok && e.kept && e.plan() == nil
}

// IsElsewhere reports whether a resource other than the owner holds or plans the object with an ID.
func (r *Register) IsElsewhere(id string, owner *Owner) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.byID[id]
	return ok && (e.state != nil || e.plan() != nil || e.applied) && (owner == nil || e.owner != owner)
}

// Apply records that the run has created, adopted or changed an object. After that, the run does not release it.
func (r *Register) Apply(object Object) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.entry(object.ID)
	e.own(object)
	e.applied, e.keep, e.create, e.released = true, nil, nil, false
	r.setState(e, object)
}

// Applied reports whether the run has created, adopted or changed the object with an ID.
func (r *Register) Applied(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.byID[id]
	return ok && e.applied
}

// AppliedKey reports whether the run has created, adopted or changed an object that has a key now.
func (r *Register) AppliedKey(key Key) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.held[key], func(e *entry) bool { return e.applied })
}

// entry returns the entry of an ID. If the ID is empty, it returns a new entry.
func (r *Register) entry(id string) *entry {
	if r.byID == nil {
		r.byID, r.held, r.planned = map[string]*entry{}, map[Key][]*entry{}, map[Key]*entry{}
	}
	e, ok := r.byID[id]
	if !ok {
		e = &entry{}
		if id != "" {
			r.byID[id] = e
		}
	}
	return e
}

// had reports whether a key is in state. At Udemy, several learners may have one external ID.
func (e *entry) had(key Key) bool {
	return e.state != nil && e.state.has(key)
}

// known returns the object in state, or else the planned object.
func (e *entry) known() Object {
	switch {
	case e.state != nil:
		return *e.state
	case e.plan() != nil:
		return *e.plan()
	default:
		return Object{}
	}
}

// claim records the keys that a plan gives to an object.
func (r *Register) claim(e *entry, object Object) {
	for _, key := range object.Keys {
		r.planned[key] = e
	}
}

// holder returns an object in state that has a key, except for a given one and for those of the same owner.
func (r *Register) holder(key Key, except *entry) *entry {
	for _, e := range r.held[key] {
		if !e.isWith(except) {
			return e
		}
	}
	return nil
}

func first(object Object) Key {
	if len(object.Keys) == 0 {
		return Key{}
	}
	return object.Keys[0]
}
