// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package acceptance_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const (
	// many is how many learners an apply has to make that is interrupted, and latency how long each takes to be answered.
	many    = 150
	latency = 100 * time.Millisecond
	// promise is how soon an interrupted apply is over.
	promise = 5 * time.Second
)

// slow has every call carried out at once and answered late: whoever does not wait for the answer misses what was done.
var slow = simulator.Config{Faults: simulator.Faults{Rate: 1, Kinds: []simulator.Fault{simulator.FaultSlowHeaders}, Slow: latency}}

// manyLearners initializes a configuration with learners in a group, which costs SCIM a second request for each.
func manyLearners(t *testing.T, cli *acceptance.CLI) (dir string) {
	t.Helper()
	dir = t.TempDir()
	config := fmt.Sprintf(`
terraform {
  required_providers {
    udemy = { source = "udemy-iac/udemy" }
  }
}

resource "udemy_group" "all" {
  name = "Everybody"
}

resource "udemy_user" "learner" {
  count      = %d
  email      = "learner${count.index}@example.com"
  first_name = "Learner"
  last_name  = "Number ${count.index}"
  group_ids  = [udemy_group.all.id]
}
`, many)
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	cli.Init(t, dir)
	return dir
}

// applying is a terraform apply under way.
type applying struct {
	*exec.Cmd
	output bytes.Buffer
	exited chan struct{}
}

// startApply starts an apply in a process group of its own, and returns when a third of the learners has been made.
func startApply(t *testing.T, cli *acceptance.CLI, org *acceptance.Organization, dir string) *applying {
	t.Helper()
	apply := &applying{exited: make(chan struct{}), Cmd: exec.CommandContext(t.Context(), cli.Program, "apply", "-auto-approve", "-input=false", "-no-color")}
	apply.Dir, apply.Env = dir, cli.Env
	apply.Stdout, apply.Stderr = &apply.output, &apply.output
	apply.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := apply.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = apply.Wait() // That it fails is the test.
		close(apply.exited)
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-apply.Process.Pid, syscall.SIGKILL) // It may be over.
		<-apply.exited
	})
	for len(org.Learners()) < many/3 {
		select {
		case <-apply.exited:
			t.Fatalf("the apply ended too early:\n%s", &apply.output)
		case <-time.After(latency / 10):
		}
	}
	return apply
}

// signal sends a signal to Terraform and the provider, as a terminal does, and waits for the end.
func (a *applying) signal(t *testing.T, signal syscall.Signal) (took time.Duration) {
	t.Helper()
	start := time.Now()
	if err := syscall.Kill(-a.Process.Pid, signal); err != nil {
		t.Fatal(err)
	}
	<-a.exited
	return time.Since(start)
}

// idsInState are the ids of the learners in state by e-mail address, and how many of them are tainted.
func idsInState(t *testing.T, dir string) (ids map[string]string, tainted int) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Resources []struct {
			Type      string
			Instances []struct {
				Status     string
				Attributes struct{ ID, Email string }
			}
		}
	}
	if err := json.Unmarshal(raw, &state); err != nil {
		t.Fatal(err)
	}
	ids = map[string]string{}
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			if resource.Type == "udemy_user" {
				ids[instance.Attributes.Email] = instance.Attributes.ID
			}
			if instance.Status == "tainted" {
				tainted++
			}
		}
	}
	return ids, tainted
}

// expectConverged applies to the end: state and Udemy hold the same learners, each once, and nothing is left to do.
func expectConverged(t *testing.T, cli *acceptance.CLI, org *acceptance.Organization, dir string) (output string) {
	t.Helper()
	org.SetFaults(simulator.Faults{})
	output = cli.Run(t, dir, "apply", "-auto-approve", "-input=false", "-no-color")
	expectSameLearners(t, org, dir)
	if learners, groups := org.Learners(), org.Groups(); len(learners) != many || len(groups) != 1 || len(groups[0].Members) != many {
		t.Errorf("Udemy has %d learners and %d groups", len(learners), len(groups))
	}
	cli.Run(t, dir, "plan", "-detailed-exitcode", "-input=false") // It fails if there is anything to do.
	return output
}

func expectSameLearners(t *testing.T, org *acceptance.Organization, dir string) {
	t.Helper()
	ids, _ := idsInState(t, dir)
	learners := org.Learners()
	for _, l := range learners {
		if ids[l.Email] != l.ID {
			t.Errorf("learner %s has the id %s, and %q in state", l.Email, l.ID, ids[l.Email])
		}
	}
	if len(ids) != len(learners) {
		t.Errorf("state holds %d learners, Udemy %d", len(ids), len(learners))
	}
}

// Ctrl-C ends an apply soon, and forgets nobody who was created.
func TestAccInterrupt(t *testing.T) {
	t.Parallel()
	installed := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, slow)
		cli := installed.For(org)
		dir := manyLearners(t, cli)
		apply := startApply(t, cli, org, dir)
		if took := apply.signal(t, syscall.SIGINT); took > promise {
			t.Errorf("the apply went on for %s", took)
		}
		made := len(org.Learners())
		if made == many {
			t.Fatal("the apply had finished before it was interrupted")
		}
		expectSameLearners(t, org, dir)
		if _, tainted := idsInState(t, dir); tainted > 0 {
			t.Errorf("%d resources are tainted: the next apply would replace them\n%s", tainted, &apply.output)
		}
		again := expectConverged(t, cli, org, dir)
		if !strings.Contains(again, fmt.Sprintf("Resources: %d added, 0 changed, 0 destroyed", many-made)) {
			t.Errorf("%d learners were made before the interrupt, and then:\n%s", made, again)
		}
	})
}

// Whoever was created by an apply that was killed is found by the next one, which says so.
func TestAccKill(t *testing.T) {
	t.Parallel()
	installed := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, slow)
		cli := installed.For(org)
		dir := manyLearners(t, cli)
		startApply(t, cli, org, dir).signal(t, syscall.SIGKILL)
		if output := expectConverged(t, cli, org, dir); !strings.Contains(output, "Adopted existing learner") {
			t.Errorf("nothing was said of an adoption:\n%s", output)
		}
	})
}
