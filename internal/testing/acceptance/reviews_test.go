// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// In GitLab and Azure DevOps, the same comment has the report of the latest plan, and only reviewed changes are applied.
func TestAccReviewElsewhere(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	for name, open := range map[string]func(*testing.T, *acceptance.CLI, *acceptance.Organization) *pipeline{
		"gitlab":       gitLab,
		"azure-devops": azureDevOps,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.SCIM, simulator.Config{})
			org.Add(people[0])
			ci := open(t, cli, org)
			writeRoster(t, ci.dir, "ada", "grace")
			// Without a lock file, no provider is installed.
			ci.expect(t, 1, "apply")
			lock(t, cli, ci.dir)

			// An exceeded limit fails the job after the report, and a failed plan replaces the report.
			ci.expect(t, 3, "plan", "-limit=0")
			ci.expectComment(t, "<!-- udemy-seats none -->", "ada@example.com", "grace@example.com")
			broken := filepath.Join(ci.dir, "broken.tf")
			if err := os.WriteFile(broken, []byte("locals"), 0o600); err != nil {
				t.Fatal(err)
			}
			ci.expect(t, 1, "plan")
			ci.expectComment(t, "<!-- udemy-seats none -->", "The plan failed.", ci.log)
			if err := os.Remove(broken); err != nil {
				t.Fatal(err)
			}
			ci.expect(t, 4, "plan", "UDEMY_TOKEN=wrong")
			ci.expectComment(t, "<!-- udemy-seats none -->", "failed", ci.log)

			ci.expect(t, 1, "apply")
			if writes := org.Writes(); len(writes) > 0 {
				t.Fatalf("an apply that nobody has reviewed sent %v", writes)
			}

			ci.expect(t, 0, "plan")
			ci.expectComment(t, "ada@example.com", "grace@example.com")
			// The number of seats in use is part of the report, but not of the changes.
			org.Add(simulator.Learner{Email: "alan@example.com", FirstName: "Alan", LastName: "Turing"})
			ci.expect(t, 0, "apply")
			if got, want := statuses(org), "ada active, alan active, grace active"; got != want {
				t.Fatalf("the learners are %s, want %s", got, want)
			}

			// Other changes than the reviewed ones are refused, until somebody confirms them.
			writeRoster(t, ci.dir, "ada", "grace", "katherine")
			refused := ci.expect(t, 1, "apply")
			checksum := regexp.MustCompile(`[0-9a-f]{64}`).FindString(refused)
			if got, want := statuses(org), "ada active, alan active, grace active"; got != want || checksum == "" {
				t.Fatalf("the learners are %s, want %s. The apply has printed:\n%s", got, want, refused)
			}
			ci.expect(t, 0, "apply", "SEATS_REVIEWED="+checksum)
			if got, want := statuses(org), "ada active, alan active, grace active, katherine active"; got != want {
				t.Errorf("the learners are %s, want %s", got, want)
			}
		})
	}
}

// In Atlantis, a plan whose report fails leaves no file that could be applied.
func TestAccReviewAtlantis(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{})
	org.Add(people[0])
	dir := copyOf(t, "pull-request-review", "pull-request-review-atlantis")
	writeRoster(t, dir, "ada", "grace")
	config := parse[struct {
		Workflows map[string]map[string]struct {
			Steps []atlantisStep `yaml:"steps"`
		} `yaml:"workflows"`
	}](t, dir, "repos.yaml")
	lock(t, cli, dir)
	planFile := filepath.Join(dir, "default.tfplan")
	settings := append(org.Env(), "PLANFILE="+planFile, "SHOWFILE="+filepath.Join(dir, "default.json"), "UDEMY_TOKEN=",
		"UDEMY_PLAN_TOKEN="+simulator.DefaultToken, "UDEMY_APPLY_TOKEN="+simulator.DefaultToken)

	// run runs the steps as Atlantis does: a failing step ends the stage.
	run := func(name string, edit func(string) string) (output string, code int) {
		env := slices.Clone(settings)
		for _, step := range config.Workflows["udemy"][name].Steps {
			if output, code = step.run(t, cli, dir, &env, edit); code != 0 {
				break
			}
		}
		return output, code
	}

	output, code := run("plan", func(script string) string { return strings.Replace(script, "-limit 20", "-limit 0", 1) })
	if _, err := os.Stat(planFile); code != 3 || !strings.Contains(output, "grace@example.com") || !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("exit code %d, and the file of the plan: %v. Want 3, and no file:\n%s", code, err, output)
	}
	same := func(script string) string { return script }
	output, code = run("plan", same)
	if code != 0 || !strings.Contains(output, "grace@example.com") {
		t.Fatalf("exit code %d:\n%s", code, output)
	}
	if output, code = run("apply", same); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, output)
	}
	if got, want := statuses(org), "ada active, grace active"; got != want {
		t.Errorf("the learners are %s, want %s", got, want)
	}
}

// atlantisStep is a step of a workflow: a command, a script or a variable.
type atlantisStep struct {
	command string
	flags   []string
	script  string
	env     struct{ Name, Command string }
}

// UnmarshalYAML reads a step, which is the name of a command or a map with one key.
func (s *atlantisStep) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&s.command)
	}
	s.command = node.Content[0].Value
	value := node.Content[1]
	switch s.command {
	case "run":
		return value.Decode(&s.script)
	case "env":
		return value.Decode(&s.env)
	default:
		arguments := struct {
			Flags []string `yaml:"extra_args"`
		}{}
		err := value.Decode(&arguments)
		s.flags = arguments.Flags
		return err
	}
}

// run runs the step. A variable is added to the environment.
func (s *atlantisStep) run(t *testing.T, cli *acceptance.CLI, dir string, env *[]string, edit func(script string) string) (output string, code int) {
	t.Helper()
	script, known := map[string]string{
		"init":  "terraform init -input=false",
		"plan":  `terraform plan -input=false -out="$PLANFILE"`,
		"apply": "terraform apply -input=false",
		"run":   edit(s.script),
		"env":   s.env.Command,
	}[s.command]
	if !known {
		t.Fatalf("the step %q is not known", s.command)
	}
	script = strings.Join(append([]string{script}, s.flags...), " ")
	if s.command == "apply" {
		script += ` "$PLANFILE"`
	}
	output, code = runScript(t, cli, dir, *env, script, "sh")
	if s.command == "env" {
		*env = append(*env, s.env.Name+"="+strings.TrimSpace(output))
	}
	return output, code
}

// pipeline runs the jobs of a CI system whose API is a test server.
type pipeline struct {
	cli *acceptance.CLI
	dir string
	// log is the address of the log of a job.
	log string
	// job returns the shell, the script and the environment of a job.
	job func(name string, variables map[string]string) (shell []string, script string, env []string)
	// comments returns the comments of the bot on the pull request.
	comments func() []string
	// variables are the settings that the README of the example lists.
	variables map[string]string
}

// expect runs a job in a clean folder with further variables, and returns its output. "-limit=N" replaces that limit.
func (p *pipeline) expect(t *testing.T, code int, job string, settings ...string) string {
	t.Helper()
	for _, pattern := range []string{"*.json", "*.tfplan", "seats.md"} {
		files, err := filepath.Glob(filepath.Join(p.dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}
	}
	variables := maps.Clone(p.variables)
	limit := "20"
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		if name == "-limit" {
			limit = value
		} else {
			variables[name] = value
		}
	}
	shell, script, env := p.job(job, variables)
	output, got := runScript(t, p.cli, p.dir, env, strings.Replace(script, "-limit 20", "-limit "+limit, 1), shell...)
	if got != code {
		t.Fatalf("the job %s %s has the exit code %d, want %d:\n%s", job, settings, got, code, output)
	}
	return output
}

// expectComment fails the test unless the bot has one comment, which contains the words.
func (p *pipeline) expectComment(t *testing.T, words ...string) {
	t.Helper()
	comments := p.comments()
	if len(comments) != 1 {
		t.Fatalf("%d comments, want 1: %q", len(comments), comments)
	}
	for _, word := range words {
		if !strings.Contains(comments[0], word) {
			t.Errorf("the comment does not contain %q:\n%s", word, comments[0])
		}
	}
}

// writeRoster replaces the list of learners.
func writeRoster(t *testing.T, dir string, names ...string) {
	t.Helper()
	lines := "email,first_name,last_name,groups\n"
	for _, name := range names {
		lines += name + "@example.com," + name + ",Example,Engineering\n"
	}
	if err := os.WriteFile(filepath.Join(dir, "roster.csv"), []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
}

// lock writes the lock file, without the backend of the pipeline.
func lock(t *testing.T, cli *acceptance.CLI, dir string) {
	t.Helper()
	const name = ".terraform.lock.hcl"
	local := copyOf(t, "pull-request-review")
	cli.Init(t, local)
	content, err := os.ReadFile(filepath.Join(local, name))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name), content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func replaceIn(t *testing.T, file, old, replacement string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), old) {
		t.Fatalf("%s does not contain %q", file, old)
	}
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(content), old, replacement)), 0o600); err != nil { //nolint:gosec // The path is the test's.
		t.Fatal(err)
	}
}

// copyOf copies the files of examples into one folder, as their READMEs describe.
func copyOf(t *testing.T, examples ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, example := range examples {
		files, err := filepath.Glob(filepath.Join(root, "examples", example, "*.*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			info, err := os.Stat(file)
			if err != nil {
				t.Fatal(err)
			}
			if info.IsDir() {
				continue
			}
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), content, info.Mode()); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// parse reads a YAML file.
func parse[T any](t *testing.T, path ...string) T {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	var parsed T
	if err := yaml.Unmarshal(content, &parsed); err != nil {
		t.Fatal(err)
	}
	return parsed
}

// runScript runs a script in a shell with the CLI on PATH. It returns the combined output and the exit code.
func runScript(t *testing.T, cli *acceptance.CLI, dir string, env []string, script string, shell ...string) (output string, code int) {
	t.Helper()
	bin := t.TempDir()
	if err := os.Symlink(cli.Program, filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	// What the jobs install is here, and what they wait for comes at once.
	for _, program := range []string{"apk", "sleep"} {
		if err := os.WriteFile(filepath.Join(bin, program), []byte("#!/bin/sh\n"), 0o700); err != nil { //nolint:gosec // A program.
			t.Fatal(err)
		}
	}
	path := bin + string(os.PathListSeparator) + os.Getenv("PATH")
	for _, variable := range env {
		if more, found := strings.CutPrefix(variable, "PATH="); found {
			path = more + string(os.PathListSeparator) + path
		}
	}
	command := exec.CommandContext(t.Context(), shell[0], append(slices.Clone(shell[1:]), "-c", script)...) //nolint:gosec // The script is an example.
	command.Dir, command.Env = dir, slices.Concat(cli.Env, env, []string{"PATH=" + path})
	combined, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(combined), command.ProcessState.ExitCode()
}
