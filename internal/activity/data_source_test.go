// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package activity_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const (
	udemyActivity = "udemy_activity"
	today         = "2026-11-27"
)

// organization starts an organization in which each learner uses the seat in another way.
func organization(t *testing.T, api acceptance.API, config simulator.Config) *acceptance.Organization {
	t.Helper()
	org := acceptance.Start(t, api, config)
	for _, l := range []simulator.Learner{
		{Email: "ada@example.com", Activity: &simulator.Activity{Joined: "2024-01-01", LastVisit: "2026-08-29", Minutes: 12.5, Completed: 3}},
		{Email: "Grace@Example.com", Activity: &simulator.Activity{Joined: "2024-01-01", LastVisit: "2026-08-30"}},
		{Email: "katherine@example.com", Activity: &simulator.Activity{Joined: "2026-01-01"}},
		{Email: "lise@example.com", Activity: &simulator.Activity{}},
		{Email: "emmy@example.com", Activity: &simulator.Activity{Absent: true}},
		{Email: "mary@example.com", Status: simulator.StatusInvited},
		{Email: "radia@example.com", Status: simulator.StatusDeactivated, Activity: &simulator.Activity{LastVisit: "2026-01-01"}},
		{Email: "barbara@example.com", Role: simulator.RoleAdmin, Activity: &simulator.Activity{LastVisit: "2026-01-01"}},
	} {
		org.Add(l)
	}
	return org
}

func configured(t *testing.T, org *acceptance.Organization, more acceptance.Values) *acceptance.Protocol {
	t.Helper()
	reporting := org.Reporting()
	for name, value := range more {
		reporting[name] = value
	}
	return org.Protocol(t, acceptance.Values{"reporting": reporting})
}

func TestDataSource(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := organization(t, api, simulator.Config{Variations: simulator.Variations{PageSize: 3}})
		protocol := configured(t, org, nil)
		values, diags := protocol.ReadData(udemyActivity, acceptance.Values{"idle_days": 90, "today": "2026-11-28T01:00:00+02:00"})
		diags.ExpectNone(t)
		(&acceptance.Object{Values: values}).Expect(t, acceptance.Values{
			"idle_days": 90, "today": "2026-11-28T01:00:00+02:00", "as_of": today,
			"idle":            []string{"ada@example.com"},
			"never_visited":   []string{"katherine@example.com"},
			"never_activated": []string{"emmy@example.com", "mary@example.com"},
			"idle_admins":     []string{"barbara@example.com"},
			"unknown":         []string{},
			"people": `{"ada@example.com":{"completed_courses":3,"joined":"2024-01-01","last_visit":"2026-08-29","minutes":12.5},` +
				`"barbara@example.com":{"completed_courses":0,"joined":null,"last_visit":"2026-01-01","minutes":0},` +
				`"grace@example.com":{"completed_courses":0,"joined":"2024-01-01","last_visit":"2026-08-30","minutes":0},` +
				`"katherine@example.com":{"completed_courses":0,"joined":"2026-01-01","last_visit":null,"minutes":0},` +
				`"lise@example.com":{"completed_courses":0,"joined":null,"last_visit":null,"minutes":0}}`,
			"counts": acceptance.Values{
				"rows": 8, "erased": 2, "deactivated": 1, "seated": 7, "active": 1, "undecided": 1,
				"idle": 1, "never_visited": 1, "never_activated": 2, "idle_admins": 1, "unknown": 0,
			},
		})
		if writes := org.Writes(); len(writes) > 0 {
			t.Errorf("reading sent write requests: %v", writes)
		}

		before := reportRequests(org)
		_, diags = protocol.ReadData(udemyActivity, acceptance.Values{"idle_days": 30})
		diags.ExpectNone(t)
		_, diags = protocol.ReadData("udemy_seats", acceptance.Values{"idle_days": 30})
		diags.ExpectNone(t)
		if after := reportRequests(org); before != 3 || after != before {
			t.Errorf("%d requests for the report, then %d: it is fetched once per run", before, after)
		}
	})
}

// reportRequests counts the requests for the report.
func reportRequests(org *acceptance.Organization) int {
	count := 0
	for _, request := range org.Requests() {
		if strings.HasSuffix(request.Path, "/user-activity/") {
			count++
		}
	}
	return count
}

// Without today, the current day in UTC counts.
func TestDataSource_today(t *testing.T) {
	t.Parallel()
	org := organization(t, acceptance.SCIM, simulator.Config{})
	before := time.Now().UTC().Format(time.DateOnly)
	values, diags := configured(t, org, nil).ReadData(udemyActivity, acceptance.Values{"idle_days": 1})
	diags.ExpectNone(t)
	after := time.Now().UTC().Format(time.DateOnly)
	if got := values["as_of"]; got != before && got != after {
		t.Errorf("as_of is %v, want %s", got, after)
	}
}

func TestDataSource_unknownPeople(t *testing.T) {
	t.Parallel()
	org := organization(t, acceptance.SCIM, simulator.Config{Variations: simulator.Variations{SCIMMadeOnly: true}})
	org.Edit("ada@example.com", func(l *simulator.Learner) { l.SCIM = true })
	values, diags := configured(t, org, nil).ReadData(udemyActivity, acceptance.Values{"idle_days": 90, "today": today})
	diags.ExpectNone(t)
	(&acceptance.Object{Values: values}).Expect(t, acceptance.Values{
		"idle": []string{"ada@example.com"}, "idle_admins": []string{},
		"unknown": []string{"barbara@example.com", "grace@example.com", "katherine@example.com", "lise@example.com"},
	})
}

// A report of another organization would show all learners as unused.
func TestDataSource_nothingInCommon(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{})
	org.Add(simulator.Learner{Email: "ada@example.com", Activity: &simulator.Activity{Absent: true}})
	_, diags := configured(t, org, nil).ReadData(udemyActivity, acceptance.Values{"idle_days": 90})
	diags.ExpectWarning(t, "none of the learners", "1 learners with a seat", "2 rows", "UDEMY_ACCOUNT_ID")
}

func TestDataSource_refused(t *testing.T) {
	t.Parallel()
	const secret = "wr0ng/secret"
	org := organization(t, acceptance.UserManagement, simulator.Config{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		if _, password, _ := r.BasicAuth(); password != secret {
			return false
		}
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte("you sent " + secret + " and " + r.Header.Get("Authorization")))
		return true
	}})
	for name, test := range map[string]struct {
		block, config acceptance.Values
		attribute     string
		words         []string
	}{
		"no idle days":        {nil, acceptance.Values{"idle_days": 0}, "idle_days", []string{"between 1 and 36500"}},
		"too many idle days":  {nil, acceptance.Values{"idle_days": 40_000}, "idle_days", []string{"between 1 and 36500"}},
		"malformed day":       {nil, acceptance.Values{"idle_days": 90, "today": "27.11.2026"}, "today", []string{`"27.11.2026"`, "RFC 3339"}},
		"no such day":         {nil, acceptance.Values{"idle_days": 90, "today": "2026-02-30"}, "today", []string{`"2026-02-30"`}},
		"another account":     {acceptance.Values{"account_id": 7}, acceptance.Values{"idle_days": 90}, "", []string{"403", "client_id", "account_id"}},
		"another secret":      {acceptance.Values{"client_secret": secret}, acceptance.Values{"idle_days": 90}, "", []string{"[redacted] and [redacted]", "Settings › API"}},
		"an unknown endpoint": {acceptance.Values{"endpoint": acceptance.Unknown}, acceptance.Values{"idle_days": 90}, "", []string{"not configured", "known only after apply"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, diags := configured(t, org, test.block).ReadData(udemyActivity, test.config)
			diags.ExpectError(t, test.attribute, test.words...)
			if strings.Contains(diags.String(), secret) {
				t.Errorf("the diagnostic contains the secret:\n%s", diags)
			}
		})
	}
}

// Nothing but the report needs the settings of the report.
func TestDataSource_notConfigured(t *testing.T) {
	t.Parallel()
	org := organization(t, acceptance.UserManagement, simulator.Config{})
	protocol := org.Protocol(t, nil)
	_, diags := protocol.ReadData("udemy_seats", nil)
	diags.ExpectNone(t)
	_, diags = protocol.ReadData(udemyActivity, acceptance.Values{"idle_days": 90})
	diags.ExpectError(t, "", "not configured", "Settings › API", "UDEMY_ACCOUNT_ID", "UDEMY_CLIENT_ID", "UDEMY_CLIENT_SECRET", "subdomain", "reporting.endpoint")
	if slices.ContainsFunc(org.Requests(), func(r simulator.Request) bool { return strings.HasSuffix(r.Path, "/user-activity/") }) {
		t.Error("the report was requested")
	}
}
