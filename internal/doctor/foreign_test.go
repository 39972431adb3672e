// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
)

// A SCIM server that was not written from this project's contract: totals as strings, names in another case, no discovery, no
// groups of learners, and only the filters on userName and displayName, with the case of letters.
func TestForeignSCIMServer(t *testing.T) {
	t.Parallel()
	learners := []string{
		`{"ID": "u-1", "username": "ALICE", "Emails": [{"Value": "alice@example.com"}], "Active": "True",
			"URN:ietf:params:scim:schemas:extension:udemy:2.0:User": {"licensepoolname": "Wonderland"}}`,
		`{"ID": "u-2", "username": "Humpty.D", "Emails": [{"Value": "humpty@example.com"}], "Active": "True"}`,
	}
	groups := []string{
		`{"id": 7, "displayname": "Chess", "members": [{"value": "u-2"}]}`,
		`{"id": 8, "displayname": "Croquet"}`,
	}
	list := func(items ...string) string {
		return `{"totalresults": "` + string('0'+rune(len(items))) + `", "resources": [` + strings.Join(items, ",") + `]}`
	}
	answers := map[string]string{
		"/Users?count=100&startIndex=1":                                list(learners...),
		"/Users?count=1&startIndex=2":                                  `{"totalresults": "2", "resources": [` + learners[1] + `]}`,
		"/Users?count=2&startIndex=2":                                  `{"totalresults": "2", "resources": [` + learners[1] + `]}`,
		"/Users/u-2":                                                   learners[1],
		`/Users?count=2&filter=userName eq "Humpty.D"&startIndex=1`:    list(learners[1]),
		`/Users?count=2&filter=userName eq "HUMPTY.D"&startIndex=1`:    list(),
		"/Groups?count=100&excludedAttributes=members&startIndex=1":    list(groups...),
		"/Groups?count=2&startIndex=1":                                 list(groups...),
		"/Groups/7":                                                    groups[0],
		`/Groups?count=2&filter=displayName eq "Croquet"&startIndex=1`: list(groups[1]),
		`/Groups?count=2&filter=displayName eq "CROQUET"&startIndex=1`: list(),
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := r.URL.Path
		if query := strings.ReplaceAll(r.URL.RawQuery, "%20", " "); query != "" {
			call += "?" + strings.NewReplacer("%22", `"`, "%40", "@").Replace(query)
		}
		w.Header().Set("Server", "Kestrel")
		switch answer := answers[call]; {
		case r.Method != http.MethodGet:
			t.Errorf("doctor sent %s", r.Method)
		case answer != "":
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(answer))
		case r.URL.Query().Has("filter"):
			w.WriteHeader(http.StatusNotImplemented)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer server.Close()

	r := examine(t, envOf(acceptance.SCIM, server.URL))
	expectRows(t, r, map[string]string{
		"Learners: list":                   "readable [documented]",
		"Learners: startIndex and count":   "obeyed [documented]",
		"Learners: total":                  "right [documented]",
		"Learners: attributes":             "all but name.givenName, name.familyName, externalId, title, locale [documented]",
		"Learners: spelling":               "names in another letter case, booleans as strings [documented]",
		"Learners: userName":               "is not always an address [assumed: not offered]",
		"Learners: groups":                 "not returned [assumed: not offered]",
		"Learners: read one":               "readable [documented]",
		"Learners: ETag":                   "none [documented]",
		"Learners: absent one":             "HTTP status 404 [documented]",
		"Learners: filter userName":        "obeyed [documented]",
		"Learners: filter userName, case":  caseMattersSCIM,
		"Learners: filter emails.value":    "refused, HTTP status 501 [documented: not offered]",
		"Learners: filter externalId":      " [not checked]",
		"Learners: malformed filter":       "HTTP status 501 without scimType [documented]",
		"Groups: list":                     "readable; excludedAttributes ignored [documented: not offered]",
		"Groups: members":                  "returned [documented]",
		"Groups: filter displayName":       "obeyed [documented]",
		"Groups: filter displayName, case": caseMattersSCIM,
		"Discovery: ServiceProviderConfig": "HTTP status 404 [documented: not offered]",
		"Discovery: Schemas":               "HTTP status 404 [documented: not offered]",
		"Discovery: license attribute":     "not returned [documented: not offered]",
		"Discovery: license pool":          "licensePoolName in responses [assumed: confirmed]",
		"Traffic: server":                  "kestrel [ok]",
	})
	if !r.Usable {
		t.Error(r.FirstThingToDo)
	}
}
