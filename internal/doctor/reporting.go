// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/scim"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// The environment variables of the activity report, which has a credential of its own.
const (
	envAccountID         = "UDEMY_ACCOUNT_ID"
	envClientID          = "UDEMY_CLIENT_ID"
	envClientSecret      = "UDEMY_CLIENT_SECRET"
	envReportingEndpoint = "UDEMY_REPORTING_ENDPOINT"
	envSubdomain         = "UDEMY_SUBDOMAIN"
)

// reporting checks the activity report.
type reporting struct {
	account string
	probe   *probe
	row     row // why the report can't be requested
}

func newReporting(environment provider.Environment, getenv func(string) string) *reporting {
	r := &reporting{account: getenv(envAccountID)}
	var unset []string
	for _, name := range []string{envAccountID, envClientID, envClientSecret} {
		if getenv(name) == "" {
			unset = append(unset, name)
		}
	}
	endpoint := getenv(envReportingEndpoint)
	if subdomain := getenv(envSubdomain); endpoint == "" && scim.Subdomain.MatchString(subdomain) {
		endpoint = "https://" + subdomain + ".udemy.com/api-2.0"
	}
	if endpoint == "" {
		unset = append(unset, envSubdomain)
	}
	base, err := transport.ParseBaseURL(endpoint)
	switch {
	case len(unset) > 0 && getenv(envClientSecret) == "" && getenv(envClientID) == "":
		r.row = row{Result: "not configured", Verdict: notChecked, Note: "needed for idle learners only"}
	case len(unset) > 0:
		r.row = incomplete("without " + strings.Join(unset, ", "))
	case !accountID.MatchString(r.account):
		r.row = incomplete(envAccountID + " is not a number")
	case err != nil:
		r.row = incomplete(envReportingEndpoint + " is malformed")
	default:
		config := environment.Transport
		config.BaseURL = base
		config.Credential = transport.BasicAuth(getenv(envClientID), getenv(envClientSecret))
		config.Accept = "application/json"
		r.probe = newProbe(config)
	}
	return r
}

// accountID matches the number of an organization, which is not its UUID.
var accountID = regexp.MustCompile(`^[0-9]+$`)

func incomplete(result string) row {
	return row{Result: result, Verdict: problem, next: "Correct the environment variables of the activity report, or unset them."}
}

func (r *reporting) sent() int {
	if r.probe == nil {
		return 0
	}
	return r.probe.sent
}

// check requests one row of the report.
func (r *reporting) check(ctx context.Context) row {
	found := r.row
	if r.probe != nil {
		found = judgeReport(r.probe.get(ctx, "/organizations/{account}/analytics/user-activity/", page(1, 1), r.account))
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
			next: "Check " + envClientID + ", " + envClientSecret + " and " + envAccountID + ", and that the organization's plan includes the reporting API.",
		}
	case a.isAbsent():
		return row{Result: a.text(), Verdict: notOffered, Note: "or " + envAccountID + " is another organization's"}
	case !a.isOK():
		return row{Result: a.text(), Verdict: problem, next: "Run the command again: the activity report got no usable response."}
	case !isList:
		return row{Result: "no list in the response", Verdict: problem, next: "Check " + envReportingEndpoint + ": another service answers."}
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
