// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/validators"
)

var (
	_ datasource.DataSourceWithConfigure        = (*userDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*userDataSource)(nil)
)

type userDataSource struct {
	providerdata.DataSource
}

// NewDataSource returns the udemy_user data source.
func NewDataSource() datasource.DataSource {
	return &userDataSource{}
}

// dataModel is a learner as the data source shows it.
type dataModel struct {
	ID         types.String `tfsdk:"id"`
	Email      email        `tfsdk:"email"`
	FirstName  types.String `tfsdk:"first_name"`
	LastName   types.String `tfsdk:"last_name"`
	ExternalID types.String `tfsdk:"external_id"`
	Role       types.String `tfsdk:"role"`
	GroupIDs   types.Set    `tfsdk:"group_ids"`
	Licenses   types.Set    `tfsdk:"license_types"`
	Active     types.Bool   `tfsdk:"active"`
	Status     types.String `tfsdk:"status"`
}

// Metadata implements datasource.DataSource.
func (d *userDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user"
}

// Schema implements datasource.DataSource.
func (d *userDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A learner of the organization, found by exactly one of `id`, `email` and `external_id`.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "The id that Udemy gave the learner.",
				Validators:          []validator.String{validators.ID()},
			},
			"email": schema.StringAttribute{
				CustomType:          emailType{},
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "The e-mail address. Letter case does not count.",
			},
			"external_id": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "The learner's key in your HR system. Letter case counts.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"first_name": schema.StringAttribute{Computed: true, MarkdownDescription: "The first name."},
			"last_name":  schema.StringAttribute{Computed: true, MarkdownDescription: "The last name."},
			"role": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "What the learner may do: `learner`, `admin`, or another word of the API's.",
			},
			"group_ids": schema.SetAttribute{
				ElementType:         types.StringType,
				Computed:            true,
				MarkdownDescription: "The ids of the groups that the learner is in.",
			},
			"license_types": schema.SetAttribute{
				ElementType:         types.StringType,
				Computed:            true,
				MarkdownDescription: "The names of the licences that the learner has. Null where the API does not tell, as the user-management API.",
			},
			"active": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether the learner may learn: true in every status but `deactivated`.",
			},
			"status": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Where the learner stands: `invited`, `active`, `deactivated`, or another word of the API's.",
			},
		},
	}
}

// ConfigValidators implements datasource.DataSourceWithConfigValidators.
func (d *userDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("email"), path.MatchRoot("external_id")),
	}
}

// Read implements datasource.DataSource.
func (d *userDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config dataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !d.Usable(&resp.Diagnostics) {
		return
	}

	key := config.key()
	user, err := key.lookup(ctx, d.Directory)
	if err == nil {
		user, err = withGroups(ctx, d.Directory, user)
	}
	if err != nil {
		diagnostics.AddError(&resp.Diagnostics, fmt.Sprintf("Unable to read the learner with %s %q", key.attribute, key.value), "",
			&diagnostics.AttributeError{Attribute: key.attribute, Err: err})
		return
	}

	found := model{Email: config.Email, GroupIDs: stringSet(user.GroupIDs), LicenseTypes: stringSet(nil)}.read(user)
	resp.Diagnostics.Append(resp.State.Set(ctx, dataModel{
		ID: found.ID, Email: found.Email, FirstName: found.FirstName, LastName: found.LastName, ExternalID: found.ExternalID,
		Role: found.Role, GroupIDs: found.GroupIDs, Licenses: found.LicenseTypes, Active: found.Active, Status: found.Status,
	})...)
}

// key is the one attribute that is configured.
func (m dataModel) key() userKey {
	switch {
	case !m.Email.IsNull():
		return userKey{attribute: "email", value: m.Email.ValueString()}
	case !m.ExternalID.IsNull():
		return userKey{attribute: "external_id", value: m.ExternalID.ValueString()}
	default:
		return userKey{attribute: "id", value: m.ID.ValueString()}
	}
}
