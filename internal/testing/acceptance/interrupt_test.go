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
	// learnerCount is the number of learners in the configuration. An apply is interrupted after a third of them.
	learnerCount = 150
	// latency is the delay of each response.
	latency = 100 * time.Millisecond
	// maxStopTime is the time in which an interrupted apply must end.
	maxStopTime = 5 * time.Second
)

// slow executes every call at once and delays its response. If the provider does not wait, it loses the result.
var slow = simulator.Config{Faults: simulator.Faults{Rate: 1, Kinds: []simulator.Fault{simulator.FaultSlowHeaders}, Slow: latency}}

// manyLearners initializes a configuration with learners in a group. SCIM needs a second request for each membership.
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
  name = "All learners"
}

resource "udemy_user" "learner" {
  count      = %d
  email      = "learner${count.index}@example.com"
  first_name = "Learner"
  last_name  = "Number ${count.index}"
  group_ids  = [udemy_group.all.id]
}
`, learnerCount)
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	cli.Init(t, dir)
	return dir
}

// runningApply is a terraform apply in progress.
type runningApply struct {
	*exec.Cmd
	output bytes.Buffer
	exited chan struct{}
}

// startApply starts an apply in its own process group, and returns when a third of the learners exists.
func startApply(t *testing.T, cli *acceptance.CLI, org *acceptance.Organization, dir string) *runningApply {
	t.Helper()
	apply := &runningApply{exited: make(chan struct{}), Cmd: exec.CommandContext(t.Context(), cli.Program, "apply", "-auto-approve", "-input=false", "-no-color")}
	apply.Dir, apply.Env = dir, cli.Env
	apply.Stdout, apply.Stderr = &apply.output, &apply.output
	apply.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := apply.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = apply.Wait() // An interrupted apply fails.
		close(apply.exited)
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-apply.Process.Pid, syscall.SIGKILL) // The apply may have ended.
		<-apply.exited
	})
	for len(org.Learners()) < learnerCount/3 {
		select {
		case <-apply.exited:
			t.Fatalf("the apply ended before a third of the learners existed:\n%s", &apply.output)
		case <-time.After(latency / 10):
		}
	}
	return apply
}

// signal sends a signal to Terraform and the provider, like a terminal does, and waits until the apply ends.
func (a *runningApply) signal(t *testing.T, signal syscall.Signal) (took time.Duration) {
	t.Helper()
	start := time.Now()
	if err := syscall.Kill(-a.Process.Pid, signal); err != nil {
		t.Fatal(err)
	}
	<-a.exited
	return time.Since(start)
}

// idsInState returns the IDs of the learners in state by e-mail address, and the number of tainted resources.
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

// expectConverged applies again without faults. State and Udemy must contain the same learners, and the next plan must
// be empty.
func expectConverged(t *testing.T, cli *acceptance.CLI, org *acceptance.Organization, dir string) (output string) {
	t.Helper()
	org.SetFaults(simulator.Faults{})
	output = cli.Run(t, dir, "apply", "-auto-approve", "-input=false", "-no-color")
	expectSameLearners(t, org, dir)
	if learners, groups := org.Learners(), org.Groups(); len(learners) != learnerCount || len(groups) != 1 || len(groups[0].Members) != learnerCount {
		t.Errorf("Udemy has %d learners and %d groups", len(learners), len(groups))
	}
	cli.Run(t, dir, "plan", "-detailed-exitcode", "-input=false") // A plan with changes fails.
	return output
}

func expectSameLearners(t *testing.T, org *acceptance.Organization, dir string) {
	t.Helper()
	ids, _ := idsInState(t, dir)
	learners := org.Learners()
	for _, l := range learners {
		if ids[l.Email] != l.ID {
			t.Errorf("learner %s has ID %s at Udemy and ID %q in state", l.Email, l.ID, ids[l.Email])
		}
	}
	if len(ids) != len(learners) {
		t.Errorf("state contains %d learners, Udemy %d", len(ids), len(learners))
	}
}

// Ctrl-C ends an apply within maxStopTime, and state contains every created learner.
func TestAccInterrupt(t *testing.T) {
	t.Parallel()
	installed := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, slow)
		cli := installed.For(org)
		dir := manyLearners(t, cli)
		apply := startApply(t, cli, org, dir)
		if took := apply.signal(t, syscall.SIGINT); took > maxStopTime {
			t.Errorf("the apply ended after %s, want at most %s", took, maxStopTime)
		}
		created := len(org.Learners())
		if created == learnerCount {
			t.Fatal("the apply had finished before it was interrupted")
		}
		expectSameLearners(t, org, dir)
		if _, tainted := idsInState(t, dir); tainted > 0 {
			t.Errorf("%d resources are tainted: the next apply would replace them\n%s", tainted, &apply.output)
		}
		again := expectConverged(t, cli, org, dir)
		if !strings.Contains(again, fmt.Sprintf("Resources: %d added, 0 changed, 0 destroyed", learnerCount-created)) {
			t.Errorf("%d learners were created before the interrupt; the next apply printed:\n%s", created, again)
		}
	})
}

// After a killed apply, the next apply adopts the created learners with a warning.
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
			t.Errorf("no warning about an adopted learner in:\n%s", output)
		}
	})
}
