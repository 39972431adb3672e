// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/scim"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/usermanagement"
)

const (
	defaultMaxRetries     = 4
	defaultRequestTimeout = 30 * time.Second
	// minRequestsPerSecond is one request per minute. A lower value is most likely a typing error.
	minRequestsPerSecond = 1.0 / 60
)

// The environment variables that replace attributes of the provider block.
const (
	envAPI              = "UDEMY_API"
	envSubdomain        = "UDEMY_SUBDOMAIN"
	envOrganizationUUID = "UDEMY_ORGANIZATION_UUID"
	envToken            = "UDEMY_TOKEN"
	envEndpoint         = "UDEMY_ENDPOINT"
	envMaxRemovals      = "UDEMY_MAX_REMOVALS"
)

// credentials are the variables that have no meaning for another organization. The others select where a credential is sent.
var credentials = []string{envToken, envAccountID, envClientID, envClientSecret}

// The values of the attribute api.
const (
	apiSCIM           = "scim"
	apiUserManagement = "user_management"
)

// model is the provider block as configured.
type model struct {
	API                   types.String  `tfsdk:"api"`
	Subdomain             types.String  `tfsdk:"subdomain"`
	OrganizationUUID      types.String  `tfsdk:"organization_uuid"`
	Token                 types.String  `tfsdk:"token"`
	Endpoint              types.String  `tfsdk:"endpoint"`
	LicenseAttribute      types.String  `tfsdk:"license_attribute"`
	MaxRetries            types.Int64   `tfsdk:"max_retries"`
	RequestTimeout        types.String  `tfsdk:"request_timeout"`
	MaxRequestsPerSecond  types.Float64 `tfsdk:"max_requests_per_second"`
	MaxConcurrentRequests types.Int64   `tfsdk:"max_concurrent_requests"`
	AdoptExisting         types.Bool    `tfsdk:"adopt_existing"`
	MaxRemovals           types.Int64   `tfsdk:"max_removals"`
	Reporting             types.Object  `tfsdk:"reporting"`
}

// settings is the validated provider block, completed with environment variables and defaults.
type settings struct {
	api                string
	baseURL            *url.URL
	token              string
	licenseKey         scim.LicenseKey
	maxRetries         int
	requestTimeout     time.Duration
	requestsPerSecond  float64
	concurrentRequests int
	maxRemovals        *int // nil for no limit
}

// isUnknown reports whether a value of the provider block is known only after apply.
func (m model) isUnknown() bool {
	return slices.ContainsFunc([]attr.Value{
		m.API, m.Subdomain, m.OrganizationUUID, m.Token, m.Endpoint, m.LicenseAttribute, m.MaxRetries, m.RequestTimeout,
		m.MaxRequestsPerSecond, m.MaxConcurrentRequests, m.AdoptExisting, m.MaxRemovals,
	}, attr.Value.IsUnknown)
}

// resolver adds environment variables and defaults. Missing and malformed values are errors at their attributes. No error
// contains the token.
type resolver struct {
	block  model
	getenv func(string) string
	origin origin
	diags  *diag.Diagnostics
}

func (m model) resolve(getenv func(string) string, diags *diag.Diagnostics) settings {
	r := resolver{block: m, getenv: getenv, origin: m.origin(getenv), diags: diags}
	s := settings{
		api:                r.api(),
		token:              r.token(),
		licenseKey:         scim.LicenseKey(cmp.Or(m.LicenseAttribute.ValueString(), string(scim.LicenseTypes))),
		maxRetries:         defaultMaxRetries,
		requestTimeout:     r.requestTimeout(),
		requestsPerSecond:  m.MaxRequestsPerSecond.ValueFloat64(),
		concurrentRequests: int(m.MaxConcurrentRequests.ValueInt64()),
		maxRemovals:        r.maxRemovals(),
	}
	if !m.MaxRetries.IsNull() {
		s.maxRetries = int(m.MaxRetries.ValueInt64())
	}
	switch s.api {
	case apiSCIM:
		s.baseURL = r.scimURL()
	case apiUserManagement:
		s.baseURL = r.userManagementURL()
	}
	return s
}

// valueOf returns the value of the attribute, or the environment variable if the attribute is not set and the variable may not
// belong to another organization.
func (r resolver) valueOf(attribute types.String, env string) string {
	if r.isIgnored(env) {
		return attribute.ValueString()
	}
	return cmp.Or(attribute.ValueString(), r.getenv(env))
}

func (r resolver) isIgnored(env string) bool {
	return r.origin == otherOrganization || r.origin == unrelated && !slices.Contains(credentials, env)
}

// hint explains a missing value whose variable is set and not used. Otherwise it is empty.
func (r resolver) hint(env string) string {
	if !r.isIgnored(env) || r.getenv(env) == "" {
		return ""
	}
	return fmt.Sprintf(" %s is set but not used: the provider block names the organization, and the environment names another one with %s, %s or %s.",
		env, envSubdomain, envOrganizationUUID, envEndpoint)
}

// mixesEndpoint reports whether the environment has an endpoint, and perhaps the credential for it, that may belong to another
// organization than the one in the block. endpoint and credential are those in the block.
func (r resolver) mixesEndpoint(env, standard string, endpoint, credential types.String) bool {
	outside := r.getenv(env)
	if outside == "" || outside == standard || endpoint.ValueString() != "" {
		return false
	}
	return r.origin == onlyInBlock || r.origin == unrelated && credential.ValueString() == ""
}

// api returns the API to use. The attribute that identifies the organization selects it, unless both attributes are set.
func (r resolver) api() string {
	api := r.valueOf(r.block.API, envAPI)
	if r.origin == onlyInBlock && r.block.Subdomain.ValueString() == "" != (r.block.OrganizationUUID.ValueString() == "") {
		api = r.block.API.ValueString() // One of the two selects the API.
	}
	byUUID := r.valueOf(r.block.OrganizationUUID, envOrganizationUUID) != ""
	bySubdomain := r.valueOf(r.block.Subdomain, envSubdomain) != ""
	switch {
	case api == apiSCIM || api == apiUserManagement:
		return api
	case api != "":
		r.diags.AddAttributeError(path.Root("api"), "Unknown API",
			fmt.Sprintf("%q, from api or the environment variable %s, is neither %q nor %q.", api, envAPI, apiSCIM, apiUserManagement))
	case byUUID && bySubdomain:
		r.diags.AddAttributeError(path.Root("api"), "Ambiguous API",
			fmt.Sprintf("Both organization_uuid (%s) and subdomain (%s) are set. Select the API with api or the environment variable %s: %q for "+
				"SCIM at the subdomain, %q for the user-management API.", envOrganizationUUID, envSubdomain, envAPI, apiSCIM, apiUserManagement))
	case bySubdomain:
		return apiSCIM
	case byUUID:
		return apiUserManagement
	default:
		r.diags.AddAttributeError(path.Root("organization_uuid"), "Missing organization",
			fmt.Sprintf("Identify the organization in one of two ways:\n\n"+
				"  - subdomain or the environment variable %s selects the organization at https://SUBDOMAIN.udemy.com, over SCIM 2.0. Udemy documents "+
				"SCIM for Enterprise plans.\n"+
				"  - organization_uuid or the environment variable %s selects the user-management API, with a personal access token.",
				envSubdomain, envOrganizationUUID))
	}
	return ""
}

// token returns the token without surrounding blanks. A token from a file often ends in a newline.
func (r resolver) token() string {
	token := strings.TrimSpace(r.valueOf(r.block.Token, envToken))
	switch {
	case token == "":
		r.diags.AddAttributeError(path.Root("token"), "Missing access token",
			"Set token in the provider block or the environment variable "+envToken+". For SCIM, an admin generates the token under "+
				"Manage › Settings › Provisioning (SCIM). For the user-management API, create a personal access token under Settings › API."+r.hint(envToken))
	case strings.ContainsFunc(token, notVisible):
		r.diags.AddAttributeError(path.Root("token"), "Malformed access token",
			"The token, from token or the environment variable "+envToken+", contains a blank, a line break or another character that a token "+
				"can't contain. Copy the token again, without the text around it.")
	}
	return token
}

func (r resolver) userManagementURL() *url.URL {
	endpoint := r.endpoint(usermanagement.DefaultEndpoint)
	organization := r.valueOf(r.block.OrganizationUUID, envOrganizationUUID)
	switch {
	case organization == "":
		r.diags.AddAttributeError(path.Root("organization_uuid"), "Missing organization UUID",
			"The user-management API needs organization_uuid in the provider block or the environment variable "+envOrganizationUUID+
				". Udemy's admin pages show the UUID of the organization."+r.hint(envOrganizationUUID))
	case !uuid.MatchString(organization):
		r.diags.AddAttributeError(path.Root("organization_uuid"), "Malformed organization UUID",
			fmt.Sprintf("%q, from organization_uuid or the environment variable %s, is not a UUID such as 1b4e28ba-2fa1-4d3b-8f6e-6d3c0c9a7e10.",
				organization, envOrganizationUUID))
	case endpoint != nil:
		return usermanagement.BaseURL(endpoint, organization)
	}
	return nil
}

func (r resolver) scimURL() *url.URL {
	subdomain := r.valueOf(r.block.Subdomain, envSubdomain)
	switch {
	case subdomain == "" && r.valueOf(r.block.Endpoint, envEndpoint) == "":
		r.diags.AddAttributeError(path.Root("subdomain"), "Missing subdomain",
			"SCIM needs subdomain in the provider block or the environment variable "+envSubdomain+". The subdomain is the first part of the "+
				"organization's address: acme for https://acme.udemy.com."+r.hint(envSubdomain))
		return nil
	case subdomain != "" && !scim.Subdomain.MatchString(subdomain):
		r.diags.AddAttributeError(path.Root("subdomain"), "Malformed subdomain",
			fmt.Sprintf("%q, from subdomain or the environment variable %s, is not a valid subdomain. The subdomain of https://acme.udemy.com is acme.",
				subdomain, envSubdomain))
		return nil
	}
	return r.endpoint(scim.Endpoint(subdomain))
}

// endpoint returns nil and adds an error if the endpoint is malformed or may belong to another organization.
func (r resolver) endpoint(standard string) *url.URL {
	if r.mixesEndpoint(envEndpoint, standard, r.block.Endpoint, r.block.Token) {
		r.diags.AddAttributeError(path.Root("endpoint"), "Endpoint of an unknown organization",
			fmt.Sprintf("The provider block names the organization, and the environment variable %s may have the endpoint of another one. A token would reach the "+
				"wrong organization. Set endpoint in the provider block, name the same organization in the environment (%s or %s), or unset %s.",
				envEndpoint, envSubdomain, envOrganizationUUID, envEndpoint))
		return nil
	}
	endpoint, err := transport.ParseBaseURL(cmp.Or(r.valueOf(r.block.Endpoint, envEndpoint), standard))
	if err != nil {
		r.diags.AddAttributeError(path.Root("endpoint"), "Malformed endpoint",
			fmt.Sprintf("The endpoint, from endpoint or the environment variable %s, is not valid: %s.", envEndpoint, err))
		return nil
	}
	return endpoint
}

// maxRemovals returns nil if there is no limit.
func (r resolver) maxRemovals() *int {
	limit := int(r.block.MaxRemovals.ValueInt64())
	if r.block.MaxRemovals.IsNull() {
		text := r.getenv(envMaxRemovals)
		if text == "" {
			return nil
		}
		var err error
		if limit, err = strconv.Atoi(text); err != nil || limit < 0 {
			r.diags.AddAttributeError(path.Root("max_removals"), "Malformed limit",
				fmt.Sprintf("%q, from the environment variable %s, is not a number of learners, such as 10.", text, envMaxRemovals))
		}
	}
	return &limit
}

func (r resolver) requestTimeout() time.Duration {
	if r.block.RequestTimeout.IsNull() {
		return defaultRequestTimeout
	}
	timeout, err := parseDuration(r.block.RequestTimeout.ValueString())
	if err != nil {
		r.diags.AddAttributeError(path.Root("request_timeout"), "Malformed duration", err.Error())
	}
	return timeout
}

// notVisible reports whether r is outside visible ASCII. A header field can carry only visible ASCII safely (RFC 9110
// section 5.5).
func notVisible(r rune) bool {
	return r <= ' ' || r > '~'
}

// parseDuration parses a duration with a unit, or a number of seconds.
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
