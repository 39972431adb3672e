// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Result is one result of a list resource.
type Result struct {
	DisplayName string
	Identity    Values
	Object      *Object // nil unless includeResource is set
}

// List validates the configuration of a list resource and reads all its results, like `terraform query` does. A nil
// configuration stands for a list block without a config block. The diagnostics are those of all results.
func (p *Protocol) List(resourceType string, config Values, includeResource bool, limit int64) ([]Result, Diagnostics) {
	p.t.Helper()
	server := provided[tfprotov6.ListResourceServer](p)
	schema, ok := p.schemas.ListResourceSchemas[resourceType]
	if !ok {
		p.t.Fatalf("the provider has no list resource %s", resourceType)
	}
	value := p.dynamic(tftypes.NewValue(schema.ValueType(), nil))
	if config != nil {
		value = p.dynamic(p.object(schema, config))
	}
	validated, err := server.ValidateListResourceConfig(p.t.Context(),
		&tfprotov6.ValidateListResourceConfigRequest{TypeName: resourceType, Config: value})
	if err != nil {
		p.t.Fatal(err)
	}
	if diags := Diagnostics(validated.Diagnostics); diags.hasError() {
		return nil, diags
	}
	stream, err := server.ListResource(p.t.Context(),
		&tfprotov6.ListResourceRequest{TypeName: resourceType, Config: value, IncludeResource: includeResource, Limit: limit})
	if err != nil {
		p.t.Fatal(err)
	}
	var results []Result
	var diags Diagnostics
	for listed := range stream.Results {
		diags = append(diags, listed.Diagnostics...)
		if listed.Identity != nil {
			results = append(results, Result{
				DisplayName: listed.DisplayName,
				Identity:    p.identity(resourceType, listed.Identity),
				Object:      p.objectFrom(resourceType, listed.Resource, nil, listed.Identity),
			})
		}
	}
	return results, diags
}

// GenerateConfig returns the configuration that `terraform query -generate-config-out` writes for a listed resource.
func (p *Protocol) GenerateConfig(listed *Object) Values {
	p.t.Helper()
	resp, err := p.server.GenerateResourceConfig(p.t.Context(),
		&tfprotov6.GenerateResourceConfigRequest{TypeName: listed.Type, State: p.dynamic(listed.raw)})
	if err != nil {
		p.t.Fatal(err)
	}
	Diagnostics(resp.Diagnostics).ExpectNone(p.t)
	raw, err := resp.Config.Unmarshal(p.schema(listed.Type).ValueType())
	if err != nil {
		p.t.Fatal(err)
	}
	return p.values(raw)
}

// Invoke validates, plans and invokes an action. It returns the progress messages of the action.
func (p *Protocol) Invoke(actionType string, config Values) (progress []string, diags Diagnostics) {
	p.t.Helper()
	server := provided[tfprotov6.ActionServer](p)
	schema, ok := p.schemas.ActionSchemas[actionType]
	if !ok {
		p.t.Fatalf("the provider has no action %s", actionType)
	}
	value := p.dynamic(p.object(schema.Schema, config))
	validated, err := server.ValidateActionConfig(p.t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: actionType, Config: value})
	if err != nil {
		p.t.Fatal(err)
	}
	if diags = validated.Diagnostics; diags.hasError() {
		return nil, diags
	}
	planned, err := server.PlanAction(p.t.Context(), &tfprotov6.PlanActionRequest{ActionType: actionType, Config: value})
	if err != nil {
		p.t.Fatal(err)
	}
	if diags = planned.Diagnostics; diags.hasError() {
		return nil, diags
	}
	stream, err := server.InvokeAction(p.t.Context(), &tfprotov6.InvokeActionRequest{ActionType: actionType, Config: value})
	if err != nil {
		p.t.Fatal(err)
	}
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = append(diags, event.Diagnostics...)
		}
	}
	return progress, diags
}

// provided returns the provider's server as an interface that older protocols lack.
func provided[T any](p *Protocol) T {
	p.t.Helper()
	server, ok := p.server.(T)
	if !ok {
		p.t.Fatalf("the provider's server does not implement %T", server)
	}
	return server
}
