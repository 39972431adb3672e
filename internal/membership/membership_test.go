// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership_test

import (
	"fmt"
	"net/http"
	"regexp"
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
	object, diags := protocol.Create(udemyGroupMembership, acceptance.Values{"group_id": groupID, "user_id": "u99"})
	diags.ExpectError(t, "", "Unable to add the membership", "Check that both")
	object.ExpectGone(t)
}

// A wrong ID is found before anything changes.
func TestPlan_wrongIDs(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		ada := org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
		groupID := org.AddGroup("Mathematics").ID
		for name, test := range map[string]struct {
			group, user any
			attribute   string
			words       []string
		}{
			"right":                      {groupID, ada.ID, "", nil},
			"unknown":                    {acceptance.Unknown, acceptance.Unknown, "", nil},
			"no such group":              {"nowhere", ada.ID, "group_id", []string{`No group has the ID "nowhere"`}},
			"the name of a group":        {"Mathematics", acceptance.Unknown, "group_id", []string{`"Mathematics" is the name of a group`, "Mathematics is a name; its ID is " + groupID}},
			"an address":                 {groupID, "Ada@example.com", "user_id", []string{`"Ada@example.com" is an e-mail address`, "ID is " + ada.ID}},
			"an address without a group": {acceptance.Unknown, "ada@example.com", "user_id", []string{"ID is " + ada.ID}},
			"a name":                     {groupID, "Ada", "user_id", []string{`No learner has the ID "Ada"`, "looks like a name", "udemy_user.NAME.id"}},
			"a full name":                {acceptance.Unknown, "Ada Lovelace", "user_id", []string{"looks like a name"}},
			"a name with a digit":        {acceptance.Unknown, "Ada Lovelace 2", "user_id", []string{"looks like a name"}},
			"the address of no learner":  {groupID, "grace@example.com", "user_id", []string{`"grace@example.com" is an e-mail address`, "udemy_user.NAME.id"}},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				protocol := org.Protocol(t, nil)
				diags := protocol.Plan(nil, udemyGroupMembership, acceptance.Values{"group_id": test.group, "user_id": test.user}).Diagnostics
				members := map[string]string{"ada": ada.ID}
				if id, ok := test.user.(string); ok {
					members["ada"] = id
				}
				all := protocol.Plan(nil, udemyGroupMembers, acceptance.Values{"group_id": test.group, "members": members}).Diagnostics
				if test.words == nil {
					diags.ExpectNone(t)
					all.ExpectNone(t)
					return
				}
				diags.ExpectError(t, test.attribute, test.words...)
				attribute := test.attribute
				if attribute == "user_id" {
					attribute = `members").ElementKeyString("ada`
				}
				all.ExpectError(t, attribute, test.words...)
			})
		}
	})
}

// IDs are opaque: one that looks like a name or an address is accepted if a learner has it, also if the API only lists the learner.
func TestPlan_idLikeName(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]int{"returned": 0, "only listed": http.StatusNotFound, "refused": http.StatusBadRequest} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				byID := regexp.MustCompile(`(?i)/users/(abcdef|Ada|ada%20lovelace|ada@example\.com)/?$`)
				org := acceptance.Start(t, api, simulator.Config{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
					if answer == 0 || r.Method != http.MethodGet || !byID.MatchString(r.URL.EscapedPath()) {
						return false
					}
					http.Error(w, `{"detail":"No."}`, answer)
					return true
				}})
				groupID := org.AddGroup("Mathematics").ID
				for i, id := range []string{"abcdef", "Ada", "ada lovelace", "ada@example.com"} {
					org.Add(simulator.Learner{ID: id, Email: fmt.Sprintf("learner%d@example.com", i), FirstName: "Ada", LastName: "Lovelace"})
					protocol := org.Protocol(t, nil)
					protocol.Plan(nil, udemyGroupMembership, acceptance.Values{"group_id": groupID, "user_id": id}).Diagnostics.ExpectNone(t)
					members := acceptance.Values{"group_id": groupID, "members": map[string]string{"ada": id}}
					protocol.NextRun().Plan(nil, udemyGroupMembers, members).Diagnostics.ExpectNone(t)
				}
			})
		})
	}
}

// A first plan of memberships alone reports that nothing can be looked up.
func TestPlan_lookupFails(t *testing.T) {
	t.Parallel()
	for name, block := range map[string]acceptance.Values{
		"wrong token": {"token": "wrong"},
		"no network":  {"endpoint": "http://127.0.0.1:1/scim/v2", "max_retries": 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				protocol := acceptance.Start(t, api, simulator.Config{}).Protocol(t, block)
				known := acceptance.Values{"group_id": "g1", "user_id": "u1"}
				protocol.Plan(nil, udemyGroupMembership, known).Diagnostics.ExpectError(t, "", `Unable to plan group "g1"`)
				protocol.PlanToo(nil, udemyGroupMembership, known).Diagnostics.ExpectNone(t) // One error for all.
				address := acceptance.Values{"group_id": acceptance.Unknown, "user_id": "ada@example.com"}
				protocol.Plan(nil, udemyGroupMembership, address).Diagnostics.ExpectError(t, "", `Unable to plan learner "ada@example.com"`)
			})
		})
	}
}

// Members in state are not looked up, so an unchanged plan sends no further requests.
func TestPlan_knownIDs(t *testing.T) {
	t.Parallel()
	org, groupID, _ := start(t, simulator.Config{})
	org.Add(simulator.Learner{ID: "id@example.com", Email: "kay@example.com", FirstName: "Kay", LastName: "Johnson"})
	protocol := org.Protocol(t, nil)
	config := acceptance.Values{"group_id": groupID, "members": map[string]string{"kay": "id@example.com"}}
	object, diags := protocol.Create(udemyGroupMembers, config) // An ID may look like an address.
	diags.ExpectNone(t)
	org.ResetRequests()
	protocol.Plan(object, udemyGroupMembers, config).Diagnostics.ExpectNone(t)
	if count := org.RequestCount(); count > 0 {
		t.Errorf("the plan sent %d requests", count)
	}
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
			object := protocol.State(udemyGroupMembership, pair)
			if test.failure == "" { // A plan of a new membership would be refused.
				var diags acceptance.Diagnostics
				object, diags = protocol.Create(udemyGroupMembership, pair)
				diags.ExpectNone(t)
			}
			if test.drift != nil {
				test.drift(org, groupID)
			}

			object, diags := protocol.NextRun().Read(object)
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
	for id, hint := range map[string][]string{
		groupID + "/ada@example.com": {"user_id", "is an e-mail address, not an ID", "ID is u1"},
		groupID + "/Ada":             {"user_id", "looks like a name"},
		"Mathematics/u1":             {"group_id", "is the name of a group, not an ID", "its ID is " + groupID},
	} {
		object, diags := protocol.Import(udemyGroupMembership, id)
		diags.ExpectError(t, hint[0], hint[1:]...)
		object.ExpectGone(t)
	}
}
