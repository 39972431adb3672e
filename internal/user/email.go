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

// emailType is the type of an e-mail address: a string whose letter case is ignored.
type emailType struct {
	basetypes.StringType
}

// email is an e-mail address in its original spelling.
type email struct {
	basetypes.StringValue
}

func (t emailType) Equal(o attr.Type) bool {
	_, ok := o.(emailType)
	return ok
}

func (t emailType) String() string {
	return "user.emailType"
}

func (t emailType) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return email{in}, nil
}

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

func (t emailType) ValueType(context.Context) attr.Value {
	return email{}
}

func (e email) Type(context.Context) attr.Type {
	return emailType{}
}

func (e email) Equal(o attr.Value) bool {
	other, ok := o.(email)
	return ok && e.StringValue.Equal(other.StringValue)
}

// StringSemanticEquals keeps the spelling in state if Udemy returns another letter case.
func (e email) StringSemanticEquals(ctx context.Context, o basetypes.StringValuable) (bool, diag.Diagnostics) {
	other, diags := o.ToStringValue(ctx)
	return udemy.SameEmail(e.ValueString(), other.ValueString()), diags
}

// keepSpelling plans no change if two spellings mean the same, such as another letter case or Unicode form. Semantic equality is not enough,
// because the framework checks it after a call and not during a plan.
type keepSpelling struct{ same func(a, b string) bool }

func (keepSpelling) Description(context.Context) string {
	return "ignores a change of spelling alone"
}

func (m keepSpelling) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

func (m keepSpelling) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.StateValue.IsNull() || req.PlanValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	if m.same(req.StateValue.ValueString(), req.PlanValue.ValueString()) {
		resp.PlanValue = req.StateValue
	}
}
