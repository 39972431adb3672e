// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/listing"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

var _ datasource.DataSourceWithConfigure = (*seatsDataSource)(nil)

type seatsDataSource struct {
	providerdata.DataSource
}

// NewSeatsDataSource returns the udemy_seats data source.
func NewSeatsDataSource() datasource.DataSource {
	return &seatsDataSource{}
}

// seatsModel is how many seats there are and who takes them.
type seatsModel struct {
	Purchased     types.Int64      `tfsdk:"purchased"`
	Used          int64            `tfsdk:"used"`
	Invited       int64            `tfsdk:"invited"`
	Active        int64            `tfsdk:"active"`
	Deactivated   int64            `tfsdk:"deactivated"`
	ByLicenseType map[string]int64 `tfsdk:"by_license_type"`
	Available     types.Int64      `tfsdk:"available"`
}

// countSeats counts who takes seats, of so many that were purchased, which may be null.
func countSeats(purchased types.Int64, users []udemy.User) seatsModel {
	m := seatsModel{Purchased: purchased}
	for _, user := range users {
		switch user.Status {
		case udemy.StatusInvited:
			m.Invited++
		case udemy.StatusActive:
			m.Active++
		case udemy.StatusDeactivated:
			m.Deactivated++
		}
		if user.Status.Seated() {
			m.Used++
		}
		if user.LicenseTypes != nil && m.ByLicenseType == nil {
			m.ByLicenseType = map[string]int64{}
		}
		for _, license := range user.LicenseTypes {
			if user.Status.Seated() {
				m.ByLicenseType[license]++
			}
		}
	}
	if !m.Purchased.IsNull() {
		m.Available = types.Int64Value(m.Purchased.ValueInt64() - m.Used)
	}
	return m
}

// Metadata implements datasource.DataSource.
func (d *seatsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_seats"
}

// Schema implements datasource.DataSource.
func (d *seatsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "How many seats the organization's learners take, counted from the list of all of them.\n\n" +
			"**An invitation counts as a used seat.** Udemy's own pages disagree on that: newer ones say that a licence is claimed when a learner " +
			"completes the sign-up, an older one that it is taken when the invitation goes out. So `used` is the safe figure, and `active` the one to " +
			"compare where only those who signed up count. Udemy's APIs don't tell how many seats were bought: say it with `purchased`. " +
			"SCIM knows no invitations, and counts accounts as active that nobody has logged in to yet; Udemy says that these take no licence before the " +
			"first login.",
		Attributes: map[string]schema.Attribute{
			"purchased": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "How many seats the organization bought, as on the contract.",
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			},
			"used": schema.Int64Attribute{
				Computed: true,
				MarkdownDescription: "How many learners take a seat: all but the deactivated ones. That is `invited` and `active` together, and learners " +
					"whose status is another word of the API's.",
			},
			"invited": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "How many learners have not accepted their invitation yet. Over SCIM 0.",
			},
			"active":      schema.Int64Attribute{Computed: true, MarkdownDescription: "How many learners are active."},
			"deactivated": schema.Int64Attribute{Computed: true, MarkdownDescription: "How many learners are deactivated, and take no seat."},
			"by_license_type": schema.MapAttribute{
				ElementType: types.Int64Type,
				Computed:    true,
				MarkdownDescription: "How many of the learners who take a seat have a licence, by its name. A learner may have several, and counts for each. " +
					"Null where the API does not show licences, as the user-management API.",
			},
			"available": schema.Int64Attribute{
				Computed: true,
				MarkdownDescription: "How many seats are left: `purchased` without `used`. Negative if more are taken than were bought, and null without " +
					"`purchased`.",
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *seatsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var purchased types.Int64
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("purchased"), &purchased)...)
	if !d.Usable(&resp.Diagnostics) {
		return
	}

	users, err := d.Directory.Users(ctx)
	if err != nil {
		listing.AddError(&resp.Diagnostics, "learners", err)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, countSeats(purchased, users))...)
}
