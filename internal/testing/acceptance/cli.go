// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/terraform"
)

// CLI is a Terraform or OpenTofu CLI that can install the provider, for tests that run whole commands.
type CLI struct {
	*terraform.CLI
}

// NewCLI builds the provider and puts it into the mirror that Init installs from. It skips the test unless TF_ACC is set.
func NewCLI(t *testing.T) *CLI {
	t.Helper()
	NeedsCLI(t)
	installed, err := terraform.New(t.Context(), t.TempDir(), program(), map[string]string{"udemy": terraform.Module})
	if err != nil {
		t.Fatal(err)
	}
	return &CLI{CLI: installed}
}

// For returns the CLI with the environment variables that configure the provider for an organization.
func (c *CLI) For(org *Organization) *CLI {
	return c.With(org.Env()...)
}

// With returns the CLI with further environment variables.
func (c *CLI) With(env ...string) *CLI {
	more := *c.CLI
	more.Env = slices.Concat(c.Env, env)
	return &CLI{CLI: &more}
}

// OnPath returns the CLI with itself on PATH as terraform, for scripts.
func (c *CLI) OnPath(t *testing.T) *CLI {
	t.Helper()
	bin := t.TempDir()
	if err := os.Symlink(c.Program, filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	return c.With("PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"))
}

// Env returns the environment variables that configure the provider for the organization.
func (org *Organization) Env() []string {
	return terraform.Environment(string(org.API), org.url)
}

// Init installs the provider for the configuration in a folder.
func (c *CLI) Init(t *testing.T, dir string) {
	t.Helper()
	c.Run(t, dir, "init", "-input=false", "-no-color")
}

// Run runs the CLI in a folder and returns its standard output. The test ends if the command fails.
func (c *CLI) Run(t *testing.T, dir string, arguments ...string) string {
	t.Helper()
	return c.Command(t, dir, c.Program, arguments...)
}

// Command is Run for any program.
func (c *CLI) Command(t *testing.T, dir, program string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(context.WithoutCancel(t.Context()), program, arguments...)
	command.Dir, command.Env = dir, c.Env
	output, err := command.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		t.Fatalf("%s %s: %s\n%s%s", program, strings.Join(arguments, " "), err, output, exit.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(output)
}
