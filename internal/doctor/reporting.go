// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/reporting"
)

// activityReport checks the activity report.
type activityReport struct {
	probe *probe // nil if the report can't be requested
	row   row    // why
}

func newActivityReport(settings provider.Reporting) *activityReport {
	switch {
	case !settings.Configured:
		return &activityReport{row: row{Result: "not configured", Verdict: notChecked, Note: "needed for idle learners only"}}
	case len(settings.Problems) > 0:
		return &activityReport{row: row{
			Result: "missing or malformed: " + strings.Join(settings.Problems, ", "), Verdict: problem,
			next: "Correct the environment variables of the activity report, or unset them.",
		}}
	default:
		return &activityReport{probe: newProbe(settings.Transport)}
	}
}

func (r *activityReport) sent() int {
	if r.probe == nil {
		return 0
	}
	return r.probe.sent
}

// check requests one row of the report.
func (r *activityReport) check(ctx context.Context) row {
	found := r.row
	if r.probe != nil {
		found = judgeReport(r.probe.get(ctx, reporting.ActivityRoute, page(1, 1)))
	}
	found.Area, found.Check = "Reporting", "activity report"
	return found
}

// judgeReport words the response to a request of the report. The report is known from public clients, not from Udemy.
func judgeReport(a answer) row {
	results, isList := a.body.objects("results")
	switch {
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		return row{
			Result: a.text(), Verdict: problem,
			next: "Check UDEMY_CLIENT_ID, UDEMY_CLIENT_SECRET and UDEMY_ACCOUNT_ID, and that the organization's plan includes the reporting API.",
		}
	case a.isAbsent():
		return row{Result: a.text(), Verdict: notOffered, Note: "or UDEMY_ACCOUNT_ID is another organization's"}
	case !a.isOK():
		return row{Result: a.text(), Verdict: problem, next: "Run the command again: the activity report got no usable response."}
	case !isList:
		return row{Result: "no list in the response", Verdict: problem, next: "Check UDEMY_REPORTING_ENDPOINT: another service answers."}
	case len(results) == 0:
		return row{Result: "readable, without rows", Verdict: confirmed}
	}
	names := []string{"user_email", "user_role", "user_joined_date", "user_is_deactivated", "last_date_visit", "num_video_consumed_minutes", "num_completed_courses"}
	var absent []string
	for _, name := range names {
		if _, isPresent := results[0][name]; !isPresent {
			absent = append(absent, name)
		}
	}
	switch {
	case len(absent) == 0:
		return row{Result: "readable, with all " + strconv.Itoa(len(names)) + " columns", Verdict: confirmed}
	case slices.Contains(absent, "user_email") || slices.Contains(absent, "last_date_visit"):
		return row{
			Result: "without " + strings.Join(absent, ", "), Verdict: problem,
			next: "Open an issue with this report: udemy_activity needs the address and the last visit.",
		}
	default:
		return row{Result: "without " + strings.Join(absent, ", "), Verdict: notOffered}
	}
}
