// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package core

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// process is a configured provider during one command, with what the command has come to so far.
type process struct {
	*Core
	Run

	ctx    context.Context
	server tfprotov6.ProviderServer

	mu          sync.Mutex // guards what follows
	diagnostics Diagnostics
	broken      error
}

// begin starts and configures the provider.
func (c *Core) begin(ctx context.Context, run Run) (*process, error) {
	p := &process{Core: c, Run: run, ctx: ctx, server: c.start()}
	block, err := c.block.evaluate(run.Block, nil)
	if err != nil {
		return nil, err
	}
	config, err := dynamic(block)
	if err != nil {
		return nil, err
	}
	response, err := p.server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.16.4", Config: config})
	if err != nil {
		return nil, err
	}
	if p.record(Call{}, response.Diagnostics) {
		return nil, fmt.Errorf("configuring the provider: %s", p.diagnostics[0].Summary)
	}
	return p, nil
}

// record keeps the diagnostics of a call, and reports whether there is an error among them.
func (p *process) record(call Call, diagnostics []*tfprotov6.Diagnostic) (failed bool) {
	for _, d := range diagnostics {
		call.Diagnostics = append(call.Diagnostics, Diagnostic{
			Address: call.Address, Warning: d.Severity == tfprotov6.DiagnosticSeverityWarning, Summary: d.Summary, Detail: d.Detail,
		})
	}
	if call.Diagnostics.Failed() {
		call.Outcome = "error"
	}
	p.keep(call)
	return call.Diagnostics.Failed()
}

// recordBug keeps an error that Terraform reports as a bug of the provider.
func (p *process) recordBug(address Address, summary, detail string) {
	p.keep(Call{Name: "check", Address: address, Outcome: "error", Diagnostics: Diagnostics{
		{Address: address, Summary: "Provider " + summary, Detail: detail, ProviderBug: true},
	}})
}

func (p *process) keep(call Call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.diagnostics = append(p.diagnostics, call.Diagnostics...)
	if p.Called != nil && call.Name != "" {
		p.Called(call)
	}
}

// fail notes that the command can't come to a result: not an error of the provider's, but a mistake in the configuration or
// in this package.
func (p *process) fail(address Address, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = errors.Join(p.broken, fmt.Errorf("%s: %w", address, err))
}

// read refreshes an object. The object is nil if it is gone.
func (p *process) read(address Address, object *Object) (refreshed *Object, ok bool) {
	if p.NoRefresh {
		return object, true
	}
	current, err := dynamic(object.Value)
	if err != nil {
		p.fail(address, err)
		return nil, false
	}
	response, err := p.server.ReadResource(p.ctx, &tfprotov6.ReadResourceRequest{
		TypeName: address.Type, CurrentState: current, Private: object.private, CurrentIdentity: object.identity,
	})
	if err != nil {
		p.fail(address, err)
		return nil, false
	}
	value, err := response.NewState.Unmarshal(p.resources[address.Type].object)
	if err != nil {
		p.fail(address, err)
		return nil, false
	}
	call := Call{Name: "read", Address: address}
	if value.IsNull() {
		call.Outcome = "gone"
	}
	if p.record(call, response.Diagnostics) {
		return nil, false
	}
	found := *object
	found.Value, found.private, found.identity = value, response.Private, response.NewIdentity
	return &found, true
}

// planned is a provider's answer to a plan.
type planned struct {
	value    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	replace  []*tftypes.AttributePath
}

// plan asks for a plan. A null config destroys. Warnings are left out if they are those of the plan before.
func (p *process) plan(address Address, prior, config tftypes.Value, private []byte, identity *tfprotov6.ResourceIdentityData, again bool) (planned, bool) {
	schema := p.resources[address.Type]
	proposed := config
	if !config.IsNull() {
		proposed = schema.proposed(prior, config)
	}
	values, err := dynamics(prior, proposed, config)
	if err != nil {
		p.fail(address, err)
		return planned{}, false
	}
	response, err := p.server.PlanResourceChange(p.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: address.Type, PriorState: values[0], ProposedNewState: values[1], Config: values[2], PriorPrivate: private, PriorIdentity: identity,
	})
	if err != nil {
		p.fail(address, err)
		return planned{}, false
	}
	call := Call{Name: "plan", Address: address}
	switch {
	case config.IsNull():
		call.Name = "plan the destruction of"
	case again:
		call.Name = "plan the replacement of"
	}
	diagnostics := response.Diagnostics
	if again {
		diagnostics = onlyErrors(diagnostics)
	}
	if p.record(call, diagnostics) {
		return planned{}, false
	}
	value, err := response.PlannedState.Unmarshal(schema.object)
	if err != nil {
		p.fail(address, err)
		return planned{}, false
	}
	if config.IsNull() != value.IsNull() {
		p.recordBug(address, "produced invalid plan", "The plan is null where it must not be, or the reverse.")
		return planned{}, false
	}
	if !config.IsNull() {
		if problem := schema.invalidPlan(prior, config, value); problem != "" {
			p.recordBug(address, "produced invalid plan", problem)
			return planned{}, false
		}
	}
	return planned{value: value, private: response.PlannedPrivate, identity: response.PlannedIdentity, replace: response.RequiresReplace}, true
}

// onlyErrors returns diagnostics if there is an error among them: Terraform shows no warnings of a second plan.
func onlyErrors(diagnostics []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return diagnostics
		}
	}
	return nil
}

// apply applies a change. The object is what state holds from now on: nil if there is none, or if a failed creation left
// nothing.
func (p *process) apply(address Address, action Action, prior, config tftypes.Value, plan planned) (object *Object, ok bool) {
	schema := p.resources[address.Type]
	values, err := dynamics(prior, plan.value, config)
	if err != nil {
		p.fail(address, err)
		return nil, false
	}
	response, err := p.server.ApplyResourceChange(p.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: address.Type, PriorState: values[0], PlannedState: values[1], Config: values[2],
		PlannedPrivate: plan.private, PlannedIdentity: plan.identity,
	})
	if err != nil {
		p.fail(address, err)
		return nil, false
	}
	failed := p.record(Call{Name: string(action), Address: address}, response.Diagnostics)
	value, err := response.NewState.Unmarshal(schema.object)
	if err != nil {
		p.fail(address, err)
		return nil, false
	}
	if !failed {
		if problem := schema.invalidResult(plan.value, value); problem != "" {
			p.recordBug(address, "produced inconsistent result after apply", problem)
			failed = true
		}
	}
	if value.IsNull() {
		return nil, !failed
	}
	return &Object{Value: value, private: response.Private, identity: response.NewIdentity}, !failed
}

// invalidResult describes how the result of an apply breaks the protocol's rules; empty if it does not.
func (s *schema) invalidResult(planned, result tftypes.Value) string {
	if !result.IsFullyKnown() {
		return "a value is still unknown"
	}
	return s.incompatible(planned, result)
}

func dynamic(value tftypes.Value) (*tfprotov6.DynamicValue, error) {
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	return &encoded, err
}

func dynamics(values ...tftypes.Value) ([]*tfprotov6.DynamicValue, error) {
	encoded := make([]*tfprotov6.DynamicValue, 0, len(values))
	for _, value := range values {
		one, err := dynamic(value)
		if err != nil {
			return nil, err
		}
		encoded = append(encoded, one)
	}
	return encoded, nil
}
