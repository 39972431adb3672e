// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/activity"
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

// seatsModel is the number of seats and of the learners who take them.
type seatsModel struct {
	Purchased     types.Int64      `tfsdk:"purchased"`
	Used          int64            `tfsdk:"used"`
	Invited       int64            `tfsdk:"invited"`
	Active        int64            `tfsdk:"active"`
	Deactivated   int64            `tfsdk:"deactivated"`
	ByLicenseType map[string]int64 `tfsdk:"by_license_type"`
	Available     types.Int64      `tfsdk:"available"`

	// The numbers from the activity report are null unless IdleDays is set.
	IdleDays       types.Int64  `tfsdk:"idle_days"`
	Today          types.String `tfsdk:"today"`
	Idle           types.Int64  `tfsdk:"idle"`
	NeverVisited   types.Int64  `tfsdk:"never_visited"`
	NeverActivated types.Int64  `tfsdk:"never_activated"`
}

// countSeats counts the learners who take a seat. The number of purchased seats may be null.
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

func (d *seatsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_seats"
}

func (d *seatsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	idleDays := activity.IdleDays("The number of days without a visit after which a learner counts as idle. Reads the activity report, for which the provider " +
		"block needs the attribute `reporting`. `udemy_activity` with the same value lists the learners.")
	idleDays.Optional = true
	resp.Schema = schema.Schema{
		MarkdownDescription: "The number of seats that the learners of the organization take, counted from the list of all learners.\n\n" +
			"**An invitation counts as a used seat.** Udemy's documentation is contradictory: according to newer pages, a license is claimed when a learner " +
			"completes the sign-up, and according to an older page, it is taken when the invitation is sent. `used` is therefore the safe figure. If only " +
			"learners who signed up count, use `active`. Udemy's APIs do not return the number of purchased seats: set `purchased`. SCIM does not " +
			"return invitations, and accounts that have never logged in count as active. According to Udemy, such an account takes no license before the " +
			"first login.",
		Attributes: map[string]schema.Attribute{
			"purchased": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "The number of seats that the organization purchased, from the contract.",
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			},
			"used": schema.Int64Attribute{
				Computed: true,
				MarkdownDescription: "The number of learners who take a seat: all except deactivated learners. This is `invited` and `active` together, and learners " +
					"with any other status that the API returns.",
			},
			"invited": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "The number of learners who have not accepted their invitation yet. 0 over SCIM.",
			},
			"active":      schema.Int64Attribute{Computed: true, MarkdownDescription: "The number of active learners."},
			"deactivated": schema.Int64Attribute{Computed: true, MarkdownDescription: "The number of deactivated learners, who take no seat."},
			"by_license_type": schema.MapAttribute{
				ElementType: types.Int64Type,
				Computed:    true,
				MarkdownDescription: "The number of learners with a seat and a license, by the name of the license. A learner with several licenses counts for " +
					"each. Null if the API does not return licenses, for example over the user-management API.",
			},
			"available": schema.Int64Attribute{
				Computed: true,
				MarkdownDescription: "The number of free seats: `purchased` minus `used`. Negative if more seats are used than purchased, and null if " +
					"`purchased` is not set.",
			},
			"idle_days": idleDays,
			"today":     activity.Today(stringvalidator.AlsoRequires(path.MatchRoot("idle_days"))),
			"idle": schema.Int64Attribute{
				Computed: true,
				MarkdownDescription: "The number of learners with a seat whose last visit was at least `idle_days` days ago, without administrators. Null if " +
					"`idle_days` is not set.",
			},
			"never_visited": schema.Int64Attribute{
				Computed: true,
				MarkdownDescription: "The number of learners with a seat who joined at least `idle_days` days ago and have never visited, without administrators. " +
					"Null if `idle_days` is not set.",
			},
			"never_activated": schema.Int64Attribute{
				Computed: true,
				MarkdownDescription: "The number of learners with a seat who are not in the activity report, without administrators. Open invitations are " +
					"included. Null if `idle_days` is not set.",
			},
		},
	}
}

func (d *seatsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var purchased, idleDays types.Int64
	var today types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("purchased"), &purchased)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("idle_days"), &idleDays)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("today"), &today)...)
	if !d.Usable(&resp.Diagnostics) {
		return
	}

	users, err := d.Directory.Users(ctx)
	if err != nil {
		listing.AddError(&resp.Diagnostics, "learners", err)
		return
	}
	seats := countSeats(purchased, users)
	seats.IdleDays, seats.Today = idleDays, today
	if !idleDays.IsNull() {
		found, _, ok := activity.Read(ctx, d.Data, idleDays, today, &resp.Diagnostics)
		if !ok {
			return
		}
		seats.Idle = types.Int64Value(int64(len(found.Idle)))
		seats.NeverVisited = types.Int64Value(int64(len(found.NeverVisited)))
		seats.NeverActivated = types.Int64Value(int64(len(found.NeverActivated)))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, seats)...)
}
