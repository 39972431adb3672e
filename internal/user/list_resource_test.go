// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// Pages are read as they are needed, and no request is made for a single learner.
func TestList_pages(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for name, test := range map[string]struct {
			limit           int64
			includeResource bool
			learners, pages int
			cut             bool
		}{
			"all":                  {learners: 250, pages: 3},
			"all, with resource":   {includeResource: true, learners: 250, pages: 3},
			"limit is the total":   {limit: 250, learners: 250, pages: 3},
			"limit is one less":    {limit: 249, learners: 249, pages: 3, cut: true},
			"one page":             {limit: 100, learners: 100, pages: 2, cut: true}, // The second page shows that there are more.
			"a few":                {limit: 20, learners: 20, pages: 1, cut: true},
			"one page and one":     {limit: 101, learners: 101, pages: 2, cut: true},
			"a few, with resource": {limit: 20, includeResource: true, learners: 20, pages: 1, cut: true},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				org := acceptance.Start(t, api, simulator.Config{Learners: 250})
				results, diags := org.Protocol(t, nil).List(udemyUser, nil, test.includeResource, test.limit)
				if test.cut {
					diags.ExpectWarning(t, "The list of learners ends at the limit of "+fmt.Sprint(test.limit), "More of them exist", "limit = 5000")
				} else {
					diags.ExpectNone(t)
				}
				if requests := org.RequestCount(); len(results) != test.learners || requests != test.pages {
					t.Errorf("%d learners with %d requests, want %d with %d", len(results), requests, test.learners, test.pages)
				}
				for _, result := range results {
					learner, _ := org.Learner(result.DisplayName)
					if result.Identity["id"] != learner.ID || (result.Object != nil) != test.includeResource {
						t.Errorf("%+v is listed as %+v", learner, result)
					}
				}
			})
		}
	})
}

// A listed resource equals the state after an import, except for defaults. The configuration that Terraform generates for it
// plans clean.
func TestList_resource(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		api        acceptance.API
		variations simulator.Variations
	}{
		"user-management API":         {acceptance.UserManagement, simulator.Variations{}},
		"user-management API, sparse": {acceptance.UserManagement, simulator.Variations{NumericIDs: true, GroupObjects: true, PageSize: 7}},
		"SCIM":                        {acceptance.SCIM, simulator.Variations{}},
		"SCIM, no user groups":        {acceptance.SCIM, simulator.Variations{NoUserGroups: true, NoListedMembers: true}},
		"SCIM, no groups":             {acceptance.SCIM, simulator.Variations{NoUserGroups: true, NoMembers: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, test.api, simulator.Config{Learners: 40, Variations: test.variations})
			protocol := org.Protocol(t, nil)
			results, diags := protocol.List(udemyUser, nil, true, 0)
			diags.ExpectNone(t)
			if len(results) != 40 {
				t.Errorf("%d learners are listed, want 40", len(results))
			}
			next := protocol.NextRun()
			for _, result := range results {
				imported, diags := next.ImportByIdentity(udemyUser, result.Identity)
				diags.ExpectNone(t)
				expectListed(t, result.Object, imported)
				expectCleanPlan(t, protocol, imported, protocol.GenerateConfig(result.Object))
			}
		})
	}
}

// expectListed compares a listed resource with the state after its import. Only defaults may be missing.
func expectListed(t *testing.T, listed, imported *acceptance.Object) {
	t.Helper()
	want := maps.Clone(imported.Values)
	for name, defaultValue := range map[string]any{"active": true, "on_destroy": "deactivate"} {
		if want[name] == defaultValue {
			want[name] = nil
		}
	}
	listed.Expect(t, want)
}

func expectCleanPlan(t *testing.T, protocol *acceptance.Protocol, imported *acceptance.Object, config acceptance.Values) {
	t.Helper()
	protocol.Validate(udemyUser, config).ExpectNone(t)
	protocol.ExpectCleanPlan(imported, config)
}

// Generated configuration does not contain values that can't be configured.
func TestList_notConfigurable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		api  acceptance.API
		edit func(*simulator.Learner)
		out  string
	}{
		"role that can't be configured": {acceptance.UserManagement, func(l *simulator.Learner) { l.Role = "group_admin" }, "role"},
		"no name":                       {acceptance.UserManagement, func(l *simulator.Learner) { l.FirstName, l.LastName, l.Status = "", "", "invited" }, "first_name"},
		"one name":                      {acceptance.SCIM, func(l *simulator.Learner) { l.LastName = "" }, "last_name"},
		"malformed name":                {acceptance.UserManagement, func(l *simulator.Learner) { l.LastName = "Lovelace " }, "last_name"},
		"no license":                    {acceptance.SCIM, func(l *simulator.Learner) { l.Licenses = []string{} }, "license_types"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, test.api, simulator.Config{})
			org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
			org.Edit("ada@example.com", test.edit)
			protocol := org.Protocol(t, nil)
			results, diags := protocol.List(udemyUser, nil, true, 0)
			diags.ExpectNone(t)
			config := protocol.GenerateConfig(results[0].Object)
			if config[test.out] != nil {
				t.Errorf("%s is %v", test.out, config[test.out])
			}
			imported, diags := protocol.Import(udemyUser, "u1")
			diags.ExpectNone(t)
			expectCleanPlan(t, protocol, imported, config)
		})
	}
}

// With include_groups = false, listed resources have no groups, and no request is made for groups.
func TestList_withoutGroups(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		api        acceptance.API
		variations simulator.Variations
	}{
		"user-management API":  {acceptance.UserManagement, simulator.Variations{}},
		"SCIM":                 {acceptance.SCIM, simulator.Variations{}},
		"SCIM, no user groups": {acceptance.SCIM, simulator.Variations{NoUserGroups: true, NoListedMembers: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, test.api, simulator.Config{Variations: test.variations})
			org.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"})
			group := org.AddGroup("Mathematics", "u1")
			protocol := org.Protocol(t, nil)
			for _, filter := range []acceptance.Values{{}, {"group_id": group.ID}} {
				filter["include_groups"] = false
				org.ResetRequests()
				results, diags := protocol.NextRun().List(udemyUser, filter, true, 0)
				diags.ExpectNone(t)
				if requests := org.RequestCount(); filter["group_id"] == nil && requests != 1 {
					t.Errorf("one learner took %d requests", requests)
				}
				config := protocol.GenerateConfig(results[0].Object)
				if config["group_ids"] != nil {
					t.Errorf("group_ids is %v", config["group_ids"])
				}
				imported, diags := protocol.Import(udemyUser, "u1")
				diags.ExpectNone(t)
				expectCleanPlan(t, protocol, imported, config)
			}
		})
	}
}

// If memberships are listed as group_ids and as separate resources, there is a warning.
func TestList_membershipsTwice(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	for _, id := range []string{"u1", "u2"} {
		org.Add(simulator.Learner{ID: id, Email: id + "@example.com", FirstName: "Ada", LastName: "Lovelace"})
	}
	groupID, otherID := org.AddGroup("Mathematics", "u1", "u2").ID, org.AddGroup("Physics").ID
	memberships := acceptance.Values{"group_id": groupID}
	words := []string{"members of group " + groupID + " are listed twice", "udemy_user with group_ids", "udemy_group_membership", "include_groups = false"}
	list := func(protocol *acceptance.Protocol, resourceType string, config acceptance.Values, includeResource bool) acceptance.Diagnostics {
		_, diags := protocol.List(resourceType, config, includeResource, 0)
		return diags
	}

	protocol := org.Protocol(t, nil)
	list(protocol, udemyUser, nil, true).ExpectNone(t)
	list(protocol, "udemy_group_membership", acceptance.Values{"group_id": otherID}, true).ExpectNone(t)
	list(protocol, "udemy_group_membership", memberships, false).ExpectNone(t)
	list(protocol, "udemy_group_membership", memberships, true).ExpectWarning(t, words...)
	list(protocol, "udemy_group_membership", memberships, true).ExpectNone(t) // The warning appears once per run.

	protocol = protocol.NextRun()
	list(protocol, "udemy_group_membership", memberships, true).ExpectNone(t)
	list(protocol, udemyUser, acceptance.Values{"include_groups": false}, true).ExpectNone(t)
	list(protocol, udemyUser, nil, true).ExpectWarning(t, words...)
}

func TestList_filters(t *testing.T) {
	t.Parallel()
	const (
		ada   = "ada@example.com"
		emmy  = "emmy@example.org"
		grace = "grace@example.com"
	)
	onlyREST, onlySCIM := []acceptance.API{acceptance.UserManagement}, []acceptance.API{acceptance.SCIM}
	both := slices.Concat(onlyREST, onlySCIM)
	for name, test := range map[string]struct {
		apis   []acceptance.API
		config acceptance.Values
		want   []string
	}{
		"status":      {both, acceptance.Values{"status": "deactivated"}, []string{emmy}},
		"role":        {onlyREST, acceptance.Values{"role": "admin"}, []string{grace}},
		"group":       {both, acceptance.Values{"group_id": "GROUP"}, []string{ada, emmy}},
		"domain":      {both, acceptance.Values{"email_domain": "@Example.COM"}, []string{ada, grace}},
		"license":     {onlySCIM, acceptance.Values{"license_type": "Pro"}, []string{ada}},
		"combination": {both, acceptance.Values{"group_id": "GROUP", "email_domain": "example.com", "status": "active"}, []string{ada}},
		"no match":    {both, acceptance.Values{"email_domain": "example.net"}, nil},
	} {
		for _, api := range test.apis {
			for _, variations := range []simulator.Variations{{}, {NoUserGroups: true, NoListedMembers: true}} {
				t.Run(fmt.Sprintf("%s, %s, %t", name, api, variations.NoUserGroups), func(t *testing.T) {
					t.Parallel()
					org := acceptance.Start(t, api, simulator.Config{Variations: variations})
					org.Add(simulator.Learner{ID: "u1", Email: ada, FirstName: "Ada", LastName: "Lovelace", Licenses: []string{"Enterprise", "Pro"}})
					org.Add(simulator.Learner{ID: "u2", Email: emmy, FirstName: "Emmy", LastName: "Noether", Status: "deactivated"})
					org.Add(simulator.Learner{ID: "u3", Email: grace, FirstName: "Grace", LastName: "Hopper", Role: "admin"})
					config := acceptance.Values{}
					for attribute, value := range test.config {
						if value == "GROUP" {
							value = org.AddGroup("Mathematics", "u1", "u2").ID
						}
						config[attribute] = value
					}
					results, diags := org.Protocol(t, nil).List(udemyUser, config, true, 0)
					diags.ExpectNone(t)
					var names []string
					for _, result := range results {
						names = append(names, result.DisplayName)
					}
					if !reflect.DeepEqual(names, test.want) {
						t.Errorf("the list is %v, want %v", names, test.want)
					}
				})
			}
		}
	}
}

// If the API does not return the groups of learners, the members of each group are read, and only if groups are needed.
func TestList_groupsNotReturned(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config          acceptance.Values
		includeResource bool
		atMost          int
	}{
		"not needed": {atMost: 3},
		"filter":     {acceptance.Values{"group_id": "GROUP"}, false, 5},
		"resource":   {nil, true, 15},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.SCIM, simulator.Config{
				Learners: 250, Variations: simulator.Variations{NoUserGroups: true, NoListedMembers: true},
			})
			config := acceptance.Values{}
			if test.config != nil {
				config["group_id"] = org.Groups()[0].ID
			}
			_, diags := org.Protocol(t, nil).List(udemyUser, config, test.includeResource, 0)
			diags.ExpectNone(t)
			if requests := org.RequestCount(); requests > test.atMost {
				t.Errorf("%d requests, want at most %d", requests, test.atMost)
			}
		})
	}
}

func TestList_refused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		api        acceptance.API
		variations simulator.Variations
		config     acceptance.Values
		attribute  string
		words      []string
	}{
		"unknown status": {
			api: acceptance.UserManagement, config: acceptance.Values{"status": "gone"}, attribute: "status", words: []string{"deactivated"},
		},
		"unknown group": {
			api: acceptance.UserManagement, config: acceptance.Values{"group_id": "g9"}, attribute: "group_id",
			words: []string{"Group g9: ", "not found", "list resource udemy_group"},
		},
		"invited over SCIM": {
			api: acceptance.SCIM, config: acceptance.Values{"status": "invited"}, attribute: "status", words: []string{"SCIM: the status invited is not returned"},
		},
		"roles over SCIM": {
			api: acceptance.SCIM, config: acceptance.Values{"role": "admin"}, attribute: "role", words: []string{"SCIM"},
		},
		"API without lists": {
			api: acceptance.UserManagement, variations: simulator.Variations{ReadStatus: 405}, words: []string{"does not list learners", "SCIM"},
		},
		"write-only API": {
			api: acceptance.UserManagement, variations: simulator.Variations{WriteOnly: true}, words: []string{"does not list learners", "SCIM"},
		},
		"not allowed": {
			api: acceptance.UserManagement, variations: simulator.Variations{ReadStatus: 403},
			words: []string{"Unable to list learners", "does not allow"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, test.api, simulator.Config{Learners: 3, Variations: test.variations})
			results, diags := org.Protocol(t, nil).List(udemyUser, test.config, true, 0)
			diags.ExpectError(t, test.attribute, test.words...)
			if len(results) > 0 {
				t.Errorf("the list is %v", results)
			}
		})
	}
}

// The results before a page that can't be read are listed.
func TestList_endsWithAnError(t *testing.T) {
	t.Parallel()
	second := map[acceptance.API]string{acceptance.UserManagement: "page=2", acceptance.SCIM: "startIndex=101"}
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Learners: 250, Intercept: func(w http.ResponseWriter, r *http.Request) bool {
			refused := slices.Contains(strings.Split(r.URL.RawQuery, "&"), second[api])
			if refused {
				w.WriteHeader(http.StatusForbidden)
			}
			return refused
		}})
		results, diags := org.Protocol(t, nil).List(udemyUser, nil, false, 0)
		diags.ExpectError(t, "", "Unable to list learners", "does not allow")
		if len(results) != 100 {
			t.Errorf("%d learners before the error, want 100", len(results))
		}
	})
}

// An error after the limit is reached does not remove a result.
func TestList_limitBeforeAnError(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Learners: 250, Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		refused := strings.Contains(r.URL.RawQuery, "page=2")
		if refused {
			w.WriteHeader(http.StatusForbidden)
		}
		return refused
	}})
	results, diags := org.Protocol(t, nil).List(udemyUser, nil, false, 100)
	diags.ExpectWarning(t, "ends at the limit of 100", "not allowed", "More of them may exist")
	if len(results) != 100 {
		t.Errorf("%d learners are listed, want 100", len(results))
	}
}

// If the groups of the first learner can't be read, the list ends.
func TestList_groupsRefused(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{
		Learners: 5, Variations: simulator.Variations{NoUserGroups: true, NoListedMembers: true},
		Intercept: func(w http.ResponseWriter, r *http.Request) bool {
			refused := strings.Contains(r.URL.Path, "/Groups")
			if refused {
				w.WriteHeader(http.StatusForbidden)
			}
			return refused
		},
	})
	results, diags := org.Protocol(t, nil).List(udemyUser, nil, true, 0)
	diags.ExpectError(t, "", "Unable to list learners", "does not allow")
	if len(results) > 0 {
		t.Errorf("the list is %v", results)
	}
}

func TestList_notReady(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	_, diags := org.Protocol(t, acceptance.Values{"token": acceptance.Unknown}).List(udemyUser, nil, false, 0)
	diags.ExpectError(t, "", "can't be used yet")
}
