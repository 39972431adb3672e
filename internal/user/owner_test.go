// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// An owner is never demoted, deactivated or destroyed, although another administrator remains. Everything else can change.
func TestOwner(t *testing.T) {
	t.Parallel()
	start := func(t *testing.T) (*acceptance.Organization, *acceptance.Protocol, *acceptance.Object) {
		t.Helper()
		org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
		org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", Role: "owner"})
		org.Add(simulator.Learner{Email: "root@example.com", FirstName: "Root", LastName: "Root", Role: "admin"})
		imported, diags := org.Protocol(t, nil).Import(udemyUser, "u1")
		diags.ExpectNone(t)
		protocol := org.Protocol(t, nil)
		object, diags := protocol.Read(imported)
		diags.ExpectNone(t)
		return org, protocol, object
	}
	for name, test := range map[string]struct {
		more      acceptance.Values
		attribute string
	}{
		"demoted":           {acceptance.Values{"role": "learner"}, "role"},
		"changed to admin":  {acceptance.Values{"role": "admin"}, "role"},
		"deactivated":       {acceptance.Values{"active": false}, "active"},
		"anything else":     {acceptance.Values{"first_name": "Augusta"}, ""},
		"nothing to change": {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org, protocol, object := start(t)
			for _, prior := range []*acceptance.Object{object, nil} { // Updated, and adopted.
				plan := protocol.NextRun().Plan(prior, udemyUser, ada(test.more))
				if test.attribute == "" {
					plan.Diagnostics.ExpectNoErrors(t)
					continue
				}
				// An adoption has a warning as well.
				refusals := slices.DeleteFunc(plan.Diagnostics, func(d *tfprotov6.Diagnostic) bool { return d.Severity != tfprotov6.DiagnosticSeverityError })
				refusals.ExpectError(t, test.attribute, `Learner "ada@example.com" is an owner`, "transfer the ownership")
			}
			org.ExpectWrites(t)
		})
	}
	t.Run("destroyed", func(t *testing.T) {
		t.Parallel()
		org, protocol, object := start(t)
		protocol.Plan(object, udemyUser, nil).Diagnostics.ExpectError(t, "", "is an owner", `on_destroy = "keep"`)
		kept, diags := protocol.Destroy(object) // Without a plan that refuses it.
		diags.ExpectError(t, "", `Unable to destroy learner "ada@example.com"`, "An owner")
		kept.Expect(t, acceptance.Values{"role": "owner"})
		org.ExpectWrites(t)
	})
	t.Run("in another letter case", func(t *testing.T) {
		t.Parallel()
		org, protocol, object := start(t)
		org.Edit("ada@example.com", func(l *simulator.Learner) { l.Role = "Owner" })
		object, diags := protocol.NextRun().Read(object)
		diags.ExpectNone(t)
		object.Expect(t, acceptance.Values{"role": "owner"})
	})
	t.Run("became an owner after the plan", func(t *testing.T) {
		t.Parallel()
		org, protocol, _ := start(t)
		org.Edit("ada@example.com", func(l *simulator.Learner) { l.Role = "admin" })
		protocol = protocol.NextRun()
		plan := protocol.Plan(nil, udemyUser, ada(acceptance.Values{"role": "learner"}))
		plan.Diagnostics.ExpectNoErrors(t)
		org.Edit("ada@example.com", func(l *simulator.Learner) { l.Role = "owner" })
		_, diags := protocol.NextRun().Apply(plan)
		diags.ExpectError(t, "role", "Unable to finish adopting", "An owner")
		org.ExpectWrites(t)
	})
}
