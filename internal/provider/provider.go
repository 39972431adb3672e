// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package provider is the provider block: its schema, its credentials, and what it offers.
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
	// ledgers are those of this process, by the base URL of the organization.
	ledgers sync.Map
}

// New returns a factory of the provider; version goes into the User-Agent of every request.
func New(version string) func() provider.Provider {
	return func() provider.Provider {
		return &udemyProvider{version: version}
	}
}

// Metadata implements provider.Provider.
func (p *udemyProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "udemy"
	resp.Version = p.version
}

// Schema implements provider.Provider.
func (p *udemyProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Learners, groups and group memberships of a Udemy Business organization.",
		Attributes: map[string]schema.Attribute{
			"api": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Which API to use where both `subdomain` and `organization_uuid` are set: `scim` or `user_management`. May be set by the " +
					"environment variable `UDEMY_API` instead.",
				Validators: []validator.String{stringvalidator.OneOf(apiSCIM, apiUserManagement)},
			},
			"subdomain": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The organization's subdomain, which is `acme` for `https://acme.udemy.com`. Selects SCIM 2.0. May be set by the " +
					"environment variable `UDEMY_SUBDOMAIN` instead.",
				Validators: []validator.String{stringvalidator.RegexMatches(scim.Subdomain, "must be one label of a host name, such as acme for https://acme.udemy.com")},
			},
			"organization_uuid": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The UUID of the organization, as the admin pages show it. Selects the user-management API. May be set by the " +
					"environment variable `UDEMY_ORGANIZATION_UUID` instead.",
				Validators: []validator.String{stringvalidator.RegexMatches(uuid, "must be a UUID, such as 1b4e28ba-2fa1-4d3b-8f6e-6d3c0c9a7e10")},
			},
			"token": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "The access token. For SCIM, an admin generates it under *Manage › Settings › Provisioning (SCIM)*; it lives for " +
					"about two years. For the user-management API, it is a personal access token, made under *Settings › API*. May be set by the " +
					"environment variable `UDEMY_TOKEN` instead, which keeps it out of files.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"endpoint": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("The base URL of the API. Defaults to `%s` for SCIM and to `%s` for the user-management API. Plain `http` is "+
					"accepted for a loopback address only. May be set by the environment variable `UDEMY_ENDPOINT` instead.",
					scim.Endpoint("{subdomain}"), usermanagement.DefaultEndpoint),
				Validators: []validator.String{endpointValidator},
			},
			"license_attribute": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How SCIM spells the attribute that holds a learner's licences when it is sent: `licenseTypes` or `licenseType`. Udemy's " +
					"documentation uses both; both are read. Defaults to `licenseTypes`.",
				Validators: []validator.String{stringvalidator.OneOf(string(scim.LicenseTypes), string(scim.LicenseType))},
			},
			"max_retries": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("How often a request that got no usable answer is sent again. Defaults to `%d`. Being told to wait "+
					"(HTTP status 429) doesn't count.", defaultMaxRetries),
				Validators: []validator.Int64{int64validator.Between(0, 100)},
			},
			"request_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("How long one attempt of a request may take: a duration such as `45s` or `2m`, or a number of seconds. "+
					"Defaults to `%s`.", defaultRequestTimeout),
				Validators: []validator.String{durationValidator},
			},
			"max_requests_per_second": schema.Float64Attribute{
				Optional: true,
				MarkdownDescription: "How many requests are sent in a second at the most, retries included. Not limited when not set. Rarely needed: when " +
					"Udemy answers that requests come too fast (HTTP status 429), the provider waits as long as it is told to and finds the right pace by itself.",
				Validators: []validator.Float64{float64validator.AtLeast(minRequestsPerSecond)},
			},
			"max_concurrent_requests": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("How many requests are under way at the same time at the most. Defaults to `%d`. Worth raising only together "+
					"with Terraform's `-parallelism`.", transport.DefaultConcurrentRequests),
				Validators: []validator.Int64{int64validator.Between(1, 1000)},
			},
			"adopt_existing": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether a learner or group that is to be created but exists already is taken over, with a warning, instead of " +
					"being an error. Learners can override it one by one. Defaults to `true`.",
			},
			"max_removals": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "How many learners may lose their seat or their membership of the organization in one run, because they are destroyed or " +
					"set to `active = false`. A plan with more of them is an error that names the first ten. The limit is checked again during apply. " +
					"No limit if not set. Can be set with the environment variable `UDEMY_MAX_REMOVALS` instead.",
				Validators: []validator.Int64{int64validator.AtLeast(0)},
			},
		},
	}
}

// Configure implements provider.Provider.
func (p *udemyProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}

	configured := &providerdata.Data{
		AdoptExisting: config.AdoptExisting.IsNull() || config.AdoptExisting.ValueBool(),
		Ledger:        &ledger.Ledger{},
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

	settings := config.resolve(os.Getenv, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	userAgent := fmt.Sprintf("terraform-provider-udemy/%s Terraform/%s", p.version, req.TerraformVersion)
	configured.Directory = settings.directory(userAgent)
	configured.MaxRemovals = settings.maxRemovals
	shared, _ := p.ledgers.LoadOrStore(settings.baseURL.String(), configured.Ledger)
	if l, ok := shared.(*ledger.Ledger); ok {
		configured.Ledger = l
	}
}

// directory builds the client of the API that the settings select, behind a memory for one run.
func (s settings) directory(userAgent string) udemy.Directory {
	config := transport.Config{
		BaseURL:               s.baseURL,
		UserAgent:             userAgent,
		MaxRetries:            s.maxRetries,
		RequestTimeout:        s.requestTimeout,
		RequestsPerSecond:     s.requestsPerSecond,
		MaxConcurrentRequests: s.concurrentRequests,
	}
	if s.api == apiSCIM {
		config.Credential = transport.BearerToken(s.token)
		config.Accept, config.ContentType = scim.Accept, scim.ContentType
		return directory.New(scim.New(transport.New(config), s.licenseKey))
	}
	config.Credential = transport.BasicToken(s.token)
	config.Accept, config.ContentType = usermanagement.MediaType, usermanagement.MediaType
	return directory.New(usermanagement.New(transport.New(config)))
}

// Resources implements provider.Provider.
func (p *udemyProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		user.NewResource,
		group.NewResource,
		membership.NewResource,
		membership.NewMembersResource,
	}
}

// DataSources implements provider.Provider.
func (p *udemyProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		user.NewDataSource,
		user.NewUsersDataSource,
		user.NewSeatsDataSource,
		group.NewDataSource,
		group.NewGroupsDataSource,
	}
}

// ListResources implements provider.ProviderWithListResources.
func (p *udemyProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		user.NewListResource,
		group.NewListResource,
		membership.NewListResource,
		membership.NewMembersListResource,
	}
}

// Actions implements provider.ProviderWithActions.
func (p *udemyProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		user.NewResendInvitation,
	}
}

// Functions implements provider.ProviderWithFunctions.
func (p *udemyProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		roster.NewFunction,
	}
}

// uuid is a UUID in its usual spelling (RFC 9562 section 4).
var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
