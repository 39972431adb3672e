// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

var (
	_ basetypes.StringTypable                    = emailType{}
	_ basetypes.StringValuableWithSemanticEquals = email{}
	_ planmodifier.String                        = keepSpelling{}
)

// emailType is the type of an e-mail address: a string whose letter case carries no meaning.
type emailType struct {
	basetypes.StringType
}

// email is an e-mail address, spelled as its writer spelled it.
type email struct {
	basetypes.StringValue
}

// Equal implements attr.Type.
func (t emailType) Equal(o attr.Type) bool {
	_, ok := o.(emailType)
	return ok
}

// String implements attr.Type.
func (t emailType) String() string {
	return "user.emailType"
}

// ValueFromString implements basetypes.StringTypable.
func (t emailType) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return email{in}, nil
}

// ValueFromTerraform implements attr.Type.
func (t emailType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("reading an e-mail address: %w", err)
	}
	s, ok := value.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("reading an e-mail address: got %T", value)
	}
	return email{s}, nil
}

// ValueType implements attr.Type.
func (t emailType) ValueType(context.Context) attr.Value {
	return email{}
}

// Type implements attr.Value.
func (e email) Type(context.Context) attr.Type {
	return emailType{}
}

// Equal implements attr.Value.
func (e email) Equal(o attr.Value) bool {
	other, ok := o.(email)
	return ok && e.StringValue.Equal(other.StringValue)
}

// StringSemanticEquals keeps the spelling in state when Udemy answers with another letter case.
func (e email) StringSemanticEquals(ctx context.Context, o basetypes.StringValuable) (bool, diag.Diagnostics) {
	other, diags := o.ToStringValue(ctx)
	return udemy.SameEmail(e.ValueString(), other.ValueString()), diags
}

// keepSpelling plans no change when only the letter case differs. The type's own equality does not do
// that: the framework asks it after a call, never while planning.
type keepSpelling struct{}

// Description implements planmodifier.String.
func (keepSpelling) Description(context.Context) string {
	return "a change of letter case alone is no change"
}

// MarkdownDescription implements planmodifier.String.
func (m keepSpelling) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

// PlanModifyString implements planmodifier.String.
func (keepSpelling) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.StateValue.IsNull() || req.PlanValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	if udemy.SameEmail(req.StateValue.ValueString(), req.PlanValue.ValueString()) {
		resp.PlanValue = req.StateValue
	}
}
