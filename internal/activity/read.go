// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package activity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/listing"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// maxIdleDays is 100 years, so that no day is before the year 1.
const maxIdleDays = 36_500

// IdleDays returns the attribute idle_days of a data source, without Required or Optional.
func IdleDays(description string) schema.Int64Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: description,
		Validators:          []validator.Int64{int64validator.Between(1, maxIdleDays)},
	}
}

// Today returns the attribute today of a data source.
func Today(more ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "The day from which `idle_days` counts back, such as `2026-11-27`, or a timestamp (RFC 3339), whose day in UTC counts. " +
			"Defaults to the current day in UTC. Set it for a result that changes only if the report or the learners do.",
		Validators: append([]validator.String{todayValidator{}}, more...),
	}
}

// Read reads the report and the learners, and joins them. If it returns false, it has added an error. today may be null.
func Read(ctx context.Context, data *providerdata.Data, idleDays types.Int64, today types.String, diags *diag.Diagnostics) (Result, time.Time, bool) {
	day := udemy.Day(time.Now())
	if !today.IsNull() {
		var err error
		if day, err = parseToday(today.ValueString()); err != nil {
			diags.AddAttributeError(path.Root("today"), "Malformed day", diagnostics.Explain(err.Error()))
			return Result{}, day, false
		}
	}
	reports, err := data.Reports()
	if err != nil {
		diags.AddError("The activity report is not configured", diagnostics.Explain(err.Error()))
		return Result{}, day, false
	}
	report, err := reports.Activity(ctx)
	if err != nil {
		diags.AddError("Unable to read the activity report", diagnostics.Explain(err.Error(), nextStep(err)))
		return Result{}, day, false
	}
	users, err := data.Directory.Users(ctx)
	if err != nil {
		listing.AddError(diags, "learners", err)
		return Result{}, day, false
	}
	result := idle(report, users, day, int(idleDays.ValueInt64()))
	if result.Counts.Seated > 0 && len(result.Unknown) == len(result.People) {
		diags.AddWarning("The activity report contains none of the learners", fmt.Sprintf("The organization has %d learners with a seat, and the report has "+
			"%d rows, but no e-mail address is in both. Check account_id in the attribute reporting of the provider block, or UDEMY_ACCOUNT_ID: the "+
			"report may belong to another organization.", result.Counts.Seated, result.Counts.Rows))
	}
	return result, day, true
}

// nextStep returns what the user can do about an error of the reporting API. Its credential is not that of the directory.
func nextStep(err error) string {
	switch {
	case errors.Is(err, udemy.ErrUnauthorized), errors.Is(err, udemy.ErrForbidden):
		return "Udemy refused the credential of the reporting API, or the organization has no access to this API. Check client_id and client_secret, " +
			"which an admin creates under Settings › API and which are not the token of the provider block, and account_id."
	case errors.Is(err, udemy.ErrNotFound):
		return "Check account_id, which is a number and not the UUID of the organization, and the endpoint of the reporting API."
	default:
		return "Nothing was changed. Run the command again."
	}
}

// parseToday parses a day, or a timestamp as its day in UTC.
func parseToday(text string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if parsed, err := time.Parse(layout, text); err == nil {
			return udemy.Day(parsed), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is neither a day, such as 2026-11-27, nor a timestamp (RFC 3339), such as 2026-11-27T09:00:00Z", text)
}

// todayValidator checks a value of the attribute today.
type todayValidator struct{}

func (todayValidator) Description(context.Context) string {
	return "must be a day, such as 2026-11-27, or a timestamp (RFC 3339)"
}

func (v todayValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (todayValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := parseToday(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Malformed day", diagnostics.Explain(err.Error()))
	}
}
