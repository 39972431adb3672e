// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package group

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/listing"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

var _ datasource.DataSourceWithConfigure = (*groupsDataSource)(nil)

type groupsDataSource struct {
	providerdata.DataSource
}

// NewGroupsDataSource returns the udemy_groups data source.
func NewGroupsDataSource() datasource.DataSource {
	return &groupsDataSource{}
}

// groupsModel is the list of all groups.
type groupsModel struct {
	Groups []dataModel       `tfsdk:"groups"`
	IDs    map[string]string `tfsdk:"ids"`
}

func (d *groupsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_groups"
}

func (d *groupsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All groups of the organization.",
		Attributes: map[string]schema.Attribute{
			"groups": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The groups, sorted by name.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":   schema.StringAttribute{Computed: true, MarkdownDescription: "The ID that Udemy assigned to the group."},
					"name": schema.StringAttribute{Computed: true, MarkdownDescription: "The exact name."},
				}},
			},
			"ids": schema.MapAttribute{
				ElementType: types.StringType,
				Computed:    true,
				MarkdownDescription: "The IDs of the groups by exact name, for use as the keys of `for_each`. A name that several groups have, which is possible " +
					"over SCIM, is left out, with a warning that lists the IDs.",
			},
		},
	}
}

func (d *groupsDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	if !d.Usable(&resp.Diagnostics) {
		return
	}

	groups, err := d.Directory.Groups(ctx)
	if err != nil {
		listing.AddError(&resp.Diagnostics, "groups", err)
		return
	}
	slices.SortFunc(groups, func(a, b udemy.Group) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	result := groupsModel{Groups: make([]dataModel, 0, len(groups))}
	for _, group := range groups {
		result.Groups = append(result.Groups, dataModel{ID: types.StringValue(group.ID), Name: types.StringValue(group.Name)})
	}
	result.IDs = listing.UniqueIDs(&resp.Diagnostics, "groups", groups, func(group udemy.Group) (name, id string) {
		return group.Name, group.ID
	})
	resp.Diagnostics.Append(resp.State.Set(ctx, result)...)
}
