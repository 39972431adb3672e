// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"archive/tar"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
)

// The workflow for HCP Terraform uploads the configuration, and reports the plan of the run in its own comment.
func TestAccReviewHCPTerraform(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	dir := copyOf(t, "pull-request-review", "pull-request-review-hcp-terraform")
	config := parse[struct {
		Jobs map[string]struct {
			Env   map[string]string `yaml:"env"`
			Steps []struct {
				Name string `yaml:"name"`
				Run  string `yaml:"run"`
			} `yaml:"steps"`
		} `yaml:"jobs"`
	}](t, root, "examples", "pull-request-review-hcp-terraform", ".github", "workflows", "plan.yml")
	hcp := newHCPTerraform(t)
	github := newGitHub(t)
	releases := release(t, "/udemy-iac/terraform-provider-udemy/releases/download/v0.1.0/terraform-provider-udemy_0.1.0",
		"terraform-provider-udemy_v0.1.0", cli.Provider("udemy"))

	temp := t.TempDir()
	path := filepath.Join(temp, "path")
	env := []string{
		"RUNNER_TEMP=" + temp, "GITHUB_PATH=" + path, "GITHUB_API_URL=" + github.url, "GITHUB_REPOSITORY=acme/learners",
		"GH_TOKEN=token of the job", "NUMBER=3", "TFE_TOKEN=token of the team",
	}
	for name, value := range config.Jobs["plan"].Env {
		env = append(env, name+"="+value)
	}
	env = append(env, "TFE_ADDRESS="+hcp.url)
	step := func(name string, want ...int) {
		t.Helper()
		for _, step := range config.Jobs["plan"].Steps {
			if step.Name != name {
				continue
			}
			script := strings.ReplaceAll(step.Run, "https://github.com", releases.url)
			if output, code := runScript(t, cli, dir, env, script, "bash", "-e"); !slices.Contains(want, code) {
				t.Fatalf("the step %q has the exit code %d, want %v:\n%s", name, code, want, output)
			}
			return
		}
		t.Fatalf("no step has the name %q", name)
	}

	checksum := releases.checksum.Swap(strings.Repeat("0", 64))
	step("Install the report", 1)
	releases.checksum.Store(checksum)
	step("Install the report", 0)
	added, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	env = append(env, "PATH="+strings.TrimSpace(string(added)))

	step("Plan", 0)
	for _, file := range []string{"./main.tf", "./roster.csv"} {
		if uploaded, _ := hcp.uploaded.Load().([]string); !slices.Contains(uploaded, file) {
			t.Errorf("the configuration has no %s: %v", file, uploaded)
		}
	}
	step("Count seats", 3) // The plan deletes learners.
	step("Comment", 0)
	github.expectComment(t, "<!-- udemy-seats -->", "new@example.com")
	github.broken.Store(true)
	step("Comment", 22)
	github.broken.Store(false)
	github.expectComment(t, "new@example.com")

	// A failed plan has no JSON.
	for _, file := range []string{"plan.json", "seats.md"} {
		if err := os.Remove(filepath.Join(dir, file)); err != nil {
			t.Fatal(err)
		}
	}
	hcp.status.Store("errored")
	step("Plan", 1)
	if _, err := os.Stat(filepath.Join(dir, "plan.json")); err == nil {
		step("Count seats", 1)
	}
	step("Comment", 0)
	github.expectComment(t, "failed", hcp.url+"/app/acme/workspaces/learners/runs/run-1")
}

// hcpTerraform serves one run of one workspace.
type hcpTerraform struct {
	url      string
	status   atomic.Value // of the plan, a string
	uploaded atomic.Value // the names of the files, a []string
}

func newHCPTerraform(t *testing.T) *hcpTerraform {
	t.Helper()
	plan, err := os.ReadFile(filepath.Join(root, "internal", "seats", "testdata", "kinds.plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	archive := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the token was sent to the host of the redirect")
		}
		_, _ = w.Write(plan)
	}))
	t.Cleanup(archive.Close)

	h := &hcpTerraform{}
	h.status.Store("finished")
	mux := http.NewServeMux()
	requests := map[string]int{}
	var mutex sync.Mutex
	api := func(pattern string, handle func(w http.ResponseWriter, r *http.Request)) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" /api/v2/"+path, func(w http.ResponseWriter, r *http.Request) {
			mutex.Lock()
			defer mutex.Unlock()
			if r.Header.Get("Authorization") != "Bearer token of the team" || r.Header.Get("Content-Type") != "application/vnd.api+json" {
				t.Errorf("%s has the headers %v", r.URL, r.Header)
			}
			requests[pattern]++
			handle(w, r)
		})
	}
	object := func(id string, attributes map[string]any) map[string]any {
		return map[string]any{"data": map[string]any{"id": id, "attributes": attributes}}
	}
	// status reports an earlier status first.
	status := func(pattern, earlier string, final func() any) {
		api(pattern, func(w http.ResponseWriter, r *http.Request) {
			now := final()
			if requests[pattern] == 1 {
				now = earlier
			}
			respond(t, w, object(filepath.Base(r.URL.Path), map[string]any{"status": now}))
		})
	}
	api("GET organizations/acme/workspaces/learners", func(w http.ResponseWriter, _ *http.Request) { respond(t, w, object("ws-1", nil)) })
	api("POST workspaces/ws-1/configuration-versions", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Data struct {
				Attributes map[string]bool `json:"attributes"`
			} `json:"data"`
		}
		decode(t, r, &body)
		if !body.Data.Attributes["speculative"] {
			t.Error("the run could be applied")
		}
		respond(t, w, object("cv-1", map[string]any{"upload-url": h.url + "/upload"}))
	})
	mux.HandleFunc("PUT /upload", func(_ http.ResponseWriter, r *http.Request) { h.uploaded.Store(files(t, r.Body)) })
	status("GET configuration-versions/cv-1", "pending", func() any { return "uploaded" })
	api("POST runs", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		for _, id := range []string{"ws-1", "cv-1"} {
			if !strings.Contains(string(body), id) {
				t.Errorf("the run does not have %s: %s", id, body)
			}
		}
		respond(t, w, map[string]any{"data": map[string]any{"id": "run-1", "relationships": map[string]any{"plan": object("plan-1", nil)}}})
	})
	status("GET plans/plan-1", "running", h.status.Load)
	api("GET plans/plan-1/json-output", func(w http.ResponseWriter, r *http.Request) {
		if h.status.Load() != "finished" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		http.Redirect(w, r, archive.URL+"/plan", http.StatusTemporaryRedirect)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

// files lists the names in a compressed archive.
func files(t *testing.T, content io.Reader) []string {
	t.Helper()
	unzipped, err := gzip.NewReader(content)
	if err != nil {
		t.Error(err)
		return nil
	}
	var names []string
	for reader := tar.NewReader(unzipped); ; {
		header, err := reader.Next()
		if err == io.EOF {
			return names
		}
		if err != nil {
			t.Error(err)
			return names
		}
		names = append(names, header.Name)
	}
}

// gitHub serves the comments of one pull request.
type gitHub struct {
	url      string
	mutex    sync.Mutex
	comments []gitHubComment
	broken   atomic.Bool // its lists fail
}

type gitHubComment struct {
	ID   int    `json:"id"`
	Body string `json:"body"`
	User struct {
		Login string `json:"login"`
	} `json:"user"`
}

const actions = "github-actions[bot]"

func newGitHub(t *testing.T) *gitHub {
	t.Helper()
	g := &gitHub{}
	for i := range 120 {
		other := gitHubComment{ID: i + 1, Body: "<!-- udemy-seats -->\nquoted"}
		other.User.Login = "ada"
		if i == 0 {
			other.Body, other.User.Login = "of another workflow", actions
		}
		g.comments = append(g.comments, other)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /repos/acme/learners/issues/3/comments", func(w http.ResponseWriter, r *http.Request) {
		if g.broken.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		} else if r.FormValue("page") == "1" {
			respond(t, w, g.comments[:100])
		} else {
			respond(t, w, g.comments[100:])
		}
	})
	mux.HandleFunc("POST /repos/acme/learners/issues/3/comments", func(w http.ResponseWriter, r *http.Request) {
		created := gitHubComment{ID: len(g.comments) + 1}
		created.User.Login = actions
		decode(t, r, &created)
		g.comments = append(g.comments, created)
		respond(t, w, created)
	})
	mux.HandleFunc("PATCH /repos/acme/learners/issues/comments/121", func(w http.ResponseWriter, r *http.Request) {
		decode(t, r, &g.comments[120])
		respond(t, w, g.comments[120])
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer token of the job" {
			t.Errorf("%s has no token", r.URL)
		}
		g.mutex.Lock()
		defer g.mutex.Unlock()
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	g.url = server.URL
	return g
}

// expectComment fails the test unless the last comment is the only one of the workflow and contains the words.
func (g *gitHub) expectComment(t *testing.T, words ...string) {
	t.Helper()
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if len(g.comments) != 121 {
		t.Fatalf("%d comments, want 121", len(g.comments))
	}
	for _, word := range words {
		if !strings.Contains(g.comments[120].Body, word) {
			t.Errorf("the comment does not contain %q:\n%s", word, g.comments[120].Body)
		}
	}
}
