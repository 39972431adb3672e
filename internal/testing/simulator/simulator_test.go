// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// harness is a Simulator behind a real server, and a client with a valid credential.
type harness struct {
	*simulator.Simulator
	t    *testing.T
	base string // includes the organization
	root string
}

func start(t *testing.T, config simulator.Config) *harness {
	t.Helper()
	sim := simulator.New(config)
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	organization := config.Organization
	if organization == "" {
		organization = simulator.DefaultOrganization
	}
	return &harness{Simulator: sim, t: t, root: server.URL, base: server.URL + "/api-2.0/organizations/" + organization}
}

type answer struct {
	status int
	header http.Header
	body   string
}

// object returns the body as a JSON object.
func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(a.body), &object); err != nil {
		t.Fatalf("the body of a response with status %d is not a JSON object: %v: %q", a.status, err, a.body)
	}
	return object
}

// call sends a valid request, which edit may change. A target that starts with "http" is a complete URL.
func (h *harness) call(method, target, body string, edit ...func(*http.Request)) answer {
	h.t.Helper()
	if !strings.HasPrefix(target, "http") {
		target = h.base + target
	}
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	request, err := http.NewRequestWithContext(h.t.Context(), method, target, content)
	if err != nil {
		h.t.Fatal(err)
	}
	request.SetBasicAuth(simulator.DefaultToken, "")
	request.Header.Set("Accept", "application/json")
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, e := range edit {
		e(request)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		h.t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer{status: response.StatusCode, header: response.Header, body: string(got)}
}

// want is call, but fails the test on any other status.
func (h *harness) want(status int, method, target, body string) answer {
	h.t.Helper()
	got := h.call(method, target, body)
	if got.status != status {
		h.t.Fatalf("%s %s %s: status %d, want %d: %s", method, target, body, got.status, status, got.body)
	}
	return got
}

// create creates a learner and returns the ID.
func (h *harness) create(email string) string {
	h.t.Helper()
	body := fmt.Sprintf(`{"email":%q,"firstname":"Ada","lastname":"Lovelace"}`, email)
	id, ok := h.want(201, "POST", "/users/", body).object(h.t)["id"].(string)
	if !ok {
		h.t.Fatal("the created learner has no string as ID")
	}
	return id
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %#v\nwant %#v", what, got, want)
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	header := func(name string, values ...string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Del(name)
			for _, value := range values {
				r.Header.Add(name, value)
			}
		}
	}
	basic := func(user, password string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(user, password) }
	}
	other := h.root + "/api-2.0/organizations/00000000-0000-4000-8000-000000000000"
	tests := map[string]struct {
		method, target, body string
		edit                 func(*http.Request)
		status               int
	}{
		"right token":            {"GET", "/users/", "", basic(simulator.DefaultToken, ""), 200},
		"no token":               {"GET", "/users/", "", header("Authorization"), 401},
		"wrong token":            {"GET", "/users/", "", basic("wrong", ""), 401},
		"password":               {"GET", "/users/", "", basic(simulator.DefaultToken, "x"), 401},
		"token as password":      {"GET", "/users/", "", basic("", simulator.DefaultToken), 401},
		"bearer":                 {"GET", "/users/", "", header("Authorization", "Bearer "+simulator.DefaultToken), 401},
		"unknown without token":  {"GET", h.root + "/favicon.ico", "", header("Authorization"), 401},
		"no slash without token": {"GET", "/users", "", header("Authorization"), 401},
		"other organization":     {"GET", other + "/users/", "", nil, 403},
		"organization in capitals": {
			"GET", h.root + "/api-2.0/organizations/" + strings.ToUpper(simulator.DefaultOrganization) + "/users/", "", nil, 200,
		},

		"accept missing":        {"GET", "/users/", "", header("Accept"), 200},
		"accept anything":       {"GET", "/users/", "", header("Accept", "text/html, */*;q=0.1"), 200},
		"accept any app":        {"GET", "/users/", "", header("Accept", "application/*"), 200},
		"accept second":         {"GET", "/users/", "", header("Accept", "text/html", "application/json"), 200},
		"accept HTML":           {"GET", "/users/", "", header("Accept", "text/html"), 406},
		"accept all but JSON":   {"GET", "/users/", "", header("Accept", "*/*, application/json;q=0"), 406},
		"accept other app only": {"GET", "/users/", "", header("Accept", "application/scim+json"), 406},

		"unknown route":         {"GET", "/courses/", "", nil, 404},
		"unknown below user":    {"GET", "/users/x/groups/", "", nil, 404},
		"organization itself":   {"GET", "/", "", nil, 404},
		"outside the API":       {"GET", h.root + "/organizations/", "", nil, 404},
		"empty id":              {"GET", "/users//", "", nil, 404},
		"dots":                  {"GET", "/groups/../users/", "", nil, 404},
		"PUT users":             {"PUT", "/users/", `{}`, nil, 405},
		"DELETE all users":      {"DELETE", "/users/", "", nil, 405},
		"PUT user":              {"PUT", "/users/x/", `{}`, nil, 405},
		"GET resend-invite":     {"GET", "/users/x/resend-invite/", "", nil, 405},
		"PUT group":             {"PUT", "/groups/x/", `{}`, nil, 405},
		"PATCH members":         {"PATCH", "/groups/x/users/", `{}`, nil, 405},
		"GET one member":        {"GET", "/groups/x/users/y/", "", nil, 405},
		"unknown without slash": {"GET", "/courses", "", nil, 404},

		"no content type": {"POST", "/groups/", `{"name":"A"}`, header("Content-Type"), 415},
		"form":            {"POST", "/groups/", `{"name":"A"}`, header("Content-Type", "application/x-www-form-urlencoded"), 415},
		"charset":         {"POST", "/groups/", `{"name":"B"}`, header("Content-Type", "application/json; charset=utf-8"), 201},
		"no body":         {"POST", "/groups/", "", header("Content-Type", "application/json"), 400},
		"largest body":    {"POST", "/groups/", sized(1 << 20), nil, 201},
		"too large body":  {"POST", "/groups/", sized(1<<20 + 1), nil, 413},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			edit := test.edit
			if edit == nil {
				edit = func(*http.Request) {}
			}
			got := h.call(test.method, test.target, test.body, edit)
			if got.status != test.status {
				t.Fatalf("status %d, want %d: %s", got.status, test.status, got.body)
			}
			equal(t, "content type", got.header.Get("Content-Type"), "application/json")
			if detail, _ := got.object(t)["detail"].(string); got.status > 400 && detail == "" {
				t.Errorf("no detail in %s", got.body)
			}
			if strings.Contains(got.body, simulator.DefaultToken) || strings.Contains(got.body, "<") {
				t.Errorf("the body contains a token or HTML: %s", got.body)
			}
			if got.status == 401 && !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Basic ") {
				t.Error("a 401 has no WWW-Authenticate header")
			}
			if got.status == 405 && got.header.Get("Allow") == "" {
				t.Error("a 405 has no Allow header")
			}
		})
	}
}

// sized returns a body of n bytes that creates a group.
func sized(n int) string {
	const body = `{"name":"Big"}`
	return body + strings.Repeat(" ", n-len(body))
}

func TestAllowNamesTheMethods(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	equal(t, "Allow", h.want(405, "PUT", "/users/x/", "{}").header.Get("Allow"), "DELETE, GET, PATCH")
}

func TestMissingSlashRedirectsEveryMethod(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	for _, method := range []string{"GET", "POST", "PATCH", "DELETE"} {
		got := h.call(method, "/users/a%2Fb?page=2", "")
		equal(t, method+" status", got.status, 301)
		equal(t, method+" location", got.header.Get("Location"),
			"/api-2.0/organizations/"+simulator.DefaultOrganization+"/users/a%2Fb/?page=2")
	}
}

func TestEscapedIDs(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	h.Add(simulator.Learner{ID: "a/b c%é", Email: "odd@example.com"})
	h.Add(simulator.Learner{ID: "..", Email: "dots@example.com"})
	got := h.want(200, "GET", "/users/a%2Fb%20c%25%C3%A9/", "")
	equal(t, "id", got.object(t)["id"], "a/b c%é")
	equal(t, "id", h.want(200, "GET", "/users/%2E%2E/", "").object(t)["id"], "..")
	h.want(404, "GET", "/users/a/b%20c%25%C3%A9/", "")
	h.want(204, "DELETE", "/users/a%2Fb%20c%25%C3%A9/", "")
}

func TestCustomOrganizationAndToken(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Organization: "0e0e0e0e-0000-4000-8000-00000000000e", Token: "other"})
	h.want(401, "GET", "/users/", "")
	got := h.call("GET", "/users/", "", func(r *http.Request) { r.SetBasicAuth("other", "") })
	equal(t, "status", got.status, 200)
}

func TestIntercept(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.Method == "DELETE":
			panic(http.ErrAbortHandler)
		case string(body) == `{"name":"Silent"}`:
			return true
		case r.Method == "POST":
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(429)
			return true
		}
		return false
	}})
	got := h.call("POST", "/groups/", `{"name":"A"}`, func(r *http.Request) { r.Header.Del("Authorization") })
	equal(t, "status", got.status, 429)
	equal(t, "Retry-After", got.header.Get("Retry-After"), "1")
	h.want(200, "POST", "/groups/", `{"name":"Silent"}`)
	h.want(200, "GET", "/groups/", "")
	equal(t, "groups", len(h.Groups()), 0)

	request, _ := http.NewRequestWithContext(t.Context(), "DELETE", h.base+"/groups/x/", nil)
	if response, err := http.DefaultTransport.RoundTrip(request); err == nil {
		response.Body.Close()
		t.Error("the connection was not closed")
	}
	var statuses []int
	for _, request := range h.Requests() {
		statuses = append(statuses, request.Status)
	}
	equal(t, "logged statuses", statuses, []int{429, 200, 200, 0})
}

func TestInterceptKeepsBody(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Intercept: func(http.ResponseWriter, *http.Request) bool { return false }})
	h.want(201, "POST", "/groups/", `{"name":"A"}`)
}

// lockedBuffer is a buffer that the server writes and the test reads concurrently.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

func TestRequests(t *testing.T) {
	t.Parallel()
	var lines lockedBuffer
	h := start(t, simulator.Config{Log: slog.New(slog.NewTextHandler(&lines, nil))})
	h.want(404, "GET", "/users/a%2Fb/?x=1&y=2", "")
	h.want(201, "POST", "/groups/", `{"name":"A"}`)
	h.call("GET", "/users/", "", func(r *http.Request) { r.SetBasicAuth("wrong-token", "") })
	h.want(400, "POST", "/groups/", `{"name":"`+strings.Repeat("x", 10_000))

	requests := h.Requests()
	if len(requests) != 4 || h.RequestCount() != 4 {
		t.Fatalf("%d requests, counted %d, want 4", len(requests), h.RequestCount())
	}
	prefix := "/api-2.0/organizations/" + simulator.DefaultOrganization
	for i, want := range []simulator.Request{
		{Method: "GET", Path: prefix + "/users/a%2Fb/", Query: "x=1&y=2", Status: 404},
		{Method: "POST", Path: prefix + "/groups/", Body: `{"name":"A"}`, Status: 201},
		{Method: "GET", Path: prefix + "/users/", Status: 401},
	} {
		got := requests[i]
		if got.Time.IsZero() || got.Duration <= 0 {
			t.Errorf("request %d has no time or duration", i)
		}
		got.Time, got.Duration = want.Time, want.Duration
		equal(t, fmt.Sprint("request ", i), got, want)
	}
	equal(t, "kept body", len(requests[3].Body), 8<<10)

	equal(t, "log lines", strings.Count(lines.String(), "\n"), 4)
	for _, part := range []string{"method=POST", "path=" + prefix + "/groups/", "status=201", "duration="} {
		if !strings.Contains(lines.String(), part) {
			t.Errorf("no %q in the log:\n%s", part, lines.String())
		}
	}
	for _, secret := range []string{"wrong-token", simulator.DefaultToken, "Basic"} {
		if strings.Contains(lines.String(), secret) {
			t.Errorf("the log contains %q", secret)
		}
	}

	h.ResetRequests()
	equal(t, "after the reset", len(h.Requests())+h.RequestCount(), 0)
}

func TestRequestsAreBounded(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Config{})
	const sent = 50_010
	for i := range sent {
		request := httptest.NewRequestWithContext(t.Context(), "GET", fmt.Sprintf("/%d/", i), nil)
		sim.ServeHTTP(httptest.NewRecorder(), request)
	}
	requests := sim.Requests()
	equal(t, "count", sim.RequestCount(), sent)
	equal(t, "kept", len(requests), 50_000)
	equal(t, "oldest", requests[0].Path, "/10/")
	equal(t, "newest", requests[len(requests)-1].Path, fmt.Sprintf("/%d/", sent-1))
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Learners: 10})
	group := h.AddGroup("All")
	const workers, each = 8, 20
	var wg sync.WaitGroup
	for worker := range workers {
		wg.Go(func() {
			for i := range each {
				email := fmt.Sprintf("w%d.%d@example.com", worker, i)
				got := h.call("POST", "/users/", `{"email":"`+email+`","firstname":"A","lastname":"B","groups":["`+group.ID+`"]}`)
				if got.status != 201 {
					t.Errorf("%s: status %d", email, got.status)
				}
				h.call("GET", "/users/?page_size=100", "")
				h.Edit(email, func(l *simulator.Learner) { l.Status = simulator.StatusActive })
				h.Learners()
				h.Requests()
			}
		})
	}
	wg.Wait()
	equal(t, "learners", len(h.Learners()), 10+workers*each)
	equal(t, "members", len(h.Groups()[3].Members), workers*each)
	equal(t, "requests", h.RequestCount(), 2*workers*each)
}
