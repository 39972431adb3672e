// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package core is a small Terraform core. It plans and applies configurations with a provider in process, over the plugin
// protocol, and draws the order of the calls from all orders that Terraform 1.16 allows. It models what decides that order
// and what a provider is asked: references, replacement in both orders, deposed and tainted objects, moved and removed
// blocks. It has no modules, expressions, data sources, imports or provisioners, and it does not validate configurations.
package core

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Address is the address of a resource instance.
type Address struct {
	Type, Name string
	// Key is the key in for_each; empty for a resource without.
	Key string
}

// resource is the address without the key. Terraform keeps dependencies between resources, not between instances.
func (a Address) resource() string { return a.Type + "." + a.Name }

// String returns the address as Terraform writes it.
func (a Address) String() string {
	if a.Key == "" {
		return a.resource()
	}
	return fmt.Sprintf("%s[%q]", a.resource(), a.Key)
}

func compareAddresses(a, b Address) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key))
}

// Reference is a reference to an attribute of another resource instance.
type Reference struct {
	Address

	Attribute string
}

// Resource is one resource instance of a configuration.
type Resource struct {
	Address

	// Attributes are string, bool, Reference, []any, map[string]any, or nil for null.
	Attributes map[string]any
	// CreateBeforeDestroy is the lifecycle argument of the same name.
	CreateBeforeDestroy bool
	// DependsOn are resources that this one depends on besides those that it refers to.
	DependsOn []Address
}

// Config is a root module.
type Config struct {
	Resources []Resource
	// Moved are the moved blocks, from the old address to the new one.
	Moved map[Address]Address
	// Forgotten are the removed blocks with destroy = false.
	Forgotten []Address
}

// State is a state file: the objects of each resource instance.
type State map[Address]*Instance

// Instance is what state holds of a resource instance. Current is nil if there are only deposed objects.
type Instance struct {
	Current *Object
	Deposed []*Object
}

// Object is one object in state. It is never changed, only replaced.
type Object struct {
	Value   tftypes.Value
	Tainted bool

	private             []byte
	identity            *tfprotov6.ResourceIdentityData
	dependencies        []string
	createBeforeDestroy bool
}

// Text returns an attribute as text; empty if it is null or unknown.
func (o *Object) Text(attribute string) string {
	text := ""
	if value := attributeOf(o.Value, attribute); value.IsKnown() && !value.IsNull() {
		_ = value.As(&text) // Another type has no text.
	}
	return text
}

// Addresses returns the addresses of all instances, in order.
func (s State) Addresses() []Address {
	addresses := make([]Address, 0, len(s))
	for address := range s {
		addresses = append(addresses, address)
	}
	slices.SortFunc(addresses, compareAddresses)
	return addresses
}

// Clone returns a copy that changes independently.
func (s State) Clone() State {
	clone := make(State, len(s))
	for address, instance := range s {
		clone[address] = &Instance{Current: instance.Current, Deposed: slices.Clone(instance.Deposed)}
	}
	return clone
}

// Taint marks the current object of an instance as tainted.
func (s State) Taint(address Address) {
	if instance := s[address]; instance != nil && instance.Current != nil {
		tainted := *instance.Current
		tainted.Tainted = true
		instance.Current = &tainted
	}
}

// current is the current object of an instance, or nil.
func (s State) current(address Address) *Object {
	if instance := s[address]; instance != nil {
		return instance.Current
	}
	return nil
}

// set replaces the current object of an instance. An instance without objects is dropped.
func (s State) set(address Address, object *Object) {
	instance := s[address]
	switch {
	case instance == nil && object == nil:
	case instance == nil:
		s[address] = &Instance{Current: object}
	default:
		instance.Current = object
		s.drop(address)
	}
}

// drop removes an instance that has no object left.
func (s State) drop(address Address) {
	if instance := s[address]; instance != nil && instance.Current == nil && len(instance.Deposed) == 0 {
		delete(s, address)
	}
}

// Action is what a plan does to an object.
type Action string

// The actions of a plan.
const (
	NoOp             Action = "no-op"
	Create           Action = "create"
	Update           Action = "update"
	Delete           Action = "destroy"
	DeleteThenCreate Action = "destroy, then create"
	CreateThenDelete Action = "create, then destroy"
	Forget           Action = "forget"
)

// Destroys reports whether the action destroys an object.
func (a Action) Destroys() bool {
	return a == Delete || a == DeleteThenCreate || a == CreateThenDelete
}

func (a Action) replaces() bool { return a == DeleteThenCreate || a == CreateThenDelete }

// Change is what a plan does to one object.
type Change struct {
	Address

	Action Action
	// Before and After are the planned transition; null where there is no object.
	Before, After tftypes.Value

	private []byte
	// identity is the planned identity.
	identity *tfprotov6.ResourceIdentityData
	// deposed is the object that the change is about, if it is a deposed one.
	deposed *Object
}

// Plan is a plan that can be applied unless Failed says that there was an error.
type Plan struct {
	Changes     []*Change
	Diagnostics Diagnostics
	// Prior is the state after the refresh.
	Prior State

	config Config
}

// IsEmpty reports whether the plan does nothing.
func (p *Plan) IsEmpty() bool {
	return !slices.ContainsFunc(p.Changes, func(c *Change) bool { return c.Action != NoOp })
}

// Destroys reports whether the plan destroys an object.
func (p *Plan) Destroys() bool {
	return slices.ContainsFunc(p.Changes, func(c *Change) bool { return c.Action.Destroys() })
}

// Diagnostic is a warning or an error.
type Diagnostic struct {
	Address         Address
	Warning         bool
	Summary, Detail string
	// ProviderBug says that the provider broke a rule of the protocol.
	ProviderBug bool
}

// Diagnostics are warnings and errors in the order in which they came.
type Diagnostics []Diagnostic

// Failed reports whether there is an error.
func (d Diagnostics) Failed() bool {
	return slices.ContainsFunc(d, func(diagnostic Diagnostic) bool { return !diagnostic.Warning })
}

// Errors returns the errors.
func (d Diagnostics) Errors() Diagnostics {
	return slices.DeleteFunc(slices.Clone(d), func(diagnostic Diagnostic) bool { return diagnostic.Warning })
}

// Run is how one command is run.
type Run struct {
	// Block is the provider block.
	Block map[string]any
	// NoRefresh plans with the state as it is, like -refresh=false.
	NoRefresh bool
	// Rand draws the order of the calls.
	Rand *rand.Rand
	// Parallelism is how many calls may be under way at once: 1 unless it is higher.
	Parallelism int
	// Replace are the -replace options of a plan.
	Replace []Address
	// Called is told of each call of the provider, after its answer, one at a time. It may be nil.
	Called func(Call)
}

// Call is a call of the provider.
type Call struct {
	// Name is what was called, for example "plan".
	Name    string
	Address Address
	// Outcome is what came of it, in a few words.
	Outcome     string
	Diagnostics Diagnostics
}

// Core plans and applies with one provider. It is safe for concurrent use.
type Core struct {
	start     func() tfprotov6.ProviderServer
	block     *schema
	resources map[string]*schema
}

// New makes a Core for a provider. Each plan and each apply starts a server, as Terraform starts a process.
func New(ctx context.Context, start func() tfprotov6.ProviderServer) (*Core, error) {
	response, err := start().GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	c := &Core{start: start, block: newSchema(response.Provider), resources: map[string]*schema{}}
	for name, resource := range response.ResourceSchemas {
		c.resources[name] = newSchema(resource)
	}
	return c, nil
}
