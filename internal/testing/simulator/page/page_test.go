// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package page_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator/page"
)

type fixture struct {
	*simulator.Simulator
	t    *testing.T
	page *page.Page
}

func start(t *testing.T, config simulator.Config) *fixture {
	t.Helper()
	s := simulator.New(config)
	return &fixture{Simulator: s, t: t, page: page.New(s)}
}

// call sends a request from this machine, which edit may change.
func (f *fixture) call(method, path, body string, edit ...func(*http.Request)) *httptest.ResponseRecorder {
	f.t.Helper()
	r := httptest.NewRequestWithContext(f.t.Context(), method, "http://127.0.0.1:8080"+path, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:50000"
	if method == "POST" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, e := range edit {
		e(r)
	}
	recorder := httptest.NewRecorder()
	f.page.ServeHTTP(recorder, r)
	return recorder
}

// read reads JSON.
func (f *fixture) read(path string, content any) {
	f.t.Helper()
	answer := f.call("GET", "/_page/"+path, "")
	if err := json.Unmarshal(answer.Body.Bytes(), content); answer.Code != 200 || err != nil {
		f.t.Fatalf("%s: status %d, %v: %s", path, answer.Code, err, answer.Body)
	}
}

// act makes a change, and expects a status.
func (f *fixture) act(status int, path, form string) string {
	f.t.Helper()
	answer := f.call("POST", "/_page/"+path, form)
	if answer.Code != status {
		f.t.Errorf("%s %s: status %d, want %d: %s", path, form, answer.Code, status, answer.Body)
	}
	return answer.Body.String()
}

// The page answers only a browser on this machine, and no other site can use it. The APIs need only a token.
func TestSecurity(t *testing.T) {
	t.Parallel()
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	other := func(r *http.Request) { r.RemoteAddr = "192.0.2.1:50000" }
	for name, test := range map[string]struct {
		method, path string
		edit         func(*http.Request)
		status       int
	}{
		"page":                      {"GET", "/", host("127.0.0.1:8080"), 200},
		"page at localhost":         {"GET", "/", host("localhost:8080"), 200},
		"page at IPv6":              {"GET", "/", host("[::1]:8080"), 200},
		"page from IPv6":            {"GET", "/", func(r *http.Request) { r.RemoteAddr = "[::1]:50000" }, 200},
		"page of another machine":   {"GET", "/", other, 403},
		"page by rebinding":         {"GET", "/", host("attacker.example.com"), 403},
		"lookalike":                 {"GET", "/", host("localhost.attacker.example.com"), 403},
		"token by rebinding":        {"GET", "/_page/overview", host("attacker.example.com:8080"), 403},
		"token of another machine":  {"GET", "/_page/overview", other, 403},
		"POST":                      {"POST", "/_page/reset", header("Sec-Fetch-Site", "same-origin"), 204},
		"POST without a browser":    {"POST", "/_page/reset", header("Accept", "*/*"), 204},
		"POST of another site":      {"POST", "/_page/reset", header("Sec-Fetch-Site", "cross-site"), 403},
		"POST of a port":            {"POST", "/_page/reset", header("Sec-Fetch-Site", "same-site"), 403},
		"POST of an origin":         {"POST", "/_page/reset", header("Origin", "http://127.0.0.1:3000"), 403},
		"POST of a form":            {"POST", "/_page/reset", header("Content-Type", "text/plain"), 400},
		"POST of another machine":   {"POST", "/_page/reset", other, 403},
		"GET of a change":           {"GET", "/_page/reset", host("127.0.0.1:8080"), 405},
		"unknown":                   {"GET", "/_page/unknown", host("127.0.0.1:8080"), 404},
		"API needs a token":         {"GET", "/api-2.0/", host("127.0.0.1:8080"), 401},
		"API of another machine":    {"GET", "/api-2.0/", other, 401},
		"folder of the static data": {"GET", "/_page/static/../page.go", host("127.0.0.1:8080"), 307},
	} {
		f := start(t, simulator.Config{})
		answer := f.call(test.method, test.path, "{}", test.edit)
		if answer.Code != test.status {
			t.Errorf("%s: status %d, want %d: %s", name, answer.Code, test.status, answer.Body)
		}
		if policy := answer.Header().Get("Content-Security-Policy"); answer.Code == 200 && (policy == "" || strings.Contains(policy, "unsafe")) {
			t.Errorf("%s: policy %q", name, policy)
		}
	}
}

// A credential that is not a default is not shown. The configuration never has one.
func TestConnections(t *testing.T) {
	t.Parallel()
	for _, config := range []simulator.Config{{}, {Token: "possibly-a-real-token", ClientSecret: "possibly-a-real-secret"}} {
		f := start(t, config)
		answer := f.call("GET", "/_page/overview", "").Body.String()
		if strings.Contains(answer, "possibly") {
			t.Errorf("the page has a credential: %s", answer)
		}
		var overview struct {
			Connections []struct{ API, Configuration, Environment string }
		}
		f.read("overview", &overview)
		for i, words := range [][]string{
			{`endpoint          = "http://127.0.0.1:8080/api-2.0"`, "export UDEMY_ENDPOINT=http://127.0.0.1:8080/api-2.0\n", simulator.DefaultOrganization},
			{`api       = "scim"`, `endpoint  = "http://127.0.0.1:8080/scim/v2"`, "export UDEMY_SUBDOMAIN=example\n"},
		} {
			c := overview.Connections[i]
			for _, word := range words {
				if !strings.Contains(c.Configuration+c.Environment, word) {
					t.Errorf("%s: no %s", c.API, word)
				}
			}
			if strings.Contains(c.Configuration, "token") || strings.Contains(c.Configuration, "secret") {
				t.Errorf("%s: a credential in the configuration:\n%s", c.API, c.Configuration)
			}
			if shown := strings.Contains(c.Environment, "export UDEMY_TOKEN="+simulator.DefaultToken+"\n"); shown != (config.Token == "") {
				t.Errorf("%s: environment\n%s", c.API, c.Environment)
			}
		}
	}
}

type learners struct {
	Items []struct {
		ID, Email, FirstName, LastName, Role, Status, LastVisit string
		Groups                                                  []string
	}
	Total int
}

// Everything that an administrator does, through the page's calls, and what the page shows of it.
func TestActions(t *testing.T) {
	t.Parallel()
	f := start(t, simulator.Config{})
	list := func(query string) (found learners) {
		t.Helper()
		f.read("learners?"+query, &found)
		return found
	}
	f.act(204, "learners", `{"email":"ada@example.com","firstName":"Ada","role":"admin"}`)
	if text := f.act(422, "learners", `{"email":"ADA@example.com"}`); !strings.Contains(text, "already exists") {
		t.Errorf("refusal %q", text)
	}
	f.act(422, "learners", `{"email":"no address"}`)
	f.act(400, "learners", `{"mail":"b@example.com"}`)
	ada := list("text=ADA@").Items[0]
	if ada.Status != "invited" || ada.Role != "admin" || ada.FirstName != "Ada" || ada.LastVisit != "not in the report" {
		t.Errorf("invited: %+v", ada)
	}
	f.act(204, "learners/"+ada.ID+"/resend", "{}")
	f.act(204, "learners/"+ada.ID+"/accept", `{"firstName":"Augusta","lastName":"King"}`)
	f.act(204, "groups", `{"name":"Engineering"}`)
	f.act(422, "groups", `{"name":"engineering"}`)
	var groups struct {
		Items []struct {
			ID, Name string
			Members  int
		}
	}
	f.read("groups?text=eng", &groups)
	group := groups.Items[0].ID
	f.act(204, "groups/"+group+"/members", `{"email":"Ada@example.com"}`)
	f.act(422, "groups/"+group+"/members", `{"email":"b@example.com"}`)
	f.act(204, "groups/"+group, `{"name":"R&D"}`)
	ada = list("group=" + group).Items[0]
	if ada.Status != "active" || ada.FirstName != "Augusta" || strings.Join(ada.Groups, ",") != "R&D" || ada.LastVisit != time.Now().UTC().Format(time.DateOnly) {
		t.Errorf("accepted: %+v", ada)
	}
	f.act(204, "learners/"+ada.ID, `{"email":"king@example.com","firstName":"A","lastName":"K","role":"learner"}`)
	f.act(204, "learners/"+ada.ID+"/deactivate", "{}")
	if ada = list("status=deactivated").Items[0]; ada.Email != "king@example.com" || ada.Role != "learner" {
		t.Errorf("edited: %+v", ada)
	}
	f.act(204, "learners/"+ada.ID+"/reactivate", "{}")
	f.act(204, "groups/"+group+"/members/"+ada.ID+"/delete", "{}")
	f.act(422, "groups/"+group+"/members/"+ada.ID+"/delete", "{}")
	f.act(204, "groups/"+group+"/delete", "{}")
	f.act(204, "learners/"+ada.ID+"/delete", "{}")
	f.act(422, "learners/"+ada.ID+"/delete", "{}")
	if total := list("").Total; total != 0 || len(f.Groups()) != 0 {
		t.Errorf("%d learners, %d groups", total, len(f.Groups()))
	}
	var mails struct {
		Items []struct{ To, Kind, Cause string }
	}
	f.read("mails", &mails)
	if len(mails.Items) != 3 || mails.Items[0].Kind != "reactivation" || mails.Items[2].Cause != "page" {
		t.Errorf("mails %+v", mails)
	}
	if f.RequestCount() != 0 {
		t.Errorf("%d calls of the page count as requests", f.RequestCount())
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	f := start(t, simulator.Config{})
	for range 120 {
		f.call("GET", "/api-2.0/organizations/"+simulator.DefaultOrganization+"/users/?page=1", "")
	}
	f.call("POST", "/scim/v2/Users", `{"a":1}`)
	var requests struct {
		Items []struct {
			Number, Status     int
			Method, Path, Body string
		}
		Total int
	}
	f.read("requests", &requests)
	newest, older := requests.Items[0], requests.Items[1]
	if len(requests.Items) != 100 || requests.Total != 121 || newest.Number != 121 || newest.Method != "POST" || newest.Body != `{"a":1}` || newest.Status != 401 {
		t.Errorf("%d of %d requests, the newest %+v", len(requests.Items), requests.Total, newest)
	}
	if older.Path != "/users/?page=1" {
		t.Errorf("path %q", older.Path)
	}
	f.act(204, "requests/clear", "{}")
	if f.RequestCount() != 0 {
		t.Error("the requests are not cleared")
	}
}

func TestSwitches(t *testing.T) {
	t.Parallel()
	f := start(t, simulator.Config{Faults: simulator.Faults{Kinds: []simulator.Fault{simulator.FaultHTML}}, Seats: 7})
	var overview struct {
		Switches map[string]any
	}
	f.read("overview", &overview)
	if s := overview.Switches; s["faultKind"] != "" || s["seats"] != 7.0 {
		t.Errorf("switches %v", s)
	}
	f.act(422, "switches", `{"share":101}`)
	for _, refused := range []string{`{"latency":-1}`, `{"lag":1000000000000000}`, `{"latency":3600001}`, `{"rate":1e300}`} {
		f.act(422, "switches", refused)
	}
	f.act(204, "switches", `{"share":7}`)
	f.read("overview", &overview)
	if got := overview.Switches["share"]; got != 7.0 {
		t.Errorf("the share is %v", got)
	}
	if kinds := f.Faults().Kinds; len(kinds) != 1 || kinds[0] != simulator.FaultHTML {
		t.Errorf("the faults of the start became %v", kinds)
	}
	f.act(204, "switches", `{"seats":3,"latency":20,"rate":2.5,"lag":100,"share":50,"faultKind":"429"}`)
	f.read("overview", &overview)
	for name, want := range map[string]any{"seats": 3.0, "latency": 20.0, "rate": 2.5, "lag": 100.0, "share": 50.0, "faultKind": "429"} {
		if got := overview.Switches[name]; got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

// A change reaches the browser, and closing the page ends the stream.
func TestEvents(t *testing.T) {
	t.Parallel()
	f := start(t, simulator.Config{})
	server := httptest.NewServer(f.page)
	defer server.Close()
	request, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/_page/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	event := func() (revision simulator.Revision) {
		t.Helper()
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				if err := json.Unmarshal([]byte(data), &revision); err != nil {
					t.Fatal(err)
				}
				return revision
			}
		}
		t.Fatal("the stream has ended")
		return revision
	}
	first := event()
	f.Invite("ada@example.com")
	if second := event(); second.Organization == first.Organization || second.Requests != first.Requests {
		t.Errorf("first %+v, second %+v", first, second)
	}
	f.page.Close()
	if _, err := io.ReadAll(response.Body); err != nil {
		t.Error(err)
	}
}

// The page of a large organization is read in parts.
func TestLargeOrganization(t *testing.T) {
	t.Parallel()
	f := start(t, simulator.Config{Learners: 5000})
	var found learners
	f.read("learners?text=example&offset=4990&limit=50", &found)
	if len(found.Items) != 10 || found.Total != 5000 {
		t.Errorf("%d of %d learners", len(found.Items), found.Total)
	}
	if f.read("learners?limit=100000", &found); len(found.Items) != 200 {
		t.Errorf("%d learners in one part", len(found.Items))
	}
}
