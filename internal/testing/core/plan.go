// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package core

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// planning is a plan under way.
type planning struct {
	*process
	*graph

	config Config
	prior  State
	values map[Address]tftypes.Value
	plan   *Plan
}

// Plan refreshes a state and plans a configuration on top of it. Errors of the provider are in the plan's diagnostics.
func (c *Core) Plan(ctx context.Context, state State, config Config, run Run) (*Plan, error) {
	process, err := c.begin(ctx, run)
	if err != nil {
		return nil, err
	}
	p := &planning{
		process: process, graph: newGraph(config), config: config, prior: move(state, config.Moved),
		values: map[Address]tftypes.Value{}, plan: &Plan{config: config},
	}
	if err := walk(run.Rand, run.Parallelism, p.nodes()); err != nil {
		return nil, err
	}
	slices.SortFunc(p.plan.Changes, func(a, b *Change) int { return compareAddresses(a.Address, b.Address) })
	p.plan.Prior, p.plan.Diagnostics = p.prior, p.diagnostics
	return p.plan, p.broken
}

// move renames the addresses in a state.
func move(state State, moved map[Address]Address) State {
	result := State{}
	for address, instance := range state.Clone() {
		if to, ok := moved[address]; ok {
			address = to
		}
		result[address] = instance
	}
	return result
}

// nodes are the instances of the configuration, those in state alone, and deposed objects. A resource waits for all instances
// of those that it refers to.
func (p *planning) nodes() []*node {
	var all []*node
	configured := map[Address]bool{}
	byResource := map[string][]*node{}
	add := func(address Address, run func() bool) {
		n := newNode(address.String(), run)
		all = append(all, n)
		byResource[address.resource()] = append(byResource[address.resource()], n)
	}
	for _, resource := range p.config.Resources {
		configured[resource.Address] = true
		add(resource.Address, func() bool { return p.configured(resource) })
	}
	for _, address := range p.prior.Addresses() {
		instance := p.prior[address]
		if !configured[address] && instance.Current != nil {
			add(address, func() bool { return p.orphan(address, instance.Current) })
		}
		for _, object := range slices.Clone(instance.Deposed) {
			all = append(all, newNode(address.String()+" (deposed)", func() bool { return p.deposed(address, object) }))
		}
	}
	for name, dependencies := range p.dependencies {
		for _, n := range byResource[name] {
			for _, dependency := range dependencies {
				for _, before := range byResource[dependency] {
					n.after[before] = true
				}
			}
		}
	}
	return all
}

// lookup finds the planned value of a reference.
func (p *planning) lookup(reference Reference) (tftypes.Value, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	value, ok := p.values[reference.Address]
	if !ok {
		return tftypes.Value{}, fmt.Errorf("%s is not configured", reference.Address)
	}
	return attributeOf(value, reference.Attribute), nil
}

// refresh reads the current object of an instance. What is gone is null and keeps its private state, as in Terraform.
func (p *planning) refresh(address Address, object *Object) (*Object, bool) {
	refreshed, ok := p.read(address, object)
	if !ok {
		return nil, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if refreshed.Value.IsNull() {
		p.prior.set(address, nil)
	} else {
		p.prior.set(address, refreshed)
	}
	return refreshed, true
}

// configured plans an instance of the configuration.
func (p *planning) configured(resource Resource) bool {
	schema := p.resources[resource.Type]
	if schema == nil {
		p.fail(resource.Address, fmt.Errorf("the provider has no resource %s", resource.Type))
		return false
	}
	p.mu.Lock()
	object := p.prior.current(resource.Address)
	p.mu.Unlock()
	createBeforeDestroy := p.createBeforeDestroy[resource.resource()]
	if object != nil {
		stored := *object
		stored.createBeforeDestroy = createBeforeDestroy
		stored.dependencies = merge(object.dependencies, p.dependencies[resource.resource()])
		refreshed, ok := p.refresh(resource.Address, &stored)
		if !ok {
			return false
		}
		object = refreshed
	}
	config, err := schema.evaluate(resource.Attributes, p.lookup)
	if err != nil {
		p.fail(resource.Address, err)
		return false
	}
	change, ok := p.change(resource, object, config)
	if !ok {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.values[resource.Address] = change.After
	p.plan.Changes = append(p.plan.Changes, change)
	return true
}

// merge returns the elements of both lists, each once, in order.
func merge(a, b []string) []string {
	merged := append(slices.Clone(a), b...)
	slices.Sort(merged)
	return slices.Compact(merged)
}

// change asks the provider for a plan, and for a second one if the object is replaced.
func (p *planning) change(resource Resource, object *Object, config tftypes.Value) (*Change, bool) {
	address, schema := resource.Address, p.resources[resource.Type]
	replacement := DeleteThenCreate
	if p.createBeforeDestroy[resource.resource()] {
		replacement = CreateThenDelete
	}
	change := &Change{Address: address, Before: schema.null}
	var first planned
	var ok bool
	tainted := object != nil && object.Tainted && !object.Value.IsNull()
	switch {
	case object == nil || object.Tainted:
		first, ok = p.process.plan(address, schema.null, config, nil, nil, false)
		change.Action = Create
		if tainted {
			change.Action, change.Before = replacement, object.Value
		}
	default:
		first, ok = p.process.plan(address, object.Value, config, object.private, object.identity, false)
		if ok {
			change.Action, change.Before = p.action(address, object.Value, first, replacement), object.Value
		}
	}
	if !ok {
		return nil, false
	}
	if change.Action.replaces() && !tainted {
		if first, ok = p.process.plan(address, schema.null, config, first.private, first.identity, true); !ok {
			return nil, false
		}
	}
	change.After, change.private, change.identity = first.value, first.private, first.identity
	return change, true
}

// action is what a plan does to an object that is not tainted.
func (p *planning) action(address Address, prior tftypes.Value, plan planned, replacement Action) Action {
	switch {
	case prior.IsNull():
		return Create
	case slices.Contains(p.Replace, address) || changed(plan.replace, prior, plan.value):
		return replacement
	case plan.value.Equal(prior):
		return NoOp
	default:
		return Update
	}
}

// orphan plans the end of an instance that is in state and not in the configuration.
func (p *planning) orphan(address Address, object *Object) bool {
	schema := p.resources[address.Type]
	change := &Change{Address: address, Action: Forget, Before: object.Value, After: schema.null}
	if !slices.Contains(p.config.Forgotten, address) {
		refreshed, ok := p.refresh(address, object)
		if !ok || refreshed.Value.IsNull() {
			return ok
		}
		plan, ok := p.process.plan(address, refreshed.Value, schema.null, refreshed.private, refreshed.identity, false)
		if !ok {
			return false
		}
		change.Action, change.Before, change.private, change.identity = Delete, refreshed.Value, plan.private, plan.identity
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plan.Changes = append(p.plan.Changes, change)
	return true
}

// deposed plans the end of an object that a replacement left.
func (p *planning) deposed(address Address, object *Object) bool {
	schema := p.resources[address.Type]
	refreshed, ok := p.read(address, object)
	if !ok {
		return false
	}
	p.mu.Lock()
	instance := p.prior[address]
	at := slices.Index(instance.Deposed, object)
	if refreshed.Value.IsNull() {
		instance.Deposed = slices.Delete(instance.Deposed, at, at+1)
		p.prior.drop(address)
		p.mu.Unlock()
		return true
	}
	instance.Deposed[at] = refreshed
	p.mu.Unlock()

	plan, ok := p.process.plan(address, refreshed.Value, schema.null, refreshed.private, refreshed.identity, false)
	if !ok {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plan.Changes = append(p.plan.Changes, &Change{
		Address: address, Action: Delete, Before: refreshed.Value, After: schema.null, private: plan.private, identity: plan.identity, deposed: refreshed,
	})
	return true
}
