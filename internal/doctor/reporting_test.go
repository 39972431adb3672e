// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// The activity report is checked beside either API, and only if it is configured.
func TestReporting(t *testing.T) {
	t.Parallel()
	const (
		columns = `"user_email": "ada@example.com", "user_role": "student", "user_joined_date": null, "user_is_deactivated": false, ` +
			`"num_video_consumed_minutes": 1.5, "num_completed_courses": "2"`
		odd     = `{"count": 2, "results": [{` + columns + `, "last_date_visit": "2026-01-02"}, {` + columns + `, "last_date_visit": "2 January 2026"}]}`
		whole   = `{"count": 9, "results": [{` + columns + `, "last_date_visit": "2026-01-02"}]}`
		noVisit = `{"count": 9, "results": [{` + columns + `}]}`
	)
	configured := env{"UDEMY_ACCOUNT_ID": "243812", "UDEMY_CLIENT_ID": "queen-of-hearts", "UDEMY_CLIENT_SECRET": "painted-roses"}
	for name, test := range map[string]struct {
		change func(env)
		status int
		body   string
		want   string
		usable bool
	}{
		"readable":        {status: 200, body: whole, want: "readable, with all 7 columns [assumed: confirmed]", usable: true},
		"missing column":  {status: 200, body: noVisit, want: "without last_date_visit [problem]"},
		"unknown form":    {status: 200, body: odd, want: "unknown form of last_date_visit [problem]"},
		"no count":        {status: 200, body: `{"results": []}`, want: "no count [problem]"},
		"outage":          {status: 500, body: `{}`, want: "HTTP status 500 [problem]"},
		"no rows":         {status: 200, body: `{"count": 0, "results": []}`, want: "readable, without rows [assumed: confirmed]", usable: true},
		"another service": {status: 200, body: `{}`, want: "no list in the response [problem]"},
		"forbidden":       {status: 403, body: `{"detail": "queen-of-hearts"}`, want: "HTTP status 403 [problem]"},
		"absent":          {status: 404, body: `{}`, want: "HTTP status 404 [assumed: not offered]"},
		"not configured": {
			change: func(e env) { clear(e) }, want: "not configured [not checked]", usable: true,
		},
		"incomplete": {
			change: func(e env) { delete(e, "UDEMY_CLIENT_SECRET") }, want: "missing or malformed: UDEMY_CLIENT_SECRET [problem]",
		},
		"only the account": {
			change: func(e env) { delete(e, "UDEMY_CLIENT_ID"); delete(e, "UDEMY_CLIENT_SECRET") },
			want:   "missing or malformed: UDEMY_CLIENT_ID, UDEMY_CLIENT_SECRET [problem]",
		},
		"blanks around": { // as the provider takes them
			change: func(e env) { e["UDEMY_CLIENT_SECRET"] += "\n" }, status: 200, body: whole, want: "readable, with all 7 columns [assumed: confirmed]", usable: true,
		},
		"UUID as account ID": {
			change: func(e env) { e["UDEMY_ACCOUNT_ID"] = simulator.DefaultOrganization }, want: "missing or malformed: UDEMY_ACCOUNT_ID [problem]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				user, password, _ := r.BasicAuth()
				if r.Method != "GET" || r.URL.Path != "/api-2.0/organizations/243812/analytics/user-activity/" || r.URL.RawQuery != "page=1&page_size=100" ||
					user != "queen-of-hearts" || password != "painted-roses" {
					t.Errorf("unexpected request %s %s", r.Method, r.URL)
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			}))
			defer server.Close()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
			variables := envOf(org.API, org.Endpoint)
			reporting := env{"UDEMY_REPORTING_ENDPOINT": server.URL + "/api-2.0"}
			for key, value := range configured {
				reporting[key] = value
			}
			if test.change != nil {
				test.change(reporting)
			}
			for key, value := range reporting {
				variables[key] = value
			}
			r := examine(t, variables)
			expectRows(t, r, map[string]string{"Reporting: activity report": test.want})
			if r.Usable != test.usable {
				t.Errorf("usable %t, first thing to do: %s", r.Usable, r.FirstThingToDo)
			}
			if strings.HasPrefix(r.FirstThingToDo, "Write") != test.usable {
				t.Error(r.FirstThingToDo)
			}
		})
	}
}

// The next step names the cause of a report that can't be reached.
func TestReporting_unreached(t *testing.T) {
	t.Parallel()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html>Sign in</html>"))
	}))
	t.Cleanup(page.Close)
	secured := httptest.NewUnstartedServer(http.NotFoundHandler())
	secured.Config.ErrorLog = log.New(io.Discard, "", 0)
	secured.StartTLS()
	t.Cleanup(secured.Close)
	for endpoint, want := range map[string]string{
		"http://127.0.0.1:1/api-2.0": "Check the network first, then UDEMY_REPORTING_ENDPOINT",
		page.URL:                     "Check UDEMY_REPORTING_ENDPOINT and UDEMY_SUBDOMAIN, and that no proxy requires a sign-in",
		secured.URL:                  "SSL_CERT_FILE",
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.SCIM, simulator.Config{})
			variables := envOf(org.API, org.Endpoint)
			variables["UDEMY_ACCOUNT_ID"], variables["UDEMY_CLIENT_ID"], variables["UDEMY_CLIENT_SECRET"] = "243812", "queen-of-hearts", "painted-roses"
			variables["UDEMY_REPORTING_ENDPOINT"] = endpoint
			if r := examine(t, variables); r.Usable || !strings.Contains(r.FirstThingToDo, want) {
				t.Errorf("usable %t, first thing to do %q, want %q", r.Usable, r.FirstThingToDo, want)
			}
		})
	}
}
