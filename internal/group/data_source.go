// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package group

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
	_ datasource.DataSourceWithConfigure        = (*groupDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*groupDataSource)(nil)
)

type groupDataSource struct {
	providerdata.DataSource
}

// NewDataSource returns the udemy_group data source.
func NewDataSource() datasource.DataSource {
	return &groupDataSource{}
}

// dataModel is a group in a data source.
type dataModel struct {
	ID   types.String `tfsdk:"id"`
	Name types.String `tfsdk:"name"`
}

func (d *groupDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group"
}

func (d *groupDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A group of the organization, found by exactly one of `id` and `name`.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "The ID that Udemy assigned to the group.",
				Validators:          []validator.String{validators.ID()},
			},
			"name": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "The name. Letter case matters only if several groups have the name in different letter case. Blanks matter.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
		},
	}
}

func (d *groupDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name")),
	}
}

func (d *groupDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config dataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !d.Usable(&resp.Diagnostics) {
		return
	}

	key := groupKey{attribute: "id", value: config.ID.ValueString()}
	if !config.Name.IsNull() {
		key = groupKey{attribute: "name", value: config.Name.ValueString()}
	}
	group, err := key.lookup(ctx, d.Directory)
	if err != nil {
		hint := ""
		if key.attribute == "id" {
			hint = d.DescribeGroupName(ctx, key.value, err) + "To find a group by its name, set name instead of id."
		}
		diagnostics.AddError(&resp.Diagnostics, fmt.Sprintf("Unable to read the group with %s %q", key.attribute, key.value), hint,
			&diagnostics.AttributeError{Attribute: key.attribute, Err: err})
		return
	}
	name := types.StringValue(group.Name)
	if !config.Name.IsNull() {
		name = config.Name // The spelling of the configuration stays.
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, dataModel{ID: types.StringValue(group.ID), Name: name})...)
}
