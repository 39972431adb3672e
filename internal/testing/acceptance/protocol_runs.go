// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// PlanReplacement plans a replacement like Terraform does: it plans a change, then a new object with the private state of that plan.
func (p *Protocol) PlanReplacement(prior *Object, config Values) *Plan {
	p.t.Helper()
	change := p.Plan(prior, prior.Type, config)
	null := tftypes.NewValue(p.schema(prior.Type).ValueType(), nil)
	return p.PlanToo(&Object{Type: prior.Type, raw: null, private: change.Object.private}, prior.Type, config)
}

// Replace plans and applies a replacement. The destroy gets the private state of the plan as well.
func (p *Protocol) Replace(prior *Object, config Values) (*Object, Diagnostics) {
	p.t.Helper()
	create := p.PlanReplacement(prior, config)
	create.Diagnostics.ExpectNoErrors(p.t)
	p.configure().ExpectNoErrors(p.t)
	left, destroyed := p.destroyHalf(prior, create)
	left.ExpectGone(p.t)
	object, diags := p.Apply(create)
	return object, append(destroyed, diags...)
}

// DestroyTainted applies the destroying half of the replacement of a tainted resource. Terraform plans that replacement as a new object
// without prior state, and the destroy gets the private state of that plan.
func (p *Protocol) DestroyTainted(prior *Object, config Values) (*Object, Diagnostics) {
	p.t.Helper()
	create := p.Plan(nil, prior.Type, config)
	create.Diagnostics.ExpectNoErrors(p.t)
	p.configure().ExpectNoErrors(p.t)
	return p.destroyHalf(prior, create)
}

// DestroyDeposed applies the creating half of the replacement of a tainted resource with create_before_destroy, and then the destroying
// half.
func (p *Protocol) DestroyDeposed(prior *Object, config Values) (created, left *Object, diags Diagnostics) {
	p.t.Helper()
	create := p.Plan(nil, prior.Type, config)
	create.Diagnostics.ExpectNoErrors(p.t)
	p.configure().ExpectNoErrors(p.t)
	created, diags = p.Apply(create)
	diags.ExpectNoErrors(p.t)
	left, diags = p.destroyHalf(prior, create)
	return created, left, diags
}

func (p *Protocol) destroyHalf(prior *Object, create *Plan) (*Object, Diagnostics) {
	p.t.Helper()
	null := tftypes.NewValue(p.schema(prior.Type).ValueType(), nil)
	return p.Apply(&Plan{Object: &Object{Type: prior.Type, raw: null, private: create.Object.private}, prior: prior, config: null})
}

// Stop interrupts the calls in progress, as Terraform does after Ctrl-C.
func (p *Protocol) Stop() {
	p.t.Helper()
	if _, err := p.server.StopProvider(p.t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
		p.t.Error(err)
	}
}
