// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// The pull request of the tests, and the commit of its merge.
const (
	head  = "1111111111111111111111111111111111111111"
	merge = "2222222222222222222222222222222222222222"
)

// repository is a copy of an example with the workflows of GitHub, and a GitHub with the pull request 7.
type repository struct {
	dir, store string
	token      string // replaces the token of the organization
	committed  []byte // the file plan.tfplan of the checkout, if there is one
	cli        *acceptance.CLI
	org        *acceptance.Organization
}

type comment struct {
	ID   int               `json:"id"`
	User map[string]string `json:"user"`
	Body string            `json:"body"`
}

type issue struct {
	Number int    `json:"number"`
	State  string `json:"state"`
	Body   string `json:"body"`
}

func newRepository(t *testing.T, cli *acceptance.CLI, org *acceptance.Organization) *repository {
	t.Helper()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("jq is not installed; it runs where the workflows run, on GitHub's runners")
	}
	r := &repository{dir: workspace(t, "pull-request-review"), store: t.TempDir(), cli: cli, org: org}
	// The lock file is committed.
	r.cli.Init(t, r.dir)
	r.save(t, "pulls.json", mergedAs(merge, head, "main"))
	r.save(t, "issues.json", []issue{})
	// Other workflows comment as the same user.
	r.save(t, "comments.json", []comment{{1, map[string]string{"login": "github-actions[bot]"}, "All tests pass."}})
	return r
}

// mergedAs returns the pull request 7 as GitHub lists it for a commit.
func mergedAs(commit, head, base string) any {
	return []any{map[string]any{
		"number": 7, "merge_commit_sha": commit, "head": map[string]any{"sha": head}, "base": map[string]any{"ref": base},
	}}
}

func (r *repository) save(t *testing.T, name string, content any) {
	t.Helper()
	text, err := json.Marshal(content)
	if err == nil {
		err = os.WriteFile(filepath.Join(r.store, name), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (r *repository) load(t *testing.T, name string, content any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.store, name))
	if err == nil {
		err = json.Unmarshal(text, content)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// comment returns the report in the comments. Every other comment must be as it was.
func (r *repository) comment(t *testing.T) string {
	t.Helper()
	var comments []comment
	r.load(t, "comments.json", &comments)
	if len(comments) != 2 || comments[0].Body != "All tests pass." {
		t.Fatalf("the comments are %+v, want the existing one and one report", comments)
	}
	return comments[1].Body
}

// read returns a file of the repository.
func (r *repository) read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// edit replaces text in the list of learners.
func (r *repository) edit(t *testing.T, old, replacement string) {
	t.Helper()
	const name = "roster.csv"
	content := r.read(t, name)
	if !strings.Contains(content, old) {
		t.Fatalf("%s does not contain %q", name, old)
	}
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(strings.Replace(content, old, replacement, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs the shell steps of a workflow as GitHub does. It returns the name of the step that failed, and the output of all
// steps. Only a step that asks for the token gets it.
func (r *repository) run(t *testing.T, workflow string) (failed, output string) {
	t.Helper()
	parsed := parse[struct {
		Defaults struct {
			Run struct{ Shell string }
		}
		Jobs map[string]struct {
			Env   map[string]string
			Steps []struct {
				Name, If, Run string
				Env           map[string]string
			}
		}
	}](t, r.dir, ".github", "workflows", workflow)
	if len(parsed.Jobs) != 1 || parsed.Defaults.Run.Shell != "bash" {
		t.Fatalf("%s has %d jobs and the shell %q, want one job and bash", workflow, len(parsed.Jobs), parsed.Defaults.Run.Shell)
	}
	// A job begins with a fresh checkout.
	for _, name := range []string{"plan.tfplan", "plan.json", "seats.md", "checksum.txt", "comment.md"} {
		if err := os.Remove(filepath.Join(r.dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if r.committed != nil {
		if err := os.WriteFile(filepath.Join(r.dir, "plan.tfplan"), r.committed, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var all strings.Builder
	for _, job := range parsed.Jobs {
		for _, step := range job.Steps {
			if step.Run == "" || failed != "" && step.If != "${{ !cancelled() }}" {
				continue
			}
			result, code := runScript(t, r.cli, r.dir, r.environment(t, job.Env, step.Env), step.Run, "bash", "--noprofile", "--norc", "-eo", "pipefail")
			all.WriteString(result)
			if code != 0 && failed == "" {
				failed = step.Name
			}
		}
	}
	return failed, all.String()
}

var expression = regexp.MustCompile(`\$\{\{ (.+?) \}\}`)

// environment returns the environment of a step.
func (r *repository) environment(t *testing.T, sets ...map[string]string) []string {
	t.Helper()
	bin, err := filepath.Abs(filepath.Join("testdata", "github"))
	if err != nil {
		t.Fatal(err)
	}
	env := []string{
		"PATH=" + bin, "GH_STORE=" + r.store,
		"GITHUB_SERVER_URL=https://github.com", "GITHUB_REPOSITORY=acme/learners", "GITHUB_RUN_ID=42", "GITHUB_SHA=" + merge, "GITHUB_REF_NAME=main",
		"GITHUB_STEP_SUMMARY=" + filepath.Join(r.store, "summary.md"),
	}
	values := map[string]string{
		"github.token": "github-token", "github.repository": "acme/learners",
		"github.event.pull_request.number": "7", "github.event.pull_request.head.sha": head,
	}
	for _, set := range sets {
		for name, value := range set {
			switch value {
			case "${{ vars.UDEMY_SUBDOMAIN }}":
			case "${{ secrets.UDEMY_TOKEN }}":
				env = append(env, r.org.Env()...)
				if r.token != "" {
					env = append(env, "UDEMY_TOKEN="+r.token)
				}
			default:
				value = expression.ReplaceAllStringFunc(value, func(found string) string {
					key := expression.FindStringSubmatch(found)[1]
					if values[key] == "" {
						t.Errorf("the workflow uses the unknown expression %s", key)
					}
					return values[key]
				})
				env = append(env, name+"="+value)
			}
		}
	}
	return env
}

// expect runs a workflow that must end at a step, or succeed if there is none.
func (r *repository) expect(t *testing.T, workflow, step string) string {
	t.Helper()
	failed, output := r.run(t, workflow)
	if failed != step {
		t.Fatalf("%s failed at %q, want %q:\n%s", workflow, failed, step, output)
	}
	return output
}

// A pull request is planned, reported, merged and applied. Each night, an issue reports differences until they are gone.
func TestAccPullRequestReview(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		org.Add(people[0])
		r := newRepository(t, cli, org)

		r.expect(t, "plan.yml", "")
		first := r.comment(t)
		for _, words := range []string{"ada@example.com", "adopted", "grace@example.com"} {
			if !strings.Contains(strings.ToLower(first), words) {
				t.Errorf("the comment doesn't contain %q:\n%s", words, first)
			}
		}
		if summary, err := os.ReadFile(filepath.Join(r.store, "summary.md")); err != nil || !strings.HasSuffix(first, string(summary)) {
			t.Errorf("the summary of the job is %q: %v", summary, err)
		}
		r.expect(t, "plan.yml", "")
		if second := r.comment(t); second != first {
			t.Errorf("a second plan reports\n%s\nwant\n%s", second, first)
		}
		if writes := org.Writes(); len(writes) > 0 {
			t.Errorf("the plan sent write requests: %v", writes)
		}

		r.expect(t, "apply.yml", "")
		want := "ada active, grace active"
		if api == acceptance.UserManagement {
			want = "ada active, grace invited"
		}
		if got := statuses(org); got != want {
			t.Errorf("the learners are %s, want %s", got, want)
		}

		var issues []issue
		r.expect(t, "nightly.yml", "")
		if r.load(t, "issues.json", &issues); len(issues) > 0 {
			t.Errorf("an issue reports no difference: %+v", issues)
		}
		org.Edit("ada@example.com", func(learner *simulator.Learner) { learner.LastName = "Byron" })
		r.expect(t, "nightly.yml", "")
		r.expect(t, "nightly.yml", "")
		if r.load(t, "issues.json", &issues); len(issues) != 1 || issues[0].State != "open" || !strings.Contains(issues[0].Body, "ada@example.com") {
			t.Errorf("the issues are %+v, want one that names ada", issues)
		}
		org.Edit("ada@example.com", func(learner *simulator.Learner) { learner.LastName = "Lovelace" })
		r.expect(t, "nightly.yml", "")
		if r.load(t, "issues.json", &issues); len(issues) != 1 || issues[0].State != "closed" {
			t.Errorf("the issues are %+v, want the same one, closed", issues)
		}
	})
}

// Only the changes of the comment are applied, and changes without a comment are not.
func TestAccPullRequestReview_stops(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	for name, test := range map[string]struct {
		then func(t *testing.T, r *repository)
		says string
	}{
		"the list of another pull request": {func(t *testing.T, r *repository) {
			t.Helper()
			r.edit(t, "katherine@example.com,Katherine,Johnson,E-1003,Mathematics,false", "mary@example.com,Mary,Jackson,E-1004,Mathematics,true")
		}, "the plan differs from the one that pull request 7 reported"},
		"a change at Udemy": {func(t *testing.T, r *repository) {
			t.Helper()
			r.org.Edit("ada@example.com", func(learner *simulator.Learner) { learner.LastName = "Byron" })
		}, "the plan differs"},
		"a learner who exists by now": {func(t *testing.T, r *repository) {
			t.Helper()
			r.org.Add(people[1])
		}, "the plan differs"},
		"a comment for an older commit": {func(t *testing.T, r *repository) {
			t.Helper()
			r.save(t, "pulls.json", mergedAs(merge, merge, "main"))
		}, "the plan differs"},
		"a comment of somebody else": {func(t *testing.T, r *repository) {
			t.Helper()
			var comments []comment
			r.load(t, "comments.json", &comments)
			comments[1].User["login"] = "mallory"
			r.save(t, "comments.json", comments)
		}, "the plan differs"},
		"a push without a pull request": {func(t *testing.T, r *repository) {
			t.Helper()
			r.save(t, "pulls.json", mergedAs(head, head, "main"))
		}, "no pull request was merged as " + merge},
		"a pull request for another branch": {func(t *testing.T, r *repository) {
			t.Helper()
			r.save(t, "pulls.json", mergedAs(merge, head, "unprotected"))
		}, "no pull request was merged as " + merge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.SCIM, simulator.Config{})
			org.Add(people[0])
			r := newRepository(t, cli, org)
			// Ada is in the roster already, and the pull request adds the others.
			full := r.read(t, "roster.csv")
			lines := strings.SplitAfter(full, "\n")
			r.edit(t, full, lines[0]+lines[1])
			r.cli.For(org).Run(t, r.dir, "apply", "-input=false", "-auto-approve")
			r.edit(t, lines[0]+lines[1], full)
			before := len(org.Writes())

			r.expect(t, "plan.yml", "")
			r.comment(t)
			test.then(t, r)
			output := r.expect(t, "apply.yml", "Compare with the review")
			if !strings.Contains(output, "::error::Nothing was applied: "+test.says) {
				t.Errorf("the job says\n%s\nwant %q", output, test.says)
			}
			if writes := org.Writes(); len(writes) != before {
				t.Errorf("the job sent write requests: %v", writes[before:])
			}
		})
	}
}

// A plan that fails or exceeds a limit fails the check, and the comment says so.
func TestAccPullRequestReview_fails(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	many := ""
	for i := range 21 {
		many += "\nnew" + string(rune('a'+i)) + "@example.com,New,Learner,,Mathematics,true"
	}
	const expired = "an-expired-token"
	for name, test := range map[string]struct {
		line, token, step string
		comment           []string
	}{
		"an expired token": {"", expired, "Plan", []string{"<!-- udemy-seats " + head + " none -->", "Terraform or the report failed."}},
		"a malformed line": {"\nmary,Mary,Jackson,,,true", "", "Plan", []string{"<!-- udemy-seats " + head + " none -->", "(https://github.com/acme/learners/actions/runs/42)"}},
		"too many seats":   {many, "", "Report", []string{"<!-- udemy-seats " + head + " none -->", "newu@example.com"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.SCIM, simulator.Config{})
			r := newRepository(t, cli, org)
			r.token = test.token
			r.edit(t, "Mathematics,false", "Mathematics,false"+test.line)
			r.expect(t, "plan.yml", test.step)
			report := r.comment(t)
			for _, words := range test.comment {
				if !strings.Contains(report, words) {
					t.Errorf("the comment doesn't contain %q:\n%s", words, report)
				}
			}
			if strings.Contains(report, expired) {
				t.Errorf("the comment contains the token:\n%s", report)
			}
			if test.step == "Plan" {
				r.expect(t, "apply.yml", "Plan")
				r.expect(t, "nightly.yml", "Plan")
				var issues []issue
				if r.load(t, "issues.json", &issues); len(issues) != 1 || !strings.Contains(issues[0].Body, "Terraform or the report failed.") {
					t.Errorf("the issues are %+v", issues)
				}
			}
			if writes := org.Writes(); len(writes) > 0 {
				t.Errorf("the jobs sent write requests: %v", writes)
			}
		})
	}
}

// A plan that a pull request contains is not reported, also if the workflow can't plan.
func TestAccPullRequestReview_committedPlan(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{})
	r := newRepository(t, cli, org)
	r.expect(t, "plan.yml", "")
	r.committed = []byte(r.read(t, "plan.tfplan"))
	r.edit(t, "Mathematics,false", "Mathematics,false\nmary,Mary,Jackson,,,true")
	r.expect(t, "plan.yml", "Plan")
	if report := r.comment(t); !strings.Contains(report, "<!-- udemy-seats "+head+" none -->") || strings.Contains(report, "ada@example.com") {
		t.Errorf("the comment reports the plan of the repository:\n%s", report)
	}
}
