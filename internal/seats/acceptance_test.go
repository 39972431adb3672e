// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// A CLI creates a plan, and the provider's binary reports on it. The report is the same for all CLIs.
//
// With -update, the test writes the plan to testdata, with line breaks added. To rewrite the plans and their reports:
//
//	TF_ACC=1 TF_ACC_TERRAFORM_PATH=/path/to/terraform go test ./internal/seats -run 'TestAccRealPlan$' -update
//	TF_ACC=1 TF_ACC_TERRAFORM_PATH=/path/to/tofu go test ./internal/seats -run 'TestAccRealPlan$' -update
//	go test ./internal/seats -run TestReports -update
func TestAccRealPlan(t *testing.T) {
	t.Parallel()
	acceptance.Needs(t, acceptance.Removed)
	cli := acceptance.NewCLI(t)
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Variations: simulator.Variations{AutoProvision: true}})
	cli = cli.For(org)
	cli.Env = append(cli.Env, "TF_VAR_scim_endpoint="+strings.TrimSuffix(org.Endpoint, "/api-2.0")+"/scim/v2")
	dir := t.TempDir()

	configure(t, dir, "testdata/before")
	cli.Init(t, dir)
	cli.Run(t, dir, "apply", "-auto-approve", "-input=false", "-no-color")
	org.Edit("invitation.canceled@example.com", func(l *simulator.Learner) { l.Status = simulator.StatusInvited })
	for email, status := range map[string]string{
		"adopted@example.com":             simulator.StatusActive,
		"adopted.reactivated@example.com": simulator.StatusDeactivated,
		"imported@example.com":            simulator.StatusActive,
	} {
		org.Add(simulator.Learner{Email: email, FirstName: "Ada", LastName: "Lovelace", Status: status})
	}
	org.AddGroup("New Joiners")

	configure(t, dir, "testdata/after")
	cli.Init(t, dir)
	cli.Run(t, dir, "plan", "-out=plan", "-replace=udemy_user.replaced", "-input=false", "-no-color")
	plan := cli.Run(t, dir, "show", "-json", "plan")

	if *update {
		product, _, _ := strings.Cut(strings.ToLower(cli.Run(t, dir, "version")), " ")
		keepPlan(t, product, plan)
		return
	}
	output := reportOf(t, cli, plan)
	expectFile(t, "testdata/terraform.md", output)

	cli.Run(t, dir, "apply", "-input=false", "-no-color", "plan")
	expectSeats(t, org, output)
}

// The report counts the e-mails that the actions of a plan send. With -update, the test writes the plan to testdata, as above.
func TestAccRealPlan_invitations(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	acceptance.Needs(t, acceptance.Actions)
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	cli = cli.For(org)
	dir := t.TempDir()
	configure(t, dir, "testdata/invitations")
	cli.Init(t, dir)
	cli.Run(t, dir, "apply", "-auto-approve", "-input=false", "-no-color", "-var=date=Monday")
	org.Edit("grace@example.com", func(l *simulator.Learner) { l.Status = simulator.StatusActive })

	cli.Run(t, dir, "plan", "-out=plan", "-input=false", "-no-color", "-var=date=Thursday", `-var=new=["marie"]`)
	plan := cli.Run(t, dir, "show", "-json", "plan")
	if *update {
		keepPlan(t, "invitations", plan)
		return
	}
	output := reportOf(t, cli, plan)
	expectFile(t, "testdata/invitations.md", output)

	org.ResetRequests()
	cli.Run(t, dir, "apply", "-input=false", "-no-color", "plan")
	sent := 0
	for _, write := range org.Writes() {
		if strings.HasSuffix(write, "/resend-invite/") {
			sent++
		}
	}
	// Two actions send it to the same learner.
	if want := "3 invitations sent again"; sent != 4 || !strings.Contains(output, want) {
		t.Errorf("the apply sent %d invitations again, want 4 and a report with %q", sent, want)
	}
}

// keepPlan writes a plan to testdata.
func keepPlan(t *testing.T, name, plan string) {
	t.Helper()
	var indented bytes.Buffer
	if err := json.Indent(&indented, []byte(plan), "", " "); err != nil {
		t.Fatal(err)
	}
	expectFile(t, "testdata/"+name+".plan.json", indented.String())
}

// reportOf returns the report of the provider's binary on a plan.
func reportOf(t *testing.T, cli *acceptance.CLI, plan string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), cli.Provider("udemy"), "seats")
	command.Stdin = strings.NewReader(plan)
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(output)
}

// configure replaces the configuration in dir.
func configure(t *testing.T, dir, configuration string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, "main.tf")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS(configuration)); err != nil {
		t.Fatal(err)
	}
}

// The report on a roster counts the seats that the apply takes and frees. With -update, the test writes the plan to testdata, as above.
func TestAccRealPlan_roster(t *testing.T) {
	t.Parallel()
	acceptance.Needs(t, acceptance.Removed)
	cli := acceptance.NewCLI(t)
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Variations: simulator.Variations{AutoProvision: true}})
	cli = cli.For(org)
	dir := t.TempDir()
	configure(t, dir, "testdata/roster_before")
	cli.Init(t, dir)
	cli.Run(t, dir, "apply", "-auto-approve", "-input=false", "-no-color")
	org.Edit("reactivated@example.com", func(l *simulator.Learner) { l.Status = simulator.StatusDeactivated })
	for _, email := range []string{"adopted@example.com", "unlisted@example.com"} {
		org.Add(simulator.Learner{Email: email, FirstName: "Ada", LastName: "Lovelace", Status: simulator.StatusActive})
	}
	org.Add(simulator.Learner{Email: "admin@example.com", FirstName: "Ada", LastName: "Lovelace", Status: simulator.StatusActive, Role: simulator.RoleAdmin})

	configure(t, dir, "testdata/roster_after")
	cli.Run(t, dir, "plan", "-out=plan", "-input=false", "-no-color")
	plan := cli.Run(t, dir, "show", "-json", "plan")
	if *update {
		keepPlan(t, "roster", plan)
		return
	}
	output := reportOf(t, cli, plan)
	expectFile(t, "testdata/roster.md", output)

	cli.Run(t, dir, "apply", "-input=false", "-no-color", "plan")
	expectSeats(t, org, output)
}

// expectSeats fails the test unless the report on an applied plan has the number of seats that are in use now.
func expectSeats(t *testing.T, org *acceptance.Organization, output string) {
	t.Helper()
	seated := 0
	for _, learner := range org.Learners() {
		if learner.Status != simulator.StatusDeactivated {
			seated++
		}
	}
	if want := fmt.Sprintf("→ **%d** of", seated); !strings.Contains(output, want) {
		t.Errorf("%d seats are in use after the apply, but the report does not contain %q", seated, want)
	}
}
