// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
)

// note is a note of a merge request.
type note struct {
	ID     int    `json:"id"`
	Body   string `json:"body"`
	Author struct {
		ID int `json:"id"`
	} `json:"author"`
}

// gitLab serves the notes of one merge request, and the state.
func gitLab(t *testing.T, cli *acceptance.CLI, org *acceptance.Organization) *pipeline {
	t.Helper()
	const bot, commit = 7, "0123456789abcdef0123456789abcdef01234567"
	var (
		mutex sync.Mutex
		notes []note
		state []byte
	)
	// The notes of others are more than a page. The first one quotes the bot.
	for i := range 120 {
		other := note{ID: i + 1, Body: "<!-- udemy-seats none -->\nquoted"}
		other.Author.ID = 8
		notes = append(notes, other)
	}

	mux := http.NewServeMux()
	api := func(pattern string, handle func(w http.ResponseWriter, r *http.Request)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			mutex.Lock()
			defer mutex.Unlock()
			if r.Header.Get("Private-Token") != "token of the bot" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			handle(w, r)
		})
	}
	api("GET /api/v4/user", func(w http.ResponseWriter, _ *http.Request) { respond(t, w, map[string]int{"id": bot}) })
	api("GET /api/v4/projects/42/merge_requests/3/notes", func(w http.ResponseWriter, r *http.Request) {
		page, err := strconv.Atoi(r.FormValue("page"))
		if err != nil || r.FormValue("per_page") != "100" || r.FormValue("sort") != "asc" {
			t.Errorf("unexpected request %s", r.URL)
		}
		respond(t, w, notes[min((page-1)*100, len(notes)):min(page*100, len(notes))])
	})
	api("POST /api/v4/projects/42/merge_requests/3/notes", func(w http.ResponseWriter, r *http.Request) {
		created := note{ID: len(notes) + 1}
		created.Author.ID = bot
		decode(t, r, &created)
		notes = append(notes, created)
		respond(t, w, created)
	})
	api("PUT /api/v4/projects/42/merge_requests/3/notes/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.Atoi(r.PathValue("id"))
		if err != nil || notes[id-1].Author.ID != bot {
			t.Errorf("the note %s is not the bot's", r.PathValue("id"))
			return
		}
		decode(t, r, &notes[id-1])
		respond(t, w, notes[id-1])
	})
	api("GET /api/v4/projects/42/repository/commits/"+commit+"/merge_requests", func(w http.ResponseWriter, _ *http.Request) {
		respond(t, w, []map[string]any{
			{"iid": 2, "state": "merged", "target_branch": "main", "sha": "another"},
			{"iid": 4, "state": "opened", "target_branch": "main", "sha": commit},
			{"iid": 5, "state": "merged", "target_branch": "unprotected", "sha": commit},
			{"iid": 3, "state": "merged", "target_branch": "main", "sha": "the branch", "merge_commit_sha": commit, "squash_commit_sha": nil},
		})
	})
	mux.HandleFunc("/api/v4/projects/42/terraform/state/udemy", func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		defer mutex.Unlock()
		if user, password, _ := r.BasicAuth(); user != "gitlab-ci-token" || password != "token of the job" {
			t.Errorf("the state is requested as %s", user)
		}
		switch {
		case r.Method == http.MethodPost:
			state, _ = io.ReadAll(r.Body)
		case state == nil:
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = w.Write(state)
		}
	})
	var locks atomic.Int64
	mux.HandleFunc("POST /api/v4/projects/42/terraform/state/udemy/lock", func(http.ResponseWriter, *http.Request) { locks.Add(1) })
	mux.HandleFunc("DELETE /api/v4/projects/42/terraform/state/udemy/lock", func(http.ResponseWriter, *http.Request) { locks.Add(-1) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)

	dir := copyOf(t, "pull-request-review", "pull-request-review-gitlab")
	type job struct {
		Script []string `yaml:"script"`
	}
	config := parse[struct {
		Default struct {
			BeforeScript []string `yaml:"before_script"`
		} `yaml:"default"`
		Variables map[string]string `yaml:"variables"`
		Plan      job               `yaml:"plan"`
		Apply     job               `yaml:"apply"`
	}](t, dir, ".gitlab-ci.yml")

	return &pipeline{
		cli: cli, dir: dir, log: server.URL + "/jobs/1",
		variables: map[string]string{"SEATS_NOTE_TOKEN": "token of the bot"},
		job: func(name string, variables map[string]string) ([]string, string, []string) {
			predefined := map[string]string{
				"CI_API_V4_URL": server.URL + "/api/v4", "CI_PROJECT_ID": "42", "CI_JOB_TOKEN": "token of the job",
				"CI_JOB_URL": server.URL + "/jobs/1", "CI_COMMIT_SHA": commit, "CI_COMMIT_BRANCH": "main",
			}
			script := config.Apply.Script
			if name == "plan" {
				script = config.Plan.Script
				predefined["CI_MERGE_REQUEST_IID"] = "3"
			}
			env := org.Env()
			for name, value := range config.Variables {
				env = append(env, name+"="+os.Expand(value, func(name string) string { return predefined[name] }))
			}
			for _, values := range []map[string]string{predefined, variables} {
				for name, value := range values {
					env = append(env, name+"="+value)
				}
			}
			return []string{"sh", "-e"}, strings.Join(append(config.Default.BeforeScript, script...), "\n"), env
		},
		comments: func() []string {
			mutex.Lock()
			defer mutex.Unlock()
			var own []string
			for _, note := range notes {
				if note.Author.ID == bot {
					own = append(own, note.Body)
				}
			}
			if left := locks.Load(); left != 0 {
				t.Errorf("%d locks of the state are left", left)
			}
			return own
		},
	}
}

// respond writes a response as JSON.
func respond(t *testing.T, w http.ResponseWriter, body any) {
	t.Helper()
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		t.Error(err)
	}
}

// decode reads the JSON of a request.
func decode(t *testing.T, r *http.Request, body any) {
	t.Helper()
	if err := json.NewDecoder(r.Body).Decode(body); err != nil {
		t.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
}
