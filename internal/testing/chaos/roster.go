// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const (
	// rosterRounds is the number of rosters that a trial applies one after the other.
	rosterRounds = 3
	// disturbances is the number of applies of each roster that are killed or interrupted at random.
	disturbances = 2
	// maxRosterTries is the maximum number of undisturbed applies of a roster. The failures of single lines are repeated by the next
	// apply, so a roster needs more of them than single learners.
	maxRosterTries = 6
	// strangers is the number of learners whom no roster lists.
	strangers = 5
)

const rosterBlock = `
resource "udemy_roster" "all" {
  learners       = file("${path.module}/roster.json")
  missing_groups = "create"
  max_removals   = "100%"
}
`

// person is a line of a roster.
type person struct {
	Email      string   `json:"email"`
	FirstName  string   `json:"first_name"`
	LastName   string   `json:"last_name"`
	ExternalID string   `json:"external_id"`
	Groups     []string `json:"groups"`
	Active     bool     `json:"active"`
}

// prepareRoster writes the configuration, and adds learners whom no roster lists.
func (t *trial) prepareRoster() error {
	for i := range strangers {
		t.sim.Add(simulator.Learner{Email: fmt.Sprintf("stranger-%d@example.com", i), FirstName: "Chaos", LastName: "Stranger"})
	}
	text := fmt.Sprintf(providerBlock, t.slow/2) + rosterBlock
	return os.WriteFile(filepath.Join(t.dir, "main.tf"), []byte(text), 0o600)
}

// people generates a roster. Most learners are in each of them. Names, groups, addresses and seats change.
func (t *trial) people(r *rand.Rand) map[string]person {
	all := map[string]person{}
	for i := range t.learners {
		if r.IntN(8) == 0 {
			continue
		}
		key := fmt.Sprintf("learner-%04d", i)
		p := person{
			Email: key + "@example.com", FirstName: "Chaos", LastName: fmt.Sprintf("Learner %d", r.IntN(2)), ExternalID: "HR-" + key,
			Groups: []string{groupName(i % t.groups)}, Active: r.IntN(10) > 0,
		}
		if r.IntN(10) == 0 {
			p.Email = key + ".other@example.com"
		}
		if other := groupName(r.IntN(t.groups)); r.IntN(2) == 0 && other != p.Groups[0] {
			p.Groups = append(p.Groups, other)
		}
		all[key] = p
	}
	return all
}

// rosterVerdict applies several rosters and returns the problem of the first failed check.
func (t *trial) rosterVerdict(ctx context.Context) (problem string, err error) {
	r := rand.New(rand.NewPCG(t.seed, 0)) //nolint:gosec // A trial needs reproducible numbers.
	for round := range rosterRounds {
		people := t.people(r)
		content, err := json.Marshal(people)
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(t.dir, "roster.json"), content, 0o600); err != nil {
			return "", err
		}
		if problem, err := t.applyRoster(ctx, r, people); problem != "" || err != nil {
			return fmt.Sprintf("roster %d: %s", round+1, problem), err
		}
		if problem := t.equals(people); problem != "" {
			return fmt.Sprintf("roster %d: %s", round+1, problem), nil
		}
	}
	return "", nil
}

// applyRoster applies until the plan is empty. The first applies are disturbed. Learners who have a seat and whom the roster lists
// must keep seat and account throughout.
func (t *trial) applyRoster(ctx context.Context, r *rand.Rand, people map[string]person) (problem string, err error) {
	for try := range disturbances + maxRosterTries {
		seated := t.seated(people)
		if try < disturbances {
			err = t.disturb(ctx, r)
		} else {
			_, _, err = t.run(ctx, "apply", "-auto-approve")
		}
		if err != nil {
			return "", err
		}
		t.applies++
		if problem := t.keeps(seated, people); problem != "" {
			return problem, nil
		}
		if try < disturbances {
			continue
		}
		// At creation, the failures of lines are warnings, so only an empty plan shows that the roster is complete.
		if output, code, err := t.run(ctx, "plan", "-detailed-exitcode"); err != nil || code == 0 {
			return "", err
		} else if code == 2 && try == disturbances+maxRosterTries-1 {
			t.progress.Print(end(output))
		}
	}
	return fmt.Sprintf("the plan is not empty after %d applies", maxRosterTries), nil
}

// disturb applies, and kills or interrupts the CLI and the provider after a random number of requests, unless the apply ends first. The
// first roster takes a request for each learner, the others fewer.
func (t *trial) disturb(ctx context.Context, r *rand.Rand) error {
	kills, after := r.IntN(2) == 0, t.sim.RequestCount()+r.IntN(20+t.learners/(1+t.applies))
	t.progress.Printf("%s, %s, seed %d: apply, %s", t.api, t.kind, t.seed, map[bool]string{true: "to kill", false: "to interrupt"}[kills])
	var output bytes.Buffer
	command := exec.CommandContext(ctx, t.cli.Program, "apply", "-auto-approve", "-input=false", "-no-color")
	command.Dir, command.Env, command.Stdout, command.Stderr = t.dir, slices.Concat(t.cli.Env, t.env), &output, &output
	command.WaitDelay = 10 * time.Second
	inOwnGroup(command)
	if err := command.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	for stopped := false; ; {
		select {
		case err := <-ended:
			var exit *exec.ExitError
			if ctx.Err() != nil {
				return ctx.Err()
			} else if err != nil && !errors.As(err, &exit) {
				return fmt.Errorf("apply: %w\n%s", err, end(output.String()))
			}
			return nil
		case <-time.After(2 * time.Millisecond):
		}
		if !stopped && t.sim.RequestCount() > after {
			stopped = true
			t.disturbed++
			if err := stop(command, kills); err != nil {
				return err
			}
		}
	}
}

// account returns the account of a person. More than one account is a problem.
func account(learners []simulator.Learner, key string) (found simulator.Learner, problem string) {
	for _, l := range learners {
		name, _, _ := strings.Cut(l.Email, "@")
		if strings.TrimSuffix(name, ".other") != key {
			continue
		}
		if found.ID != "" {
			return found, fmt.Sprintf("%s has the accounts %s and %s", key, found.ID, l.ID)
		}
		found = l
	}
	return found, ""
}

func hasSeat(l simulator.Learner) bool {
	return l.ID != "" && l.Status != simulator.StatusDeactivated
}

// seated returns the IDs of the people with a seat whom a roster lists as active.
func (t *trial) seated(people map[string]person) map[string]string {
	ids, learners := map[string]string{}, t.sim.Learners()
	for key, p := range people {
		if l, _ := account(learners, key); p.Active && hasSeat(l) {
			ids[key] = l.ID
		}
	}
	return ids
}

// keeps returns a problem if people have another account or lost their seat, or if a person has two accounts.
func (t *trial) keeps(seated map[string]string, people map[string]person) (problem string) {
	learners := t.sim.Learners()
	for key := range people {
		l, problem := account(learners, key)
		if problem != "" {
			return problem
		}
		if id := seated[key]; id != "" && (l.ID != id || !hasSeat(l)) {
			return fmt.Sprintf("%s had the account %s with a seat, and now is %+v", key, id, l)
		}
	}
	return ""
}

// equals returns the first difference between the organization and a roster.
func (t *trial) equals(people map[string]person) (problem string) {
	names, learners, wanted := map[string]string{}, t.sim.Learners(), strangers
	for _, group := range t.sim.Groups() {
		names[group.ID] = group.Name
	}
	if len(names) != t.groups {
		return fmt.Sprintf("there are %d groups", len(names))
	}
	for key, p := range people {
		l, problem := account(learners, key)
		if problem != "" {
			return problem
		}
		if !p.Active {
			continue
		}
		wanted++
		var groups []string
		for _, id := range l.Groups {
			groups = append(groups, names[id])
		}
		slices.Sort(groups)
		if !hasSeat(l) || l.Email != p.Email || l.LastName != p.LastName || !slices.Equal(groups, slices.Sorted(slices.Values(p.Groups))) {
			return fmt.Sprintf("%s is %+v in the groups %q, want %+v", key, l, groups, p)
		}
	}
	for _, l := range learners {
		if hasSeat(l) {
			wanted--
		}
	}
	if wanted != 0 {
		return fmt.Sprintf("%d seats are missing (if negative, too many)", wanted)
	}
	return ""
}
