// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const (
	userURN      = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupURN     = "urn:ietf:params:scim:schemas:core:2.0:Group"
	extensionURN = "urn:ietf:params:scim:schemas:extension:udemy:2.0:User"
	listURN      = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	patchURN     = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	errorURN     = "urn:ietf:params:scim:api:messages:2.0:Error"
)

// scim is call for SCIM. A target that does not start with "http" is below /scim/v2.
func (h *harness) scim(method, target, body string, edit ...func(*http.Request)) answer {
	h.t.Helper()
	if !strings.HasPrefix(target, "http") {
		target = h.root + "/scim/v2" + target
	}
	asSCIM := func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+simulator.DefaultToken)
		r.Header.Set("Accept", "application/scim+json")
		if body != "" {
			r.Header.Set("Content-Type", "application/scim+json")
		}
	}
	return h.call(method, target, body, append([]func(*http.Request){asSCIM}, edit...)...)
}

// wantSCIM is want for SCIM.
func (h *harness) wantSCIM(status int, method, target, body string) answer {
	h.t.Helper()
	got := h.scim(method, target, body)
	if got.status != status {
		h.t.Fatalf("%s %s %s: status %d, want %d: %s", method, target, body, got.status, status, got.body)
	}
	return got
}

// on returns the harness for a subtest.
func (h *harness) on(t *testing.T) *harness {
	t.Helper()
	return &harness{Simulator: h.Simulator, t: t, base: h.base, root: h.root}
}

// refused expects an error of SCIM. The scimType "none" stands for an error without a scimType.
func (h *harness) refused(status int, scimType, method, target, body string) {
	h.t.Helper()
	got := h.wantSCIM(status, method, target, body).object(h.t)
	if scimType == "none" {
		scimType = ""
	}
	if found, _ := got["scimType"].(string); found != scimType {
		h.t.Errorf("%s %s %s: scimType %q, want %q: %v", method, target, body, found, scimType, got["detail"])
	}
}

// patch returns the body of a PATCH.
func patch(operations ...string) string {
	return `{"schemas":["` + patchURN + `"],"Operations":[` + strings.Join(operations, ",") + `]}`
}

// scimUser returns the body that creates a user. more has further members and begins with a comma.
func scimUser(userName, more string) string {
	return `{"schemas":["` + userURN + `","` + extensionURN + `"],"userName":"` + userName + `"` + more + `}`
}

func scimGroup(name, more string) string {
	return `{"schemas":["` + groupURN + `"],"displayName":"` + name + `"` + more + `}`
}

// quote returns a text as a JSON string.
func quote(text string) string {
	quoted, _ := json.Marshal(text)
	return string(quoted)
}

func TestSCIMAccess(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	h.Add(simulator.Learner{ID: "Ada", Email: "ada@example.com"})
	header := func(name string, values ...string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Del(name)
			for _, value := range values {
				r.Header.Add(name, value)
			}
		}
	}
	token := func(value string) func(*http.Request) { return header("Authorization", value) }
	group := func(name string) string { return scimGroup(name, "") }
	tests := map[string]struct {
		method, target, body string
		edit                 func(*http.Request)
		status               int
	}{
		"right token":        {"GET", "/Users", "", nil, 200},
		"scheme in capitals": {"GET", "/Users", "", token("BEARER " + simulator.DefaultToken), 200},
		"no token":           {"GET", "/Users", "", header("Authorization"), 401},
		"wrong token":        {"GET", "/Users", "", token("Bearer wrong"), 401},
		"empty token":        {"GET", "/Users", "", token("Bearer "), 401},
		"token alone":        {"GET", "/Users", "", token(simulator.DefaultToken), 401},
		"basic":              {"GET", "/Users", "", func(r *http.Request) { r.SetBasicAuth(simulator.DefaultToken, "") }, 401},
		"discovery too":      {"GET", "/ServiceProviderConfig", "", header("Authorization"), 401},
		"unknown first 401":  {"GET", "/Courses", "", header("Authorization"), 401},

		"accept missing":      {"GET", "/Users", "", header("Accept"), 200},
		"accept JSON":         {"GET", "/Users", "", header("Accept", "application/json"), 200},
		"accept both":         {"GET", "/Users", "", header("Accept", "application/scim+json, application/json"), 200},
		"accept any app":      {"GET", "/Users", "", header("Accept", "text/html, application/*;q=0.1"), 200},
		"accept HTML":         {"GET", "/Users", "", header("Accept", "text/html"), 406},
		"accept without SCIM": {"GET", "/Users", "", header("Accept", "application/scim+json;q=0, application/json;q=0"), 406},

		"sent as JSON":    {"POST", "/Groups", group("A"), header("Content-Type", "application/json"), 201},
		"sent in charset": {"POST", "/Groups", group("B"), header("Content-Type", "application/scim+json; charset=utf-8"), 201},
		"sent as nothing": {"POST", "/Groups", group("C"), header("Content-Type"), 415},
		"sent as text":    {"POST", "/Groups", group("C"), header("Content-Type", "text/plain"), 415},
		"patched as text": {"PATCH", "/Users/Ada", patch(), header("Content-Type", "text/plain"), 415},
		"largest body":    {"POST", "/Groups", group("L") + strings.Repeat(" ", 1<<20-len(group("L"))), nil, 201},
		"too large body":  {"POST", "/Groups", group("M") + strings.Repeat(" ", 1<<20-len(group("M"))+1), nil, 413},

		"id":                  {"GET", "/Users/Ada", "", nil, 200},
		"id in another case":  {"GET", "/Users/ada", "", nil, 404},
		"unknown id":          {"GET", "/Users/x", "", nil, 404},
		"unknown group":       {"GET", "/Groups/x", "", nil, 404},
		"type in lower case":  {"GET", "/users", "", nil, 404},
		"slash at the end":    {"GET", "/Users/", "", nil, 404},
		"slash after id":      {"GET", "/Users/Ada/", "", nil, 404},
		"dots":                {"GET", "/Groups/../Users", "", nil, 404},
		"two slashes":         {"GET", "//Users", "", nil, 404},
		"the base":            {"GET", "", "", nil, 404},
		"unknown":             {"GET", "/Courses", "", nil, 404},
		"bulk":                {"POST", "/Bulk", "{}", nil, 404},
		"query as POST":       {"POST", "/Users/.search", "{}", nil, 405},
		"malformed query":     {"GET", "/Users?filter=%zz", "", nil, 400},
		"DELETE user":         {"DELETE", "/Users/Ada", "", nil, 405},
		"PUT user":            {"PUT", "/Users/Ada", "{}", nil, 405},
		"PUT group":           {"PUT", "/Groups/x", "{}", nil, 405},
		"POST user":           {"POST", "/Users/Ada", "{}", nil, 405},
		"PATCH users":         {"PATCH", "/Users", patch(), nil, 405},
		"DELETE groups":       {"DELETE", "/Groups", "", nil, 405},
		"POST config":         {"POST", "/ServiceProviderConfig", "{}", nil, 405},
		"DELETE schema":       {"DELETE", "/Schemas/" + userURN, "", nil, 405},
		"PATCH unknown user":  {"PATCH", "/Users/x", patch(`{"op":"replace","path":"title","value":"T"}`), nil, 404},
		"PATCH unknown group": {"PATCH", "/Groups/x", patch(`{"op":"replace","path":"displayName","value":"T"}`), nil, 404},
		"DELETE no group":     {"DELETE", "/Groups/x", "", nil, 404},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			edit := test.edit
			if edit == nil {
				edit = func(*http.Request) {}
			}
			got := h.on(t).scim(test.method, test.target, test.body, edit)
			if got.status != test.status {
				t.Fatalf("status %d, want %d: %s", got.status, test.status, got.body)
			}
			equal(t, "content type", got.header.Get("Content-Type"), "application/scim+json")
			if strings.Contains(got.body, simulator.DefaultToken) {
				t.Errorf("the body contains the token: %s", got.body)
			}
			if got.status < 400 {
				return
			}
			body := got.object(t)
			equal(t, "schemas", body["schemas"], any([]any{errorURN}))
			equal(t, "status", body["status"], any(strconv.Itoa(test.status)))
			if detail, _ := body["detail"].(string); detail == "" {
				t.Errorf("no detail in %s", got.body)
			}
			if got.status == 401 && !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Bearer ") {
				t.Error("a 401 has no WWW-Authenticate header")
			}
			if got.status == 405 && got.header.Get("Allow") == "" {
				t.Error("a 405 has no Allow header")
			}
		})
	}
}

func TestSCIMDiscovery(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	config := h.wantSCIM(200, "GET", "/ServiceProviderConfig", "").object(t)
	equal(t, "patch", config["patch"], any(map[string]any{"supported": true}))
	equal(t, "filter", config["filter"], any(map[string]any{"supported": true, "maxResults": 100.0}))
	for _, feature := range []string{"changePassword", "sort", "etag"} {
		equal(t, feature, config[feature], any(map[string]any{"supported": false}))
	}

	for _, test := range []struct {
		path string
		ids  []string
	}{
		{"/ResourceTypes", []string{"User", "Group"}},
		{"/Schemas", []string{userURN, groupURN, extensionURN}},
	} {
		list := h.wantSCIM(200, "GET", test.path, "").object(t)
		equal(t, test.path, list["totalResults"], any(float64(len(test.ids))))
		resources, _ := list["Resources"].([]any)
		for i, id := range test.ids {
			one := h.wantSCIM(200, "GET", test.path+"/"+id, "").object(t)
			equal(t, id, one["id"], any(id))
			equal(t, id+" in the list", resources[i], any(one))
			equal(t, id+" is at its location", h.wantSCIM(200, "GET", one["meta"].(map[string]any)["location"].(string), "").object(t), one)
		}
		h.refused(404, "none", "GET", test.path+"/x", "")
		h.refused(403, "none", "GET", test.path+"?filter=id+eq+%22User%22", "")
	}
	user := h.wantSCIM(200, "GET", "/ResourceTypes/User", "").object(t)
	equal(t, "extensions", user["schemaExtensions"], any([]any{map[string]any{"schema": extensionURN, "required": false}}))
	attributes, _ := h.wantSCIM(200, "GET", "/Schemas/"+userURN, "").object(t)["attributes"].([]any)
	equal(t, "the first attribute", attributes[0], any(map[string]any{
		"name": "userName", "description": "userName", "type": "string", "multiValued": false, "required": true,
		"caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "server",
	}))
}

func TestSCIMInterceptAndLog(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		body, _ := io.ReadAll(r.Body)
		if strings.Contains(string(body), "Busy") {
			w.WriteHeader(429)
			return true
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		return false
	}})
	h.wantSCIM(429, "POST", "/Groups", scimGroup("Busy", ""))
	h.wantSCIM(201, "POST", "/Groups", scimGroup("Free", ""))
	h.wantSCIM(200, "GET", "/Users?count=1", "")
	var calls []string
	for _, request := range h.Requests() {
		calls = append(calls, request.Method+" "+request.Path+"?"+request.Query+" "+strconv.Itoa(request.Status))
	}
	equal(t, "calls", calls, []string{
		"POST /scim/v2/Groups? 429", "POST /scim/v2/Groups? 201", "GET /scim/v2/Users?count=1 200",
	})
	equal(t, "body", h.Requests()[0].Body, scimGroup("Busy", ""))
}

// Both APIs show the same learners and groups.
func TestBothAPIs(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	invited := h.create("invited@example.com")
	seen := h.wantSCIM(200, "GET", "/Users/"+invited, "").object(t)
	equal(t, "an invited learner is active", seen["active"], any(true))
	h.wantSCIM(200, "PATCH", "/Users/"+invited, patch(`{"op":"replace","path":"active","value":true}`))
	equal(t, "and stays invited", h.want(200, "GET", "/users/"+invited+"/", "").object(t)["status"], any("invited"))

	created := h.wantSCIM(201, "POST", "/Users", scimUser("ada@example.com", `,"name":{"givenName":"Ada","familyName":"Lovelace"},"externalId":"E-1"`)).object(t)
	id, _ := created["id"].(string)
	equal(t, "by REST", h.want(200, "GET", "/users/"+id+"/", "").object(t), map[string]any{
		"id": id, "email": "ada@example.com", "firstname": "Ada", "lastname": "Lovelace",
		"externalid": "E-1", "role": "learner", "status": "active", "groups": []any{},
	})
	h.wantSCIM(200, "PATCH", "/Users/"+id, patch(`{"op":"replace","path":"active","value":false}`))
	equal(t, "deactivated by SCIM", h.want(200, "GET", "/users/"+id+"/", "").object(t)["status"], any("deactivated"))
	h.want(200, "PATCH", "/users/"+id+"/", `{"status":"active"}`)
	equal(t, "activated by REST", h.wantSCIM(200, "GET", "/Users/"+id, "").object(t)["active"], any(true))
	h.want(200, "PATCH", "/users/"+id+"/", `{"email":"countess@example.com"}`)
	equal(t, "the user name follows", h.wantSCIM(200, "GET", "/Users/"+id, "").object(t)["userName"], any("countess@example.com"))
	h.refused(409, "uniqueness", "POST", "/Users", scimUser("Invited@example.com", ""))

	group, _ := h.wantSCIM(201, "POST", "/Groups", scimGroup("Group", `,"members":[{"value":"`+id+`"}]`)).object(t)["id"].(string)
	equal(t, "members by REST", h.want(200, "GET", "/groups/"+group+"/users/", "").object(t)["count"], any(1.0))
	h.want(204, "POST", "/groups/"+group+"/users/", `{"users":["`+invited+`"]}`)
	equal(t, "members by SCIM", len(h.wantSCIM(200, "GET", "/Groups/"+group, "").object(t)["members"].([]any)), 2)
	h.want(204, "DELETE", "/users/"+id+"/", "")
	h.refused(404, "none", "GET", "/Users/"+id, "")
	equal(t, "members left", len(h.wantSCIM(200, "GET", "/Groups/"+group, "").object(t)["members"].([]any)), 1)
}

func TestSCIMConcurrentUse(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Learners: 10})
	group := "/Groups/" + h.AddGroup("All").ID
	const workers, each = 8, 10
	var wg sync.WaitGroup
	for worker := range workers {
		wg.Go(func() {
			for i := range each {
				name := fmt.Sprintf("w%d.%d@example.com", worker, i)
				if got := h.scim("POST", "/Users", scimUser(name, "")); got.status != 201 {
					t.Errorf("%s: status %d", name, got.status)
				}
				l, _ := h.Learner(name)
				if got := h.scim("PATCH", group, patch(`{"op":"add","path":"members","value":`+values(l.ID)+`}`)); got.status != 200 {
					t.Errorf("%s: status %d", name, got.status)
				}
				h.scim("PATCH", "/Users/"+l.ID, patch(`{"op":"replace","path":"active","value":false}`))
				h.scim("GET", "/Users?count=100", "")
				h.scim("GET", "/Groups", "")
				h.Groups()
			}
		})
	}
	wg.Wait()
	equal(t, "members", len(h.Groups()[3].Members), workers*each)
}
