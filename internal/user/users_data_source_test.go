// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const udemyUsers = "udemy_users"

// organization starts an organization with four learners and two groups.
func organization(t *testing.T, api acceptance.API, variations simulator.Variations) (org *acceptance.Organization, mathematics, physics string) {
	t.Helper()
	org = acceptance.Start(t, api, simulator.Config{Variations: variations})
	mathematics, physics = org.AddGroup("Mathematics").ID, org.AddGroup("Physics").ID
	for _, learner := range []simulator.Learner{
		{Email: "marie@example.com", FirstName: "Marie", LastName: "Curie", Status: "invited", Groups: []string{physics}},
		{
			Email: "Ada@Example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1001", Role: "admin",
			Groups: []string{mathematics, physics}, Licenses: []string{"Pro", "Enterprise"},
		},
		{Email: "emmy@math.example.com", FirstName: "Emmy", LastName: "Noether", Status: "deactivated"},
		{Email: "lise@example.org", FirstName: "Lise", LastName: "Meitner", Role: "group_admin"},
	} {
		org.Add(learner)
	}
	return org, mathematics, physics
}

func TestUsersDataSource(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org, mathematics, physics := organization(t, api, simulator.Variations{})
		values, diags := org.Protocol(t, nil).ReadData(udemyUsers, nil)
		diags.ExpectNone(t)

		ids := map[string]string{}
		for _, email := range []string{"ada@example.com", "emmy@math.example.com", "lise@example.org", "marie@example.com"} {
			learner, _ := org.Learner(email)
			ids[email] = learner.ID
		}
		(&acceptance.Object{Values: values}).Expect(t, acceptance.Values{"ids": ids})
		users := values["users"].([]acceptance.Values)
		for i, email := range []string{"Ada@Example.com", "emmy@math.example.com", "lise@example.org", "marie@example.com"} {
			if users[i]["email"] != email {
				t.Errorf("learner %d is %v, want %s", i, users[i], email)
			}
		}
		groups := []string{mathematics, physics}
		slices.Sort(groups)
		// SCIM does not return roles and invitations. The user-management API does not return licenses.
		role, status, licenses, noGroups := any("admin"), "invited", any(nil), []string{}
		if api == acceptance.SCIM {
			role, status, licenses = nil, "active", []string{"Enterprise", "Pro"}
		}
		(&acceptance.Object{Values: users[0]}).Expect(t, acceptance.Values{
			"id": ids["ada@example.com"], "first_name": "Ada", "last_name": "Lovelace", "external_id": "E-1001", "role": role,
			"status": "active", "active": true, "group_ids": groups, "license_types": licenses,
		})
		(&acceptance.Object{Values: users[1]}).Expect(t, acceptance.Values{
			"external_id": nil, "status": "deactivated", "active": false, "group_ids": noGroups,
		})
		(&acceptance.Object{Values: users[3]}).Expect(t, acceptance.Values{"status": status, "active": true})
	})
}

func TestUsersDataSource_filter(t *testing.T) {
	t.Parallel()
	const rest, scim = acceptance.UserManagement, acceptance.SCIM
	const adaLovelace, emmy, lise, marie = "ada@example.com", "emmy@math.example.com", "lise@example.org", "marie@example.com"
	for name, test := range map[string]struct {
		api        acceptance.API
		variations simulator.Variations
		filter     acceptance.Values // "Mathematics" and "Physics" are replaced by the IDs of the groups
		want       []string
	}{
		"invited":          {rest, simulator.Variations{}, acceptance.Values{"status": "invited"}, []string{marie}},
		"active":           {rest, simulator.Variations{}, acceptance.Values{"status": "active"}, []string{adaLovelace, lise}},
		"deactivated":      {scim, simulator.Variations{}, acceptance.Values{"status": "deactivated"}, []string{emmy}},
		"role":             {rest, simulator.Variations{}, acceptance.Values{"role": "admin"}, []string{adaLovelace}},
		"another role":     {rest, simulator.Variations{}, acceptance.Values{"role": "group_admin"}, []string{lise}},
		"domain":           {rest, simulator.Variations{}, acceptance.Values{"email_domain": "example.com"}, []string{adaLovelace, marie}},
		"domain with @":    {scim, simulator.Variations{}, acceptance.Values{"email_domain": "@EXAMPLE.ORG"}, []string{lise}},
		"part of a domain": {rest, simulator.Variations{}, acceptance.Values{"email_domain": "ample.com"}, nil},
		"license":          {scim, simulator.Variations{}, acceptance.Values{"license_type": "Pro"}, []string{adaLovelace}},
		"group":            {rest, simulator.Variations{}, acceptance.Values{"group_id": "Physics"}, []string{adaLovelace, marie}},
		"group over SCIM":  {scim, simulator.Variations{}, acceptance.Values{"group_id": "Mathematics"}, []string{adaLovelace}},
		"no user groups":   {scim, simulator.Variations{NoUserGroups: true}, acceptance.Values{"group_id": "Physics"}, []string{adaLovelace, marie}},
		"combination":      {rest, simulator.Variations{}, acceptance.Values{"group_id": "Physics", "status": "active", "role": "admin"}, []string{adaLovelace}},
		"no match":         {rest, simulator.Variations{}, acceptance.Values{"group_id": "Mathematics", "status": "invited"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org, mathematics, physics := organization(t, test.api, test.variations)
			config := maps.Clone(test.filter)
			switch config["group_id"] {
			case "Mathematics":
				config["group_id"] = mathematics
			case "Physics":
				config["group_id"] = physics
			}
			values, diags := org.Protocol(t, nil).ReadData(udemyUsers, config)
			diags.ExpectNone(t)
			if got := slices.Sorted(maps.Keys(values["ids"].(map[string]string))); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			if users := values["users"].([]acceptance.Values); len(users) != len(test.want) {
				t.Errorf("got %v, want %v", users, test.want)
			}
			(&acceptance.Object{Values: values}).Expect(t, config)
		})
	}
}

// A filter on a value that the API does not return is an error, because an empty result would be wrong.
func TestUsersDataSource_filterRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		api        acceptance.API
		variations simulator.Variations
		attribute  string
		value      string
		words      []string
	}{
		"unknown status":          {acceptance.UserManagement, simulator.Variations{}, "status", "gone", []string{"invited"}},
		"empty role":              {acceptance.UserManagement, simulator.Variations{}, "role", "", nil},
		"empty group":             {acceptance.UserManagement, simulator.Variations{}, "group_id", "", nil},
		"empty domain":            {acceptance.UserManagement, simulator.Variations{}, "email_domain", "@", []string{"example.com"}},
		"e-mail address":          {acceptance.UserManagement, simulator.Variations{}, "email_domain", "ada@example.com", []string{"after the @"}},
		"empty license":           {acceptance.SCIM, simulator.Variations{}, "license_type", "", nil},
		"role over SCIM":          {acceptance.SCIM, simulator.Variations{}, "role", "admin", []string{"Unable to list learners", "SCIM: roles are not returned", "remove the filter"}},
		"invited over SCIM":       {acceptance.SCIM, simulator.Variations{}, "status", "invited", []string{"Unable to list learners", "SCIM: the status invited is not returned", "remove the filter"}},
		"license":                 {acceptance.UserManagement, simulator.Variations{}, "license_type", "Pro", []string{"licenses are not returned", "remove the filter"}},
		"license pool":            {acceptance.UserManagement, simulator.Variations{}, "license_pool", "Research", []string{"license pools are not returned", "remove the filter"}},
		"unknown group":           {acceptance.UserManagement, simulator.Variations{}, "group_id", "unknown", []string{"Group unknown: ", "not found", "udemy_groups list"}},
		"unknown group over SCIM": {acceptance.SCIM, simulator.Variations{}, "group_id", "unknown", []string{"Group unknown: ", "not found", "udemy_groups list"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org, _, _ := organization(t, test.api, test.variations)
			_, diags := org.Protocol(t, nil).ReadData(udemyUsers, acceptance.Values{test.attribute: test.value})
			diags.ExpectError(t, test.attribute, test.words...)
		})
	}
	t.Run("members are not returned", func(t *testing.T) {
		t.Parallel()
		org, mathematics, _ := organization(t, acceptance.SCIM, simulator.Variations{NoMembers: true, NoUserGroups: true})
		_, diags := org.Protocol(t, nil).ReadData(udemyUsers, acceptance.Values{"group_id": mathematics})
		diags.ExpectError(t, "group_id", "SCIM: members of groups are not returned")
	})
}

func TestUsersDataSource_licensePool(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{LicensePools: map[string]int{"Research": 1}})
	org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", Pool: "Research"})
	org.Add(simulator.Learner{ID: "u2", Email: "grace@example.com"})
	for pool, id := range map[string]string{"research": "u1", "Default License Pool": "u2"} {
		values, diags := org.Protocol(t, nil).ReadData(udemyUsers, acceptance.Values{"license_pool": pool})
		diags.ExpectNone(t)
		if users := values["users"].([]acceptance.Values); len(users) != 1 || users[0]["id"] != id {
			t.Errorf("%s: %v", pool, users)
		}
		results, diags := org.Protocol(t, nil).List(udemyUser, acceptance.Values{"license_pool": pool}, true, 0)
		diags.ExpectNone(t)
		if len(results) != 1 || results[0].Object.Values["id"] != id {
			t.Errorf("%s: %v", pool, results)
		}
	}
}

// The list of learners is paginated and fetched once per run, for all data sources.
func TestUsersDataSource_requests(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Learners: 1000, Variations: simulator.Variations{NoUserGroups: true}})
		group := org.Groups()[0]
		protocol := org.Protocol(t, nil)
		values, diags := protocol.ReadData(udemyUsers, nil)
		diags.ExpectNone(t)
		if users := values["users"].([]acceptance.Values); len(users) != 1000 {
			t.Errorf("there are %d learners, want 1000", len(users))
		}
		for _, config := range []acceptance.Values{nil, {"status": "active"}} {
			_, diags = protocol.ReadData(udemyUsers, config)
			diags.ExpectNone(t)
		}
		_, diags = protocol.ReadData(udemySeats, nil)
		diags.ExpectNone(t)
		want := map[acceptance.API]int{
			acceptance.UserManagement: 10,
			acceptance.SCIM:           11, // The last page is full, and only another one shows that the list ends there.
		}
		if count := org.RequestCount(); count != want[api] {
			t.Errorf("1,000 learners took %d requests, want %d", count, want[api])
		}

		org.ResetRequests()
		values, diags = protocol.ReadData(udemyUsers, acceptance.Values{"group_id": group.ID})
		diags.ExpectNone(t)
		if got := len(values["ids"].(map[string]string)); got != len(group.Members) {
			t.Errorf("%d members, want %d", got, len(group.Members))
		}
		if count := org.RequestCount(); count > 2 {
			t.Errorf("one group took %d requests, want at most 2: the group and its members", count)
		}
	})
}

// Data sources return the changes of the run, also after all learners have been read.
func TestUsersDataSource_sameRun(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{
		"full answers":   {},
		"sparse answers": {SparseAnswers: true, PatchNoContent: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := acceptance.Start(t, api, simulator.Config{Learners: 3, Variations: variations})
				protocol := org.Protocol(t, nil)
				emails := func() []string {
					values, diags := protocol.ReadData(udemyUsers, acceptance.Values{"status": "active"})
					diags.ExpectNone(t)
					return slices.Collect(maps.Keys(values["ids"].(map[string]string)))
				}
				before := len(emails())

				object, diags := protocol.Apply(protocol.PlanToo(nil, udemyUser, ada(nil)))
				diags.ExpectNone(t)
				org.Edit("ada@example.com", func(l *simulator.Learner) { l.Status = "active" })
				changed := protocol.PlanToo(object, udemyUser, ada(acceptance.Values{"first_name": "Augusta"}))
				object, diags = protocol.Apply(changed)
				diags.ExpectNone(t)
				if got := emails(); len(got) != before+1 || !slices.Contains(got, "ada@example.com") {
					t.Errorf("the learners are %v", got)
				}
				_, diags = protocol.Apply(protocol.PlanToo(object, udemyUser, ada(acceptance.Values{"first_name": "Augusta", "active": false})))
				diags.ExpectNone(t)
				if got := emails(); len(got) != before {
					t.Errorf("the learners are %v", got)
				}
			})
		})
	}
}

func TestListing_refused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		variations simulator.Variations
		words      []string
	}{
		"write-only API": {simulator.Variations{WriteOnly: true}, []string{"does not list learners", "SCIM"}},
		"no such method": {simulator.Variations{ReadStatus: http.StatusMethodNotAllowed}, []string{"does not list learners", "SCIM"}},
		"not allowed":    {simulator.Variations{ReadStatus: http.StatusForbidden}, []string{"Unable to list learners", "does not allow this call"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			protocol := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Variations: test.variations}).Protocol(t, nil)
			for _, dataType := range []string{udemyUsers, udemySeats} {
				_, diags := protocol.ReadData(dataType, nil)
				diags.ExpectError(t, "", test.words...)
			}
		})
	}
	t.Run("not configured yet", func(t *testing.T) {
		t.Parallel()
		protocol, _ := acceptance.Configure(t, acceptance.Values{"organization_uuid": simulator.DefaultOrganization, "token": acceptance.Unknown})
		for _, dataType := range []string{udemyUsers, udemySeats} {
			_, diags := protocol.ReadData(dataType, nil)
			diags.ExpectError(t, "", "can't be used yet")
		}
	})
}

// One import block imports all learners.
func TestAccUsersDataSource_import(t *testing.T) {
	t.Parallel()
	acceptance.Needs(t, acceptance.Removed)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Learners: 30})
		deactivated := 0
		for _, learner := range org.Learners() {
			if learner.Status == "deactivated" {
				deactivated++
			}
		}
		if deactivated == 0 {
			t.Fatal("no learner is deactivated")
		}
		config := org.Config(`
data "udemy_users" "all" {}

import {
  for_each = data.udemy_users.all.ids
  to       = udemy_user.all[each.key]
  id       = each.value
}

resource "udemy_user" "all" {
  for_each    = { for user in data.udemy_users.all.users : lower(user.email) => user }
  email       = each.value.email
  first_name  = each.value.first_name
  last_name   = each.value.last_name
  external_id = each.value.external_id
  active      = each.value.active
}
`)
		imports := make([]plancheck.PlanCheck, 0, len(org.Learners()))
		for _, learner := range org.Learners() {
			imports = append(imports, plancheck.ExpectResourceAction(fmt.Sprintf("udemy_user.all[%q]", learner.Email), plancheck.ResourceActionNoop))
		}
		acceptance.Test(t,
			resource.TestStep{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: imports}},
			resource.TestStep{Config: org.Config(`
removed {
  from = udemy_user.all
  lifecycle {
    destroy = false
  }
}
`)}, // The test framework can't end on instances with string keys.
		)
		org.ExpectWrites(t)
	})
}
