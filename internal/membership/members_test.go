// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const udemyGroupMembers = "udemy_group_members"

// startGroup starts an organization with learners u1, u2, … and a group whose members are the first ones.
func startGroup(t *testing.T, api acceptance.API, learners, members int, config simulator.Config) (org *acceptance.Organization, groupID string) {
	t.Helper()
	org = acceptance.Start(t, api, config)
	for i := range learners {
		org.Add(simulator.Learner{ID: fmt.Sprintf("u%d", i+1), Email: email(i + 1), FirstName: "Learner", LastName: fmt.Sprint(i + 1)})
	}
	return org, org.AddGroup("Staff", slices.Collect(maps.Values(numbered(1, members)))...).ID
}

func email(number int) string {
	return fmt.Sprintf("learner%d@example.com", number)
}

// numbered returns the IDs of the learners in a range of numbers, by e-mail address.
func numbered(from, to int) map[string]string {
	members := map[string]string{}
	for i := from; i <= to; i++ {
		members[email(i)] = fmt.Sprintf("u%d", i)
	}
	return members
}

func expectMembers(t *testing.T, org *acceptance.Organization, want map[string]string) {
	t.Helper()
	got := slices.Sorted(slices.Values(org.Groups()[0].Members))
	if ids := slices.Sorted(maps.Values(want)); !slices.Equal(got, ids) {
		t.Errorf("the group has %d members %.80s, want %d", len(got), fmt.Sprint(got), len(ids))
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, groupID := startGroup(t, api, 500, 0, simulator.Config{})
		protocol := org.Protocol(t, nil)
		config := acceptance.Values{"group_id": groupID, "members": numbered(1, 250)}

		object, diags := protocol.Create(udemyGroupMembers, config)
		diags.ExpectNone(t)
		expectMembers(t, org, numbered(1, 250))
		if writes := len(org.Writes()); writes != 3 {
			t.Errorf("250 members took %d requests, want 3", writes)
		}
		if object.Identity["group_id"] != groupID {
			t.Errorf("the identity is %v", object.Identity)
		}
		protocol.ExpectCleanPlan(object, config)

		// Only the differences are sent.
		config["members"] = numbered(101, 300)
		next := protocol.NextRun()
		org.ResetRequests()
		plan := next.Plan(object, udemyGroupMembers, config)
		if plan.Replaces {
			t.Error("the plan replaces the members")
		}
		object, diags = next.Apply(plan)
		diags.ExpectNone(t)
		expectMembers(t, org, numbered(101, 300))
		if adds := slices.DeleteFunc(org.Writes(), func(write string) bool {
			return strings.Contains(write, "DELETE") || strings.Contains(write, `"remove"`)
		}); len(adds) != 1 {
			t.Errorf("50 additions took %d requests, want 1", len(adds))
		}
		next.ExpectCleanPlan(object, config)

		object, diags = next.Destroy(object)
		diags.ExpectNone(t)
		object.ExpectGone(t)
		expectMembers(t, org, nil)
	})
}

func TestMembers_labels(t *testing.T) {
	t.Parallel()
	org, groupID := startGroup(t, acceptance.UserManagement, 3, 0, simulator.Config{})
	protocol := org.Protocol(t, nil)
	object, diags := protocol.Create(udemyGroupMembers, acceptance.Values{"group_id": groupID, "members": map[string]string{"a": "u1", "b": "u2", "again": "u1"}})
	diags.ExpectNone(t)
	protocol.ExpectCleanPlan(object, acceptance.Values{"group_id": groupID, "members": map[string]string{"a": "u1", "b": "u2", "again": "u1"}})
	org.ResetRequests()

	renamed := acceptance.Values{"group_id": groupID, "members": map[string]string{"Ada": "u1", "Grace": "u2"}}
	object, diags = protocol.Update(object, renamed)
	diags.ExpectNone(t)
	org.ExpectWrites(t)
	protocol.ExpectCleanPlan(object, renamed)
}

func TestMembers_drift(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, groupID := startGroup(t, api, 5, 0, simulator.Config{})
		protocol := org.Protocol(t, nil)
		config := acceptance.Values{"group_id": groupID, "members": map[string]string{"first": "u1", "second": "u2"}}
		object, _ := protocol.Create(udemyGroupMembers, config)
		org.SetMembers(groupID, "u2", "u4")

		next := protocol.NextRun()
		object, diags := next.Read(object)
		diags.ExpectNone(t)
		object.Expect(t, acceptance.Values{"members": map[string]string{"second": "u2", email(4): "u4"}})
		object, diags = next.Update(object, config)
		diags.ExpectNone(t)
		expectMembers(t, org, map[string]string{"": "u1", "2": "u2"})
		next.ExpectCleanPlan(object, config)

		org.RemoveGroup(groupID)
		object, diags = next.NextRun().Read(object)
		diags.ExpectNone(t)
		object.ExpectGone(t)
	})
}

// A warning lists all members who leave the group when the resource is created.
func TestMembers_createOverOthers(t *testing.T) {
	t.Parallel()
	org, groupID := startGroup(t, acceptance.UserManagement, 30, 25, simulator.Config{})
	protocol := org.Protocol(t, nil)
	plan := protocol.Plan(nil, udemyGroupMembers, acceptance.Values{"group_id": groupID, "members": numbered(25, 26)})
	plan.Diagnostics.ExpectWarning(t, `24 members of group "Staff" (`+groupID+`) will leave it`, email(1), email(24))
	one := protocol.NextRun().Plan(nil, udemyGroupMembers, acceptance.Values{"group_id": groupID, "members": numbered(2, 25)})
	one.Diagnostics.ExpectWarning(t, `1 member of group "Staff" (`+groupID+`) will leave it`, email(1))
	_, diags := protocol.Apply(plan)
	diags.ExpectNone(t)
	expectMembers(t, org, numbered(25, 26))

	unknown := protocol.Plan(nil, udemyGroupMembers, acceptance.Values{"group_id": acceptance.Unknown, "members": acceptance.Unknown})
	unknown.Diagnostics.ExpectNone(t)
}

func TestMembers_someFail(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, groupID := startGroup(t, api, 120, 0, simulator.Config{})
		protocol := org.Protocol(t, nil)
		members := numbered(1, 120)
		members["unknown@example.com"] = "u999"

		object, diags := protocol.Create(udemyGroupMembers, acceptance.Values{"group_id": groupID, "members": members})
		if len(diags) != 1 || !strings.Contains(diags.String(), `Unable to add learner "unknown@example.com" (u999)`) ||
			!strings.Contains(diags.String(), `ElementKeyString("unknown@example.com")`) {
			t.Errorf("unexpected diagnostics:\n%s", diags)
		}
		expectMembers(t, org, numbered(1, 120)) // Only the unknown learner fails.
		object.Expect(t, acceptance.Values{"members": numbered(1, 120)})
	})
}

func TestMembers_refusedAltogether(t *testing.T) {
	t.Parallel()
	refuse := func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet {
			return false
		}
		w.WriteHeader(http.StatusForbidden)
		return true
	}
	org, groupID := startGroup(t, acceptance.UserManagement, 40, 20, simulator.Config{Intercept: refuse})
	protocol := org.Protocol(t, nil)
	object := protocol.State(udemyGroupMembers, acceptance.Values{"group_id": groupID, "members": numbered(1, 20)})
	object.Identity = acceptance.Values{"group_id": groupID}

	updated, diags := protocol.Update(object, acceptance.Values{"group_id": groupID, "members": numbered(21, 40)})
	if len(diags) != 22 || !strings.Contains(diags.String(), "Unable to add 20 learners in all") {
		t.Errorf("got %d diagnostics:\n%s", len(diags), diags)
	}
	updated.Expect(t, acceptance.Values{"members": numbered(1, 20)})
	left, diags := protocol.Destroy(object)
	if len(diags) != 11 {
		t.Errorf("got %d diagnostics:\n%s", len(diags), diags)
	}
	left.Expect(t, acceptance.Values{"members": numbered(1, 20)})
}

func TestMembers_unreadable(t *testing.T) {
	t.Parallel()
	org, groupID := startGroup(t, acceptance.UserManagement, 2, 1, simulator.Config{Variations: simulator.Variations{ReadStatus: http.StatusMethodNotAllowed}})
	protocol := org.Protocol(t, nil)
	object, diags := protocol.Create(udemyGroupMembers, acceptance.Values{"group_id": groupID, "members": numbered(1, 2)})
	diags.ExpectError(t, "", "Unable to read the members", "udemy_group_membership")
	object.ExpectGone(t)

	state := protocol.State(udemyGroupMembers, acceptance.Values{"group_id": groupID, "members": numbered(1, 2)})
	state.Identity = acceptance.Values{"group_id": groupID}
	kept, diags := protocol.Read(state)
	diags.ExpectWarning(t, "State is kept")
	kept.Expect(t, state.Values)
}

func TestMembers_import(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, groupID := startGroup(t, api, 250, 230, simulator.Config{})
		protocol := org.Protocol(t, nil)
		config := acceptance.Values{"group_id": groupID, "members": numbered(1, 230)}
		for _, id := range []string{groupID, "name:Staff"} {
			object, diags := protocol.Import(udemyGroupMembers, id)
			diags.ExpectNone(t)
			object.Expect(t, config)
			protocol.ExpectCleanPlan(object, config)
		}
		object, diags := protocol.ImportByIdentity(udemyGroupMembers, acceptance.Values{"group_id": groupID})
		diags.ExpectNone(t)
		object.Expect(t, config)

		for id, words := range map[string]string{"name:": "Malformed", "name:Unknown": "not found", "nowhere": "not found", "staff": "Staff is the name of the group with ID " + groupID} {
			object, diags = protocol.Import(udemyGroupMembers, id)
			diags.ExpectError(t, "", words, fmt.Sprintf("%q", id), "name:Engineering")
			object.ExpectGone(t)
		}
		object, diags = protocol.ImportByIdentity(udemyGroupMembers, acceptance.Values{"group_id": "nowhere"})
		diags.ExpectError(t, "", `Unable to import the members of group "nowhere"`, "not found", "name:Engineering")
		object.ExpectGone(t)
	})
}

// A plan without changes reads only the pages of the members, and no learners.
func TestMembers_requests(t *testing.T) {
	t.Parallel()
	org, groupID := startGroup(t, acceptance.UserManagement, 2000, 2000, simulator.Config{})
	protocol := org.Protocol(t, nil)
	config := acceptance.Values{"group_id": groupID, "members": numbered(1, 2000)}
	object, _ := protocol.Import(udemyGroupMembers, groupID)
	org.ResetRequests()
	protocol.ExpectCleanPlan(object, config)
	if count := org.RequestCount(); count > 25 {
		t.Errorf("a plan of 2,000 members took %d requests, want at most 25", count)
	}
}

func TestMembers_validate(t *testing.T) {
	t.Parallel()
	protocol := acceptance.Start(t, acceptance.UserManagement, simulator.Config{}).Protocol(t, nil)
	diags := protocol.Validate(udemyGroupMembers, acceptance.Values{"group_id": "g1", "members": map[string]string{"ada@example.com": ""}})
	if len(diags) != 1 {
		t.Errorf("an empty ID has %d diagnostics, want 1:\n%s", len(diags), diags)
	}
	protocol.Validate(udemyGroupMembers, acceptance.Values{"group_id": "", "members": map[string]string{}}).ExpectError(t, "group_id")
}
