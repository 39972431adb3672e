// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/usermanagement"
)

const (
	defaultMaxRetries     = 4
	defaultRequestTimeout = 30 * time.Second
	// minRequestsPerSecond is one request in a minute: slower than that is a slip of the pen.
	minRequestsPerSecond = 1.0 / 60
)

// The environment variables that stand in for attributes.
const (
	envOrganizationUUID = "UDEMY_ORGANIZATION_UUID"
	envToken            = "UDEMY_TOKEN"
	envEndpoint         = "UDEMY_ENDPOINT"
)

// model is the provider block as written.
type model struct {
	OrganizationUUID     types.String  `tfsdk:"organization_uuid"`
	Token                types.String  `tfsdk:"token"`
	Endpoint             types.String  `tfsdk:"endpoint"`
	MaxRetries           types.Int64   `tfsdk:"max_retries"`
	RequestTimeout       types.String  `tfsdk:"request_timeout"`
	MaxRequestsPerSecond types.Float64 `tfsdk:"max_requests_per_second"`
	AdoptExisting        types.Bool    `tfsdk:"adopt_existing"`
}

// settings is the provider block with environment variables and defaults filled in, checked.
type settings struct {
	organizationUUID  string
	token             string
	baseURL           *url.URL
	maxRetries        int
	requestTimeout    time.Duration
	requestsPerSecond float64
}

// isUnknown reports whether something that is needed to reach Udemy is known only after apply.
func (m model) isUnknown() bool {
	return m.OrganizationUUID.IsUnknown() || m.Token.IsUnknown() || m.Endpoint.IsUnknown() || m.MaxRetries.IsUnknown() ||
		m.RequestTimeout.IsUnknown() || m.MaxRequestsPerSecond.IsUnknown() || m.AdoptExisting.IsUnknown()
}

// resolve fills in environment variables and defaults. What is missing or malformed is an error at its
// attribute; the value of the token is never part of one.
func (m model) resolve(getenv func(string) string, diags *diag.Diagnostics) settings {
	s := settings{
		organizationUUID:  firstOf(m.OrganizationUUID.ValueString(), getenv(envOrganizationUUID)),
		token:             strings.TrimSpace(firstOf(m.Token.ValueString(), getenv(envToken))),
		maxRetries:        defaultMaxRetries,
		requestTimeout:    defaultRequestTimeout,
		requestsPerSecond: m.MaxRequestsPerSecond.ValueFloat64(),
	}
	if !m.MaxRetries.IsNull() {
		s.maxRetries = int(m.MaxRetries.ValueInt64())
	}

	switch {
	case s.organizationUUID == "":
		diags.AddAttributeError(path.Root("organization_uuid"), "Missing organization UUID",
			"Set organization_uuid in the provider block or the environment variable "+envOrganizationUUID+
				" to the UUID that Udemy's admin pages show for the organization.")
	case !uuid.MatchString(s.organizationUUID):
		diags.AddAttributeError(path.Root("organization_uuid"), "Malformed organization UUID",
			fmt.Sprintf("%q, from organization_uuid or the environment variable %s, is not a UUID such as 1b4e28ba-2fa1-4d3b-8f6e-6d3c0c9a7e10.",
				s.organizationUUID, envOrganizationUUID))
	}
	switch {
	case s.token == "":
		diags.AddAttributeError(path.Root("token"), "Missing access token",
			"Set token in the provider block or the environment variable "+envToken+". A token is made in Udemy under Settings › API.")
	case strings.ContainsFunc(s.token, notVisible):
		diags.AddAttributeError(path.Root("token"), "Malformed access token",
			"The token, from token or the environment variable "+envToken+", holds a blank, a line break or another character that no token has. "+
				"It may have been copied with something around it.")
	}

	endpoint, err := transport.ParseBaseURL(firstOf(m.Endpoint.ValueString(), getenv(envEndpoint), usermanagement.DefaultEndpoint))
	if err != nil {
		diags.AddAttributeError(path.Root("endpoint"), "Malformed endpoint",
			fmt.Sprintf("The endpoint, from endpoint or the environment variable %s, can't be used: %s.", envEndpoint, err))
	}
	if !diags.HasError() {
		s.baseURL = usermanagement.BaseURL(endpoint, s.organizationUUID)
	}
	if timeout := m.RequestTimeout.ValueString(); timeout != "" {
		if s.requestTimeout, err = parseDuration(timeout); err != nil {
			diags.AddAttributeError(path.Root("request_timeout"), "Malformed duration", err.Error())
		}
	}
	return s
}

func firstOf(values ...string) string {
	for _, value := range values {
		if value != "" {
			return value
		}
	}
	return ""
}

// notVisible tells what can't be part of a token from visible ASCII, the only characters it may hold in a
// header (RFC 9110 section 5.5).
func notVisible(r rune) bool {
	return r <= ' ' || r > '~'
}

// parseDuration reads a duration with a unit, or a plain number of seconds.
func parseDuration(raw string) (time.Duration, error) {
	duration, err := time.ParseDuration(raw)
	if seconds, numberErr := strconv.ParseFloat(raw, 64); numberErr == nil {
		duration, err = time.Duration(seconds*float64(time.Second)), nil
	}
	if err != nil || duration < time.Millisecond || duration > time.Hour {
		return 0, fmt.Errorf("%q is not a duration between 1ms and 1h, such as 30s", raw)
	}
	return duration, nil
}

// endpointValidator checks an endpoint while the configuration is validated.
type endpointValidator struct{}

// Description implements validator.String.
func (endpointValidator) Description(context.Context) string {
	return "must be an https URL, or an http URL of a loopback address"
}

// MarkdownDescription implements validator.String.
func (v endpointValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements validator.String.
func (endpointValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := transport.ParseBaseURL(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Malformed endpoint", fmt.Sprintf("The endpoint can't be used: %s.", err))
	}
}

// durationValidator checks a duration while the configuration is validated.
type durationValidator struct{}

// Description implements validator.String.
func (durationValidator) Description(context.Context) string {
	return "must be a duration such as 30s, or a number of seconds"
}

// MarkdownDescription implements validator.String.
func (v durationValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements validator.String.
func (durationValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := parseDuration(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Malformed duration", err.Error())
	}
}
