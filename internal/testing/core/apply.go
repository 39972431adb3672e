// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package core

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// applying is an apply under way.
type applying struct {
	*process
	*graph

	state             State
	resourceByAddress map[Address]Resource
	// deposed are the objects that replacements of this apply have put aside.
	deposed map[Address]*Object
}

// Apply carries out a plan. It returns the state afterwards, also if there are errors among the diagnostics.
func (c *Core) Apply(ctx context.Context, plan *Plan, run Run) (State, Diagnostics, error) {
	if plan.Diagnostics.Failed() {
		return nil, nil, fmt.Errorf("a plan with errors can't be applied")
	}
	process, err := c.begin(ctx, run)
	if err != nil {
		return nil, nil, err
	}
	a := &applying{
		process: process, graph: newGraph(plan.config), state: plan.Prior.Clone(),
		resourceByAddress: map[Address]Resource{}, deposed: map[Address]*Object{},
	}
	for _, resource := range plan.config.Resources {
		a.resourceByAddress[resource.Address] = resource
	}
	if err := walk(run.Rand, run.Parallelism, a.nodes(plan)); err != nil {
		return nil, nil, err
	}
	return a.state, a.diagnostics, a.broken
}

// nodes are the steps of a plan's changes. A replacement has two.
func (a *applying) nodes(plan *Plan) []*node {
	var nodes []*applyNode
	for _, change := range plan.Changes {
		stored := a.dependencies[change.resource()]
		object := a.state.current(change.Address)
		if object != nil {
			stored = object.dependencies
		}
		add := func(destroys, createBeforeDestroy bool, words string, run func(*Change) bool) {
			nodes = append(nodes, &applyNode{
				node:   newNode(change.String()+words, func() bool { return run(change) }),
				change: change, destroys: destroys, createBeforeDestroy: createBeforeDestroy, stored: stored,
			})
		}
		switch {
		case change.Action == NoOp:
			a.settle(change.Address)
		case change.deposed != nil:
			add(true, true, " (destroy deposed)", func(change *Change) bool { return a.destroyDeposed(change, change.deposed) })
		case change.Action == Forget:
			add(true, false, " (forget)", a.forget)
		case change.Action == CreateThenDelete:
			add(false, false, "", a.create)
			add(true, true, " (destroy deposed)", func(change *Change) bool { return a.destroyDeposed(change, a.deposed[change.Address]) })
		case change.Action.Destroys():
			add(true, object != nil && object.createBeforeDestroy, " (destroy)", a.destroy)
			if change.Action.replaces() {
				add(false, false, "", a.create)
			}
		default:
			add(false, false, "", a.create)
		}
	}
	a.connect(nodes)
	plain := make([]*node, 0, len(nodes))
	for _, n := range nodes {
		plain = append(plain, n.node)
	}
	return plain
}

// settle stores the dependencies of an object that does not change.
func (a *applying) settle(address Address) {
	if object := a.state.current(address); object != nil {
		settled := *object
		settled.dependencies = a.dependencies[address.resource()]
		a.state.set(address, &settled)
	}
}

// lookup finds the value of a reference in state.
func (a *applying) lookup(reference Reference) (tftypes.Value, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	object := a.state.current(reference.Address)
	if object == nil {
		return tftypes.Value{}, fmt.Errorf("%s is not in state", reference.Address)
	}
	return attributeOf(object.Value, reference.Attribute), nil
}

// create creates or updates an object. It asks for the plan once more, because values may be known now that were not, and
// compares it with the plan that was approved.
func (a *applying) create(change *Change) bool {
	address, schema := change.Address, a.resources[change.Type]
	a.mu.Lock()
	if change.Action == CreateThenDelete {
		a.depose(address)
	}
	object := a.state.current(address)
	a.mu.Unlock()

	config, err := schema.evaluate(a.resourceByAddress[address].Attributes, a.lookup)
	if err != nil {
		a.fail(address, err)
		return false
	}
	prior := schema.null
	var plan planned
	var ok bool
	if object != nil {
		prior = object.Value
		plan, ok = a.plan(address, prior, config, object.private, object.identity, false)
	} else {
		plan, ok = a.plan(address, prior, config, nil, nil, false)
	}
	if !ok {
		a.restore(address)
		return false
	}
	if problem := schema.incompatible(change.After, plan.value); problem != "" {
		a.recordBug(address, "produced inconsistent final plan", problem)
		a.restore(address)
		return false
	}
	if object != nil && changed(plan.replace, prior, plan.value) {
		a.recordBug(address, "produced inconsistent final plan", fmt.Sprintf("The planned action changed from %s to a replacement.", change.Action))
		return false
	}
	if object != nil && plan.value.Equal(prior) {
		return true // The values that are known now make it no change.
	}

	action := Update
	if object == nil {
		action = Create
	}
	result, ok := a.apply(address, action, prior, config, plan)
	if result != nil {
		result.Tainted = !ok && object == nil
		result.dependencies = a.dependencies[address.resource()]
		result.createBeforeDestroy = a.createBeforeDestroy[address.resource()]
		a.mu.Lock()
		a.state.set(address, result)
		a.mu.Unlock()
	}
	if !ok {
		a.restore(address)
	}
	return ok
}

// depose puts the current object aside until its replacement exists. The caller holds the lock.
func (a *applying) depose(address Address) {
	instance := a.state[address]
	a.deposed[address] = instance.Current
	instance.Deposed = append(instance.Deposed, instance.Current)
	instance.Current = nil
}

// restore undoes depose if no replacement was created.
func (a *applying) restore(address Address) {
	a.mu.Lock()
	defer a.mu.Unlock()
	object, instance := a.deposed[address], a.state[address]
	if object != nil && instance.Current == nil {
		instance.Current = object
		instance.Deposed = slices.DeleteFunc(instance.Deposed, func(deposed *Object) bool { return deposed == object })
	}
}

// destroy destroys a current object, with the private state of its plan. That of a replacement is the plan of the new object.
func (a *applying) destroy(change *Change) bool {
	address, schema := change.Address, a.resources[change.Type]
	a.mu.Lock()
	object := a.state.current(address)
	a.mu.Unlock()
	if object == nil {
		return true
	}
	plan := planned{value: schema.null, private: change.private}
	if change.Action == Delete {
		plan.identity = change.identity
	}
	left, ok := a.apply(address, Delete, change.Before, schema.null, plan)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state.set(address, remains(object, left, ok))
	return ok
}

// remains is what state holds of an object after it was to be destroyed.
func remains(object, left *Object, ok bool) *Object {
	switch {
	case ok:
		return nil
	case left == nil:
		return object
	}
	left.Tainted, left.dependencies, left.createBeforeDestroy = object.Tainted, object.dependencies, object.createBeforeDestroy
	return left
}

// destroyDeposed plans and destroys an object that was put aside.
func (a *applying) destroyDeposed(change *Change, object *Object) bool {
	address, schema := change.Address, a.resources[change.Type]
	plan, ok := a.plan(address, object.Value, schema.null, object.private, object.identity, false)
	if !ok {
		return false
	}
	left, ok := a.apply(address, Delete, object.Value, schema.null, plan)
	a.mu.Lock()
	defer a.mu.Unlock()
	instance := a.state[address]
	instance.Deposed = slices.DeleteFunc(instance.Deposed, func(deposed *Object) bool { return deposed == object })
	if rest := remains(object, left, ok); rest != nil {
		instance.Deposed = append(instance.Deposed, rest)
	}
	a.state.drop(address)
	return ok
}

// forget takes an object out of state without a call.
func (a *applying) forget(change *Change) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state.set(change.Address, nil)
	return true
}
