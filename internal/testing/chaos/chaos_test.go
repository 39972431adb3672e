// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// A small organization converges in spite of the faults.
func TestAccChaos(t *testing.T) {
	t.Parallel()
	acceptance.NeedsCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for kind := range kinds {
			t.Run(kind, func(t *testing.T) {
				t.Parallel()
				seeds := 2
				if kind == roster { // It applies three rosters.
					seeds = 1
				}
				var stdout, stderr bytes.Buffer
				if err := run(t.Context(), []string{"-api", string(api), "-kind", kind, "-learners", "30", "-seeds", strconv.Itoa(seeds)}, &stdout, &stderr); err != nil {
					t.Fatalf("%v\n%s\n%s", err, &stdout, &stderr)
				}
				if rows := strings.Count(stdout.String(), "\n"+string(api)); rows != seeds {
					t.Errorf("%d rows:\n%s", rows, &stdout)
				}
			})
		}
	})
}

// Each difference between organization and configuration is reported.
func TestOrganization(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*simulator.Simulator){
		"": func(*simulator.Simulator) {},
		"there are 4 l": func(sim *simulator.Simulator) {
			sim.Add(simulator.Learner{Email: "other@example.com", FirstName: "O", LastName: "T"})
		},
		"learner-0001@": func(sim *simulator.Simulator) {
			sim.Edit("learner-0001@example.com", func(l *simulator.Learner) { l.LastName = "x" })
		},
		"there are 2 learner": func(sim *simulator.Simulator) { sim.Remove("learner-0001@example.com") },
		"is in the groups":    func(sim *simulator.Simulator) { sim.SetMembers(sim.Groups()[0].ID) },
		"there are two":       func(sim *simulator.Simulator) { sim.AddGroup("Team 0") },
		"there are 3 groups":  func(sim *simulator.Simulator) { sim.AddGroup("Other") },
		"does not exist": func(sim *simulator.Simulator) {
			sim.Edit("learner-0001@example.com", func(l *simulator.Learner) { l.Email = "x@example.com" })
		},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			sim := simulator.New(simulator.Config{Variations: simulator.Variations{SameGroupNames: true}})
			tr := &trial{settings: settings{groups: 2}, sim: sim, wanted: learners(3, 2)}
			for _, name := range []string{groupName(0), groupName(1)} {
				var ids []string
				for _, l := range tr.wanted {
					if l.group == name {
						ids = append(ids, sim.Add(simulator.Learner{Email: l.email, FirstName: l.firstName, LastName: l.lastName}).ID)
					}
				}
				sim.AddGroup(name, ids...)
			}
			change(sim)
			if problem := tr.organization(); !strings.Contains(problem, want) || (want == "") != (problem == "") {
				t.Errorf("problem %q, want %q", problem, want)
			}
		})
	}
}

func TestParseRefusals(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"-api":        {"-api", "soap"},
		"-seeds":      {"-seeds", "0"},
		"-kind":       {"-kind", "weather"},
		"-groups":     {"-learners", "2", "-groups", "3"},
		"-slow":       {"-slow", "0"},
		"from 0 to 1": {"-rate", "2"},
		"-cli":        {"-cli", "no-such-program"},
		"argument":    {"now"},
		"not defined": {"-color", "red"},
	} {
		if _, err := parse(args, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want one with %q", args, err, want)
		}
	}
}

// Each difference between organization and roster is reported.
func TestRosterChecks(t *testing.T) {
	t.Parallel()
	people := map[string]person{
		"ada": {Email: "ada.other@example.com", LastName: "L", Groups: []string{"Team 0"}, Active: true},
		"eve": {Email: "eve@example.com", LastName: "L", Groups: []string{"Team 0"}, Active: true},
		"old": {Email: "old@example.com", LastName: "L"},
	}
	for want, change := range map[string]func(*simulator.Simulator){
		"":                 func(*simulator.Simulator) {},
		"has the accounts": func(sim *simulator.Simulator) { sim.Add(simulator.Learner{Email: "ada@example.com"}) },
		"a seat, and now":  func(sim *simulator.Simulator) { sim.Remove("eve@example.com") },
		"1 seats are": func(sim *simulator.Simulator) {
			sim.Edit("stranger-1@example.com", func(l *simulator.Learner) { l.Status = simulator.StatusDeactivated })
		},
		"-1 seats are": func(sim *simulator.Simulator) { sim.Add(simulator.Learner{Email: "old@example.com"}) },
		"want {Email:": func(sim *simulator.Simulator) {
			sim.Edit("ada.other@example.com", func(l *simulator.Learner) { l.LastName = "x" })
		},
		"in the groups []": func(sim *simulator.Simulator) { sim.SetMembers(sim.Groups()[0].ID) },
		"there are 2 g":    func(sim *simulator.Simulator) { sim.AddGroup("Other") },
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			sim := simulator.New(simulator.Config{})
			tr := &trial{settings: settings{groups: 1, slow: time.Second}, sim: sim, dir: t.TempDir()}
			if err := tr.prepareRoster(); err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, email := range []string{"ada.other@example.com", "eve@example.com"} {
				ids = append(ids, sim.Add(simulator.Learner{Email: email, LastName: "L"}).ID)
			}
			sim.AddGroup(groupName(0), ids...)
			seated := tr.seated(people)
			change(sim)
			problem := tr.keeps(seated, people)
			if problem == "" {
				problem = tr.equals(people)
			}
			if !strings.Contains(problem, want) || (want == "") != (problem == "") {
				t.Errorf("problem %q, want %q", problem, want)
			}
		})
	}
}
