// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package runs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// latency is how long Udemy takes for each answer, so that the steps of one run overlap.
const latency = 40 * time.Millisecond

// TestAccRuns runs all scenarios with one installation of the provider.
func TestAccRuns(t *testing.T) {
	t.Parallel()
	cli := install(t)
	for name, scenario := range map[string]func(*testing.T, installation){
		"Learners":                  testLearners,
		"Groups":                    testGroups,
		"Owners":                    testOwners,
		"Contradictions":            testContradictions,
		"TwoOwnersOfNew":            testTwoOwnersOfNew,
		"AdoptThenOwn":              testAdoptThenOwn,
		"Replacement":               testReplacement,
		"CreationUnfinished":        testCreationUnfinished,
		"TaintedAndChanged":         testTaintedAndChanged,
		"ExternalIDRemoved":         testExternalIDRemoved,
		"ExternalIDNeverConfigured": testExternalIDNeverConfigured,
		"GroupIDsRemoved":           testGroupIDsRemoved,
		"DeactivatedHasExternalID":  testDeactivatedHasExternalID,
		"UnknownLeaver":             testUnknownLeaver,
		"AddressOfAnother":          testAddressOfAnother,
		"MaxRemovals":               testMaxRemovals,
		"MaxRemovalsOnce":           testMaxRemovalsOnce,
		"MaxRemovalsAtApply":        testMaxRemovalsAtApply,
		"LastAdmin":                 testLastAdmin,
		"GroupDeletion":             testGroupDeletion,
		"GroupLeftAndDeleted":       testGroupLeftAndDeleted,
		"GroupWithMembers":          testGroupWithMembers,
		"DestroyEverything":         testDestroyEverything,
		"GroupNameTwice":            testGroupNameTwice,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scenario(t, cli)
		})
	}
}

// installation is the CLI with the provider installed once for all folders, which saves an init for each.
type installation struct {
	*acceptance.CLI
	// lock is the dependency lock file.
	lock []byte
}

func install(t *testing.T) installation {
	t.Helper()
	cli := acceptance.NewCLI(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(required), 0o600); err != nil {
		t.Fatal(err)
	}
	cli.Init(t, dir)
	lock, err := os.ReadFile(filepath.Join(dir, lockFile))
	if err != nil {
		t.Fatal(err)
	}
	return installation{cli.With("TF_DATA_DIR=" + filepath.Join(dir, ".terraform")), lock}
}

const lockFile = ".terraform.lock.hcl"

// pair is two configurations that are applied one after the other. A line that begins with "#1 " or "#2 " is part of a
// configuration only in that order of its resources.
type pair struct {
	// only is the API that the pair is for; both if empty.
	only acceptance.API
	// before is applied first, and after in the run that is tested.
	before, after string
	// between is what happens at Udemy between the two.
	between func(org *acceptance.Organization)
	// arguments are those of the run that is tested, and environment its further variables.
	arguments, environment []string
	// refused are words of the error at plan, if the run is refused.
	refused []string
	// said are words that the run prints if it is not refused, and right checks what it left.
	said  []string
	right func(t *testing.T, before, after snapshot)
}

// way is an order of the resources and a parallelism.
type way struct {
	order       int
	parallelism string
}

// ways returns how a pair is run.
func (p pair) ways() []way {
	orders := []int{0}
	if strings.Contains(p.before+p.after, "#1 ") {
		orders = []int{1, 2}
	}
	var ways []way
	for _, order := range orders {
		ways = append(ways, way{order, "1"}, way{order, "10"})
	}
	return ways
}

// inOrder returns a configuration with the lines of one order.
func inOrder(config string, order int) string {
	return strings.ReplaceAll(config, fmt.Sprintf("#%d ", order), "")
}

// test runs a pair on each API. If it is refused, nothing changes, so all ways start from the same organization.
func (p pair) test(t *testing.T, cli installation) {
	t.Helper()
	scenario := func(t *testing.T, api acceptance.API) {
		t.Helper()
		if p.refused != nil {
			p.testRefused(t, cli, api)
			return
		}
		for _, way := range p.ways() {
			t.Run(fmt.Sprintf("order %d, parallelism %s", way.order, way.parallelism), func(t *testing.T) {
				t.Parallel()
				run := start(t, cli, api, inOrder(p.before, way.order), p.between)
				before := run.snapshot(t)
				run.write(t, inOrder(p.after, way.order))
				run.apply(t, append([]string{"-parallelism=" + way.parallelism}, p.arguments...), p.environment...).expect(t, 0, p.said...)
				p.right(t, before, run.snapshot(t))
				run.expectNothingToDo(t)
			})
		}
	}
	if p.only != "" {
		scenario(t, p.only)
		return
	}
	acceptance.OnEachAPI(t, scenario)
}

func (p pair) testRefused(t *testing.T, cli installation, api acceptance.API) {
	t.Helper()
	run := start(t, cli, api, p.before, p.between)
	before := run.snapshot(t)
	run.org.ResetRequests()
	for _, way := range p.ways() {
		run.write(t, inOrder(p.after, way.order))
		run.apply(t, append([]string{"-parallelism=" + way.parallelism}, p.arguments...), p.environment...).expect(t, 1, p.refused...)
		run.org.ExpectWrites(t)
		before.expectSame(t, run.snapshot(t))
		if t.Failed() {
			t.Fatalf("in order %d with -parallelism=%s", way.order, way.parallelism)
		}
	}
}

// run is a folder with a configuration and a state, and the organization that it is for.
type run struct {
	org *acceptance.Organization
	cli *acceptance.CLI
	dir string
}

const required = `
terraform {
  required_providers {
    udemy = { source = "udemy-iac/udemy" }
  }
}
`

// start applies a configuration to an empty organization. Everybody accepts the invitation.
func start(t *testing.T, cli installation, api acceptance.API, config string, between func(*acceptance.Organization)) *run {
	t.Helper()
	r := with(t, cli, acceptance.Start(t, api, simulator.Config{Variations: simulator.Variations{AutoProvision: true}}))
	r.write(t, config)
	r.apply(t, nil).expect(t, 0)
	if between != nil {
		between(r.org)
	}
	r.org.SetPace(latency, 0)
	return r
}

// with is a run in an organization as it is.
func with(t *testing.T, cli installation, org *acceptance.Organization) *run {
	t.Helper()
	r := &run{org: org, cli: cli.For(org), dir: t.TempDir()}
	if err := os.WriteFile(filepath.Join(r.dir, lockFile), cli.lock, 0o600); err != nil {
		t.Fatal(err)
	}
	return r
}

// write replaces the configuration.
func (r *run) write(t *testing.T, config string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, "main.tf"), []byte(required+config), 0o600); err != nil {
		t.Fatal(err)
	}
}

// output is what a command of the CLI printed, without line breaks and frames, and its exit code.
type output struct {
	text string
	code int
}

var frame = regexp.MustCompile(`[\s│╷╵]+`)

// command runs the CLI with further environment variables.
func (r *run) command(t *testing.T, env []string, arguments ...string) output {
	t.Helper()
	text, code, err := r.cli.CLI.Run(t.Context(), r.dir, env, append(arguments, "-no-color")...)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s %s\n%s", strings.Join(env, " "), strings.Join(arguments, " "), text)
	return output{frame.ReplaceAllString(text, " "), code}
}

func (r *run) apply(t *testing.T, arguments []string, env ...string) output {
	t.Helper()
	return r.command(t, env, append([]string{"apply", "-auto-approve", "-input=false"}, arguments...)...)
}

func (r *run) plan(t *testing.T, arguments ...string) output {
	t.Helper()
	return r.command(t, nil, append([]string{"plan", "-input=false"}, arguments...)...)
}

// expectNothingToDo fails the test if a plan has changes.
func (r *run) expectNothingToDo(t *testing.T) {
	t.Helper()
	r.plan(t, "-detailed-exitcode").expect(t, 0)
}

// expect ends the test unless the command exits with a code and prints all words.
func (o output) expect(t *testing.T, code int, words ...string) {
	t.Helper()
	if o.code != code {
		t.Fatalf("the exit code is %d, want %d:\n%s", o.code, code, o.text)
	}
	for _, word := range words {
		if !strings.Contains(o.text, word) {
			t.Errorf("%q is not in:\n%s", word, o.text)
		}
	}
}

// snapshot is what Udemy and state hold at one time.
type snapshot struct {
	learners []simulator.Learner
	groups   []simulator.Group
	// ids are the IDs in state, by the address of the resource.
	ids map[string]string
	// writes are the requests since the one before.
	writes []string
}

func (r *run) snapshot(t *testing.T) snapshot {
	t.Helper()
	s := snapshot{learners: r.org.Learners(), groups: r.org.Groups(), ids: stateIDs(t, r.dir), writes: r.org.Writes()}
	for i := range s.groups {
		slices.Sort(s.groups[i].Members)
	}
	return s
}

// expectSame fails the test unless learners, groups and state are the same, and no resource of state is missing.
func (s snapshot) expectSame(t *testing.T, after snapshot) {
	t.Helper()
	s.expectSameOrganization(t, after)
	if got, want := fmt.Sprint(after.ids), fmt.Sprint(s.ids); got != want {
		t.Errorf("state holds\n%s\nwant\n%s", got, want)
	}
}

// expectSameOrganization fails the test unless learners and groups are the same.
func (s snapshot) expectSameOrganization(t *testing.T, after snapshot) {
	t.Helper()
	if got, want := fmt.Sprint(after.learners, after.groups), fmt.Sprint(s.learners, s.groups); got != want {
		t.Errorf("Udemy has\n%s\nwant\n%s", got, want)
	}
}

// learner returns the learner with an address; an empty one if there is none.
func (s snapshot) learner(email string) simulator.Learner {
	for _, learner := range s.learners {
		if learner.Email == email {
			return learner
		}
	}
	return simulator.Learner{}
}

// members returns how many members a group has.
func (s snapshot) members(name string) int {
	for _, group := range s.groups {
		if group.Name == name {
			return len(group.Members)
		}
	}
	return -1
}

// unchanged is the check of a pair that changes nothing at Udemy.
func unchanged(t *testing.T, before, after snapshot) {
	t.Helper()
	before.expectSameOrganization(t, after)
}
