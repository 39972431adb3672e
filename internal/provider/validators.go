// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// parseValidator checks a string at validate with the function that parses it at configure.
type parseValidator struct {
	summary     string
	description string
	parse       func(string) error
}

var (
	endpointValidator = parseValidator{
		summary:     "Malformed endpoint",
		description: "must be an https URL, or an http URL of a loopback address",
		parse: func(s string) error {
			_, err := transport.ParseBaseURL(s)
			return err
		},
	}
	durationValidator = parseValidator{
		summary:     "Malformed duration",
		description: "must be a duration such as 30s, or a number of seconds",
		parse: func(s string) error {
			_, err := parseDuration(s)
			return err
		},
	}
)

func (v parseValidator) Description(context.Context) string { return v.description }

func (v parseValidator) MarkdownDescription(context.Context) string { return v.description }

func (v parseValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := v.parse(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, v.summary, fmt.Sprintf("The value %s: %s.", v.description, err))
	}
}
