// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package validators holds the schema validators that resources and data sources share.
package validators

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// PlainText accepts names and keys that a server stores unchanged. Many servers remove leading and trailing blanks or
// control characters, which would then be a difference in every plan.
func PlainText() validator.String {
	return stringvalidator.RegexMatches(udemy.PlainText, "must not be empty, start or end with a blank, or contain control characters")
}

// OptionalText is PlainText that also accepts an empty text, which means that there is no value.
func OptionalText() validator.String {
	return textValidator{
		accepts: func(s string) bool { return s == "" || udemy.PlainText.MatchString(s) },
		summary: "Malformed name",
		rule:    "a name without control characters that starts and ends with a visible character, or an empty text for no name",
	}
}

// ID accepts the ID of a learner or a group.
func ID() validator.String {
	return textValidator{
		accepts: udemy.IsID,
		summary: "Malformed ID",
		rule:    "an ID as Udemy issues it: up to 1,000 characters, without a blank at an end, without control characters, and without the segments . and ..",
	}
}

// Email accepts a bare e-mail address. Invisible characters would make two learners of what looks like one address.
func Email() validator.String {
	return textValidator{
		accepts: udemy.IsEmail,
		summary: "Malformed e-mail address",
		rule:    "a bare e-mail address, such as ada@example.com",
		hint: func(s string) string {
			if character := udemy.InvisibleCharacter(s); character != "" {
				return "It contains an invisible character: " + character + "."
			}
			return ""
		},
	}
}

// textValidator accepts the texts that a function accepts.
type textValidator struct {
	accepts func(string) bool
	summary string
	rule    string
	// hint, if not nil, returns more about a text that is not accepted.
	hint func(string) string
}

func (v textValidator) Description(context.Context) string { return "must be " + v.rule }

func (v textValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v textValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || v.accepts(req.ConfigValue.ValueString()) {
		return
	}
	detail := fmt.Sprintf("%q is not %s.", req.ConfigValue.ValueString(), v.rule)
	if v.hint != nil {
		detail = strings.TrimSpace(detail + " " + v.hint(req.ConfigValue.ValueString()))
	}
	resp.Diagnostics.AddAttributeError(req.Path, v.summary, detail)
}
