// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"bufio"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// people are the learners that exist before the first command of most pages.
var people = []simulator.Learner{
	{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"},
	{Email: "grace@example.com", FirstName: "Grace", LastName: "Hopper"},
	{Email: "katherine@example.com", FirstName: "Katherine", LastName: "Johnson"},
}

// unused are the same learners. Ada has not visited for a long time, and Katherine never.
var unused = func() []simulator.Learner {
	learners := slices.Clone(people)
	learners[0].Activity = &simulator.Activity{Joined: "2024-01-01", LastVisit: "2025-01-01"}
	learners[2].Activity = &simulator.Activity{Joined: "2024-01-01"}
	return learners
}()

// typedPage is a page that a test types.
type typedPage struct {
	needs  []acceptance.Feature
	before []simulator.Learner // at Udemy before the first command; all of them are in the group Readers
	// after has the status of each learner after the last command. If it is empty, the page changes nothing at Udemy.
	after map[acceptance.API]string
	// ownSettings marks a page that starts a simulator and sets the environment variables. For any other page, the test
	// sets them, because the page refers to Getting started.
	ownSettings bool
	// checkout marks a page that is typed in a checkout of the repository instead of an empty folder.
	checkout bool
	// promises are texts of the page that its commands print.
	promises []string
}

var typedPages = map[string]typedPage{
	"README": {
		before: people, checkout: true,
	},
	"getting-started": {
		ownSettings: true,
	},
	"checking-an-organization": {
		before:   people,
		promises: []string{"Result: usable", "First thing to do: Write a configuration. The provider can use this organization."},
	},
	"taking-over": {
		before: people, promises: []string{"1 to import, 0 to add, 0 to change"},
	},
	"csv-upload": {
		before: people, after: both("ada active, grace active, katherine active"),
		promises: []string{"1 to add, 0 to change, 0 to destroy"},
	},
	"joiners-movers-leavers": {
		after: map[acceptance.API]string{acceptance.UserManagement: "ada invited, grace invited", acceptance.SCIM: "ada active, grace active"},
	},
	"offboarding": {
		before: people, after: both("ada deactivated, grace active, katherine active"),
	},
	"unused-seats": {
		before: unused, after: both("ada active, grace active, katherine deactivated"),
	},
	"moving-to-a-roster": {
		needs:    []acceptance.Feature{acceptance.Removed},
		promises: []string{"1 to import, 0 to add, 0 to change, 0 to destroy"},
		after: map[acceptance.API]string{
			acceptance.UserManagement: "ada invited, grace invited, katherine deactivated", acceptance.SCIM: "ada active, grace active, katherine deactivated",
		},
	},
}

// untypedPages maps each page with commands that no test types to the reason.
var untypedPages = map[string]string{
	"reviewing-seats":     "it shows a workflow of a CI system; the tests of examples/pull-request-review run its steps",
	"reviewing-elsewhere": "it shows files of CI systems",
	"seats-json":          "it needs a plan and jq",
}

// untypedBlocks maps the first line of each command, or file without a name, that the test does not type to the reason.
var untypedBlocks = map[string]string{
	"make demo": "CI runs it on both APIs",
	"make test": "it runs this test",
	"unset UDEMY_ORGANIZATION_UUID UDEMY_ENDPOINT": "it connects to Udemy and prompts for a token; checking-an-organization runs doctor",
	`resource "udemy_roster" "all" {`:              "a roster beside the learner of README's main.tf; joiners-movers-leavers has the whole file",
}

// blockNeeds maps the first line of a command to the feature that it needs.
var blockNeeds = map[string]acceptance.Feature{
	"cp main.tf explore/": acceptance.Query,
}

// Each page works as written: the test types every command, and saves every file, in the order of the page. The provider is
// installed in a home directory that is otherwise empty.
func TestAccPages(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	for name, page := range typedPages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, feature := range page.needs {
				acceptance.Needs(t, feature)
			}
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := acceptance.Start(t, api, simulator.Config{})
				org.AddGroup("Mathematics")
				readers := org.AddGroup("Readers")
				for _, learner := range page.before {
					learner.Groups = []string{readers.ID}
					org.Add(learner)
				}
				members := memberships(org)

				text := readPage(t, name)
				typist := newTypist(t, cli, org, page)
				for _, block := range blocks(text) {
					typist.take(t, block)
				}

				for _, promise := range page.promises {
					if !strings.Contains(text, promise) {
						t.Errorf("the page does not contain %q", promise)
					}
					if output := typist.output.String(); !strings.Contains(output, promise) {
						t.Errorf("no command prints %q:\n%s", promise, output)
					}
				}

				if page.after == nil {
					org.ExpectWrites(t)
				} else if got := statuses(org); got != page.after[api] {
					t.Errorf("the learners are %s, want %s", got, page.after[api])
				}
				for member := range members {
					if !memberships(org)[member] {
						t.Errorf("a learner has left a group: %s", member)
					}
				}
			})
		})
	}
}

// Every page with commands is typed, and names the files that it shows.
func TestPagesCanBeTyped(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, name := range append(guides(t), "README") {
		all := blocks(readPage(t, name))
		if untypedPages[name] != "" || !slices.ContainsFunc(all, block.isCommand) {
			continue
		}
		if _, ok := typedPages[name]; !ok {
			t.Errorf("no test types %s: add it to typedPages, or a reason to untypedPages", name)
		}
		for _, block := range all {
			found[block.firstLine()] = true
			if block.isCode() && !block.isCommand() && block.file() == "" && untypedBlocks[block.firstLine()] == "" {
				t.Errorf("%s: no line such as \"`main.tf`:\" precedes the code that begins with %q", name, block.firstLine())
			}
		}
	}
	for line := range untypedBlocks {
		if !found[line] {
			t.Errorf("no page contains %q: remove it from untypedBlocks", line)
		}
	}
}

// The registry sorts guides by title, and the index lists them.
func TestGuidesAreInOrder(t *testing.T) {
	t.Parallel()
	index, err := os.ReadFile(filepath.Join(root, "templates", "index.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	title := regexp.MustCompile(`(?m)^page_title: "(\d\d)\. `)
	numbers := map[string]string{}
	for _, name := range guides(t) {
		match := title.FindStringSubmatch(readPage(t, name))
		if match == nil {
			t.Errorf("the page title of %s does not begin with a number such as 01", name)
			continue
		}
		if other := numbers[match[1]]; other != "" {
			t.Errorf("%s and %s have the same number", name, other)
		}
		numbers[match[1]] = name
		if !strings.Contains(string(index), "(guides/"+name+".md)") {
			t.Errorf("the table of guides in templates/index.md.tmpl does not list %s", name)
		}
	}
}

// guides returns the names of all guides.
func guides(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "templates", "guides", "*.md.tmpl"))
	if err != nil || len(files) == 0 {
		t.Fatal("no guides found", err)
	}
	var names []string
	for _, file := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".md.tmpl"))
	}
	return names
}

func both(status string) map[acceptance.API]string {
	return map[acceptance.API]string{acceptance.UserManagement: status, acceptance.SCIM: status}
}

// readPage returns README.md, or a guide as the documentation generator renders it.
func readPage(t *testing.T, name string) string {
	t.Helper()
	if name == "README" {
		content, err := os.ReadFile(filepath.Join(root, "README.md"))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	code := func(language, file string) (string, error) {
		content, err := os.ReadFile(filepath.Join(root, file))
		// Like tools/generate-docs.sh: pages omit the license header.
		text := regexp.MustCompile(`(?m)\A# Copyright \(c\) (.+\n)+\n`).ReplaceAllString(string(content), "")
		return "```" + language + "\n" + strings.TrimSpace(text) + "\n```", err
	}
	page, err := template.New(name + ".md.tmpl").Funcs(template.FuncMap{
		"codefile": code,
		"tffile":   func(file string) (string, error) { return code("terraform", file) },
	}).ParseFiles(filepath.Join(root, "templates", "guides", name+".md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := page.Execute(&text, nil); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// block is a fenced block of a page.
type block struct {
	lead     string // the last line of text before the block
	language string
	text     string
}

func blocks(page string) []block {
	var found []block
	var lead string
	var open *block
	for line := range strings.Lines(page) {
		fence, isFence := strings.CutPrefix(line, "```")
		switch {
		case isFence && open == nil:
			open = &block{lead: lead, language: strings.TrimSpace(fence)}
		case isFence:
			found = append(found, *open)
			open, lead = nil, ""
		case open != nil:
			open.text += line
		case strings.TrimSpace(line) != "":
			lead = strings.TrimSpace(line)
		}
	}
	return found
}

// isCode reports whether the block is more than the output of a command.
func (b block) isCode() bool { return b.language != "" && b.language != "text" }

func (b block) isCommand() bool {
	return slices.Contains([]string{"shell", "sh", "bash", "console"}, b.language)
}

func (b block) firstLine() string {
	line, _, _ := strings.Cut(b.text, "\n")
	return line
}

var fileName = regexp.MustCompile("^`([^` ]+)`:$")

// file returns the name of the file that the block shows, or an empty string.
func (b block) file() string {
	if match := fileName.FindStringSubmatch(b.lead); match != nil {
		return match[1]
	}
	return ""
}

// api returns the API that the block is for, or an empty string.
func (b block) api() acceptance.API {
	return map[string]acceptance.API{
		"Over SCIM:": acceptance.SCIM, "Over the user-management API:": acceptance.UserManagement,
	}[b.lead]
}

// secondTerminal is the text before a command that runs until the reader stops it.
const secondTerminal = "In a second terminal:"

// typist types the blocks of a page into one shell.
type typist struct {
	cli     *acceptance.CLI
	api     acceptance.API
	dir     string // where the shell starts
	session string // a script with the current folder and the environment variables that the page has set
	port    string // of the simulator; the pages have the default
	output  strings.Builder
}

func newTypist(t *testing.T, cli *acceptance.CLI, org *acceptance.Organization, page typedPage) *typist {
	t.Helper()
	home, bin := t.TempDir(), t.TempDir()
	typist := &typist{api: org.API, dir: t.TempDir(), session: filepath.Join(t.TempDir(), "session")}
	env := []string{"HOME=" + home, "PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH")}
	if page.checkout {
		checkOut(t, typist.dir)
	}
	if page.checkout || page.ownSettings {
		// The page builds the provider. The caches of Go are not part of what the test checks.
		for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} {
			value, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
			if err != nil {
				t.Fatal(err)
			}
			env = append(env, name+"="+strings.TrimSpace(string(value)))
		}
	} else if err := cli.Install(filepath.Join(home, ".terraform.d", "plugins"), "udemy"); err != nil {
		t.Fatal(err)
	}
	if !page.ownSettings {
		env = append(env, org.Env()...)
		typist.setPort(t, org.Endpoint)
	} else {
		// git clone copies this checkout.
		source := t.TempDir()
		checkOut(t, source)
		git := fmt.Sprintf("#!/bin/sh\n[ \"$1\" = clone ] && cp -R '%s' \"$(basename \"$2\")\"\n", source)
		if err := os.WriteFile(filepath.Join(bin, "git"), []byte(git), 0o700); err != nil { //nolint:gosec // a program
			t.Fatal(err)
		}
	}
	if err := os.Symlink(cli.Program, filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	typist.cli = cli.With(env...)
	// The CLI has no settings but those of the home directory, and make none of the caller's.
	typist.cli.Env = slices.DeleteFunc(typist.cli.Env, func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return name == "TF_CLI_CONFIG_FILE" || strings.HasPrefix(name, "XDG_") || strings.HasPrefix(name, "MAKE") || name == "MFLAGS"
	})
	return typist
}

// take saves a file, or types a command.
func (typist *typist) take(t *testing.T, b block) {
	t.Helper()
	text := b.text
	if typist.port != "" { // Each page has a simulator of its own.
		text = strings.ReplaceAll(text, "8080", typist.port)
	}
	feature, needs := blockNeeds[b.firstLine()]
	switch {
	case untypedBlocks[b.firstLine()] != "", b.api() != "" && b.api() != typist.api, needs && !acceptance.Has(t, feature):
	case b.file() != "":
		// Relative to the current folder of the shell.
		typist.bash(t, fmt.Sprintf("mkdir -p \"$(dirname '%[1]s')\"; cat > '%[1]s'", b.file()), text)
	case b.isCommand() && b.lead == secondTerminal:
		typist.start(t, text)
	case b.isCommand():
		typist.bash(t, text, simulator.DefaultToken+"\n")
	}
}

// bash runs commands like a CI job: the first failing one ends them. The folder and the environment stay for the next ones.
func (typist *typist) bash(t *testing.T, commands, input string) {
	t.Helper()
	script := fmt.Sprintf("if [ -f '%[1]s' ]; then . '%[1]s'; fi\n%[2]s\n{ echo \"cd '$PWD'\"; export -p; } > '%[1]s'\n", typist.session, commands)
	command := exec.CommandContext(context.WithoutCancel(t.Context()), "bash", "-euo", "pipefail", "-c", script)
	command.Dir, command.Env, command.Stdin = typist.dir, typist.cli.Env, strings.NewReader(input)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s\n%v\n%s", commands, err, output)
	}
	typist.output.Write(output)
}

// start runs the simulator of the page until the test ends. Its port is free, because several simulators run at a time.
func (typist *typist) start(t *testing.T, commands string) {
	t.Helper()
	program, _, _ := strings.Cut(strings.TrimSpace(commands), "#")
	script := fmt.Sprintf("if [ -f '%s' ]; then . '%[1]s'; fi\nexec %s -listen 127.0.0.1:0", typist.session, strings.TrimSpace(program))
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	command := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", script)
	command.Dir, command.Env, command.WaitDelay = typist.dir, typist.cli.Env, time.Second
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = command.Wait() // It was killed.
	})
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatalf("%s: %v", commands, err)
	}
	typist.setPort(t, strings.TrimSpace(line))
}

// setPort sets the port of the simulator to that of an endpoint.
func (typist *typist) setPort(t *testing.T, endpoint string) {
	t.Helper()
	parsed, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	typist.port = parsed.Port()
}

// checkOut copies the files of the repository, without what builds have written.
func checkOut(t *testing.T, dir string) {
	t.Helper()
	script := `tar -cf - --exclude=./.git --exclude=./.cache --exclude=./bin --exclude=./dist . | tar -xf - -C "$0"`
	command := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", script, dir)
	command.Dir = root
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}

// memberships returns the learners and groups, by address and name.
func memberships(org *acceptance.Organization) map[string]bool {
	names := map[string]string{}
	for _, group := range org.Groups() {
		names[group.ID] = group.Name
	}
	found := map[string]bool{}
	for _, learner := range org.Learners() {
		for _, id := range learner.Groups {
			found[strings.ToLower(learner.Email)+" in "+names[id]] = true
		}
	}
	return found
}
