// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/udemy-iac/terraform-provider-udemy/internal/simulator"
)

// CLI is the Terraform or OpenTofu program with the provider installed, for tests that run whole commands.
type CLI struct {
	// Program is the CLI, and Provider the provider's own binary.
	Program, Provider string
	// Version is that of the CLI.
	Version *version.Version
	// Env is the environment of its commands: the test's own, without what is meant for other runs.
	Env []string
}

// NewCLI builds the provider and installs it for the CLI: terraform init finds it in a mirror, and all other commands
// find it without. The test is skipped unless acceptance tests are asked for.
func NewCLI(t *testing.T) *CLI {
	t.Helper()
	NeedsCLI(t)
	program := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if program == "" {
		var err error
		if program, err = exec.LookPath("terraform"); err != nil {
			t.Fatal(err)
		}
	}
	home := t.TempDir()
	c := &CLI{Program: program, Provider: filepath.Join(home, "bin", "terraform-provider-udemy")}
	if runtime.GOOS == "windows" {
		c.Provider += ".exe"
	}
	c.Env = append(slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "TF_") || strings.HasPrefix(variable, "UDEMY_")
	}), "TF_CLI_CONFIG_FILE="+filepath.Join(home, "terraformrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	c.Command(t, ".", "go", "build", "-buildvcs=false", "-o", c.Provider, "github.com/udemy-iac/terraform-provider-udemy")
	c.install(t, home)

	var said struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal([]byte(c.Run(t, home, "version", "-json")), &said); err != nil {
		t.Fatal(err)
	}
	c.Version = version.Must(version.NewVersion(said.Version))
	return c
}

// install says where the provider is. Its source means another registry to each CLI.
func (c *CLI) install(t *testing.T, home string) {
	t.Helper()
	overrides := ""
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		dir := filepath.Join(home, "mirror", host, "udemy-iac", "udemy", "0.1.0", runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Link(c.Provider, filepath.Join(dir, "terraform-provider-udemy_v0.1.0"+filepath.Ext(c.Provider))); err != nil {
			t.Fatal(err)
		}
		overrides += fmt.Sprintf("    %q = %q\n", host+"/udemy-iac/udemy", filepath.Dir(c.Provider))
	}
	config := fmt.Sprintf("provider_installation {\n  dev_overrides {\n%s  }\n  filesystem_mirror {\n    path = %q\n  }\n}\n",
		overrides, filepath.Join(home, "mirror"))
	if err := os.WriteFile(filepath.Join(home, "terraformrc"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
}

// For is the same CLI for commands that reach a tenant by the provider's environment variables.
func (c *CLI) For(tenant *Tenant) *CLI {
	reaching := *c
	reaching.Env = slices.Concat(c.Env, tenant.Env())
	return &reaching
}

// Env are the environment variables by which the provider reaches the tenant.
func (tenant *Tenant) Env() []string {
	env := []string{"UDEMY_TOKEN=" + simulator.DefaultToken, "UDEMY_ENDPOINT=" + tenant.Endpoint}
	if tenant.API == SCIM {
		return append(env, "UDEMY_SUBDOMAIN=example")
	}
	return append(env, "UDEMY_ORGANIZATION_UUID="+simulator.DefaultOrganization)
}

// SkipBelow skips a test of what an older CLI doesn't have.
func (c *CLI) SkipBelow(t *testing.T, minimum, reason string) {
	t.Helper()
	if c.Version.LessThan(version.Must(version.NewVersion(minimum))) {
		t.Skipf("%s from version %s on; this is %s", reason, minimum, c.Version)
	}
}

// Run runs the CLI in a folder and returns what it says. The test ends if the command fails.
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
