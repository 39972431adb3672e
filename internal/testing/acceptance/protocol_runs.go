// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Replace plans and applies a replacement like Terraform does: it plans a change, then a new object with the private state of that
// plan, which the destroy also gets.
func (p *Protocol) Replace(prior *Object, config Values) (*Object, Diagnostics) {
	p.t.Helper()
	change := p.Plan(prior, prior.Type, config)
	null := tftypes.NewValue(p.schema(prior.Type).ValueType(), nil)
	create := p.PlanToo(&Object{Type: prior.Type, raw: null, private: change.Object.private}, prior.Type, config)
	create.Diagnostics.ExpectNoErrors(p.t)
	p.configure().ExpectNoErrors(p.t)
	left, destroyed := p.Apply(&Plan{
		Object: &Object{Type: prior.Type, raw: null, private: create.Object.private}, prior: prior, config: null,
	})
	left.ExpectGone(p.t)
	object, diags := p.Apply(create)
	return object, append(destroyed, diags...)
}

// Stop interrupts the calls in progress, as Terraform does after Ctrl-C.
func (p *Protocol) Stop() {
	p.t.Helper()
	if _, err := p.server.StopProvider(p.t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
		p.t.Error(err)
	}
}
