// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// The check warns if few seats are left, and the precondition refuses a list that is longer than the contract.
func TestAccPolicy_check(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		for _, learner := range people {
			org.Add(learner)
		}
		dir := workspace(t, filepath.Join("policy", "check"))
		here := cli.For(org)
		here.Init(t, dir)
		for purchased, want := range map[string]struct {
			code int
			text string
		}{
			"100": {0, ""},
			"12":  {0, "Too few seats are left: 9."},
			"1":   {1, "more active learners (2) than the contract has seats (1)."},
		} {
			output, code, err := here.CLI.Run(t.Context(), dir, nil, "plan", "-input=false", "-no-color", "-var=purchased="+purchased)
			if err != nil {
				t.Fatal(err)
			}
			if code != want.code || !strings.Contains(output, want.text) || want.text == "" && strings.Contains(output, "seats are left") {
				t.Errorf("with %s seats, the plan exits with code %d, want %d and %q:\n%s", purchased, code, want.code, want.text, output)
			}
		}
	})
}

// The rules of the policy for Conftest do what their tests say.
func TestPolicy_conftest(t *testing.T) {
	t.Parallel()
	opa, err := exec.LookPath("opa")
	if err != nil {
		t.Skip("opa is not installed; the policy needs OPA 1.0 or later")
	}
	policy := filepath.Join(root, "examples", "policy", "conftest", "policy")
	if output, err := exec.CommandContext(t.Context(), opa, "test", policy).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}
