// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package terraform runs the real CLI with providers built from this module.
package terraform

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// Module is the path of this module.
const Module = "github.com/udemy-iac/terraform-provider-udemy"

// CLI is a Terraform or OpenTofu CLI with the built providers.
type CLI struct {
	// Program is the path of the CLI.
	Program string
	// Env is the environment of its commands: that of the caller without TF_ and UDEMY_ variables.
	Env []string

	bin string
}

// New builds providers, given as packages by provider name, and puts them into a filesystem mirror below dir. The CLI
// installs providers only from this mirror, so run terraform init before any other command.
func New(ctx context.Context, dir, program string, providers map[string]string) (*CLI, error) {
	found, err := exec.LookPath(program)
	if err != nil {
		return nil, err
	}
	// The CLI runs in other folders.
	if program, err = filepath.Abs(found); err != nil {
		return nil, err
	}
	c := &CLI{Program: program, bin: filepath.Join(dir, "bin")}
	for name, source := range providers {
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-o", c.Provider(name), source)
		if output, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building %s: %w\n%s", source, err, output)
		}
		if err := c.Install(filepath.Join(dir, "mirror"), name); err != nil {
			return nil, err
		}
	}
	config := filepath.Join(dir, "terraformrc")
	content := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(filepath.Join(dir, "mirror")))
	if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
		return nil, err
	}
	c.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "TF_") || strings.HasPrefix(variable, "UDEMY_")
	})
	c.Env = append(c.Env, "TF_CLI_CONFIG_FILE="+config, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	return c, nil
}

// Install puts a provider into a mirror for terraform init, as `make install` does.
func (c *CLI) Install(mirror, name string) error {
	const version = "0.1.0"
	// The default registry of a provider source depends on the CLI.
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		dir := filepath.Join(mirror, host, "udemy-iac", name, version, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if err := os.Link(c.Provider(name), filepath.Join(dir, "terraform-provider-"+name+"_v"+version+extension())); err != nil {
			return err
		}
	}
	return nil
}

// Provider returns the path of a provider's binary.
func (c *CLI) Provider(name string) string {
	return filepath.Join(c.bin, "terraform-provider-"+name+extension())
}

func extension() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// Environment returns the variables that configure the provider for a simulator and an API, "scim" or "user_management".
func Environment(api, simulatorURL string) []string {
	env := []string{
		"UDEMY_TOKEN=" + simulator.DefaultToken, "UDEMY_API=" + api, fmt.Sprint("UDEMY_ACCOUNT_ID=", simulator.DefaultAccountID),
		"UDEMY_CLIENT_ID=" + simulator.DefaultClientID, "UDEMY_CLIENT_SECRET=" + simulator.DefaultClientSecret,
		"UDEMY_REPORTING_ENDPOINT=" + simulatorURL + "/api-2.0",
	}
	if api == "scim" {
		return append(env, "UDEMY_SUBDOMAIN=example", "UDEMY_ENDPOINT="+simulatorURL+"/scim/v2")
	}
	return append(env, "UDEMY_ORGANIZATION_UUID="+simulator.DefaultOrganization, "UDEMY_ENDPOINT="+simulatorURL+"/api-2.0")
}

// Version returns the first line of the CLI's version command.
func (c *CLI) Version(ctx context.Context) (string, error) {
	command := exec.CommandContext(ctx, c.Program, "version")
	command.Env = c.Env
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s version: %w", c.Program, err)
	}
	line, _, _ := strings.Cut(string(output), "\n")
	return line, nil
}

// Run runs the CLI in a folder with further environment variables. It returns the combined output and the exit code.
func (c *CLI) Run(ctx context.Context, dir string, env []string, arguments ...string) (output string, code int, err error) {
	output, code, _, err = c.RunCPU(ctx, dir, env, arguments...)
	return output, code, err
}

// RunCPU is Run, and also returns the CPU time of the CLI and its providers.
func (c *CLI) RunCPU(ctx context.Context, dir string, env []string, arguments ...string) (output string, code int, cpu time.Duration, err error) {
	var combined bytes.Buffer
	command := exec.CommandContext(ctx, c.Program, arguments...)
	command.Dir, command.Env, command.Stdout, command.Stderr = dir, slices.Concat(c.Env, env), &combined, &combined
	// An interrupted CLI stops its providers; a killed one does not.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 10 * time.Second
	err = command.Run()
	if ended := command.ProcessState; ended != nil {
		cpu = ended.UserTime() + ended.SystemTime()
	}
	var exit *exec.ExitError
	if ctx.Err() != nil {
		return "", 0, cpu, ctx.Err()
	} else if errors.As(err, &exit) {
		return combined.String(), exit.ExitCode(), cpu, nil
	}
	return combined.String(), 0, cpu, err
}
