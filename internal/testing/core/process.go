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
	if p.record(Address{}, response.Diagnostics) {
		return nil, fmt.Errorf("configuring the provider: %s", p.diagnostics[0].Summary)
	}
	return p, nil
}

// record keeps diagnostics, and reports whether there is an error among them.
func (p *process) record(address Address, diagnostics []*tfprotov6.Diagnostic) (failed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, d := range diagnostics {
		warning := d.Severity == tfprotov6.DiagnosticSeverityWarning
		failed = failed || !warning
		p.diagnostics = append(p.diagnostics, Diagnostic{Address: address, Warning: warning, Summary: d.Summary, Detail: d.Detail})
	}
	return failed
}

// recordBug keeps an error that Terraform reports as a bug of the provider.
func (p *process) recordBug(address Address, summary, detail string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.diagnostics = append(p.diagnostics, Diagnostic{Address: address, Summary: "Provider " + summary, Detail: detail, ProviderBug: true})
}

// fail notes that the command can't come to a result: not an error of the provider's, but a mistake in the configuration or
// in this package.
func (p *process) fail(address Address, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = errors.Join(p.broken, fmt.Errorf("%s: %w", address, err))
}

func (p *process) called(name string, address Address, outcome string) {
	if p.Called == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Called(Call{Name: name, Address: address, Outcome: outcome})
}

// read refreshes an object. The object is nil if it is gone.
func (p *process) read(address Address, object *Object) (refreshed *Object, ok bool) {
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
	if p.record(address, response.Diagnostics) {
		p.called("read", address, "error")
		return nil, false
	}
	value, err := response.NewState.Unmarshal(p.resources[address.Type].object)
	if err != nil {
		p.fail(address, err)
		return nil, false
	}
	found := *object
	found.Value, found.private, found.identity = value, response.Private, response.NewIdentity
	if value.IsNull() {
		p.called("read", address, "gone")
	} else {
		p.called("read", address, "found")
	}
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
	name := "plan"
	switch {
	case config.IsNull():
		name = "plan the end of"
	case again:
		name = "plan anew"
	}
	diagnostics := response.Diagnostics
	if again {
		diagnostics = onlyErrors(diagnostics)
	}
	if p.record(address, diagnostics) {
		p.called(name, address, "error")
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
	p.called(name, address, "")
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

// validate validates a configuration with the configured provider.
func (p *process) validate(address Address, config tftypes.Value) bool {
	value, err := dynamic(config)
	if err != nil {
		p.fail(address, err)
		return false
	}
	response, err := p.server.ValidateResourceConfig(p.ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: address.Type, Config: value})
	if err != nil {
		p.fail(address, err)
		return false
	}
	return !p.record(address, response.Diagnostics)
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
	failed := p.record(address, response.Diagnostics)
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
	outcome := "done"
	if failed {
		outcome = "error"
	}
	p.called(string(action), address, outcome)
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
