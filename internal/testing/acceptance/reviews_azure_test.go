// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"archive/zip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
)

// thread is a thread of a pull request with one comment.
type thread struct {
	ID       int             `json:"id"`
	Status   string          `json:"status"`
	Comments []threadComment `json:"comments"`
}

type threadComment struct {
	ID      int    `json:"id"`
	Content string `json:"content"`
	Author  struct {
		ID string `json:"id"`
	} `json:"author"`
}

// azureDevOps serves the threads of one pull request.
func azureDevOps(t *testing.T, cli *acceptance.CLI, org *acceptance.Organization) *pipeline {
	t.Helper()
	const bot, commit = "b07", "0123456789abcdef0123456789abcdef01234567"
	quoting := threadComment{ID: 1, Content: "<!-- udemy-seats none -->\nquoted"}
	quoting.Author.ID = "another"
	var (
		mutex   sync.Mutex
		threads = []thread{{ID: 1, Comments: []threadComment{quoting}}, {ID: 2}}
	)
	mux := http.NewServeMux()
	api := func(method, path string, handle func(w http.ResponseWriter, r *http.Request)) {
		mux.HandleFunc(method+" /acme/"+path, func(w http.ResponseWriter, r *http.Request) {
			mutex.Lock()
			defer mutex.Unlock()
			if r.Header.Get("Authorization") != "Bearer token of the job" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			if strings.Contains(path, "/git/") && r.FormValue("api-version") != "7.1" {
				t.Errorf("%s has no version", r.URL)
			}
			handle(w, r)
		})
	}
	const repository = "p-1/_apis/git/repositories/r-1/"
	api("GET", "_apis/connectionData", func(w http.ResponseWriter, _ *http.Request) {
		respond(t, w, map[string]any{"authenticatedUser": map[string]string{"id": bot}})
	})
	api("GET", repository+"pullRequests/3/threads", func(w http.ResponseWriter, _ *http.Request) {
		respond(t, w, map[string]any{"value": threads, "count": len(threads)})
	})
	api("POST", repository+"pullRequests/3/threads", func(w http.ResponseWriter, r *http.Request) {
		created := thread{ID: len(threads) + 1}
		decode(t, r, &created)
		created.Comments[0].ID, created.Comments[0].Author.ID = 1, bot
		threads = append(threads, created)
		respond(t, w, created)
	})
	api("PATCH", repository+"pullRequests/3/threads/{thread}/comments/{comment}", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.Atoi(r.PathValue("thread"))
		if err != nil || r.PathValue("comment") != "1" || threads[id-1].Comments[0].Author.ID != bot {
			t.Errorf("%s is not the comment of the bot", r.URL)
			return
		}
		decode(t, r, &threads[id-1].Comments[0])
		respond(t, w, threads[id-1].Comments[0])
	})
	api("POST", repository+"pullrequestquery", func(w http.ResponseWriter, r *http.Request) {
		var query struct {
			Queries []struct {
				Type  string   `json:"type"`
				Items []string `json:"items"`
			} `json:"queries"`
		}
		decode(t, r, &query)
		if len(query.Queries) != 1 || query.Queries[0].Type != "lastMergeCommit" || !slices.Equal(query.Queries[0].Items, []string{commit}) {
			t.Errorf("unexpected query %v", query)
		}
		respond(t, w, map[string]any{"results": []any{map[string]any{commit: []any{
			map[string]any{"pullRequestId": 2, "status": "abandoned", "targetRefName": "refs/heads/main"},
			map[string]any{"pullRequestId": 4, "status": "completed", "targetRefName": "refs/heads/unprotected"},
			map[string]any{"pullRequestId": 3, "status": "completed", "targetRefName": "refs/heads/main"},
		}}}})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)

	dir := copyOf(t, "pull-request-review", "pull-request-review-azure-devops")
	// The state is not in Azure.
	if err := os.Remove(filepath.Join(dir, "backend.tf")); err != nil {
		t.Fatal(err)
	}
	type steps []struct {
		Bash string            `yaml:"bash"`
		Env  map[string]string `yaml:"env"`
		// Target restricts what output can make the agent do.
		Target map[string]string `yaml:"target"`
	}
	config := parse[struct {
		Stages []struct {
			Stage string `yaml:"stage"`
			Jobs  []struct {
				Steps    steps `yaml:"steps"`
				Strategy struct {
					RunOnce struct {
						Deploy struct {
							Steps steps `yaml:"steps"`
						} `yaml:"deploy"`
					} `yaml:"runOnce"`
				} `yaml:"strategy"`
			} `yaml:"jobs"`
		} `yaml:"stages"`
	}](t, dir, "azure-pipelines.yml")

	expression := regexp.MustCompile(`\$\((.+?)\)|\$\{\{ parameters\.(.+?) \}\}`)
	return &pipeline{
		cli: cli, dir: dir, log: server.URL + "/acme/p-1/_build/results?buildId=1", variables: map[string]string{},
		job: func(name string, variables map[string]string) ([]string, string, []string) {
			env := org.Env()
			// Secrets reach a step only through its env.
			secrets := map[string]string{"System.AccessToken": "token of the job", "ARM_ACCESS_KEY": "key", "reviewed": "none"}
			env = slices.DeleteFunc(env, func(variable string) bool {
				value, found := strings.CutPrefix(variable, "UDEMY_TOKEN=")
				if found {
					secrets["UDEMY_TOKEN"] = value
				}
				return found
			})
			for name, value := range variables {
				if name == "SEATS_REVIEWED" {
					name = "reviewed"
				}
				secrets[name] = value
			}
			env = append(env, "SYSTEM_COLLECTIONURI="+server.URL+"/acme/", "SYSTEM_TEAMPROJECTID=p-1", "BUILD_REPOSITORY_ID=r-1",
				"BUILD_BUILDID=1", "BUILD_SOURCEVERSION="+commit, "BUILD_SOURCEBRANCH=refs/heads/main")
			if name == "plan" {
				env = append(env, "SYSTEM_PULLREQUEST_PULLREQUESTID=3")
			}
			for _, stage := range config.Stages {
				if stage.Stage != name {
					continue
				}
				for _, step := range append(stage.Jobs[0].Steps, stage.Jobs[0].Strategy.RunOnce.Deploy.Steps...) {
					if step.Env == nil {
						continue // It installs Terraform, see TestAccReviewInstallsTerraform.
					}
					if step.Target["commands"] != "restricted" || step.Target["settableVariables"] != "none" {
						t.Errorf("a name in the output of %s can be a command for the agent", name)
					}
					for name, value := range step.Env {
						match := expression.FindStringSubmatch(value)
						if match == nil || secrets[match[1]+match[2]] == "" {
							t.Fatalf("the variable %s has the unknown value %s", name, value)
						}
						env = append(env, name+"="+secrets[match[1]+match[2]])
					}
					return []string{"bash"}, step.Bash, env
				}
			}
			t.Fatalf("%s has no script", name)
			return nil, "", nil
		},
		comments: func() []string {
			mutex.Lock()
			defer mutex.Unlock()
			var own []string
			for _, thread := range threads {
				for _, comment := range thread.Comments {
					if comment.Author.ID == bot {
						own = append(own, comment.Content)
					}
				}
			}
			return own
		},
	}
}

// The pipeline of Azure DevOps installs only an archive that has the published checksum.
func TestAccReviewInstallsTerraform(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	releases := release(t, "/terraform/1.16.4/terraform_1.16.4", "terraform", cli.Program)
	dir := copyOf(t, "pull-request-review-azure-devops")
	replaceIn(t, filepath.Join(dir, "install-terraform.sh"), "https://releases.hashicorp.com", releases.url)
	env := []string{"TERRAFORM_VERSION=1.16.4", "AGENT_TEMPDIRECTORY=" + t.TempDir()}

	output, code := runScript(t, cli, dir, env, "./install-terraform.sh", "bash")
	_, path, found := strings.Cut(strings.TrimSpace(output), "##vso[task.prependpath]")
	if code != 0 || !found {
		t.Fatalf("exit code %d:\n%s", code, output)
	}
	if output, code = runScript(t, cli, dir, nil, path+"/terraform version", "bash"); code != 0 {
		t.Errorf("the installed Terraform does not run:\n%s", output)
	}
	releases.checksum.Store(strings.Repeat("0", 64))
	if output, code = runScript(t, cli, dir, env, "./install-terraform.sh", "bash"); code == 0 {
		t.Errorf("an archive with another checksum was installed:\n%s", output)
	}
}

type releaseServer struct {
	url      string
	checksum atomic.Value
}

// release serves a program as NAME_linux_amd64.zip and its checksum as NAME_SHA256SUMS, beside another one.
func release(t *testing.T, name, entry, program string) *releaseServer {
	t.Helper()
	archive := filepath.Join(t.TempDir(), "archive.zip")
	file, err := os.Create(archive)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	writer := zip.NewWriter(file)
	// Stored, because compressing a program takes seconds.
	header := &zip.FileHeader{Name: entry, Method: zip.Store}
	header.SetMode(0o755)
	target, err := writer.CreateHeader(header)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := target.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if content, err = os.ReadFile(archive); err != nil {
		t.Fatal(err)
	}
	served := &releaseServer{}
	served.checksum.Store(fmt.Sprintf("%x", sha256.Sum256(content)))
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+name+"_linux_amd64.zip", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, archive) })
	mux.HandleFunc("GET "+name+"_SHA256SUMS", func(w http.ResponseWriter, _ *http.Request) {
		base := filepath.Base(name)
		_, _ = fmt.Fprintf(w, "%064d  %s_darwin_arm64.zip\n%s  %s_linux_amd64.zip\n", 0, base, served.checksum.Load(), base)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	served.url = server.URL
	return served
}
