// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package defaults has the schema defaults that the framework lacks.
package defaults

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/defaults"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ defaults.Bool   = Null{}
	_ defaults.String = Null{}
)

// Null keeps a computed attribute null if it is not configured. An attribute that is only optional would be null as well,
// but Terraform writes such a null into generated configuration.
type Null struct{}

// Description returns the default for people.
func (Null) Description(context.Context) string { return "null" }

// MarkdownDescription returns the default for people.
func (Null) MarkdownDescription(context.Context) string { return "null" }

// DefaultBool plans null.
func (Null) DefaultBool(_ context.Context, _ defaults.BoolRequest, resp *defaults.BoolResponse) {
	resp.PlanValue = types.BoolNull()
}

// DefaultString plans null.
func (Null) DefaultString(_ context.Context, _ defaults.StringRequest, resp *defaults.StringResponse) {
	resp.PlanValue = types.StringNull()
}
