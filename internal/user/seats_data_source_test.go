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
