// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package validators

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// PlainText accepts names and keys that a server keeps as they are. Blanks at the ends, which many
// servers trim without a word, and control characters would come back as a difference at every plan.
func PlainText() validator.String {
	return stringvalidator.RegexMatches(udemy.PlainText, "must not be empty, start or end with a blank, or hold control characters")
}

// ID accepts what can be the id of a learner or a group.
func ID() validator.String { return idValidator{} }

type idValidator struct{}

// Description implements validator.String.
func (idValidator) Description(context.Context) string {
	return "must be an id as Udemy gives it: up to 255 visible characters without blanks, slashes, backslashes and any of ?#%"
}

// MarkdownDescription implements validator.String.
func (v idValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements validator.String.
func (v idValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || udemy.IsID(req.ConfigValue.ValueString()) {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Malformed id", fmt.Sprintf("%q is no id. It %s.", req.ConfigValue.ValueString(), v.Description(ctx)))
}
