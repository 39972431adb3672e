// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package group_test

import (
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// Terraform plans the replacement of a tainted resource without its state. If the replacement has another name, the destroy is
// refused, because the group can be renamed in place.
func TestDestroy_taintedWithNewName(t *testing.T) {
	t.Parallel()
	for name, planned := range map[string]any{`the name "physics"`: "Physics", "known only after apply": acceptance.Unknown} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := acceptance.Start(t, api, simulator.Config{})
				protocol := org.Protocol(t, nil)
				object, diags := protocol.Create(udemyGroup, mathematics)
				diags.ExpectNone(t)
				org.ResetRequests()

				left, diags := protocol.DestroyTainted(object, acceptance.Values{"name": planned})
				diags.ExpectError(t, "", `Group "Mathematics" can't be replaced`, name, "terraform untaint")
				org.ExpectWrites(t)
				left.Expect(t, object.Values)

				// The way out, and what comes after it.
				changed, diags := protocol.Update(left, acceptance.Values{"name": "Physics"})
				diags.ExpectNone(t)
				changed.Expect(t, acceptance.Values{"id": object.Values["id"], "name": "Physics"})
				gone, diags := protocol.Destroy(changed)
				diags.ExpectNone(t)
				gone.ExpectGone(t)
				if groups := org.Groups(); len(groups) > 0 {
					t.Errorf("Udemy has %+v", groups)
				}
			})
		})
	}
}

// With create_before_destroy, the new group exists already, so the old one is deleted.
func TestDestroy_deposedWithNewName(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		protocol := org.Protocol(t, nil)
		object, _ := protocol.Create(udemyGroup, mathematics)
		created, left, diags := protocol.DestroyDeposed(object, acceptance.Values{"name": "Physics"})
		diags.ExpectNone(t)
		left.ExpectGone(t)
		if groups := org.Groups(); len(groups) != 1 || created.Values["id"] != groups[0].ID {
			t.Errorf("state is %+v, and Udemy has %+v", created, groups)
		}
	})
}
