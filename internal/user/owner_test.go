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
		diags.ExpectError(t, "role", "Unable to adopt", "An owner")
		org.ExpectWrites(t)
	})
}

// Only learner and admin can be assigned. Another role is accepted if the learner in state has it, as in generated configuration.
func TestRole(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		state, config, want string
	}{
		"learner":                {"", "learner", ""},
		"admin":                  {"", "admin", ""},
		"owner":                  {"", "owner", "the learner keeps the role at Udemy"},
		"group admin":            {"", "group admin", "the learner keeps the role at Udemy"},
		"Group Admin":            {"", "Group Admin", "the learner keeps the role at Udemy"},
		"letter case":            {"", "Admin", `"Admin" is not a role that can be assigned: learner or admin.`},
		"unknown":                {"", "student", `"student" is not a role that can be assigned: learner or admin.`},
		"an owner stays":         {"owner", "owner", ""},
		"a group admin stays":    {"group_admin", "group_admin", ""},
		"a new role stays":       {"Mentor", "Mentor", ""},
		"a learner to owner":     {"learner", "owner", "Leave out role"},
		"group admin, otherwise": {"group_admin", "owner", "Leave out role"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
			protocol := org.Protocol(t, nil)
			var state *acceptance.Object
			if test.state != "" {
				org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", Role: test.state})
				imported, diags := protocol.Import(udemyUser, "u1")
				diags.ExpectNone(t)
				state, diags = protocol.Read(imported)
				diags.ExpectNone(t)
			}
			config := ada(acceptance.Values{"role": test.config})
			protocol.Validate(udemyUser, config).ExpectNone(t)
			plan := protocol.NextRun().Plan(state, udemyUser, config)
			if test.want != "" {
				plan.Diagnostics.ExpectError(t, "role", "Unknown role", test.want)
				return
			}
			plan.Diagnostics.ExpectNone(t)
			if state != nil && len(plan.Changes()) > 0 {
				t.Errorf("the plan changes %v", plan.Changes())
			}
		})
	}
}

// Over SCIM, which has no roles, a role that can't be assigned is one error.
func TestRole_scim(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{})
	org.Protocol(t, nil).Plan(nil, udemyUser, ada(acceptance.Values{"role": "group admin"})).Diagnostics.
		ExpectError(t, "role", "role is not supported over SCIM")
}
