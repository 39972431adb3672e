// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/doctor"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// env holds the environment variables of one run.
type env map[string]string

func (e env) get(name string) string { return e[name] }

// subdomain does not occur in the words of the report, unlike the one of acceptance.Organization.
const subdomain = "wonderland-learning"

func envOf(api acceptance.API, endpoint string) env {
	variables := env{"UDEMY_TOKEN": simulator.DefaultToken, "UDEMY_ENDPOINT": endpoint, "UDEMY_SUBDOMAIN": subdomain, "UDEMY_API": string(api)}
	if api == acceptance.UserManagement {
		variables["UDEMY_ORGANIZATION_UUID"] = simulator.DefaultOrganization
	}
	return variables
}

// report is the JSON of a report.
type report struct {
	API      string `json:"api"`
	Requests int    `json:"requests"`
	Usable   bool   `json:"usable"`
	Checks   []struct {
		Area    string `json:"area"`
		Check   string `json:"check"`
		Result  string `json:"result"`
		Verdict string `json:"verdict"`
		Note    string `json:"note"`
	} `json:"checks"`
	Settings       map[string]string `json:"settings"`
	FirstThingToDo string            `json:"first_thing_to_do"`
}

// rows maps "area: check" to "result [verdict]".
func (r report) rows() map[string]string {
	rows := map[string]string{}
	for _, c := range r.Checks {
		rows[c.Area+": "+c.Check] = c.Result + " [" + c.Verdict + "]"
	}
	return rows
}

// examine runs doctor with -format json. The exit code must agree with the report.
func examine(t *testing.T, variables env) report {
	t.Helper()
	var out bytes.Buffer
	err := doctor.Run(t.Context(), []string{"-format", "json"}, "1.2.3", variables.get, &out)
	var r report
	if jsonErr := json.Unmarshal(out.Bytes(), &r); jsonErr != nil {
		t.Fatalf("%v\n%s", jsonErr, out.String())
	}
	if (err == nil) != r.Usable {
		t.Errorf("usable is %t, but the error is %v", r.Usable, err)
	}
	if r.FirstThingToDo == "" {
		t.Error("the report has no first thing to do")
	}
	for name, value := range variables {
		if name != "UDEMY_API" {
			expectAbsent(t, out.String(), value)
		}
	}
	return r
}

// examineOrganization also expects that only a few GET requests are sent, and that the report contains nothing personal.
func examineOrganization(t *testing.T, org *acceptance.Organization) report {
	t.Helper()
	r := examine(t, envOf(org.API, org.Endpoint))
	if writes := org.Writes(); len(writes) > 0 {
		t.Errorf("doctor sent %v", writes)
	}
	if sent := org.RequestCount(); sent != r.Requests || sent >= 25 {
		t.Errorf("%d requests arrived, the report has %d, the limit is 24", sent, r.Requests)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range held(org) {
		expectAbsent(t, string(text), value)
	}
	return r
}

// held returns all values of learners and groups.
func held(org *acceptance.Organization) []string {
	var values []string
	for _, l := range org.Learners() {
		values = append(values, l.ID, l.Email, l.UserName, l.FirstName, l.LastName, l.ExternalID)
		values = append(values, l.Licenses...)
	}
	for _, g := range org.Groups() {
		values = append(values, g.ID, g.Name, g.ExternalID)
	}
	return slices.Compact(slices.Sorted(slices.Values(values)))
}

// expectAbsent fails if a text contains a value as a word, in any letter case.
func expectAbsent(t *testing.T, text, value string) {
	t.Helper()
	if value == "" || !strings.Contains(strings.ToLower(text), strings.ToLower(value)) { // The expression is slow.
		return
	}
	if regexp.MustCompile(`(?i)(^|\W)` + regexp.QuoteMeta(value) + `($|\W)`).MatchString(text) {
		t.Errorf("the report contains %q:\n%s", value, text)
	}
}

// expectRows fails unless the report has these rows; see report.rows.
func expectRows(t *testing.T, r report, want map[string]string) {
	t.Helper()
	rows := r.rows()
	for check, result := range want {
		if rows[check] != result {
			t.Errorf("%s:\n got %s\nwant %s", check, rows[check], result)
		}
	}
}

func start(t *testing.T, api acceptance.API, config simulator.Config) *acceptance.Organization {
	t.Helper()
	if config.Learners == 0 {
		config.Learners = 120 // more than one page
	}
	return acceptance.Start(t, api, config)
}

// In an organization that behaves as documented and assumed, no check is a problem.
func TestPlain(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		r := examineOrganization(t, start(t, api, simulator.Config{}))
		if !r.Usable || r.API != string(api) || len(r.Settings) > 0 {
			t.Errorf("%+v", r)
		}
		for check, result := range r.rows() {
			optional := strings.HasPrefix(check, "Changes:") || strings.HasPrefix(check, "Reporting:") || strings.HasSuffix(check, "license pool")
			holds := strings.HasSuffix(result, "[ok]") || strings.HasSuffix(result, "[documented]") || strings.HasSuffix(result, "[assumed: confirmed]")
			if !holds && !optional {
				t.Errorf("%s: %s", check, result)
			}
		}
	})
}

// An organization with too few learners is usable: what can't be seen is not checked.
func TestSmall(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		empty := examineOrganization(t, org)
		org.ResetRequests()
		group := org.AddGroup("Mathematics")
		org.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1815", Groups: []string{group.ID}})
		one := examineOrganization(t, org)

		list, filter, members := "readable, without learners [assumed: confirmed]", "Learners: filter email", "readable, and match the groups of a learner [assumed: confirmed]"
		if api == acceptance.SCIM {
			list, filter, members = "readable, without learners [documented]", "Learners: filter userName", "returned [documented]"
		}
		expectRows(t, empty, map[string]string{"Learners: list": list, filter: " [not checked]", "Learners: read one": " [not checked]", "Groups: members": " [not checked]"})
		expectRows(t, one, map[string]string{filter: " [not checked]", "Groups: members": members, "Learners: page of 100": "all fit in one page [not checked]"})
		if !empty.Usable || !one.Usable {
			t.Errorf("not usable: %s, %s", empty.FirstThingToDo, one.FirstThingToDo)
		}
	})
}

// What makes an organization unusable is named first.
func TestFailures(t *testing.T) {
	t.Parallel()
	page := func(status int, contentType, body string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Type", contentType)
			w.Header().Set("Location", "https://login."+subdomain+".example.com/")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
			return true
		}
	}
	tests := map[string]struct {
		change func(env)
		answer func(http.ResponseWriter, *http.Request) bool
		rows   map[string]string
		first  string // how the first thing to do begins
		also   string // what it also contains
	}{
		"wrong token": {
			change: func(e env) { e["UDEMY_TOKEN"] = "another-token" },
			rows:   map[string]string{"Connection: response": "HTTP status 401 [ok]", "Connection: credential": "rejected [problem]", "Learners: list": " [not checked]"},
			first:  "Create a new token",
		},
		"forbidden": {
			answer: page(403, "application/json", `{"detail": "Ada may not do this."}`),
			rows:   map[string]string{"Connection: credential": "not allowed [problem]", "Connection: organization": " [not checked]"},
			first:  "Check that the token in UDEMY_TOKEN belongs to this organization: compare UDEMY_",
		},
		"wrong path": {
			change: func(e env) { e["UDEMY_ENDPOINT"] += "/v1" },
			rows:   map[string]string{"Connection: credential": " [not checked]", "Learners: all other checks": " [not checked]"},
			first:  "Check UDEMY_",
		},
		"sign-in page": {
			answer: page(200, "text/html; charset=utf-8", "<html>Sign in, Ada</html>"),
			rows:   map[string]string{"Connection: response": "HTTP status 200 with an HTML page [problem]", "Connection: credential": " [not checked]"},
			first:  "Check UDEMY_",
		},
		"error page of a refused token": {
			answer: page(403, "text/html", "<html>Forbidden</html>"),
			rows:   map[string]string{"Connection: response": "HTTP status 403 with an HTML page [problem]"},
			first:  "Check UDEMY_",
			also:   "create a new token and set UDEMY_TOKEN",
		},
		"error page of a gateway": {
			answer: page(524, "text/html", "<html>A timeout occurred</html>"),
			rows:   map[string]string{"Connection: response": "HTTP status 524 with an HTML page [problem]"},
			first:  "Try again later",
		},
		"text": {
			answer: page(200, "text/plain", "Hello, Ada"),
			rows:   map[string]string{"Connection: response": "HTTP status 200 with an unusable body [problem]"},
			first:  "Check UDEMY_",
			also:   "another service answers, or a proxy changes the responses",
		},
		"redirect to a sign-in page": {
			answer: page(302, "text/html", ""),
			rows:   map[string]string{"Connection: response": "HTTP status 302, a redirect [problem]"},
			first:  "Check UDEMY_",
			also:   "no proxy requires a sign-in",
		},
		"another service": {
			answer: page(200, "application/json", `{"users": ["ada@example.com"]}`),
			rows:   map[string]string{"Connection: credential": "accepted [documented]", "Learners: list": "no list in the response [problem]"},
			first:  "Check UDEMY_ENDPOINT: another service",
		},
		"server error": {
			answer: page(500, "text/plain", "Traceback"),
			rows:   map[string]string{"Connection: response": "HTTP status 500 [problem]"},
			first:  "Try again later",
		},
		"no server": {
			change: func(e env) { e["UDEMY_ENDPOINT"] = "http://127.0.0.1:1/api-2.0" },
			rows:   map[string]string{"Connection: response": "the connection was refused [problem]", "Connection: credential": " [not checked]"},
			first:  "Check the network",
		},
		"missing settings": {
			change: func(e env) { delete(e, "UDEMY_TOKEN"); e["UDEMY_API"] = "wonderland" },
			rows:   map[string]string{"Connection: settings": "missing or malformed [problem]"},
			first:  "Set the environment variables that standard error names",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := start(t, api, simulator.Config{Intercept: test.answer})
				variables := envOf(api, org.Endpoint)
				if test.change != nil {
					test.change(variables)
				}
				r := examine(t, variables)
				expectRows(t, r, test.rows)
				if r.Usable || !strings.HasPrefix(r.FirstThingToDo, test.first) || !strings.Contains(r.FirstThingToDo, test.also) {
					t.Errorf("usable %t, first thing to do %q, want %q and %q", r.Usable, r.FirstThingToDo, test.first, test.also)
				}
				if sent := org.RequestCount(); sent > 2 {
					t.Errorf("%d requests after the first one failed", sent)
				}
			})
		})
	}
}

// A certificate that the machine does not trust is the usual effect of a proxy that inspects TLS traffic.
func TestUntrustedCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(simulator.New(simulator.Config{}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // It would report the failed handshake.
	server.StartTLS()
	defer server.Close()
	r := examine(t, envOf(acceptance.SCIM, server.URL+"/scim/v2"))
	expectRows(t, r, map[string]string{"Connection: TLS": "the certificate is not trusted [problem]", "Connection: response": " [not checked]"})
	if !strings.Contains(r.FirstThingToDo, "SSL_CERT_FILE") {
		t.Error(r.FirstThingToDo)
	}
}

// Refusals of the rate limit are counted, and the checks still complete.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	org := start(t, acceptance.SCIM, simulator.Config{RequestsPerSecond: 10})
	r := examine(t, envOf(org.API, org.Endpoint))
	limit := r.rows()["Traffic: rate limit"]
	if !r.Usable || !strings.Contains(limit, "requests refused [documented]") {
		t.Errorf("usable %t, %s", r.Usable, limit)
	}
}

// Nothing that a server puts into a response can get into the report, but for numbers and recognized words.
func TestHostileServer(t *testing.T) {
	t.Parallel()
	const canary = "alice.liddell@wonderland.example.com"
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		body := `{"count": 1, "totalResults": 1, "next": "C", "results": [{"id": "C", "uuid": "C", "email": "C", "C": "C", "status": "C", "role": "C", "groups": ["C"], "name": "C"}],
			"detail": "C", "scimType": "C", "id": "C", "userName": "C", "displayName": "C", "version": "C",
			"Resources": [{"id": "C", "userName": "C", "displayName": "C", "active": "C", "C": "C", "emails": [{"value": "C"}], "attributes": [{"name": "C"}]}],
			"patch": {"supported": "C"}, "filter": {"supported": true, "maxResults": "C"}}`
		calls := 0
		org := start(t, api, simulator.Config{Intercept: func(w http.ResponseWriter, _ *http.Request) bool {
			for _, name := range []string{"Server", "ETag", "Retry-After", "RateLimit", "X-RateLimit-Limit", "X-RateLimit-" + canary[:5]} {
				w.Header().Set(name, canary)
			}
			w.Header().Set("X-RateLimit-Remaining", "17")
			w.Header().Set("Content-Type", "application/json")
			if calls++; calls%4 == 0 {
				w.WriteHeader(418)
			}
			_, _ = w.Write([]byte(strings.ReplaceAll(body, `"C"`, `"`+canary+`"`)))
			return true
		}})
		variables := envOf(api, org.Endpoint)
		r := examine(t, variables)
		text, _ := json.Marshal(r)
		for _, part := range []string{"alice", "liddell", "wonderland", "example.com"} {
			if strings.Contains(strings.ToLower(string(text)), part) {
				t.Errorf("the report contains %q:\n%s", part, text)
			}
		}
		if headers := r.rows()["Traffic: rate-limit headers"]; !strings.Contains(headers, "Remaining: 17") {
			t.Error(headers)
		}
	})
}

func TestArguments(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-format yaml": `invalid value "yaml" for flag -format: use table or json`,
		"all":          `unexpected argument "all"`,
		"-fix":         "flag provided but not defined",
	} {
		err := doctor.Run(t.Context(), strings.Fields(args), "", env{}.get, &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", args, err)
		}
	}
}
