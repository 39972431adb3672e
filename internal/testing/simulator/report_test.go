// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// report sends a request with the credential of the report.
func (h *harness) report(query string, edit ...func(*http.Request)) answer {
	h.t.Helper()
	credential := func(r *http.Request) { r.SetBasicAuth(simulator.DefaultClientID, simulator.DefaultClientSecret) }
	url := fmt.Sprintf("%s/api-2.0/organizations/%d", h.root, simulator.DefaultAccountID) + "/analytics/user-activity/" + query
	return h.call("GET", url, "", append([]func(*http.Request){credential}, edit...)...)
}

func TestReport(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	h.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", Role: "admin", ExternalID: "7", Activity: &simulator.Activity{
		Joined: "2025-01-02", LastVisit: "2026-03-04", Minutes: 1.5, Completed: 2,
	}})
	h.Add(simulator.Learner{Email: "grace@example.com", Status: "deactivated", ExternalID: "E-1", Activity: &simulator.Activity{}})
	h.Add(simulator.Learner{Email: "lise@example.com", Status: "invited"})
	h.Add(simulator.Learner{Email: "emmy@example.com", Activity: &simulator.Activity{Absent: true}})

	got := h.report("?page_size=3").object(t)
	equal(t, "count", got["count"], any(4.0))
	rows, _ := got["results"].([]any)
	equal(t, "rows on the page", len(rows), 3)
	first, _ := rows[0].(map[string]any)
	ada, _ := rows[1].(map[string]any)
	grace, _ := rows[2].(map[string]any)
	equal(t, "an erased person", []any{first["user_email"], first["user_is_deactivated"]}, []any{"Anonymized User", true})
	equal(t, "Ada", []any{
		ada["user_email"], ada["user_name"], ada["user_role"], ada["user_external_id"], ada["user_joined_date"], ada["last_date_visit"],
		ada["num_completed_courses"], ada["num_video_consumed_minutes"], ada["user_is_deactivated"],
	}, []any{"ada@example.com", "Ada", "admin", 7.0, "2025-01-02T08:30:00Z", "2026-03-04", "2", "1.50", false})
	equal(t, "Grace", []any{
		grace["user_email"], grace["user_role"], grace["user_external_id"], grace["user_joined_date"], grace["last_date_visit"], grace["user_is_deactivated"],
	}, []any{"GRACE@EXAMPLE.COM", "student", "E-1", nil, nil, true})
	next, _ := got["next"].(string)
	equal(t, "next is on another host", strings.HasPrefix(next, "http://reports.example.com/api-2.0/"), true)
	equal(t, "the last page", len(h.report("?page=2&page_size=3").object(t)["results"].([]any)), 1)
	equal(t, "after the last page", h.report("?page=3&page_size=3").status, 404)
	equal(t, "one person", h.report("?user_email=grace@example.com").object(t)["count"], any(1.0))
}

func TestReport_refused(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	for name, test := range map[string]struct {
		edit   func(*http.Request)
		status int
	}{
		"no credential":        {func(r *http.Request) { r.Header.Del("Authorization") }, 401},
		"the token of the API": {func(r *http.Request) { r.SetBasicAuth(simulator.DefaultToken, "") }, 401},
		"another secret":       {func(r *http.Request) { r.SetBasicAuth(simulator.DefaultClientID, "other") }, 401},
		"the UUID": {func(r *http.Request) {
			r.URL.Path = strings.ReplaceAll(r.URL.Path, fmt.Sprint(simulator.DefaultAccountID), simulator.DefaultOrganization)
		}, 403},
		"without the last slash": {func(r *http.Request) { r.URL.Path = strings.TrimSuffix(r.URL.Path, "/") }, 403},
		"POST":                   {func(r *http.Request) { r.Method = "POST" }, 405},
		"another media type":     {func(r *http.Request) { r.Header.Set("Accept", "text/csv") }, 406},
	} {
		equal(t, name, h.report("", test.edit).status, test.status)
	}
	equal(t, "no access", start(t, simulator.Config{Variations: simulator.Variations{NoReports: true}}).report("").status, 403)
}

func TestIdle(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Config{Learners: 30, Idle: 5})
	idle := 0
	for _, l := range sim.Learners() {
		if l.Activity != nil {
			idle++
			equal(t, "idle", []string{l.Status, l.Role}, []string{"active", "learner"})
		}
	}
	equal(t, "idle learners", idle, 5)
}
