// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package provider implements the provider block: its schema, its settings, and the list of resources, data sources, list
// resources, actions and functions.
package provider

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/udemy-iac/terraform-provider-udemy/internal/activity"
	"github.com/udemy-iac/terraform-provider-udemy/internal/group"
	"github.com/udemy-iac/terraform-provider-udemy/internal/ledger"
	"github.com/udemy-iac/terraform-provider-udemy/internal/membership"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/roster"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/directory"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/scim"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/usermanagement"
	"github.com/udemy-iac/terraform-provider-udemy/internal/user"
)

var (
	_ provider.ProviderWithListResources = (*udemyProvider)(nil)
	_ provider.ProviderWithActions       = (*udemyProvider)(nil)
	_ provider.ProviderWithFunctions     = (*udemyProvider)(nil)
)

type udemyProvider struct {
	version string
	// ledgers maps the base URL of an organization to its *ledger.Ledger. Provider blocks for one organization share it.
	ledgers sync.Map
}

// New returns a factory for the provider. Each request sends the version in its User-Agent.
func New(version string) func() provider.Provider {
	return func() provider.Provider {
		return &udemyProvider{version: version}
	}
}

func (p *udemyProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "udemy"
	resp.Version = p.version
}

func (p *udemyProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Learners, groups and group memberships of a Udemy Business organization.",
		Attributes: map[string]schema.Attribute{
			"api": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The API to use if both `subdomain` and `organization_uuid` are set: `scim` or `user_management`. Can be set with the " +
					"environment variable `UDEMY_API` instead. " + ofSameOrganization,
				Validators: []validator.String{stringvalidator.OneOf(apiSCIM, apiUserManagement)},
			},
			"subdomain": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The subdomain of the organization: `acme` for `https://acme.udemy.com`. Selects SCIM 2.0. The " +
					"reports have the same subdomain: to use them beside the user-management API, also set `api`. Can be set with the environment variable " +
					"`UDEMY_SUBDOMAIN` instead. If the block names the organization with `subdomain` or `organization_uuid`, and the environment names " +
					"another one, the block takes no API, credential or endpoint from the environment. A subdomain and a UUID can't be compared: then the block " +
					"takes the credentials, but no API or endpoint.",
				Validators: []validator.String{stringvalidator.RegexMatches(scim.Subdomain, "must be one label of a host name, such as acme for https://acme.udemy.com")},
			},
			"organization_uuid": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The UUID of the organization. Udemy's admin pages show it. Selects the user-management API. Can be set with the " +
					"environment variable `UDEMY_ORGANIZATION_UUID` instead. " + ofSameOrganization,
				Validators: []validator.String{stringvalidator.RegexMatches(uuid, "must be a UUID, such as 1b4e28ba-2fa1-4d3b-8f6e-6d3c0c9a7e10")},
			},
			"token": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "The access token. For SCIM, an admin generates it under *Manage › Settings › Provisioning (SCIM)*. It expires after " +
					"about two years. For the user-management API, create a personal access token under *Settings › API*. Can be set with the " +
					"environment variable `UDEMY_TOKEN` instead, which keeps the token out of files. " + ofSameOrganization,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"endpoint": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("The base URL of the API. Defaults to `%s` for SCIM and to `%s` for the user-management API. Plain `http` is "+
					"allowed only for a loopback address. Can be set with the environment variable `UDEMY_ENDPOINT` instead. "+
					"If the block names the organization and the environment names none, `UDEMY_ENDPOINT` is an error: the endpoint may belong to another "+
					"organization, which would receive the token. "+ofSameOrganization+" If the API answers 404 for its list of learners, a refresh is an error that "+
					"names the URL. The user-management API may lack the list: for learners that Terraform has created at the same URL, it is a warning.",
					scim.Endpoint("{subdomain}"), usermanagement.DefaultEndpoint),
				Validators: []validator.String{endpointValidator},
			},
			"license_attribute": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The name of the SCIM attribute in which the provider sends a learner's licenses: `licenseTypes` or `licenseType`. Udemy's " +
					"documentation uses both names. The provider reads both. Defaults to `licenseTypes`.",
				Validators: []validator.String{stringvalidator.OneOf(string(scim.LicenseTypes), string(scim.LicenseType))},
			},
			"max_retries": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("The maximum number of retries of a request that got no usable response. Defaults to `%d`. After HTTP "+
					"status 503 (unavailable), it is twice as high, so the default continues after an outage of a minute. Responses of the rate limit (HTTP status "+
					"429) don't count: the request is retried until Udemy has refused all requests for ten minutes.", defaultMaxRetries),
				Validators: []validator.Int64{int64validator.Between(0, 100)},
			},
			"request_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("The timeout of each attempt of a request: a duration such as `45s` or `2m`, or a number of seconds. "+
					"Defaults to `%s`.", defaultRequestTimeout),
				Validators: []validator.String{durationValidator},
			},
			"max_requests_per_second": schema.Float64Attribute{
				Optional: true,
				MarkdownDescription: "The maximum number of requests per second, including retries. No limit if not set. Rarely needed: a request " +
					"that gets a response of the rate limit (HTTP status 429) waits for the time that Udemy requests. If Udemy refuses many requests, all of them wait, " +
					"and the provider adapts its rate.",
				Validators: []validator.Float64{float64validator.AtLeast(minRequestsPerSecond)},
			},
			"max_concurrent_requests": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("The maximum number of concurrent requests. Defaults to `%d`. A higher value has an effect only together "+
					"with a higher `-parallelism` of Terraform.", transport.DefaultConcurrentRequests),
				Validators: []validator.Int64{int64validator.Between(1, 1000)},
			},
			"adopt_existing": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to adopt a learner or group that already exists at create, with a warning. If `false`, an existing object is an " +
					"error. The attribute of the same name of `udemy_user` overrides it for one learner. Defaults to `true`.",
			},
			"max_removals": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "The maximum number of learners that lose their seat or leave the organization in one run, because they are destroyed or " +
					"set to `active = false`. A plan with more of them is an error that lists the first ten. The provider checks the limit again during apply. " +
					"No limit if not set. Can be set with the environment variable `UDEMY_MAX_REMOVALS` instead.",
				Validators: []validator.Int64{int64validator.AtLeast(0)},
			},
			"reporting": reportingAttribute,
		},
	}
}

// ofSameOrganization is part of the description of each attribute that has an environment variable.
const ofSameOrganization = "The variable is not used if the block names the organization and the environment names another one."

func (p *udemyProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}

	configured := &providerdata.Data{
		AdoptExisting: config.AdoptExisting.IsNull() || config.AdoptExisting.ValueBool(),
		Ledger:        &ledger.Ledger{},

		PlannedAdoptions: providerdata.NewGathering[providerdata.Adoption](),
		Adoptions:        providerdata.NewGathering[providerdata.Adoption](),
	}
	resp.ResourceData = configured
	resp.DataSourceData = configured
	resp.ListResourceData = configured
	resp.ActionData = configured
	if config.isUnknown() {
		if req.ClientCapabilities.DeferralAllowed {
			resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
		}
		return
	}

	resolved := config.resolve(os.Getenv, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	userAgent := fmt.Sprintf("terraform-provider-udemy/%s Terraform/%s", p.version, req.TerraformVersion)
	configured.Directory = resolved.directory(userAgent)
	configured.MaxRemovals = resolved.maxRemovals
	configured.Address = resolved.baseURL.String()
	configured.Organization = resolved.organization(config.Subdomain.ValueString())
	configured.Reports = config.reports(ctx, os.Getenv, resolved, userAgent)
	shared, _ := p.ledgers.LoadOrStore(resolved.baseURL.String(), configured.Ledger)
	if l, ok := shared.(*ledger.Ledger); ok {
		configured.Ledger = l
	}
}

// directory returns the client of the selected API, with a cache for one run.
func (s settings) directory(userAgent string) udemy.Directory {
	client := transport.New(s.apiTransport(userAgent))
	if s.api == apiSCIM {
		return directory.New(scim.New(client, s.licenseKey))
	}
	return directory.New(usermanagement.New(client))
}

// apiTransport returns the configuration of the HTTP client of the selected API.
func (s settings) apiTransport(userAgent string) transport.Config {
	config := s.transport(userAgent)
	config.BaseURL = s.baseURL
	if s.api == apiSCIM {
		config.Credential = transport.BearerToken(s.token)
		config.Accept, config.ContentType = scim.Accept, scim.ContentType
		return config
	}
	config.Credential = transport.BasicToken(s.token)
	config.Accept, config.ContentType = usermanagement.MediaType, usermanagement.MediaType
	return config
}

// transport returns the part of a client's configuration that does not depend on the API.
func (s settings) transport(userAgent string) transport.Config {
	return transport.Config{
		UserAgent:             userAgent,
		MaxRetries:            s.maxRetries,
		RequestTimeout:        s.requestTimeout,
		RequestsPerSecond:     s.requestsPerSecond,
		MaxConcurrentRequests: s.concurrentRequests,
	}
}

func (p *udemyProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		user.NewResource,
		group.NewResource,
		membership.NewResource,
		membership.NewMembersResource,
		roster.NewResource,
	}
}

func (p *udemyProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		user.NewDataSource,
		user.NewUsersDataSource,
		user.NewSeatsDataSource,
		group.NewDataSource,
		group.NewGroupsDataSource,
		activity.NewDataSource,
	}
}

func (p *udemyProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		user.NewListResource,
		group.NewListResource,
		membership.NewListResource,
		membership.NewMembersListResource,
	}
}

func (p *udemyProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		user.NewResendInvitation,
	}
}

func (p *udemyProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		roster.NewFunction,
		roster.NewGroupsFunction,
		roster.NewJSONFunction,
	}
}

// uuid matches the textual form of a UUID (RFC 9562 section 4).
var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
