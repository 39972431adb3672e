// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/reporting"
)

// activityReport checks the activity report.
type activityReport struct {
	*evidence

	probe *probe // nil if the report can't be requested
	row   row    // why
	base  *url.URL
}

func newActivityReport(settings provider.Reporting, e *evidence) *activityReport {
	switch {
	case !settings.Configured:
		return &activityReport{row: row{Result: "not configured", Verdict: notChecked, Note: "needed for idle learners only"}}
	case len(settings.Problems) > 0:
		return &activityReport{row: row{
			Result: "missing or malformed: " + strings.Join(settings.Problems, ", "), Verdict: problem,
			next: "Correct the environment variables of the activity report, or unset them.",
		}}
	default:
		return &activityReport{evidence: e, probe: newProbe(settings.Transport), base: settings.Transport.BaseURL}
	}
}

func (r *activityReport) sent() int {
	if r.probe == nil {
		return 0
	}
	return r.probe.sent
}

// check requests the first page of the report.
func (r *activityReport) check(ctx context.Context) row {
	found := r.row
	if r.probe != nil {
		found = r.judge(ctx, r.probe.get(ctx, reporting.ActivityRoute, page(1, 100)))
	}
	found.Area, found.Check = "Reporting", "activity report"
	return found
}

// judge words the response to a request of the report. The report is known from public clients, not from Udemy.
func (r *activityReport) judge(ctx context.Context, a answer) row {
	const variables = "UDEMY_REPORTING_ENDPOINT and UDEMY_SUBDOMAIN"
	results, isList := a.body.objects("results")
	found := row{Result: a.text(), Verdict: problem}
	switch {
	case a.late:
		found.next = "Try again later, and from another network. If the problem persists, ask Udemy's support why the activity report is slow."
	case a.status == 0:
		found.next = r.unreached(ctx, r.probe.connection, r.base, variables)
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		found.next = "Check UDEMY_CLIENT_ID, UDEMY_CLIENT_SECRET and UDEMY_ACCOUNT_ID, and that the organization's plan includes the reporting API."
	case a.isAbsent():
		found.Verdict, found.blocks, found.Note = notOffered, true, "or UDEMY_ACCOUNT_ID is another organization's"
		found.next = "Check UDEMY_ACCOUNT_ID, " + variables + ". If they are right, this organization has no activity report: unset UDEMY_ACCOUNT_ID, " +
			"UDEMY_CLIENT_ID and UDEMY_CLIENT_SECRET."
	case a.isOutage():
		found.next = "Try again later. If the problem persists, ask Udemy's support why the activity report fails."
	case a.isPage():
		found.next = "Check " + variables + ", and that no proxy requires a sign-in: a web page answers instead of the activity report."
	case !a.isOK():
		found.next = "Check " + variables + ": another service answers, or a proxy changes the responses."
	case !isList:
		found.Result, found.next = "no list in the response", "Check "+variables+": another service answers."
	case a.body.number("count") < 0:
		found.Result, found.next = "no count", "Open an issue with this report: the provider needs the number of rows to read all pages."
	case len(results) == 0:
		return row{Result: "readable, without rows", Verdict: confirmed}
	default:
		return judgeRows(results)
	}
	return found
}

// judgeRows compares the rows of a page with the form that the provider reads.
func judgeRows(rows []object) row {
	names := []string{"user_email", "user_role", "user_joined_date", "user_is_deactivated", "last_date_visit", "num_video_consumed_minutes", "num_completed_courses"}
	var absent, unreadable []string
	for _, name := range names {
		hasColumn := func(one object) bool { _, isPresent := one[name]; return isPresent }
		cannotRead := func(one object) bool { return hasColumn(one) && !isReadable(name, one[name]) }
		switch {
		case !slices.ContainsFunc(rows, hasColumn):
			absent = append(absent, name)
		case slices.ContainsFunc(rows, cannotRead):
			unreadable = append(unreadable, name)
		}
	}
	switch {
	case len(unreadable) > 0:
		return row{
			Result: "unknown form of " + strings.Join(unreadable, ", "), Verdict: problem,
			next: "Open an issue with this report: udemy_activity can't read the values of these columns.",
		}
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

// isReadable reports whether the provider can read the value of a column.
func isReadable(column string, value any) bool {
	data, err := json.Marshal(map[string]any{column: value})
	return err == nil && reporting.CheckRow(data) == nil
}
