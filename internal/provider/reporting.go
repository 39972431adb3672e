// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/reporting"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/scim"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// The environment variables that replace attributes of reporting.
const (
	envAccountID         = "UDEMY_ACCOUNT_ID"
	envClientID          = "UDEMY_CLIENT_ID"
	envClientSecret      = "UDEMY_CLIENT_SECRET"
	envReportingEndpoint = "UDEMY_REPORTING_ENDPOINT"
)

var reportingAttribute = schema.SingleNestedAttribute{
	Optional: true,
	MarkdownDescription: "The credential of Udemy's reporting API, which shows who uses a seat. Only `udemy_activity`, and `udemy_seats` with `idle_days`, " +
		"need it. It works beside either API, on Enterprise plans. An admin creates the credential under *Settings › API*. It is neither the SCIM " +
		"token nor the personal access token. Each attribute can be set with an environment variable instead. " +
		"The variables are not used if the block names the organization and the environment names another one, or if `account_id` differs from " +
		"`UDEMY_ACCOUNT_ID`.",
	Attributes: map[string]schema.Attribute{
		"account_id": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: "The account ID of the organization: a number, and not the UUID of the organization. Udemy shows it with the credential. Can be " +
				"set with the environment variable `UDEMY_ACCOUNT_ID` instead.",
			Validators: []validator.Int64{int64validator.AtLeast(1)},
		},
		"client_id": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "The client ID of the credential. Can be set with the environment variable `UDEMY_CLIENT_ID` instead.",
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"client_secret": schema.StringAttribute{
			Optional:  true,
			Sensitive: true,
			MarkdownDescription: "The client secret of the credential. Can be set with the environment variable `UDEMY_CLIENT_SECRET` instead, which keeps it out " +
				"of files. The variable is not used if `client_id` differs from `UDEMY_CLIENT_ID`.",
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"endpoint": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("The base URL of the reporting API. Defaults to `%s`, with the `subdomain` of the provider block. Plain `http` is "+
				"allowed only for a loopback address. Can be set with the environment variable `UDEMY_REPORTING_ENDPOINT` instead. The variable is ignored if "+
				"the provider block has an `account_id` and `UDEMY_ACCOUNT_ID` is not the same: it may belong to another organization. If the block names the "+
				"organization with `subdomain` or `organization_uuid` and the environment names none, the variable is an error.", reporting.Endpoint("{subdomain}")),
			Validators: []validator.String{endpointValidator},
		},
	},
}

// reportingModel is the attribute reporting as configured.
type reportingModel struct {
	AccountID    types.Int64  `tfsdk:"account_id"`
	ClientID     types.String `tfsdk:"client_id"`
	ClientSecret types.String `tfsdk:"client_secret"`
	Endpoint     types.String `tfsdk:"endpoint"`
}

// isUnknown reports whether a value is known only after apply. The rest of the provider works without it.
func (m reportingModel) isUnknown() bool {
	return m.AccountID.IsUnknown() || m.ClientID.IsUnknown() || m.ClientSecret.IsUnknown() || m.Endpoint.IsUnknown()
}

// asEmpty converts a null or unknown object to the zero value, whose attributes are null.
var asEmpty = basetypes.ObjectAsOptions{UnhandledNullAsEmpty: true, UnhandledUnknownAsEmpty: true}

// reports returns the function that builds the client of the reports when a data source needs it for the first time. A missing or
// malformed setting is an error of that function, because nothing else needs the settings.
func (m model) reports(ctx context.Context, getenv func(string) string, s settings, userAgent string) func() (udemy.Reports, error) {
	var block reportingModel
	diags := m.Reporting.As(ctx, &block, asEmpty)
	return sync.OnceValues(func() (udemy.Reports, error) {
		switch {
		case diags.HasError():
			return nil, errors.New(diags[0].Detail())
		case m.Reporting.IsUnknown() || block.isUnknown():
			return nil, errors.New("the attribute reporting of the provider block has values that are known only after apply; apply their source first, for " +
				"example with -target")
		}
		r := m.reporting(block, getenv)
		config := r.transport(s, userAgent)
		if len(r.problems) > 0 {
			return nil, fmt.Errorf("the activity report needs an account ID and a credential of its own, which an admin creates under Settings › API on an "+
				"Enterprise plan:\n\n  - %s", strings.Join(r.problems, "\n  - "))
		}
		return reporting.New(transport.New(config)), nil
	})
}

// reportingResolver adds environment variables and defaults, and collects what is missing or malformed. No problem contains the
// client secret. It takes no variable that may belong to another organization.
type reportingResolver struct {
	resolver

	block     reportingModel
	problems  []string
	variables []string // one for each problem
}

func (m model) reporting(block reportingModel, getenv func(string) string) *reportingResolver {
	return &reportingResolver{resolver: resolver{block: m, getenv: getenv, origin: m.origin(getenv)}, block: block}
}

// problem adds a problem that an environment variable can solve.
func (r *reportingResolver) problem(env, format string, arguments ...any) {
	r.variables = append(r.variables, env)
	r.problems = append(r.problems, fmt.Sprintf(format, arguments...))
}

// missing adds the problem that an attribute is not set, and neither is its environment variable.
func (r *reportingResolver) missing(attribute, env string) {
	hint := r.hint(env)
	if other := r.otherCredential(env); hint == "" && other != "" && r.getenv(env) != "" {
		hint = fmt.Sprintf(" %s is set but not used: it belongs to %s, which differs from the value in the provider block.", env, other)
	}
	r.problem(env, "Set reporting.%s in the provider block or the environment variable %s.%s", attribute, env, hint)
}

// transport returns the configuration of the HTTP client, which is usable only without problems.
func (r *reportingResolver) transport(s settings, userAgent string) transport.Config {
	config := s.transport(userAgent)
	config.BaseURL, config.Credential = r.baseURL(), r.credential()
	config.Accept, config.ContentType = reporting.MediaType, reporting.MediaType
	return config
}

// otherCredential returns the name of the variable that shows that env, a part of the credential or its endpoint, belongs to
// another account or client than those in the block. Otherwise it is empty.
func (r *reportingResolver) otherCredential(env string) string {
	switch {
	case !r.block.AccountID.IsNull() && r.getenv(envAccountID) != "" && r.accountOutside() != r.block.AccountID.ValueInt64():
		return envAccountID
	case env == envClientSecret && r.block.ClientID.ValueString() != "" && r.getenv(envClientID) != "" &&
		strings.TrimSpace(r.getenv(envClientID)) != strings.TrimSpace(r.block.ClientID.ValueString()):
		return envClientID
	default:
		return ""
	}
}

// accountOutside returns the account ID of the environment, and 0 if it is missing or malformed.
func (r *reportingResolver) accountOutside() int64 {
	id, err := strconv.ParseInt(strings.TrimSpace(r.getenv(envAccountID)), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// part returns a part of the credential: the attribute, or the environment variable unless it belongs to another credential.
func (r *reportingResolver) part(attribute types.String, env string) string {
	if r.otherCredential(env) != "" {
		return strings.TrimSpace(attribute.ValueString())
	}
	return strings.TrimSpace(r.valueOf(attribute, env))
}

func (r *reportingResolver) baseURL() *url.URL {
	standard := ""
	if subdomain := r.valueOf(r.resolver.block.Subdomain, envSubdomain); scim.Subdomain.MatchString(subdomain) {
		standard = reporting.Endpoint(subdomain)
	}
	accountID := r.block.AccountID.ValueInt64()
	address := r.block.Endpoint.ValueString()
	switch {
	case r.block.AccountID.IsNull():
		accountID = r.accountIDFromEnvironment()
		if r.mixesEndpoint(envReportingEndpoint, standard, r.block.Endpoint, r.block.ClientSecret) {
			r.problem(envReportingEndpoint, "The provider block names the organization, and the environment variable %s may have the endpoint of another one. "+
				"Set reporting.endpoint in the provider block, name the same organization in the environment (%s or %s), or unset %s.",
				envReportingEndpoint, envSubdomain, envOrganizationUUID, envReportingEndpoint)
			return nil
		}
		address = r.valueOf(r.block.Endpoint, envReportingEndpoint)
	case accountID == r.accountOutside():
		address = r.valueOf(r.block.Endpoint, envReportingEndpoint)
	}
	address = cmp.Or(address, standard)
	if address == "" {
		r.problem(envSubdomain, "Set subdomain in the provider block, which is acme for https://acme.udemy.com, or reporting.endpoint. With the "+
			"user-management API, also set api = \"user_management\".%s", r.hint(envSubdomain))
		return nil
	}
	endpoint, err := transport.ParseBaseURL(address)
	if err != nil {
		r.problem(envReportingEndpoint, "The endpoint, from reporting.endpoint or the environment variable %s, is not valid: %s.", envReportingEndpoint, err)
		return nil
	}
	return reporting.BaseURL(endpoint, accountID)
}

func (r *reportingResolver) accountIDFromEnvironment() int64 {
	text := strings.TrimSpace(r.valueOf(types.StringNull(), envAccountID))
	if text == "" {
		r.missing("account_id", envAccountID)
		return 0
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		r.problem(envAccountID, "%q, from the environment variable %s, is not an account ID, which is a number such as 123456.", text, envAccountID)
	}
	return id
}

func (r *reportingResolver) credential() transport.Credential {
	id, secret := r.part(r.block.ClientID, envClientID), r.part(r.block.ClientSecret, envClientSecret)
	switch {
	case id == "":
		r.missing("client_id", envClientID)
	case strings.ContainsFunc(id, notVisible) || strings.Contains(id, ":"):
		r.problem(envClientID, "The client ID, from reporting.client_id or the environment variable %s, contains a blank, a colon or another character that a "+
			"client ID can't contain.", envClientID)
	}
	switch {
	case secret == "":
		r.missing("client_secret", envClientSecret)
	case strings.ContainsFunc(secret, notVisible):
		r.problem(envClientSecret, "The client secret, from reporting.client_secret or the environment variable %s, contains a blank, a line break or another "+
			"character that a secret can't contain.", envClientSecret)
	}
	return transport.BasicAuth(id, secret)
}
