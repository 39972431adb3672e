// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
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

// usersModel is a filter and the learners it chose. They are a list: a set takes Terraform's framework a time that grows
// with the square of its size.
type usersModel struct {
	filter

	Users []listedUser      `tfsdk:"users"`
	IDs   map[string]string `tfsdk:"ids"`
}

// listedUser is one of many learners.
type listedUser struct {
	ID           string       `tfsdk:"id"`
	Email        string       `tfsdk:"email"`
	FirstName    string       `tfsdk:"first_name"`
	LastName     string       `tfsdk:"last_name"`
	ExternalID   types.String `tfsdk:"external_id"`
	Role         types.String `tfsdk:"role"`
	Status       types.String `tfsdk:"status"`
	Active       bool         `tfsdk:"active"`
	GroupIDs     []string     `tfsdk:"group_ids"`
	LicenseTypes []string     `tfsdk:"license_types"`
}

func newListedUser(user udemy.User) listedUser {
	slices.Sort(user.GroupIDs)
	slices.Sort(user.LicenseTypes)
	return listedUser{
		ID: user.ID, Email: user.Email, FirstName: user.FirstName, LastName: user.LastName,
		ExternalID: stringOrNull(user.ExternalID), Role: stringOrNull(string(user.Role)),
		Status: stringOrNull(string(user.Status)), Active: user.Status.Seated(),
		GroupIDs: user.GroupIDs, LicenseTypes: user.LicenseTypes,
	}
}

// Metadata implements datasource.DataSource.
func (d *usersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_users"
}

// Schema implements datasource.DataSource.
func (d *usersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"users": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The learners, sorted by e-mail address.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "The id that Udemy gave the learner."},
				"email":       schema.StringAttribute{Computed: true, MarkdownDescription: "The e-mail address, as Udemy spells it."},
				"first_name":  schema.StringAttribute{Computed: true, MarkdownDescription: "The first name."},
				"last_name":   schema.StringAttribute{Computed: true, MarkdownDescription: "The last name."},
				"external_id": schema.StringAttribute{Computed: true, MarkdownDescription: "The learner's key in your HR system; null if there is none."},
				"role": schema.StringAttribute{
					Computed:            true,
					MarkdownDescription: "What the learner may do: `learner`, `admin`, or another word of the API's. Null over SCIM, which does not show roles.",
				},
				"status": schema.StringAttribute{
					Computed:            true,
					MarkdownDescription: "Where the learner stands: `invited`, `active`, `deactivated`, or another word of the API's.",
				},
				"active": schema.BoolAttribute{
					Computed:            true,
					MarkdownDescription: "Whether the learner may learn: true in every status but `deactivated`.",
				},
				"group_ids": schema.ListAttribute{
					ElementType: types.StringType,
					Computed:    true,
					MarkdownDescription: "The ids of the groups that the learner is in, sorted. Null where the API does not show them with the learner, as " +
						"SCIM may not: finding them out would cost requests for every group of the organization. `group_id` finds the members of " +
						"one group on either API.",
				},
				"license_types": schema.ListAttribute{
					ElementType:         types.StringType,
					Computed:            true,
					MarkdownDescription: "The names of the licences that the learner has, sorted. Null where the API does not show them, as the user-management API.",
				},
			}},
		},
		"ids": schema.MapAttribute{
			ElementType: types.StringType,
			Computed:    true,
			MarkdownDescription: "The ids of the learners by e-mail address in lower case, to key a `for_each` with. An address that several learners have " +
				"is left out, with a warning.",
		},
	}
	for name, attribute := range filterAttributes {
		attributes[name] = schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: attribute.description,
			Validators:          []validator.String{attribute.validator},
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "All learners of the organization, or those who match everything that is set. They are read by the page, once for each " +
			"run of Terraform, however many data sources and resources ask for them. Names and addresses of all of them are kept in the state.",
		Attributes: attributes,
	}
}

// Read implements datasource.DataSource.
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
	result.Users = make([]listedUser, 0, len(chosen))
	for _, user := range chosen {
		result.Users = append(result.Users, newListedUser(user))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, result)...)
}

// choose reads all learners and returns those whom the filter includes.
func (f filter) choose(ctx context.Context, directory udemy.Directory) ([]udemy.User, error) {
	wanted, err := f.on(ctx, directory)
	if err != nil {
		return nil, err
	}
	users, err := directory.Users(ctx)
	if err != nil {
		return nil, err
	}
	var chosen []udemy.User
	for _, user := range users {
		included, err := wanted.includes(ctx, user)
		if err != nil {
			return nil, err
		}
		if included {
			chosen = append(chosen, user)
		}
	}
	return chosen, nil
}
