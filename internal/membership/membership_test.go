// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership_test

import (
	"net/http"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const udemyGroupMembership = "udemy_group_membership"

// start starts an organization with a learner, and a group with another learner as its member.
func start(t *testing.T, config simulator.Config) (org *acceptance.Organization, groupID string, pair acceptance.Values) {
	t.Helper()
	org = acceptance.Start(t, acceptance.UserManagement, config)
	org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
	org.Add(simulator.Learner{ID: "u2", Email: "grace@example.com", FirstName: "Grace", LastName: "Hopper"})
	groupID = org.AddGroup("Mathematics", "u2").ID
	return org, groupID, acceptance.Values{"group_id": groupID, "user_id": "u1"}
}

func TestLifecycle(t *testing.T) {
	t.Parallel()
	org, groupID, pair := start(t, simulator.Config{})
	protocol := org.Protocol(t, nil)

	object, diags := protocol.Create(udemyGroupMembership, pair)
	diags.ExpectNone(t)
	object.Expect(t, acceptance.Values{"id": groupID + "/u1"})
	if object.Identity["group_id"] != groupID || object.Identity["user_id"] != "u1" {
		t.Errorf("the identity is %v", object.Identity)
	}
	protocol.ExpectCleanPlan(object, pair)
	if plan := protocol.Plan(object, udemyGroupMembership, acceptance.Values{"group_id": groupID, "user_id": "u2"}); !plan.Replaces {
		t.Error("a change of the learner does not replace the membership")
	}

	again, diags := protocol.Create(udemyGroupMembership, pair)
	diags.ExpectNone(t) // The learner is a member already.
	again.Expect(t, object.Values)

	object, diags = protocol.Destroy(object)
	diags.ExpectNone(t)
	object.ExpectGone(t)
	again, diags = protocol.Destroy(again)
	diags.ExpectNone(t) // The learner has left the group.
	again.ExpectGone(t)

	if members := org.Groups()[0].Members; len(members) != 1 || members[0] != "u2" {
		t.Errorf("the members are %v, want the member that is not in the configuration", members)
	}
}

func TestCreate_refused(t *testing.T) {
	t.Parallel()
	org, groupID, _ := start(t, simulator.Config{})
	protocol := org.Protocol(t, nil)
	for name, pair := range map[string]acceptance.Values{
		"unknown group":   {"group_id": "nowhere", "user_id": "u1"},
		"unknown learner": {"group_id": groupID, "user_id": "unknown"},
	} {
		object, diags := protocol.Create(udemyGroupMembership, pair)
		if len(diags) != 1 {
			t.Fatalf("%s: %s", name, diags)
		}
		diags.ExpectError(t, attributeAt(diags), "Unable to add the membership", "Check that both")
		object.ExpectGone(t)
	}
}

func attributeAt(diags acceptance.Diagnostics) string {
	if diags[0].Attribute == nil {
		return ""
	}
	return "user_id"
}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		variations simulator.Variations
		drift      func(org *acceptance.Organization, groupID string)
		gone       bool
		warning    string
		failure    string
	}{
		"removed":       {drift: func(org *acceptance.Organization, groupID string) { org.SetMembers(groupID, "u2") }, gone: true},
		"learner gone":  {drift: func(org *acceptance.Organization, _ string) { org.Remove("ada@example.com") }, gone: true},
		"group gone":    {drift: func(org *acceptance.Organization, groupID string) { org.RemoveGroup(groupID) }, gone: true},
		"no reading":    {variations: simulator.Variations{ReadStatus: http.StatusNotFound}, warning: "does not offer reading"},
		"not allowed":   {variations: simulator.Variations{ReadStatus: http.StatusForbidden}, failure: "State is unchanged"},
		"group objects": {variations: simulator.Variations{GroupObjects: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org, groupID, pair := start(t, simulator.Config{Variations: test.variations})
			protocol := org.Protocol(t, nil)
			object, diags := protocol.Create(udemyGroupMembership, pair)
			diags.ExpectNone(t)
			if test.drift != nil {
				test.drift(org, groupID)
			}

			object, diags = protocol.NextRun().Read(object)
			switch {
			case test.warning != "":
				diags.ExpectWarning(t, test.warning)
			case test.failure != "":
				diags.ExpectError(t, "", test.failure)
			default:
				diags.ExpectNone(t)
			}
			if test.gone {
				object.ExpectGone(t)
				return
			}
			object.Expect(t, acceptance.Values{"group_id": groupID, "user_id": "u1"})
		})
	}
}

func TestDestroy_refused(t *testing.T) {
	t.Parallel()
	org, _, pair := start(t, simulator.Config{Intercept: acceptance.Answer(http.MethodDelete, "/", `405`)})
	protocol := org.Protocol(t, nil)
	object, _ := protocol.Create(udemyGroupMembership, pair)
	object, diags := protocol.Destroy(object)
	diags.ExpectError(t, "", "Unable to remove the membership", "no such call", "stays in state")
	object.Expect(t, pair)
}

func TestImport(t *testing.T) {
	t.Parallel()
	org, groupID, pair := start(t, simulator.Config{})
	protocol := org.Protocol(t, nil)
	org.SetMembers(groupID, "u1")

	object, diags := protocol.Import(udemyGroupMembership, groupID+"/u1")
	diags.ExpectNone(t)
	protocol.ExpectCleanPlan(object, pair)
	object, diags = protocol.ImportByIdentity(udemyGroupMembership, pair)
	diags.ExpectNone(t)
	object.Expect(t, acceptance.Values{"id": groupID + "/u1"})

	for id, words := range map[string]string{
		groupID:          "Malformed import ID",
		groupID + "/":    "Malformed import ID",
		"/u1":            "Malformed import ID",
		groupID + "/u2":  "is not in group",
		groupID + "/u99": "is not in group",
	} {
		object, diags := protocol.Import(udemyGroupMembership, id)
		diags.ExpectError(t, "", words, "group_id/user_id")
		object.ExpectGone(t)
	}
}
