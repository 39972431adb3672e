// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package reporting_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/reporting"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
)

// The simulator implements the same report independently, so it shows what the client gets wrong.
func TestSimulator(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		variations simulator.Variations
		faults     simulator.Faults
		err        error
		words      string
	}{
		"plain":             {},
		"small pages":       {variations: simulator.Variations{PageSize: 7}},
		"no access":         {variations: simulator.Variations{NoReports: true}, err: udemy.ErrForbidden},
		"temporary faults":  {faults: simulator.Faults{Seed: 1, Rate: 0.3, Kinds: []simulator.Fault{simulator.FaultUnavailable, simulator.FaultTimeout}}},
		"rows appear twice": {faults: simulator.Faults{Rate: 1, Kinds: []simulator.Fault{simulator.FaultDuplicateItems}}},
		"rows are missing": {
			faults: simulator.Faults{Rate: 1, Kinds: []simulator.Fault{simulator.FaultMovedItems}}, err: udemy.ErrIncomplete, words: "contain 231 objects, but the API reports a total of 232",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := simulator.New(simulator.Config{Learners: 280, Idle: 40, Variations: test.variations, Faults: test.faults})
			web := httptest.NewServer(sim)
			t.Cleanup(web.Close)
			endpoint, err := transport.ParseBaseURL(web.URL + "/api-2.0")
			if err != nil {
				t.Fatal(err)
			}
			client := reporting.New(transport.New(transport.Config{
				BaseURL:    reporting.BaseURL(endpoint, simulator.DefaultAccountID),
				Credential: transport.BasicAuth(simulator.DefaultClientID, simulator.DefaultClientSecret),
				Accept:     reporting.MediaType,
				MaxRetries: 10,
				Backoff:    func(int, *http.Response) time.Duration { return 0 },
			}))
			report, err := client.Activity(t.Context())
			if !transporttest.IsKind(err, test.err) || err != nil && !strings.Contains(err.Error(), test.words) {
				t.Fatalf("error = %v, want %v with %q", err, test.err, test.words)
			}
			if err != nil {
				return
			}
			rows := map[string]udemy.Activity{}
			for _, row := range report {
				rows[udemy.EmailKey(row.Email)] = row
			}
			absent := 0
			for _, l := range sim.Learners() {
				row, found := rows[l.Email]
				switch {
				case l.Status == simulator.StatusInvited || l.Activity != nil && l.Activity.Absent:
					absent++
					if found {
						t.Errorf("%s is in the report: %+v", l.Email, row)
					}
				case !found || row.Deactivated != (l.Status == simulator.StatusDeactivated) || string(row.Role) != l.Role:
					t.Errorf("%+v: row %+v", l, row)
				case l.Activity != nil && (text(row.LastVisit) != l.Activity.LastVisit || text(row.Joined) != l.Activity.Joined ||
					row.Minutes != l.Activity.Minutes || row.CompletedCourses != l.Activity.Completed):
					t.Errorf("%+v: row %+v", *l.Activity, row)
				}
			}
			if erased := 2; len(report) != 280-absent+erased {
				t.Errorf("%d rows, want %d", len(report), 280-absent+erased)
			}
		})
	}
}

func text(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
}
