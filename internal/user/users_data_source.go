// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/listing"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

var _ datasource.DataSourceWithConfigure = (*usersDataSource)(nil)

type usersDataSource struct {
	providerdata.DataSource
}

// NewUsersDataSource returns the udemy_users data source.
func NewUsersDataSource() datasource.DataSource {
	return &usersDataSource{}
}

// usersModel is a filter and the learners who match it. Users is a list, because the framework takes quadratic time for
// a set.
type usersModel struct {
	filter

	Users types.List        `tfsdk:"users"`
	IDs   map[string]string `tfsdk:"ids"`
}

func (d *usersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_users"
}

func (d *usersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	listed := map[string]schema.Attribute{}
	for _, a := range attributes {
		listed[a.field.Name] = a.computed(true)
	}
	all := map[string]schema.Attribute{
		"users": schema.ListNestedAttribute{
			Computed: true,
			MarkdownDescription: "The learners, sorted by e-mail address. `email` has the spelling that Udemy returns. `group_ids` is null if the API does not " +
				"return the groups of a learner, which is possible over SCIM. They are not read, because that would take requests for every group. `group_id` " +
				"selects the members of one group on either API.",
			NestedObject: schema.NestedAttributeObject{Attributes: listed},
		},
		"ids": schema.MapAttribute{
			ElementType: types.StringType,
			Computed:    true,
			MarkdownDescription: "The IDs of the learners by e-mail address in lower case, for use as the keys of `for_each`. An address that several learners " +
				"have is left out, with a warning.",
		},
	}
	for name, attribute := range filterAttributes {
		all[name] = schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: attribute.description,
			Validators:          []validator.String{attribute.validator},
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "All learners of the organization, or only the learners who match all attributes that are set. The list is paginated and fetched " +
			"once per run, for all data sources and resources together. State contains the names and addresses of all listed learners.",
		Attributes: all,
	}
}

func (d *usersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var result usersModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &result)...)
	if !d.Usable(&resp.Diagnostics) {
		return
	}

	chosen, err := result.choose(ctx, d.Directory)
	if err != nil {
		listing.AddError(&resp.Diagnostics, "learners", err)
		return
	}
	slices.SortFunc(chosen, func(a, b udemy.User) int {
		return cmp.Or(cmp.Compare(udemy.EmailKey(a.Email), udemy.EmailKey(b.Email)), cmp.Compare(a.ID, b.ID))
	})
	result.IDs = listing.UniqueIDs(&resp.Diagnostics, "learners", chosen, func(user udemy.User) (email, id string) {
		return udemy.EmailKey(user.Email), user.ID
	})
	users, listDiags := userList(chosen)
	resp.Diagnostics.Append(listDiags...)
	result.Users = users
	resp.Diagnostics.Append(resp.State.Set(ctx, result)...)
}

// userList returns learners as the attribute users.
func userList(users []udemy.User) (types.List, diag.Diagnostics) {
	typ := types.ObjectType{AttrTypes: map[string]attr.Type{}}
	for _, a := range attributes {
		typ.AttrTypes[a.field.Name] = a.computed(true).GetType()
	}
	elements := make([]attr.Value, 0, len(users))
	for _, user := range users {
		values := make(map[string]attr.Value, len(attributes))
		for _, a := range attributes {
			values[a.field.Name] = a.value(user, true)
		}
		object, diags := types.ObjectValue(typ.AttrTypes, values)
		if diags.HasError() {
			return types.ListNull(typ), diags
		}
		elements = append(elements, object)
	}
	return types.ListValue(typ, elements)
}

// choose reads all learners and returns the ones that match the filter.
func (f filter) choose(ctx context.Context, directory udemy.Directory) ([]udemy.User, error) {
	selected, err := f.on(ctx, directory)
	if err != nil {
		return nil, err
	}
	users, err := directory.Users(ctx)
	if err != nil {
		return nil, err
	}
	var chosen []udemy.User
	for _, user := range users {
		included, err := selected.includes(ctx, user)
		if err != nil {
			return nil, err
		}
		if included {
			chosen = append(chosen, user)
		}
	}
	return chosen, nil
}
