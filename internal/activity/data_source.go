// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package activity

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

var _ datasource.DataSourceWithConfigure = (*dataSource)(nil)

type dataSource struct {
	providerdata.DataSource
}

// NewDataSource returns the udemy_activity data source.
func NewDataSource() datasource.DataSource {
	return &dataSource{}
}

type model struct {
	IdleDays       types.Int64  `tfsdk:"idle_days"`
	Today          types.String `tfsdk:"today"`
	AsOf           string       `tfsdk:"as_of"`
	Idle           []string     `tfsdk:"idle"`
	NeverVisited   []string     `tfsdk:"never_visited"`
	NeverActivated []string     `tfsdk:"never_activated"`
	IdleAdmins     []string     `tfsdk:"idle_admins"`
	Unknown        []string     `tfsdk:"unknown"`
	People         string       `tfsdk:"people"`
	Counts         countsModel  `tfsdk:"counts"`
}

type countsModel struct {
	Rows           int64 `tfsdk:"rows"`
	Erased         int64 `tfsdk:"erased"`
	Deactivated    int64 `tfsdk:"deactivated"`
	Seated         int64 `tfsdk:"seated"`
	Active         int64 `tfsdk:"active"`
	Undecided      int64 `tfsdk:"undecided"`
	Idle           int64 `tfsdk:"idle"`
	NeverVisited   int64 `tfsdk:"never_visited"`
	NeverActivated int64 `tfsdk:"never_activated"`
	IdleAdmins     int64 `tfsdk:"idle_admins"`
	Unknown        int64 `tfsdk:"unknown"`
}

func (d *dataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_activity"
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	idleDays := IdleDays("The number of days without a visit after which a learner counts as idle. A learner whose last visit was exactly so many days " +
		"ago is idle.")
	idleDays.Required = true
	addresses := func(description string) schema.ListAttribute {
		return schema.ListAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: description}
	}
	count := func(description string) schema.Int64Attribute {
		return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Who uses a seat, from Udemy's activity report. It needs the attribute `reporting` of the provider block, beside either API, and " +
			"an organization on an Enterprise plan. The report and the learners are joined by e-mail address, in any letter case. Over SCIM, a row with " +
			"the user name or a further address of a learner counts for the learner. All addresses in the result are in lower case and sorted, as the keys of " +
			"`ids` in `udemy_users`. Each learner is in one list at most.\n\n" +
			"**The data source changes nothing, and its lists are no reason to deactivate a learner without a review.** The report is hours to a day old, so " +
			"a learner who activated the license today is still in `never_activated`. Udemy does not document whether use of the mobile app counts as " +
			"a visit, so a learner who only uses the app may be in `idle`. The guide [Finding unused seats](../guides/unused-seats.md) has the steps.\n\n" +
			"Rows of erased and of deactivated people are left out. State contains the addresses and the activity of all listed people.",
		Attributes: map[string]schema.Attribute{
			"idle_days": idleDays,
			"today":     Today(),
			"as_of": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The day, in UTC, from which `idle_days` was counted back.",
			},
			"idle": addresses("The learners with a seat whose last visit was at least `idle_days` days ago, without administrators."),
			"never_visited": addresses("The learners with a seat who joined at least `idle_days` days ago and have never visited, without administrators. " +
				"Learners without a joined date in the report are left out: it can't be shown how long they have had the seat."),
			"never_activated": addresses("The learners with a seat who are not in the report, without administrators: they have never activated their license. " +
				"These include all open invitations, however new they are, because no API returns the date of an invitation. The data source " +
				"`udemy_users` with `status = \"invited\"` lists the invitations."),
			"idle_admins": addresses("The admins, owners and group admins with a seat who would be in `idle`, `never_visited` or `never_activated` otherwise. " +
				"They may need the seat for more than courses. Over SCIM, only the report has roles, so an admin who is not in the report is in " +
				"`never_activated`."),
			"unknown": addresses("The people who are in the report and not in the directory. Over SCIM, these are usually learners who were not provisioned " +
				"through SCIM."),
			"people": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "The activity of all people in the report by e-mail address, as a JSON object for `jsondecode`. Each value has the members " +
					"`last_visit` and `joined` (days in UTC, or null), `minutes` of watched videos and `completed_courses`. It is JSON because the framework " +
					"takes minutes for a map of an organization of 50,000.",
			},
			"counts": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The numbers behind the lists.",
				Attributes: map[string]schema.Attribute{
					"rows":        count("The number of rows of the report."),
					"erased":      count("The number of rows of erased people, which have no address."),
					"deactivated": count("The number of rows of deactivated people."),
					"seated":      count("The number of learners with a seat: all learners of the directory except deactivated ones."),
					"active":      count("The number of learners with a seat whose last visit was less than `idle_days` days ago."),
					"undecided": count("The number of learners with a seat who are in no list and not active: they have not visited and joined recently or have no " +
						"joined date, or the report shows them as deactivated, for example right after a reactivation."),
					"idle":            count("The number of addresses in `idle`."),
					"never_visited":   count("The number of addresses in `never_visited`."),
					"never_activated": count("The number of addresses in `never_activated`."),
					"idle_admins":     count("The number of addresses in `idle_admins`."),
					"unknown":         count("The number of addresses in `unknown`."),
				},
			},
		},
	}
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var result model
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("idle_days"), &result.IdleDays)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("today"), &result.Today)...)
	if !d.Usable(&resp.Diagnostics) {
		return
	}

	found, today, ok := Read(ctx, d.Data, result.IdleDays, result.Today, &resp.Diagnostics)
	if !ok {
		return
	}
	people, err := encodePeople(found.People)
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("people"), "Unable to encode the activity report", err.Error())
		return
	}
	result.AsOf, result.People = today.Format(time.DateOnly), people
	result.Idle, result.NeverVisited, result.NeverActivated = list(found.Idle), list(found.NeverVisited), list(found.NeverActivated)
	result.IdleAdmins, result.Unknown = list(found.IdleAdmins), list(found.Unknown)
	result.Counts = countsModel{
		Rows: int64(found.Counts.Rows), Erased: int64(found.Counts.Erased), Deactivated: int64(found.Counts.Deactivated),
		Seated: int64(found.Counts.Seated), Active: int64(found.Counts.Active), Undecided: int64(found.Counts.Undecided),
		Idle: int64(len(found.Idle)), NeverVisited: int64(len(found.NeverVisited)), NeverActivated: int64(len(found.NeverActivated)),
		IdleAdmins: int64(len(found.IdleAdmins)), Unknown: int64(len(found.Unknown)),
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, result)...)
}

// list returns an empty list for nil, which the framework would store as null.
func list(addresses []string) []string {
	return append([]string{}, addresses...)
}

// person is a value of the JSON object people. Its members are sorted, like the keys of the object.
type person struct {
	CompletedCourses int     `json:"completed_courses"`
	Joined           *string `json:"joined"`
	LastVisit        *string `json:"last_visit"`
	Minutes          float64 `json:"minutes"`
}

// encodePeople returns the same text for the same people.
func encodePeople(people map[string]udemy.Activity) (string, error) {
	object := make(map[string]person, len(people))
	for address, row := range people {
		object[address] = person{row.CompletedCourses, formatDay(row.Joined), formatDay(row.LastVisit), row.Minutes}
	}
	encoded, err := json.Marshal(object) // Marshal sorts the keys of a map.
	return string(encoded), err
}

// formatDay returns nil for the zero time.
func formatDay(day time.Time) *string {
	if day.IsZero() {
		return nil
	}
	text := day.Format(time.DateOnly)
	return &text
}
