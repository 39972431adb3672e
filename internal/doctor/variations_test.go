// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// variation is a variation of the simulator, and the rows that it changes in the report.
type variation struct {
	set func(*simulator.Variations)
	// userManagement and scim have all changed rows; see report.rows. Nil means that the report does not change: doctor reads
	// only, so it can't see how changes are answered.
	userManagement, scim map[string]string
	// unusable has the APIs over which the provider can't be used.
	unusable []acceptance.API
	settings map[string]string
}

const (
	ignoredFilter   = "ignored [assumed: not offered]"
	ignoredSCIM     = "ignored [documented: not offered]"
	noResultsSCIM   = "finds nothing, although the value exists [documented: not offered]"
	noResults       = "finds nothing, although the value exists [assumed: not offered]"
	caseMatters     = "letter case matters [assumed: not offered]"
	caseMattersSCIM = "letter case matters [documented: not offered]"
	refusedSCIM     = "refused, HTTP status 400 [documented: not offered]"
	noMembers       = "not returned [documented: not offered]"
)

var both = []acceptance.API{acceptance.UserManagement, acceptance.SCIM}

// variations has an entry for each field of simulator.Variations.
var variations = map[string]variation{
	"FoldEmails": {set: func(v *simulator.Variations) { v.FoldEmails = true }},
	"IgnoreFilters": {
		set: func(v *simulator.Variations) { v.IgnoreFilters = true },
		userManagement: map[string]string{
			"Learners: filter email": ignoredFilter, "Learners: filter email, case": ignoredFilter, "Learners: filter externalid": ignoredFilter,
			"Groups: filter name": ignoredFilter,
		},
		scim: map[string]string{
			"Learners: filter userName": ignoredSCIM, "Learners: filter userName, case": ignoredSCIM, "Learners: filter emails.value": ignoredSCIM,
			"Learners: filter externalId": ignoredSCIM, "Groups: filter displayName": ignoredSCIM, "Groups: filter displayName, case": ignoredSCIM,
			"Learners: malformed filter": "HTTP status 200, no error [documented: not offered]",
		},
	},
	"PageSize": {
		set:            func(v *simulator.Variations) { v.PageSize = 25 },
		userManagement: map[string]string{"Learners: page of 100": "25 instead of 100 [assumed: confirmed]"},
		scim: map[string]string{
			"Learners: page of 100":            "25 instead of 100 [documented]",
			"Discovery: ServiceProviderConfig": "supported: patch, filter; pages of up to 25 [documented]",
		},
	},
	"IgnorePages": {
		set:            func(v *simulator.Variations) { v.IgnorePages = true },
		userManagement: map[string]string{"Learners: second page": "page ignored [problem]", "Learners: total": " [not checked]"},
		scim:           map[string]string{"Learners: startIndex and count": "startIndex ignored [problem]", "Learners: total": " [not checked]"},
		unusable:       both,
	},
	"TotalOfPage": {
		set:            func(v *simulator.Variations) { v.TotalOfPage = true },
		userManagement: map[string]string{"Learners: total": "too low [problem]"},
		scim: map[string]string{
			"Learners: page of 100":          "all fit in one page [not checked]",
			"Learners: startIndex and count": "totalResults differs between pages [documented: not offered]",
			"Learners: total":                "too low [problem]",
		},
		unusable: both,
	},
	"TotalError": {
		set:            func(v *simulator.Variations) { v.TotalError = -1 },
		userManagement: map[string]string{"Learners: total": "too low [problem]"},
		scim:           map[string]string{"Learners: total": "too low [problem]"},
		unusable:       both,
	},
	"EmptySearches": {
		set: func(v *simulator.Variations) { v.EmptySearches = true },
		userManagement: map[string]string{
			"Learners: filter email": noResults, "Learners: filter email, case": caseMatters, "Learners: filter externalid": noResults,
			"Groups: filter name": noResults,
		},
		scim: map[string]string{
			"Learners: filter userName": noResultsSCIM, "Learners: filter userName, case": caseMattersSCIM, "Learners: filter emails.value": noResultsSCIM,
			"Learners: filter externalId": noResultsSCIM, "Groups: filter displayName": "finds nothing, although the value exists [problem]",
			"Groups: filter displayName, case": caseMattersSCIM,
		},
		unusable: []acceptance.API{acceptance.SCIM},
	},
	"SameEmails": {set: func(v *simulator.Variations) { v.SameEmails = true }},
	"OpaqueIDs":  {set: func(v *simulator.Variations) { v.OpaqueIDs = true }},
	"LagReads":   {set: func(v *simulator.Variations) { v.LagReads = 2 }},
	"Lag":        {set: func(v *simulator.Variations) { v.Lag = time.Second }},

	"SparseAnswers": {set: func(v *simulator.Variations) { v.SparseAnswers = true }},
	"WriteOnly": {
		set: func(v *simulator.Variations) { v.WriteOnly = true },
		userManagement: map[string]string{
			"Connection: response": "HTTP status 404 [ok]", "Connection: credential": " [not checked]", "Connection: organization": " [not checked]",
			"Learners: list": "HTTP status 404 [assumed: not offered]", "Learners: all other checks": " [not checked]",
		},
		unusable: []acceptance.API{acceptance.UserManagement},
	},
	"ReadStatus": {
		set: func(v *simulator.Variations) { v.ReadStatus = 501 },
		userManagement: map[string]string{
			"Connection: response": "HTTP status 501 [ok]", "Connection: credential": " [not checked]", "Connection: organization": " [not checked]",
			"Learners: list": "HTTP status 501 [assumed: not offered]", "Learners: all other checks": " [not checked]",
		},
		unusable: []acceptance.API{acceptance.UserManagement},
	},
	"NumericIDs": {
		set:            func(v *simulator.Variations) { v.NumericIDs = true },
		userManagement: map[string]string{"Learners: ID and groups": "ID as number, groups as IDs [assumed: confirmed]"},
	},
	"GroupObjects": {
		set:            func(v *simulator.Variations) { v.GroupObjects = true },
		userManagement: map[string]string{"Learners: ID and groups": "ID as string, groups as objects [assumed: confirmed]"},
	},
	"AutoProvision": {set: func(v *simulator.Variations) { v.AutoProvision = true }},

	"PatchNoContent": {set: func(v *simulator.Variations) { v.PatchNoContent = true }},
	"NoSCIMType": {
		set:  func(v *simulator.Variations) { v.NoSCIMType = true },
		scim: map[string]string{"Learners: malformed filter": "HTTP status 400 without scimType [documented]"},
	},
	"NumericStatus": {set: func(v *simulator.Variations) { v.NumericStatus = true }},
	"TextBooleans": {
		set:  func(v *simulator.Variations) { v.TextBooleans = true },
		scim: map[string]string{"Learners: spelling": "names as in the RFC, booleans as strings [documented]"},
	},
	"LowerCaseNames": {
		set:  func(v *simulator.Variations) { v.LowerCaseNames = true },
		scim: map[string]string{"Learners: spelling": "names in another letter case, booleans as JSON [documented]"},
	},
	"NoListedMembers": {
		set:  func(v *simulator.Variations) { v.NoListedMembers = true },
		scim: map[string]string{"Groups: members in lists": noMembers},
	},
	"SameGroupNames": {set: func(v *simulator.Variations) { v.SameGroupNames = true }},
	"NoMembers": {
		set:  func(v *simulator.Variations) { v.NoMembers = true },
		scim: map[string]string{"Groups: members in lists": noMembers, "Groups: members": noMembers},
	},
	"NoUserGroups": {
		set:  func(v *simulator.Variations) { v.NoUserGroups = true },
		scim: map[string]string{"Learners: groups": "not returned [assumed: not offered]", "Groups: empty lists": " [not checked]"},
	},
	"NamesTyped":     {set: func(v *simulator.Variations) { v.NamesTyped = true }},
	"NoReports":      {set: func(v *simulator.Variations) { v.NoReports = true }},
	"RemoveNoTarget": {set: func(v *simulator.Variations) { v.RemoveNoTarget = true }},
	"SCIMMadeOnly": {
		set:  func(v *simulator.Variations) { v.SCIMMadeOnly = true },
		scim: scimMadeOnly,
	},
	"LicenseType": {
		set:      func(v *simulator.Variations) { v.LicenseType = true },
		scim:     map[string]string{"Discovery: license attribute": "licenseType in responses and Schemas [documented]"},
		settings: map[string]string{"license_attribute": "licenseType"},
	},
	"FewFilters": {
		set:  func(v *simulator.Variations) { v.FewFilters = true },
		scim: map[string]string{"Learners: filter emails.value": refusedSCIM, "Learners: filter externalId": refusedSCIM},
	},
	"OmitEmpty": {
		set:  func(v *simulator.Variations) { v.OmitEmpty = true },
		scim: map[string]string{"Groups: empty lists": "left out [documented]"},
	},
	"NoExcluding": {
		set:  func(v *simulator.Variations) { v.NoExcluding = true },
		scim: map[string]string{"Groups: list": "readable; excludedAttributes refused [documented: not offered]"},
	},
	"RequireVersion": {
		set: func(v *simulator.Variations) { v.RequireVersion = true },
		scim: map[string]string{
			"Learners: ETag":                   "header and meta.version [documented]",
			"Discovery: ServiceProviderConfig": "supported: patch, filter, etag; pages of up to 100 [documented]",
		},
	},
	"UserNames": {
		set:  func(v *simulator.Variations) { v.UserNames = true },
		scim: map[string]string{"Learners: userName": "is not always an address [assumed: not offered]"},
	},
	"UntypedEmails": { // The simulator's filter does not find the alias, which comes first.
		set:  func(v *simulator.Variations) { v.UntypedEmails = true },
		scim: map[string]string{"Learners: filter emails.value": noResultsSCIM},
	},
}

// scimMadeOnly are the rows of an organization that has learners and groups, but none that SCIM shows.
var scimMadeOnly = map[string]string{
	"Learners: list": "readable, without learners [documented]", "Groups: list": "readable, without groups [documented]",
	"Learners: page of 100": "all fit in one page [not checked]",
}

func init() {
	for _, check := range []string{
		"startIndex and count", "total", "attributes", "spelling", "userName", "groups", "read one", "ETag", "filter userName", "filter userName, case",
		"filter emails.value", "filter externalId",
	} {
		scimMadeOnly["Learners: "+check] = " [not checked]"
	}
	for _, check := range []string{"members in lists", "members", "empty lists", "filter displayName", "filter displayName, case"} {
		scimMadeOnly["Groups: "+check] = " [not checked]"
	}
	scimMadeOnly["Discovery: license attribute"] = "licenseTypes in Schemas [documented]"
	scimMadeOnly["Discovery: license pool"] = "licensePoolName in Schemas only [assumed: confirmed]"
}

// The report is right in each variation of the simulator: the rows about the variation differ from those of a plain
// organization, and no others.
func TestVariations(t *testing.T) {
	t.Parallel()
	fields := reflect.TypeFor[simulator.Variations]()
	for i := range fields.NumField() {
		if _, exists := variations[fields.Field(i).Name]; !exists {
			t.Errorf("simulator.Variations.%s is new: add what doctor has to say about it to the table", fields.Field(i).Name)
		}
	}
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		plain := steady(examineOrganization(t, start(t, api, simulator.Config{})).rows())
		for name, test := range variations {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				var config simulator.Config
				test.set(&config.Variations)
				r := examineOrganization(t, start(t, api, config))

				want := test.userManagement
				if api == acceptance.SCIM {
					want = test.scim
				}
				rows := steady(r.rows())
				expectRows(t, r, want)
				_, unread := want["Learners: all other checks"]
				for check, result := range rows {
					if _, expected := want[check]; !expected && result != plain[check] && !unread {
						t.Errorf("%s: %s; without the variation: %s", check, result, plain[check])
					}
				}
				if got := slices.Contains(test.unusable, api); got == r.Usable {
					t.Errorf("usable %t; first thing to do: %s", r.Usable, r.FirstThingToDo)
				}
				if api == acceptance.SCIM && !maps.Equal(r.Settings, test.settings) && len(r.Settings)+len(test.settings) > 0 {
					t.Errorf("suggested settings %v, want %v", r.Settings, test.settings)
				}
			})
		}
	})
}

// Neither groups nor learners show memberships. The rest of the organization can be managed.
func TestNoMemberships(t *testing.T) {
	t.Parallel()
	r := examineOrganization(t, start(t, acceptance.SCIM, simulator.Config{Variations: simulator.Variations{NoMembers: true, NoUserGroups: true}}))
	expectRows(t, r, map[string]string{"Groups: members": "not returned, in 3 groups [documented: not offered]"})
	if !r.Usable {
		t.Error(r.FirstThingToDo)
	}
}

// steady removes the rows that differ from run to run.
func steady(rows map[string]string) map[string]string {
	maps.DeleteFunc(rows, func(check, _ string) bool { return strings.HasSuffix(check, "latency") })
	return rows
}
