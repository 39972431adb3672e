// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const udemySeats = "udemy_seats"

func TestSeatsDataSource(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, _, _ := organization(t, api, simulator.Variations{})
		protocol := org.Protocol(t, nil)
		want := acceptance.Values{
			"purchased": nil, "used": 3, "invited": 1, "active": 2, "deactivated": 1, "by_license_type": nil, "available": nil,
		}
		if api == acceptance.SCIM { // Emmy has a license and no seat.
			want["invited"], want["active"], want["by_license_type"] = 0, 3, map[string]int{"Enterprise": 3, "Pro": 1}
		}
		for _, purchase := range []struct{ purchased, available any }{{nil, nil}, {5, 2}, {3, 0}, {2, -1}} {
			values, diags := protocol.ReadData(udemySeats, acceptance.Values{"purchased": purchase.purchased})
			diags.ExpectNone(t)
			want["purchased"], want["available"] = purchase.purchased, purchase.available
			(&acceptance.Object{Values: values}).Expect(t, want)
		}
		_, diags := protocol.ReadData(udemySeats, acceptance.Values{"purchased": -1})
		diags.ExpectError(t, "purchased", "at least 0")
	})
}

// A learner with an unknown status counts as seated.
func TestSeatsDataSource_unknownStatus(t *testing.T) {
	t.Parallel()
	org, _, _ := organization(t, acceptance.UserManagement, simulator.Variations{})
	org.Edit("lise@example.org", func(l *simulator.Learner) { l.Status = "locked" })
	values, diags := org.Protocol(t, nil).ReadData(udemySeats, nil)
	diags.ExpectNone(t)
	(&acceptance.Object{Values: values}).Expect(t, acceptance.Values{"used": 3, "invited": 1, "active": 1, "deactivated": 1})
}

// The numbers from the activity report need idle_days.
func TestSeatsDataSource_idle(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		for _, l := range []simulator.Learner{
			{Email: "ada@example.com", Activity: &simulator.Activity{LastVisit: "2026-01-01"}},
			{Email: "grace@example.com", Activity: &simulator.Activity{LastVisit: "2026-11-01"}},
			{Email: "katherine@example.com", Activity: &simulator.Activity{Joined: "2026-01-01"}},
			{Email: "lise@example.com", Activity: &simulator.Activity{Absent: true}},
			{Email: "mary@example.com", Status: simulator.StatusInvited},
			{Email: "radia@example.com", Role: simulator.RoleAdmin, Activity: &simulator.Activity{LastVisit: "2026-01-01"}},
		} {
			org.Add(l)
		}
		protocol := org.Protocol(t, acceptance.Values{"reporting": org.Reporting()})
		values, diags := protocol.ReadData(udemySeats, acceptance.Values{"idle_days": 90, "today": "2026-11-27"})
		diags.ExpectNone(t)
		(&acceptance.Object{Values: values}).Expect(t, acceptance.Values{"used": 6, "idle": 1, "never_visited": 1, "never_activated": 2})

		values, diags = protocol.ReadData(udemySeats, nil)
		diags.ExpectNone(t)
		(&acceptance.Object{Values: values}).Expect(t, acceptance.Values{"used": 6, "idle": nil, "never_visited": nil, "never_activated": nil})

		_, diags = protocol.ReadData(udemySeats, acceptance.Values{"today": "2026-11-27"})
		diags.ExpectError(t, "today", "idle_days")
		_, diags = org.Protocol(t, nil).ReadData(udemySeats, acceptance.Values{"idle_days": 90})
		diags.ExpectError(t, "", "The activity report is not configured")
	})
}

func TestAccSeatsDataSource(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, _, _ := organization(t, api, simulator.Variations{})
		acceptance.Test(t, resource.TestStep{
			Config: org.Config(`
data "udemy_seats" "all" {
  purchased = 10
}

output "available" {
  value = data.udemy_seats.all.available
}
`),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("available", knownvalue.Int64Exact(7))},
		})
	})
}
